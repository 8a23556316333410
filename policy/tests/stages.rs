//! What is wrong with a policy file is said at once: mending one thing brings up nothing that could have been said before.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use semla_policy::{Fault, Place, text};

const LAST: &str = "more may follow once these are mended";
const LEVELS: [&str; 3] = ["public", "internal", "confidential"];

/// What is said of a file, line by line.
fn said(source: &str) -> Vec<String> {
    let problems = text::policy(source).map_or_else(|problems| problems.to_string(), |_| String::new());
    problems.lines().map(str::to_owned).collect()
}

fn over(preset: &str, lines: &str) -> Vec<String> {
    said(&format!("preset = \"{preset}\"\n{lines}"))
}

fn levels(names: &[&str]) -> String {
    names.iter().map(|name| format!("[[level]]\n{name}\n")).collect()
}

fn named() -> Vec<String> {
    LEVELS.map(|name| format!("name = \"{name}\"")).to_vec()
}

/// Misspelt levels, categories, audiences and profiles, each where a label or a rule names it.
const MISSPELT: &str = r#"
[role.checker]
clearance = "confidental/helth"

[[release]]
from = "confidental/health"
to = "public"
profile = "standrd"
reviewers = 0

[[share]]
labels = ["publik", "internal/helth rel:LU"]
"#;

fn has(lines: &[String], words: &str) -> bool {
    lines.iter().any(|line| line.contains(words))
}

#[test]
fn a_name_that_cannot_be_read_hides_only_what_may_name_it() {
    let all = ["`confidental`", "`publik`", "`helth`", "`LU`", "`standrd`", "without a reviewer"];
    let control = over("ehds", MISSPELT);
    assert!(all.iter().all(|words| has(&control, words)) && !has(&control, LAST), "{control:#?}");
    for (wrong, hidden) in [
        ("categories = [\"health\", 7]\n", &["`helth`"][..]),
        ("categories = \"health\"\n", &["`helth`"]),
        ("categories = [\"health\", \"a b\"]\n", &["`helth`"]),
        ("audiences = [7]\n", &["`LU`"]),
        ("level = 3\n", &["`confidental`", "`publik`"]),
        ("level = [{ name = \"public\" }, { name = \"internal\" }, {}]\n", &["`confidental`", "`publik`"]),
        ("level = [{ name = \"public\" }, { name = \"internal\" }, 3]\n", &["`confidental`", "`publik`"]),
        ("level = [{ name = \"public\" }, { name = 4 }]\n", &["`confidental`", "`publik`"]),
    ] {
        let lines = over("ehds", &format!("{wrong}{MISSPELT}"));
        for words in all {
            assert_eq!(has(&lines, words), !hidden.contains(&words), "{wrong}{words}\n{lines:#?}");
        }
        assert!(lines.last().unwrap().ends_with(LAST), "{lines:#?}");
    }
    // A name that stands twice can be read.
    let twice = over("ehds", &format!("categories = [\"health\", \"health\"]\n{MISSPELT}"));
    assert!(
        all.iter().all(|words| has(&twice, words)) && has(&twice, "stands twice") && !has(&twice, LAST),
        "{twice:#?}"
    );
}

