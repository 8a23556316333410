//! What waits for a signature is shown to those who could give it, and to nobody whom its names don't concern.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::http::exchange;
use std::os::unix::net::UnixStream;

const POLICY: &str = "preset = \"ehds\"\n[role.officer]\nclearance = \"confidential/health\"\n";

/// Two stewards, a scientist, an officer who is cleared for the data, and one who isn't.
fn site() -> Site {
    let mut site = Site::new("proposals");
    let codes = site.found_on(POLICY);
    for officer in ["officer-1", "officer-2"] {
        site.enrol(officer, codes["codes"][officer].as_str().expect("the officer's code"));
    }
    for (who, role, ceiling) in [
        ("steward-1", "steward", "public"),
        ("steward-2", "steward", "public"),
        ("officer-3", "officer", "public"),
        ("officer-4", "officer", "public"),
        ("scientist-1", "scientist", "confidential/health"),
    ] {
        let low = ["scientist-1", "officer-4"].contains(&who);
        let clearance = if low { "internal" } else { "confidential/health" };
        site.person(who, &format!("\"{role}\""), clearance, ceiling);
    }
    site
}

/// A proposed dataset whose card is at this label.
fn register(site: &Site, dataset: &str, card_label: &str) {
    let rows = site.write("rows.csv", "id,age\n1,40\n2,50\n");
    let draft = site.semla("steward-1", &["data", "draft", &rows, "--id", "id"]).ok();
    let card = site.write("rows.card.toml", &draft.out);
    let labels = ["--label", "confidential/health", "--card-label", card_label, "--card", &card];
    site.semla("steward-1", &[&["data", "add", dataset, &rows], &labels[..]].concat()).ok();
}

/// A dataset whose card is at this label, and a proposed permit for it.
fn propose(site: &Site, dataset: &str, card_label: &str, permit: &str) {
    register(site, dataset, card_label);
    site.semla("steward-2", &["data", "approve", dataset]).ok();
    let text = format!(
        "purpose = \"x\"\npeople = [\"scientist-1\"]\ndatasets = [\"{dataset}\"]\nup_to = \"confidential/health\"\nuntil = 2027-06-30\n"
    );
    let file = site.write(&format!("permits/{permit}.toml"), &text);
    let proposed = site.semla("steward-1", &["permit", "add", &file]).ok();
    assert!(proposed.out.contains("awaits an officer who is cleared for its cards"), "{proposed:?}");
}

#[test]
fn rule_1_a_permit_that_names_a_dataset_is_shown_to_those_who_may_know_of_it() {
    let site = site();
    assert_eq!(site.semla("officer-4", &["permit", "approve"]).ok().out, "nothing waits for your signature\n");
    propose(&site, "open@1", "internal", "P-open");
    propose(&site, "hidden@1", "confidential/health", "P-hidden");
    let sees = |who: &str| site.get(who, "/api/v1/records");
    assert!(sees("officer-3").contains("hidden@1") && sees("officer-3").contains("open@1"));
    assert!(sees("officer-4").contains("open@1"), "the control: one whose card they may read");
    assert!(!sees("officer-4").contains("hidden"), "{}", sees("officer-4"));
    assert!(!sees("scientist-1").contains("open@1"), "who approves nothing is shown nothing");
    let refused = site.semla("officer-4", &["permit", "approve", "P-hidden"]);
    let absent = site.semla("officer-4", &["permit", "approve", "P-hadden"]);
    assert_eq!(refused.err.replace("P-hidden", "P-hadden"), absent.err);
    site.semla("officer-3", &["permit", "approve", "P-hidden"]).ok();
    site.semla("officer-4", &["permit", "approve", "P-open"]).ok();
    let shown = site.semla("officer-4", &["permit", "ls"]).ok();
    assert!(shown.out.contains("P-hidden") && !shown.out.contains("hidden@1"), "{shown:?}");
}

