//! What the ledger tells, and whom: auditors as far as they are cleared, everybody else nothing by its shape.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Officers may be cleared for the data: who approves a permit for it has to be.
const POLICY: &str = "preset = \"ehds\"\n[role.officer]\nclearance = \"confidential/health\"\n";

/// The demo's people, an auditor and an officer who are cleared for the data, and one of each who isn't.
fn cast() -> Cast {
    let cast = Cast::assemble_on(Site::new("audit"), POLICY, &mut Told::default());
    cast.site.person("officer-low", "\"officer\"", "internal", "public");
    cast.site.person("auditor-high", "\"auditor\"", "confidential/health", "public");
    cast.site.person("auditor-low", "\"auditor\"", "internal", "public");
    cast
}

/// A job of scientist-1 that leaves a small file; its id.
fn job(cast: &Cast, python: &str) -> String {
    let file = cast.line("small", PERMIT, python, OUTPUT);
    let job = cast.site.json("scientist-1", &["submit", &file, "--wait"]);
    job["id"].as_str().expect("an id").to_owned()
}

/// Has the file of a job released, and fetches the bundle into this folder; the release.
fn release(site: &Site, job: &str, folder: &str) -> String {
    let asked =
        site.semla("scientist-1", &["-o", "json", "release", "request", job, "a.txt", "--to", "public", "--wait"]);
    let id = asked.json()["id"].as_str().expect("an id").to_owned();
    for checker in ["checker-1", "checker-2"] {
        site.semla(checker, &["release", "review", &id, "--approve"]).ok();
    }
    until(site, || site.json("scientist-1", &["release", "show", &id])["state"] == "released");
    site.semla("scientist-1", &["release", "download", &id, "-D", folder]).ok();
    id
}

fn until(site: &Site, so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < deadline, "{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn audit(site: &Site, who: &str, about: [&str; 2]) -> Vec<Value> {
    site.json(who, &["audit", about[0], about[1]]).as_array().expect("a list").clone()
}

fn has(lines: &[Value], fields: &[(&str, &str)]) -> bool {
    lines.iter().any(|line| fields.iter().all(|(key, value)| line[*key] == *value))
}

#[test]
fn an_audit_says_who_did_what_as_far_as_its_reader_may_open_it() {
    let cast = cast();
    let site = &cast.site;
    site.semla("scientist-1", &["data", "show", "wdbc@1"]).ok();
    let job = job(&cast, "open('/out/a.txt', 'w').write('fine')");
    let release = release(site, &job, "bundle");

    let high = audit(site, "auditor-high", ["--dataset", "wdbc@1"]);
    let expected: [&[(&str, &str)]; 14] = [
        &[("event", "enacted"), ("by", "steward-2"), ("about", "wdbc@1")],
        &[("event", "enacted"), ("by", "officer-2"), ("about", PERMIT)],
        &[("event", "read"), ("by", "scientist-1"), ("about", "wdbc@1"), ("what", "card"), ("label", "internal")],
        &[("event", "submitted"), ("by", "scientist-1"), ("about", &job), ("permit", PERMIT)],
        &[("event", "launching"), ("about", &job)],
        &[("event", "ended"), ("about", &job), ("what", "ending succeeded")],
        &[("event", "told"), ("by", "scientist-1"), ("about", &job)],
        &[("event", "requested"), ("by", "scientist-1"), ("about", &release)],
        &[("event", "read"), ("by", "checker-1"), ("what", "a.txt"), ("label", "confidential/health")],
        &[("event", "voted"), ("by", "checker-1"), ("about", &release)],
        &[("event", "voted"), ("by", "checker-2"), ("about", &release)],
        &[("event", "lowering"), ("by", "semla"), ("about", &release)],
        &[("event", "released"), ("about", &release), ("label", "public")],
        &[("event", "downloaded"), ("by", "scientist-1"), ("about", &release)],
    ];
    for line in expected {
        assert!(has(&high, line), "{line:?}\n{high:#?}");
    }
    assert!(has(&audit(site, "auditor-high", ["--permit", PERMIT]), expected[8]), "under the permit");
    let checker = audit(site, "auditor-high", ["--person", "checker-1"]);
    assert!(has(&checker, expected[8]) && has(&checker, expected[11]) && !has(&checker, expected[10]), "{checker:#?}");

    // Who isn't cleared for the job sees the card's readers, and not that the download has to do with this dataset.
    let low = audit(site, "auditor-low", ["--dataset", "wdbc@1"]);
    assert!(has(&low, expected[2]) && low.iter().all(|line| line["label"] != "confidential/health"), "{low:#?}");
    assert!(!has(&low, expected[3]) && !has(&low, expected[13]), "{low:#?}");

    // Looking is a read, at each label that was seen; looking again at the same is none.
    let look = [("event", "read"), ("by", "auditor-high"), ("about", "ledger"), ("what", "audit of dataset wdbc@1")];
    let looks = |who: &str| {
        let lines = audit(site, who, ["--person", "auditor-high"]);
        lines.iter().filter(|line| look.iter().all(|(key, value)| line[*key] == *value)).count()
    };
    let seen = (looks("auditor-high"), looks("auditor-low"));
    assert_eq!(seen, (2, 1), "at confidential/health, and at the card's label; who isn't cleared finds the latter");
    audit(site, "auditor-high", ["--dataset", "wdbc@1"]);
    assert_eq!((looks("auditor-high"), looks("auditor-low")), seen);

    forms(site);
    pages(site);
    secret_cards(site);
}

