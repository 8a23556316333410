//! Files that people write: all that is wrong is said at once, with its place.
#![allow(clippy::unwrap_used)]

use semla_policy::{Isolation, OwnerSees, text};

#[test]
fn the_examples_of_every_kind_are_read() {
    let policy = text::policy(
        r#"
preset     = "ehds"
min_people = 12
categories = ["health", "genomics"]

[[level]]
name = "public"

[[level]]
name = "internal"

[[level]]
name       = "confidential"
isolation  = "gvisor"
owner_sees = "outcome"
budget     = { bits = 32, per = "permit", every = "7d" }

[[release]]
from      = "confidential/health"
to        = "public"
reviewers = 2
excuse    = { checks = ["T1", "T4"], reviewers = 3 }

[[release]]
from  = "*/genomics"
to    = "public"
never = true
"#,
    )
    .unwrap();
    assert_eq!(policy.profile("standard").unwrap().min_people, 12);
    let high = policy.levels.last().unwrap();
    assert_eq!((high.isolation, high.owner_sees, high.budget.bits), (Isolation::Gvisor, OwnerSees::Outcome, 32));
    let label = |text: &str| policy.scheme.label(text).unwrap();
    let public = label("public");
    assert_eq!(policy.terms(&label("confidential/health"), &public).unwrap().panels.reviewers(), 2);
    for barred in ["confidential/genomics", "confidential/health,genomics", "internal/genomics", "confidential"] {
        assert!(policy.terms(&label(barred), &public).is_err(), "{barred}");
    }
}

#[test]
fn a_profile_has_its_own_number_of_people_and_else_that_of_the_file() {
    let people = |lines: &str| {
        let policy = text::policy(&format!("preset = \"ehds\"\n{lines}")).unwrap();
        ["standard", "strict", "small"].map(|name| policy.profile(name).map(|profile| profile.min_people))
    };
    let profiles = "[profile.strict]\nmin_people = 50\n[profile.small]\nmax_rows = 10\n";
    assert_eq!(people(&format!("min_people = 12\n{profiles}")), [Some(12), Some(50), Some(12)]);
    assert_eq!(people(profiles), [Some(10), Some(50), Some(10)], "the preset answers");
    assert_eq!(people("min_people = 12\n[profile.standard]\nmin_people = 20\n"), [Some(20), None, None]);
}