#[test]
fn rule_9_whoever_is_shown_a_proposed_card_reads_it_and_is_recorded_once_a_day() {
    let site = site();
    register(&site, "new@1", "confidential/health");
    let sees = |who: &str| site.get(who, "/api/v1/records");
    let reads = |who: &str| {
        let tail = site.semla("officer-3", &["ledger", "tail"]).ok().out;
        let of = |line: &&str| ["card proposed as", "new@1", who].iter().all(|words| line.contains(words));
        tail.lines().filter(of).count()
    };
    assert_eq!(reads("steward-2"), 0);
    for _ in 0..3 {
        assert!(sees("steward-2").contains("new@1"));
        assert_eq!(reads("steward-2"), 1, "once");
    }
    assert!(!sees("officer-3").contains("new@1"));
    assert_eq!(reads("officer-3"), 0, "the control: who isn't shown it reads nothing");
}

#[test]
fn each_signs_a_proposal_once_and_whoever_made_it_takes_it_back() {
    let site = site();
    let person = |ceiling: &str| {
        let key = site.semla("steward-1", &["key", "show"]).ok().out;
        let text = format!(
            "roles = [\"steward\"]\nclearance = \"{ceiling}\"\nceiling = \"public\"\nkey = \"{}\"\n",
            key.trim()
        );
        site.semla("officer-1", &["user", "add", &site.write("people/steward-1.toml", &text)])
    };
    person("internal").ok();
    let again = [person("internal"), site.semla("officer-1", &["user", "approve", "steward-1"])];
    for ran in again {
        assert!(ran.code == 1 && ran.err.contains("already, and it awaits approval by another officer"), "{ran:?}");
    }
    let second = person("public").ok();
    assert!(second.err.contains("2 proposals have this name"), "{second:?}");
    let listed = site.json("officer-1", &["withdraw"]);
    let ids: Vec<&str> = listed.as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids.len(), 2, "{listed}");

    // For anybody else, the other officer included, it is no more there to be taken back than one that isn't.
    let full = site.json("officer-2", &["user", "approve"]);
    let whole = |who: &str| {
        let pending: serde_json::Value =
            serde_json::from_str(site.get(who, "/api/v1/records").lines().last().expect("a body")).expect("JSON");
        pending[0]["id"].as_str().expect("an id").to_owned()
    };
    assert_eq!(full.as_array().map(Vec::len), Some(2));
    let id = whole("officer-2");
    let post = |who: &str, id: &str| {
        let token = std::fs::read_to_string(site.home(who).join("token")).expect("a token");
        let socket = UnixStream::connect(site.state().join("api.sock")).expect("the daemon's socket");
        exchange(socket, "POST", &format!("/api/v1/records/{id}/withdraw"), token.trim(), "null")
    };
    let nowhere = format!("sha256:{}", "0".repeat(64));
    for who in ["officer-2", "scientist-1"] {
        let (there, absent) = (post(who, &id), post(who, &nowhere));
        assert_eq!((there.0, &there.1), (404, &absent.1), "{who}");
    }
    assert!(site.semla("officer-2", &["withdraw", ids[0]]).err.contains("no proposal of yours"));

    let gone = site.semla("officer-1", &["withdraw", ids[0]]).ok();
    assert!(gone.out.contains("person `steward-1` is proposed no more"), "{gone:?}");
    assert_eq!(site.semla("officer-2", &["user", "approve", ids[0]]).code, 1);
    let approved = site.semla("officer-2", &["user", "approve", "steward-1"]).ok();
    assert!(!approved.err.contains("replaces") && !approved.err.contains("null"), "{approved:?}");
    assert!(approved.err.contains("it changes:\n  c"), "what it changes is said beside all that it says: {approved:?}");

    // Of two that were made over one record, one holds: whoever made the other is told what became of it, and nobody else is.
    person("internal").ok();
    let other = site.json("officer-1", &["withdraw"])[0]["id"].as_str().expect("an id").to_owned();
    site.semla("officer-1", &["user", "disable", "steward-1"]).ok();
    let closed = site.json("officer-1", &["withdraw"]);
    let closed = closed.as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).find(|id| *id != other);
    site.semla("officer-2", &["user", "approve", closed.expect("the second")]).ok();
    let left = site.json("officer-1", &["withdraw"]);
    let why = "signed to take the place of one that doesn't hold any more";
    assert!(left[0]["id"] == *other && left[0]["lapsed"].to_string().contains(why), "{left}");
    assert!(site.semla("officer-1", &["withdraw"]).ok().out.contains("nobody any more"));
    let again = site.semla("officer-1", &["user", "approve", &other]);
    assert!(again.code == 1 && again.err.contains("can't be approved any more"), "{again:?}");
    assert_eq!(site.json("officer-2", &["user", "approve"]), serde_json::json!([]));
    assert!(!site.get("officer-2", "/api/v1/records").contains(&other));
    site.semla("officer-1", &["withdraw", &other]).ok();
}