/// Days, tables, and what is refused.
fn forms(site: &Site) {
    let ask = |more: &[&str]| site.semla("auditor-high", &[&["audit", "--dataset", "wdbc@1"], more].concat());
    let sheet = ask(&["--csv"]).ok().out;
    assert!(sheet.starts_with("at,by,event,about,what,label,permit\r\n") && sheet.contains(",scientist-1,submitted,"));
    let table = ask(&[]).ok().out;
    assert!(table.starts_with("AT ") && table.contains("Z  scientist-1"), "{table}");
    let day = &table.lines().nth(1).expect("a line")[..10];
    assert_eq!(ask(&["--from", day, "--to", day, "--csv"]).ok().out, sheet, "both days are in");
    assert_eq!(ask(&["--to", "2020-12-31", "--csv"]).ok().out.lines().count(), 1);
    for wrong in [vec!["--from", "2026-03-02", "--to", "2026-03-01"], vec!["--from", "March"], vec!["--permit", PERMIT]]
    {
        assert_eq!(ask(&wrong).code, 2, "{wrong:?}");
    }
    assert_eq!(ask(&["--csv", "-o", "json"]).code, 2);
    assert_eq!(site.semla("auditor-high", &["audit"]).code, 2);
    let refused = site.semla("scientist-1", &["audit", "--dataset", "wdbc@1"]);
    assert!(refused.code == 1 && refused.err.contains("only auditors and officers"), "{refused:?}");
}

/// Art. 73(1), letter by letter.
fn pages(site: &Site) {
    let all = site.semla("auditor-high", &["audit", "--ehds"]).ok().out;
    for letter in ["a", "b", "c", "d", "e", "f"] {
        assert!(all.contains(&format!("# Art. 73(1)({letter})")), "{all}");
    }
    let page = |who: &str| site.semla(who, &["audit", "--ehds", "e"]).ok().out;
    let reads = |page: &str| page.lines().find(|line| line.starts_with("- reads: ")).expect("reads").to_owned();
    let (high, low) = (page("auditor-high"), page("auditor-low"));
    assert!(high.contains("`confidential`: `keep_logs` is 400 days, a year or more"), "{high}");
    assert!(!high.contains("# Art. 73(1)(a)"), "{high}");
    assert_ne!(reads(&high), reads(&low), "each counts the entries that they may open");
    assert_eq!(site.json("auditor-high", &["audit", "--ehds", "f"])[0]["letter"], "f");
    assert_eq!(site.semla("auditor-high", &["audit", "--ehds", "g"]).code, 2);
    assert_eq!(site.semla("scientist-1", &["audit", "--ehds"]).code, 1);
}