#[test]
fn every_error_has_a_place_and_a_suggestion() {
    let broken = r#"
preset = "ehds"
min_peple = 10

[[level]]
name = "public"
owner_sees = "reasons"

[[release]]
from = "confidental/health"
to = "public"
reviewers = 0
excuse = { checks = ["C1"], reviewers = 1 }
"#;
    let problems = text::policy(broken).unwrap_err();
    let shown = problems.to_string();
    for expected in [
        "3:1: `min_peple` isn't a key here; did you mean `min_people`?",
        "7:14: `reasons` isn't known here; did you mean `reason`?",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    let broken = broken.replace("owner_sees = \"reasons\"\n", "").replace("min_peple", "min_people");
    let shown = text::policy(&broken).unwrap_err().to_string();
    for expected in ["`confidental`", "`C1` can never be excused", "without a reviewer"] {
        assert!(shown.contains(expected), "{shown}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let broken = r#"preset = "ehds"
min_people = 0x1_0000_0000
categories = ["health"]
colour = "blue"
replies = ["fine", 7]

[[level]]
name = "public"
isolation = "locl"
owner_sees = 3

[[level]]
name = "internal"
budget = { every = "soon", per = "person" }
keep_logs = "99999999999d"

[[level]]
name = "confidential"
ends = "doublin"
proof = "keys"

[role.scientst]
clearance = "public"

[role.checker]
clearance = "confidental/health"
ceiling = 4

[[release]]
from = "confidential/health"
reviewers = 300
excuse = { checks = ["C1"] }

[[release]]
from = "confidential/helth"
to = "public"
who = ["chequer"]
profile = "standrd"
max_bytes = "16"

[[share]]
labels = ["public", "intern"]
permits = "some"

[profile.standard]
max_rows = 2.5
types = "csv"
"#;
    let shown = text::policy(broken).unwrap_err().to_string();
    let expected = [
        "2:14: `0x1_0000_0000` can't be `min_people`: write a whole number from 2 to 4294967295; with fewer",
        "4:1: `colour` isn't a key here; there is",
        "5:20: `7` can't be `replies`: write a text in quotes",
        "9:13: `locl` isn't known here; did you mean `local`?",
        "10:14: `3` can't be `owner_sees`: write a text in quotes",
        "14:10: `bits` is missing; add it",
        "14:20: `soon` isn't an amount here; write one such as `30d`",
        "14:34: `person` isn't known here; there is `permit`",
        "15:13: `99999999999d` is more than there can be",
        "19:8: `doublin` isn't known here; did you mean `doubling`?",
        "20:9: `keys` isn't known here; did you mean `key`?",
        "22:1: no role is called `scientst`; did you mean `scientist`?",
        "26:13: no level is called `confidental`; did you mean `confidential`?",
        "27:11: `4` can't be `ceiling`: write a text in quotes",
        "29:1: `to` is missing; add it",
        "31:13: `300` can't be `reviewers`: write a whole number from 0 to 255",
        "32:10: `reviewers` is missing; add it",
        "32:22: `C1` can never be excused; leave it out",
        "35:8: no category is called `helth`; did you mean `health`?",
        "37:8: `chequer` isn't known here; did you mean `checker`?",
        "38:11: no profile is called `standrd`; did you mean `standard`?",
        "39:13: `16` isn't an amount here; write one such as `512M` or `8G`",
        "42:10: no level is called `intern`; did you mean `internal`?",
        "43:11: `some` isn't known here; did you mean `same`?",
        "46:12: `2.5` can't be `max_rows`: write a whole number from 0",
        "47:9: `\"csv\"` can't be `types`: write a list",
    ];
    let lines: Vec<&str> = shown.lines().collect();
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line:?} is not {expected:?}\n{shown}");
    }
    assert_eq!(lines.len(), expected.len(), "{shown}");
}

#[test]
fn levels_that_leave_out_those_of_the_preset_are_one_error() {
    let problems = text::policy("preset = \"ehds\"\n[[level]]\nname = \"secret\"\n").unwrap_err();
    let [only] = problems.0.as_slice() else { panic!("{problems}") };
    assert!(only.what.contains("leave out `public`, `internal`, `confidential`"), "{only:?}");
    assert_eq!(only.line, 2);
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let card = |range: &str, kind: &str| {
        let columns = format!("[[column]]\nname = \"a\"\ntype = \"{kind}\"\nrange = {range}\n");
        text::card(&format!("title = \"t\"\nunit = \"patient\"\nrows = 0x1_0\n{columns}"))
    };
    let read = card("[-9007199254740993, 0b11]", "integer").unwrap();
    assert_eq!(read.rows, 16);
    assert_eq!(read.columns[0].kind, semla_policy::Kind::Integer { range: [-9_007_199_254_740_993, 3] });
    for wrong in ["[0.5, 3]", "[1, 9223372036854775808]", "[3, 1]", "[1]", "[1, nan]"] {
        assert!(card(wrong, "integer").is_err(), "{wrong}");
    }
    for wrong in ["[nan, 1]", "[0, inf]", "[1e400, 2]"] {
        assert!(card(wrong, "number").is_err(), "{wrong}");
    }
    let permit = |until: &str| {
        text::permit("P", &format!("purpose = \"p\"\npeople = []\ndatasets = []\nup_to = \"l\"\nuntil = {until}\n"))
    };
    assert_eq!(permit("2027-06-30").unwrap(), permit("\"2027-06-30\"").unwrap());
    for wrong in ["2027-06-30T12:00:00Z", "2027-02-30", "\"20270630\"", "12:00:00", "\"2027-06-30 \""] {
        assert!(permit(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_file_that_is_not_toml_says_where() {
    let problems = text::policy("preset = \"ehds\"\nlevel = [[\n").unwrap_err();
    assert!(problems.0.iter().all(|problem| problem.line >= 2), "{problems}");
    assert!(text::job("run = 3\n").unwrap_err().0.len() >= 3, "each missing key and the wrong one");
}

#[test]
fn an_outputs_path_stays_below_out() {
    let job = |path: &str| {
        text::job(&format!(
            "permit = \"P\"\nimage = \"i\"\nrun = [\"x\"]\n[[output]]\npath = \"{path}\"\nkind = \"table\"\n"
        ))
    };
    assert!(job("tables/a.csv").is_ok());
    for bad in ["../a", "/a", "a//b", ".", "a/../b", "a\\u0007b", ""] {
        assert!(job(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_mount_lies_right_below_data() {
    let job = |mount: &str| {
        text::job(&format!("permit = \"P\"\nimage = \"i\"\nrun = [\"x\"]\n[data]\n\"{mount}\" = \"wdbc@1\"\n"))
    };
    assert!(job("train").is_ok());
    for bad in ["../x", "a/b", ".", ".hidden", ""] {
        let problems = job(bad).unwrap_err();
        let [problem] = problems.0.as_slice() else { panic!("{problems}") };
        assert!(problem.line == 5 && problem.what.contains(&format!("`{bad}` can't name a mount")), "{problems}");
    }
}

#[test]
fn whoever_is_cleared_for_everything_is_cleared_for_each_level_category_and_audience() {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    let (levels, categories, audiences) = (names(&["low", "high"]), names(&["x", "y"]), names(&["LU", "DE"]));
    let scheme = semla_policy::Scheme { levels, categories, audiences };
    let everything = scheme.everything();
    for label in ["low", "high", "high/x,y", "low/y rel:LU", "high/x,y rel:DE", "high rel:LU,DE"] {
        assert!(everything.admits(&scheme.label(label).unwrap()), "{label}");
    }
    assert_eq!(scheme.show_clearance(&everything), "high/x,y rel:LU,DE");
    for less in ["low/x,y rel:LU,DE", "high/x rel:LU,DE", "high/x,y rel:LU", "high/x,y"] {
        assert!(!everything.within(&scheme.clearance(less).unwrap()), "{less}");
    }
}

#[test]
fn all_that_is_wrong_with_a_permit_is_said_at_once() {
    let said = text::permit("P", "people = 3\ndatasets = 4\nup_to = 5\nuntil = \"soon\"\n").unwrap_err().to_string();
    for key in ["`purpose` is missing", "`people`", "`datasets`", "`up_to`", "`until`"] {
        assert!(said.contains(key), "{key}: {said}");
    }
}

/// What is said of a policy over `ehds` with these lines, which begin in the second one.
fn said(lines: &str) -> String {
    text::policy(&format!("preset = \"ehds\"\n{lines}")).map_or_else(|problems| problems.to_string(), |_| String::new())
}

#[test]
fn a_period_has_a_day_and_that_is_said_beside_what_else_is_wrong() {
    let file = |days: &str, bits: &str| {
        let levels =
            "[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n[[level]]\nname = \"confidential\"\n";
        let level = format!("budget = {{ bits = {bits}, every = \"{days}\" }}\nkeep_logs = \"{days}\"\n");
        let rule = "[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\n";
        said(&format!("{levels}{level}{rule}answer_in = \"{days}\"\n"))
    };
    assert_eq!(file("1d", "64"), "", "the control");
    let over = |days: &str| format!("`{days}` is over before it begins; write one day or more, such as `30d`");
    let all = ["8:31", "9:13", "13:13"].map(|place| format!("{place}: {}", over("0d")));
    assert_eq!(file("0d", "64"), all.join("\n"));
    let beside = file("00d", "\"many\"");
    assert_eq!(beside.lines().count(), 4, "{beside}");
    assert!(
        beside.contains("8:19: `\"many\"` can't be `bits`") && beside.matches(&over("00d")).count() == 3,
        "{beside}"
    );
}

#[test]
fn what_holds_of_one_person_alone_never_leaves() {
    for (lines, place) in [("min_people = ", "2:14"), ("[profile.standard]\nmin_people = ", "3:14")] {
        let with = |people: u32| said(&format!("{lines}{people}\n"));
        assert_eq!((with(2), with(10)), (String::new(), String::new()), "the control");
        for people in [0, 1] {
            let range = "write a whole number from 2 to 4294967295; with fewer, every cell of one person could leave";
            assert_eq!(with(people), format!("{place}: `{people}` can't be `min_people`: {range}"));
        }
    }
}

#[test]
fn a_bar_takes_no_conditions() {
    let rule = |lines: &str| said(&format!("[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\n{lines}\n"));
    assert_eq!(rule("never = true"), "", "the control");
    for (key, value) in [
        ("profile", "\"standard\""),
        ("reviewers", "2"),
        ("who", "[\"checker\"]"),
        ("max_bytes", "\"1M\""),
        ("max_rows", "100"),
        ("answer_in", "\"5d\""),
        ("excuse", "{ checks = [\"T1\"], reviewers = 3 }"),
    ] {
        assert_eq!(rule(&format!("{key} = {value}\nnever = false")), "", "the control: {key}");
        let told = rule(&format!("{key} = {value}\nnever = true"));
        let words = format!("`never` bars the way on no condition, and `{key}` is one; leave `{key}` out, or `never`");
        assert_eq!(told, format!("5:{}: {words}", key.len() + 4));
    }
    let several = rule("reviewers = 2\nmax_rows = 9\nnever = true");
    assert_eq!(several.lines().count(), 2, "{several}");
}

#[test]
fn an_excuse_names_checks_that_exist() {
    let excuse = |checks: &str| {
        let rule = "[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\n";
        said(&format!("{rule}excuse = {{ checks = [{checks}], reviewers = 3 }}\n"))
    };
    let numbers = [('F', 7), ('T', 10), ('C', 6), ('M', 6)];
    let battery = numbers.iter().flat_map(|(letter, most)| (1..=*most).map(move |number| format!("{letter}{number}")));
    for check in battery {
        let told = excuse(&format!("\"{check}\""));
        match check.as_str() {
            "C1" | "C5" | "F4" => {
                assert!(told.starts_with("5:22: ") && told.contains("can never be excused"), "{told}")
            }
            _ => assert_eq!(told, "", "{check}"),
        }
    }
    for (check, meant) in [("F0", "F1"), ("T11", "T1"), ("T99", "T9"), ("t4", "T4"), ("T01", "T1")] {
        assert_eq!(excuse(&format!("\"{check}\"")), format!("5:22: `{check}` isn't a check; did you mean `{meant}`?"));
    }
    assert!(excuse("\"minimum\"").contains("`minimum` isn't a check; there is `F1`, `F2`"));
    // Each where it stands, beside what else is wrong with the excuse.
    let several = excuse("\"T1\", \"U2\", 7, \"C1\"");
    assert_eq!(several.lines().count(), 3, "{several}");
    for place in ["5:28: `U2`", "5:34: `7`", "5:37: `C1`"] {
        assert!(several.contains(place), "{several}");
    }
}

#[test]
fn a_profile_names_types_that_checks_know() {
    let types = |types: &str| said(&format!("[profile.standard]\ntypes = [{types}]\n"));
    for known in
        ["csv", "tsv", "parquet", "json", "txt", "md", "png", "jpg", "pdf", "safetensors", "onnx", "joblib", "pkl"]
    {
        assert_eq!(types(&format!("\"{known}\"")), "", "{known}");
    }
    for (wrong, meant) in
        [("cvs", "csv"), (".csv", "csv"), ("CSV", "csv"), ("pngg", "png"), ("safetensor", "safetensors")]
    {
        let words =
            format!("no check knows files of type `{wrong}`, so that none could leave; did you mean `{meant}`?");
        assert_eq!(types(&format!("\"{wrong}\"")), format!("3:10: {words}"));
    }
    let both = types("\"cvs\", \"csv\", \"exe\"");
    assert!(both.lines().count() == 2 && both.contains("3:24: no check knows files of type `exe`"), "{both}");
    assert!(types("\"\"").contains("; there is `csv`, `tsv`"), "{}", types("\"\""));
}

#[test]
fn every_name_of_a_label_is_judged_by_itself() {
    let rule = |from: &str, to: &str| said(&format!("[[release]]\nfrom = \"{from}\"\nto = \"{to}\"\n"));
    for from in ["confidential/health", "*/health", "*"] {
        assert_eq!(rule(from, "public"), "", "the control");
    }
    let [level, category] = ["no level is called `confidental`", "no category is called `helth`"];
    let audience = "no audience is called `LU`; there is none";
    let told = rule("confidental/helth rel:LU", "publik");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    for words in [
        &format!("3:8: {level}"),
        &format!("3:8: {category}"),
        &format!("3:8: {audience}"),
        "4:6: no level is called `publik`",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(words)), "{words}: {told}");
    }
    assert_eq!(rule("*/helth", "public"), format!("3:8: {category}; did you mean `health`?"));
    assert!(rule("*x", "public").starts_with("3:8: no level is called `*x`"), "{}", rule("*x", "public"));
    assert!(rule("confidential/health", "*").starts_with("4:6: no level is called `*`"));
    let role = said("[role.checker]\nclearance = \"confidental/helth\"\n");
    assert!(role.lines().count() == 2 && role.contains(&format!("3:13: {level}")) && role.contains(category), "{role}");
    let share = said("[[share]]\nlabels = [\"publik\", \"intern/helth\"]\n");
    assert_eq!(share.lines().filter(|line| line.starts_with("3:10: no ")).count(), 3, "{share}");
}

#[test]
fn presets_are_listed_where_none_is_named_or_near() {
    let said = |source: &str| text::policy(source).unwrap_err().to_string();
    let all = "there is `ehds`, `opensafely`, `turing`, `vs`";
    assert!(said("").starts_with(&format!("1:1: `preset` is missing; add it: {all}")), "{}", said(""));
    for (name, words) in [("", all), ("x", all), ("gdpr", all), ("edhs", "did you mean `ehds`?"), ("v", "mean `vs`?")] {
        let shown = said(&format!("preset = \"{name}\"\n"));
        assert!(shown.contains("1:10: ") && shown.contains(words), "{name}: {shown}");
    }
}

#[test]
fn a_permit_says_what_it_is_for_and_names_everybody_and_everything_once() {
    let permit = |purpose: &str, people: &str, datasets: &str| {
        let lists = format!("people = [{people}]\ndatasets = [{datasets}]\n");
        let source = format!("purpose = \"{purpose}\"\n{lists}up_to = \"internal\"\nuntil = 2027-06-30\n");
        text::permit("P", &source).map_or_else(|problems| problems.to_string(), |_| String::new())
    };
    let (two, sets) = ("\"ada\", \"eve\"", "\"wdbc@1\", \"wdbc@2\"");
    assert_eq!(permit("p", two, sets), "", "the control");
    for nothing in ["", " ", "\\t\\n"] {
        let said = permit(nothing, two, sets);
        assert!(said.starts_with("1:11: a `purpose` that says nothing") && said.lines().count() == 1, "{said}");
    }
    let twice = "stands twice among";
    let all = permit("", "\"ada\", \"eve\", \"ada\", 7", "\"wdbc@1\", \"wdbc@1\"");
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(lines.len(), 4, "{all}");
    assert!(lines[1].starts_with(&format!("2:25: `ada` {twice} `people`")), "{all}");
    assert!(lines[3].starts_with(&format!("3:23: `wdbc@1` {twice} `datasets`")), "{all}");
}

#[test]
fn what_has_not_the_form_of_a_label_is_told_beside_what_else_is_wrong() {
    let permit =
        |up_to: &str| format!("purpose = \"p\"\npeople = []\ndatasets = []\nup_to = \"{up_to}\"\nuntil = 2027-06-30\n");
    let person = |clearance: &str, ceiling: &str| {
        format!("roles = [\"scientist\"]\nclearance = \"{clearance}\"\nceiling = \"{ceiling}\"\n")
    };
    for label in ["internal", "confidential/health,genomics rel:LU"] {
        assert!(text::permit("P", &permit(label)).is_ok(), "the control: {label}");
        assert!(text::person("p", &person(label, label)).is_ok(), "the control: {label}");
    }
    for wrong in ["", "confidential/", "confidential health", "confidential/health, genomics", "internal rel:"] {
        let words = format!("`{wrong}` has not the form of a label");
        let said = text::permit("P", &permit(wrong).replace("\"p\"", "\"\"")).unwrap_err().to_string();
        assert!(said.lines().count() == 2 && said.contains(&format!("4:9: {words}")), "{said}");
        let said = text::person("p", &person(wrong, wrong)).unwrap_err().to_string();
        assert!(["2:13", "3:11"].iter().all(|place| said.contains(&format!("{place}: {words}"))), "{said}");
    }
}

#[test]
fn a_column_that_cannot_be_read_hides_nothing_of_the_card() {
    let card = |id: &str, columns: &str| {
        let source = format!("title = \"t\"\nunit = \"patient\"\nid = \"{id}\"\nrows = 9\n{columns}");
        text::card(&source).map_or_else(|problems| problems.to_string(), |_| String::new())
    };
    let columns = "[[column]]\nname = \"patient\"\ntype = \"integer\"\nrange = [1, 9]\n[[column]]\nname = \"note\"\ntype = \"text\"\n";
    assert_eq!(card("patient", columns), "", "the control");
    let none = "is no column of the card";
    for wrong in
        [columns.replace("integer", "integr"), columns.replace("[1, 9]", "[9, 1]"), columns.replace("range", "rnge")]
    {
        let (right, both) = (card("patient", &wrong), card("patent", &wrong));
        assert!(!right.is_empty() && !right.contains(none), "{right}");
        assert_eq!(both, format!("3:6: `patent` {none}; name the column that identifies one person\n{right}"));
    }
    // Which column has no name, nobody can say.
    let nameless = card("patient", &columns.replace("name = \"patient\"", ""));
    assert_eq!(nameless, "5:1: `name` is missing; add it");
    assert!(card("patient", "column = []\n").contains(none));
}