#[test]
fn each_name_that_cannot_be_is_told_where_it_stands() {
    let lines = over("ehds", "categories = [\"health\", \"a b\", 7, \"health\", \"any\"]\naudiences = [\"x/y\"]\n");
    for words in [
        "2:25: `a b` can't be a name",
        "2:32: `7` can't be",
        "2:35: `health` stands twice",
        "2:45: `any`",
        "3:14: `x/y`",
    ] {
        assert!(has(&lines, words), "{words}: {lines:#?}");
    }
    assert_eq!(lines.len(), 5, "nothing waits: {lines:#?}");
    let mut names = named();
    names.push("name = \"internal\"".into());
    let lines = over("ehds", &levels(&names.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(lines, ["9:8: `internal` stands twice; a name belongs to one thing"]);
}

#[test]
fn a_level_without_a_name_hides_nothing_of_the_others() {
    let wrong = "owner_sees = \"reasons\"\nkeep_logs = \"0d\"\nbudget = { bits = 1 }\n";
    let file = |second: &str| {
        let names = ["name = \"public\"", second, "name = \"confidential\""];
        over(
            "ehds",
            &format!(
                "{}{wrong}[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\nreviewers = 0\n",
                levels(&names)
            ),
        )
    };
    let control = file("name = \"internal\"");
    assert_eq!(control.len(), 5, "{control:#?}");
    let nameless = file("isolation = \"local\"");
    assert_eq!(nameless[0], "4:1: `name` is missing; add it");
    assert_eq!(nameless[1..6], control, "nothing else is new, nor in another place");
    // The preset's roles name `internal`, which it may be or not.
    assert!(nameless.len() == 7 && nameless[6].ends_with(LAST), "{nameless:#?}");
    // It is supposed to have no rules that would be found to be too strict.
    let sees = file("owner_sees = \"reason\"\nfeedback = \"notices\"");
    assert_eq!(sees.len(), 7, "{sees:#?}");
}

#[test]
fn a_preset_that_is_misspelt_is_judged_as_the_one_that_is_near() {
    let (right, wrong) = (over("ehds", MISSPELT), over("edhs", MISSPELT));
    assert_eq!(wrong[0], "1:10: `edhs` isn't known here; did you mean `ehds`?");
    assert_eq!(wrong[1..], right);
}

#[test]
fn without_a_preset_what_the_file_says_itself_is_judged_and_nothing_is_made_up() {
    let rest = "[role.scientist]\nclearance = \"public\"\n[role.checker]\nceiling = \"public\"\n[profile.strict]\nmin_people = 50\n";
    let rule = "[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\n";
    let told = "owner_sees = \"reason\"\nfeedback = \"notices\"\n";
    let [preset, last] = ["`preset` is missing", LAST];
    for sound in [
        String::new(),
        format!("{rest}{rule}"),
        format!(
            "categories = [\"health\"]\n{}{told}{rest}{rule}",
            levels(&named().iter().map(String::as_str).collect::<Vec<_>>())
        ),
        "[role.auditor]\ngroup = \"g\"\n".into(),
    ] {
        let lines = said(&sound);
        assert!(lines.len() == 2 && lines[0].contains(preset) && lines[1].ends_with(last), "{sound}{lines:#?}");
    }
    let levels = levels(&named().iter().map(String::as_str).collect::<Vec<_>>());
    let lines = said(&format!("categories = [\"health\"]\n{levels}{MISSPELT}"));
    for words in ["`confidental`", "`publik`", "`helth`", "without a reviewer"] {
        assert!(has(&lines, words), "{words}: {lines:#?}");
    }
    assert!(!has(&lines, "`standrd`") && !has(&lines, "`LU`") && has(&lines, LAST), "{lines:#?}");
}

#[test]
fn what_the_preset_names_and_the_file_leaves_out_is_one_error_for_each_list() {
    let lines = over("ehds", "categories = [\"helth\"]\n");
    let words = "the preset's roles, releases or shares name `health`, which isn't among `categories`; add it, or write those parts, too";
    assert_eq!(lines, [format!("2:14: {words}")]);
    assert_eq!(over("ehds", "categories = [\"helth\", \"health\"]\n"), [""; 0], "the control");
    let audiences = over("vs", "audiences = [\"EU\"]\n");
    assert_eq!(audiences.len(), 1, "{audiences:#?}");
    assert!(
        audiences[0].starts_with("2:13: ")
            && audiences[0].contains("name `DE`, `NATO`, which aren't among `audiences`; add them")
    );
    // The part of a role that the file leaves out is the preset's, too.
    let both = over("ehds", "categories = [\"helth\"]\n[[level]]\nname = \"public\"\n[role.checker]\ngroup = \"g\"\n");
    assert_eq!(both.len(), 2, "{both:#?}");
    assert!(
        both[0].contains("among `categories`") && both[1].contains("leave out `internal`, `confidential`"),
        "{both:#?}"
    );
    // What the file names itself is told where it does.
    let own = over("ehds", "categories = [\"helth\"]\n[role.checker]\nclearance = \"confidential/health\"\n");
    assert!(own.len() == 2 && own[1].starts_with("4:13: no category is called `health`"), "{own:#?}");
}

#[test]
fn the_last_line_says_where_more_may_follow() {
    let judged = |lines: &str| {
        let what = "nobody is there who could review";
        let judge =
            |_: &semla_policy::Policy| vec![Fault { at: Place::Whole, key: "release".into(), what: what.into() }];
        let problems = text::policy_judged(&format!("preset = \"ehds\"\n{lines}"), judge).unwrap_err().to_string();
        problems.lines().map(|line| line.rsplit_once(": ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(judged(""), ["nobody is there who could review"], "the control: all was judged");
    // Whoever knows the people and hosts is asked about a policy that is sound by itself.
    let unsound = judged("[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\nreviewers = 0\n");
    assert_eq!(unsound, ["a release without a reviewer can't be; ask for at least 1", LAST]);
    assert_eq!(judged("categories = [\"a b\"]\n").last().unwrap(), LAST);
    let long = over("ehds", &"[[share]]\nlabels = [\"public\", \"internal\"]\n".repeat(257));
    assert!(long.len() == 2 && long[1] == format!("516:1: {LAST}"), "{long:#?}");
}