/// A dataset whose card isn't for everybody: its name isn't, either.
fn secret_cards(site: &Site) {
    let (data, card) =
        (format!("{}/wdbc.csv", site.desk().display()), format!("{}/wdbc.card.toml", site.desk().display()));
    let secret = "confidential/health";
    let add = ["data", "add", "secret@1", &data, "--label", secret, "--card-label", secret, "--card", &card];
    site.semla("steward-1", &add).ok();
    site.semla("steward-2", &["data", "approve", "secret@1"]).ok();
    let text = "purpose = \"p\"\npeople = [\"scientist-1\"]\ndatasets = [\"wdbc@1\", \"secret@1\"]\n\
                up_to = \"confidential/health\"\nuntil = 2027-06-30\n";
    site.semla("steward-1", &["permit", "add", &site.write("permits/P-2.toml", text)]).ok();
    assert_eq!(site.semla("officer-low", &["permit", "approve", "P-2"]).code, 1, "its names aren't for them");
    site.semla("officer-1", &["permit", "approve", "P-2"]).ok();

    let ask = |who: &str, name: &str| site.semla(who, &["audit", "--dataset", name]);
    let (hidden, absent) = (ask("auditor-low", "secret@1"), ask("auditor-low", "nothing@1"));
    assert_eq!((hidden.code, hidden.all()), (1, absent.all()), "what may not be seen and what isn't there");
    assert!(ask("auditor-high", "secret@1").ok().out.contains("enacted"), "control: who is cleared finds it");
    // What there is to ask about: everybody, every permit, and the datasets whose cards are for them.
    let listed = |who: &str, what: &str| site.semla(who, &[what, "ls"]).ok().out;
    for (who, what, words, shown) in [
        ("auditor-low", "data", "wdbc@1", true),
        ("auditor-low", "data", "secret@1", false),
        ("auditor-high", "data", "secret@1", true),
        ("auditor-low", "permit", "P-2", true),
        ("auditor-low", "user", "scientist-1", true),
    ] {
        assert_eq!(listed(who, what).contains(words), shown, "{who} {what} {words}");
    }
    let datasets = |who: &str| {
        let permits = site.json(who, &["permit", "ls"]);
        permits.as_array().expect("a list").iter().find(|permit| permit["name"] == "P-2").expect("it")["datasets"]
            .clone()
    };
    assert_eq!(datasets("steward-1"), serde_json::json!(["secret@1", "wdbc@1"]), "control");
    for who in ["scientist-1", "officer-low", "auditor-low"] {
        assert_eq!(datasets(who), serde_json::json!(["wdbc@1"]), "{who}");
    }
    let tail = |who: &str| site.semla(who, &["ledger", "tail"]).ok().out;
    assert!(tail("auditor-high").contains("audit of dataset secret@1"), "control");
    assert!(!tail("auditor-low").contains("secret@1"), "not by its record, and not by who looked it up");
}