/// The ledger says who signed and when, and that is whoever sent it.
#[test]
fn a_signature_is_taken_from_whose_it_is() {
    let site = site();
    let key = site.semla("steward-1", &["key", "show"]).ok().out;
    let person =
        format!("roles = [\"steward\"]\nclearance = \"internal\"\nceiling = \"public\"\nkey = \"{}\"\n", key.trim());
    site.semla("officer-1", &["user", "add", &site.write("people/steward-1.toml", &person)]).ok();
    let pending: serde_json::Value =
        serde_json::from_str(site.get("officer-2", "/api/v1/records").lines().last().expect("a body")).expect("JSON");
    let mut signed = pending[0]["signed"].clone();
    let post = |who: &str, signed: &serde_json::Value| {
        let token = std::fs::read_to_string(site.home(who).join("token")).expect("a token");
        let socket = UnixStream::connect(site.state().join("api.sock")).expect("the daemon's socket");
        exchange(socket, "POST", "/api/v1/records", token.trim(), &signed.to_string()).1
    };
    // Of those who signed it before, the one who does it now may bring along.
    assert!(post("officer-1", &signed).contains("you have signed it already"), "the control");
    let mut other = signed["signatures"][0].clone();
    other["by"] = "officer-2".into();
    signed["signatures"].as_array_mut().expect("a list").push(other);
    let refused = post("officer-1", &signed);
    assert!(refused.contains("the record carries a signature of `officer-2`, who didn't send it"), "{refused}");
}

/// Whoever has another key by now signs again what they proposed with the old one, and nothing of it has to be taken back.
#[test]
fn a_proposal_is_signed_again_with_a_new_key() {
    let site = site();
    let person = |who: &str, key: &str, clearance: &str, role: &str| {
        let text = format!(
            "roles = [\"{role}\"]\nclearance = \"{clearance}\"\nceiling = \"public\"\nkey = \"{}\"\n",
            key.trim()
        );
        site.write(&format!("people/{who}.toml"), &text)
    };
    let steward = person("steward-1", &site.semla("steward-1", &["key", "show"]).ok().out, "internal", "steward");
    site.semla("officer-3", &["user", "add", &steward]).ok();
    // Another key for officer-3, which the two others enrol.
    std::fs::rename(site.home("officer-3").join("key"), site.home("officer-3").join("old")).expect("to put it aside");
    let key = site.semla("officer-3", &["key", "new"]).ok().out;
    site.semla("officer-1", &["user", "add", &person("officer-3", &key, "confidential/health", "officer")]).ok();
    site.semla("officer-2", &["user", "approve", "officer-3"]).ok();
    assert_eq!(
        site.json("officer-2", &["user", "approve"]),
        serde_json::json!([]),
        "the old signature is worth nothing"
    );
    let again = site.semla("officer-3", &["user", "add", &steward]).ok();
    assert!(again.out.contains("awaits approval by another officer"), "{again:?}");
    let third = site.semla("officer-3", &["user", "add", &steward]);
    assert!(third.code == 1 && third.err.contains("you have signed it already"), "the control: {third:?}");
    site.semla("officer-2", &["user", "approve", "steward-1"]).ok();
}