#[test]
fn the_ledgers_shape_tells_periods_and_releases_and_nothing_else() {
    let cast = cast();
    let site = &cast.site;
    let shown = || site.semla("scientist-1", &["ledger", "show"]).ok().out;
    let before = shown();
    let numbers = |who: &str| -> Vec<u64> {
        let mut numbers = Vec::new();
        // Page by page, as far as it goes.
        loop {
            let from = numbers.last().map_or(0, |last| last + 1).to_string();
            let page = site.semla(who, &["-o", "json", "ledger", "tail", "--from", &from]).ok().out;
            let entries = page.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
            let more: Vec<u64> = entries.map(|entry| entry["index"].as_u64().expect("a number")).collect();
            if more.len() < 500 {
                return [numbers, more].concat();
            }
            numbers.extend(more);
        }
    };
    let job = job(&cast, "open('/out/a.txt', 'w').write('fine')");
    assert_eq!(shown(), before, "a job changes nothing of what is shown");
    site.semla("officer-1", &["ledger", "verify"]).ok();

    let steps = |folder: &str| {
        let read = |name: &str| std::fs::read_to_string(site.desk().join(folder).join(name)).expect("the bundle");
        let proof: Value = serde_json::from_str(&read("proof.json")).expect("JSON");
        let size: u64 = read("checkpoint").lines().nth(1).expect("a size").parse().expect("a number");
        (proof["index"].as_u64().expect("a position") + 1, size)
    };
    release(site, &job, "first");
    // Between the two there is more than between the first and the beginning.
    for _ in 0..2 {
        cast.rehearse("more", "print('something')");
    }
    release(site, &job, "second");
    assert_eq!([steps("first"), steps("second")], [(2048, 2048), (3072, 3072)]);
    assert!(shown().starts_with("3072 entries"), "{}", shown());

    // Whoever is cleared for everything sees where the entries stand: no step was full. For all others nothing is left out.
    let places = numbers("auditor-high");
    assert!(places.iter().any(|place| place % 1024 > 20), "control: {places:?}");
    assert!(places.windows(2).any(|pair| pair[1] > pair[0] + 1), "control: steps were filled up");
    let low = numbers("auditor-low");
    assert!(low.len() < places.len(), "control: the others aren't theirs to open");
    assert_eq!(low, (0..low.len() as u64).collect::<Vec<_>>());
    println!("{} entries for a site, a job, two releases and two rehearsals", places.len());
}

#[test]
fn metrics_of_one_label_say_nothing_of_another() {
    let cast = cast();
    let site = &cast.site;
    site.person("operator-low", "\"operator\"", "internal", "public");
    let file = cast.line("slow", PERMIT, "import time; time.sleep(4); open('/out/a.txt', 'w').write('fine')", OUTPUT);
    let low = || site.get("operator-low", "/api/v1/metrics");
    let high = || site.get("auditor-high", "/api/v1/metrics");
    let ended = "semla_jobs{label=\"confidential/health\",state=\"ended\"} 1";
    // The first look of the day is an entry at the lowest level.
    low();
    high();
    let job = site.json("scientist-1", &["submit", &file])["id"].as_str().expect("an id").to_owned();
    let (before, cleared) = (low(), high());
    assert!(before.contains("semla_ledger_entries{label=\"internal\"}"), "{before}");
    assert!(!before.contains("confidential") && !before.contains(PERMIT) && !before.contains("scientist"), "{before}");
    assert!(!cleared.contains(ended), "{cleared}");
    until(site, || high().contains(ended));
    assert_eq!(low(), before, "a job ended above");
    // Whoever isn't cleared sees the end a little later.
    until(site, || site.json("scientist-1", &["job", "show", &job])["state"] == "succeeded");
    let asked =
        site.semla("scientist-1", &["-o", "json", "release", "request", &job, "a.txt", "--to", "public", "--wait"]);
    let id = asked.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(low(), before, "a request was made and checked above");
    site.semla("checker-1", &["release", "review", &id, "--reject"]).ok();
    assert_eq!(low(), before, "a reviewer read and voted above");
    let after = high();
    for more in [
        ended,
        "semla_budget_bits_spent{label=\"confidential/health\"}",
        "semla_ledger_entries{label=\"confidential/health\"}",
    ] {
        assert!(after.contains(more), "control: {after}");
    }
    assert_ne!(after, cleared, "control: whoever is cleared sees it");
}

const OUTPUT: &str = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
