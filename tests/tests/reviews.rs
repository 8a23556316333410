//! Reviews: blind until given, consolidated where they differ, excuses with a reason, replies from a list, and taking back.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_tests::demo::{Cast, PERMIT, keys};
use semla_tests::told::Told;
use semla_tests::{Ran, Site};
use serde_json::Value;
use std::time::{Duration, Instant};

/// T1 may be excused by three; scientists may be cleared; answers come at once, and there is a budget of so many bits.
fn policy(bits: u32) -> String {
    format!(
        "preset = \"ehds\"\n\
         [[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n\
         [[level]]\nname = \"confidential\"\nends = \"at-once\"\nbudget = {{ bits = {bits}, every = \"30d\" }}\n\
         [role.scientist]\nclearance = \"confidential/health\"\nceiling = \"confidential/health\"\n\
         [[release]]\nfrom = \"confidential/health\"\nto = \"public\"\nexcuse = {{ checks = [\"T1\"], reviewers = 3 }}\n"
    )
}

fn cast(name: &str, bits: u32) -> Cast {
    let cast = Cast::assemble_on(Site::new(name), &policy(bits), &mut Told::default());
    cast.site.person("checker-3", "\"checker\"", "confidential/health", "public");
    cast
}

/// A job that leaves two texts and a table of small counts.
fn job(cast: &Cast, who: &str, permit: &str) -> String {
    let python = "for name in 'ab': open(f'/out/{name}.txt', 'w').write('fine')\n\
                  open('/out/small.csv', 'w').write('site,n\\nA,4\\nB,565\\n')";
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n[[output]]\npath = \"b.txt\"\nkind = \"text\"\n\
                   [[output]]\npath = \"small.csv\"\nkind = \"table\"\ncounts = [\"n\"]\n";
    let file = cast.line(&format!("job-{who}"), permit, python, outputs);
    let ran = cast.site.json(who, &["submit", &file, "--wait"]);
    assert_eq!(ran["state"], "succeeded", "{ran}");
    text(&ran["id"])
}

fn request(site: &Site, who: &str, job: &str, file: &str) -> String {
    let asked = site.semla(who, &["-o", "json", "release", "request", job, file, "--to", "public", "--wait"]);
    let view = asked.json();
    assert_eq!(view["files"][file]["state"], "open", "{asked:?}\n{}", site.log());
    text(&view["id"])
}

fn review(site: &Site, who: &str, release: &str, more: &[&str]) -> Ran {
    site.semla(who, &[&["release", "review", release], more].concat())
}

fn show(site: &Site, who: &str, release: &str) -> Value {
    site.json(who, &["release", "show", release])
}

fn until(what: &str, site: &Site, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn refused(ran: &Ran, words: &str) {
    assert!(ran.code != 0 && ran.err.contains(words), "{ran:?}");
}

#[test]
fn reviewers_vote_unseen_agree_where_they_differ_excuse_with_a_reason_and_an_officer_takes_back() {
    let cast = cast("reviews", 4096);
    let site = &cast.site;
    let job = job(&cast, "scientist-1", PERMIT);

    // Blind.
    let open = request(site, "scientist-1", &job, "a.txt");
    review(site, "checker-1", &open, &["--approve"]).ok();
    let votes = |who: &str| show(site, who, &open)["files"]["a.txt"]["votes"].clone();
    let names = |who: &str| votes(who).as_object().map_or(Vec::new(), |votes| votes.keys().cloned().collect());
    assert_eq!(names("checker-1"), ["checker-1"], "the control: one's own");
    assert_eq!(names("checker-2"), [""; 0]);
    assert!(!site.semla("checker-2", &["release", "show", &open]).ok().all().contains("checker-1"));
    refused(&review(site, "checker-1", &open, &["--reject"]), "a vote stands until as many as it takes have voted");
    refused(&review(site, "checker-1", &open, &["--reject", "--file", "a.txt"]), "you have voted on `a.txt`");
    refused(&review(site, "checker-2", &open, &["--request-changes"]), "add `--reply N`");
    // What it takes is told to everybody, and how many have voted to nobody who hasn't.
    let shown = |who: &str| site.semla(who, &["release", "show", &open]).ok().out;
    let [voted, unseen, author] = ["checker-1", "checker-2", "scientist-1"].map(shown);
    assert!(
        voted.contains("takes 2 approvals; yours is the only vote") && voted.contains("next: the others vote"),
        "{voted}"
    );
    assert!(
        !voted.contains("--reply 1") && unseen.contains("1 merge small groups"),
        "replies are for a vote to come: {voted}"
    );
    assert!(unseen.contains("takes 2 approvals; others' votes are shown once you have voted"), "{unseen}");
    assert!(author.contains("each file takes 2 approvals of independent reviewers"), "{author}");
    // The author knows the request, and is told whose its content is; for others it isn't there.
    for what in [&["--file", "a.txt"], &["--detail", "a.txt"]] {
        let read = |who: &str, id: &str| site.semla(who, &[&["release", "show", id], &what[..]].concat());
        refused(&read("scientist-1", &open), "shown to its reviewers alone");
        assert_eq!(read("scientist-2", &open).all(), read("scientist-2", "r-0000000000000000").all());
    }
    // Before there is a bundle there is nothing that an officer is shown.
    assert_eq!(site.json("officer-1", &["release", "ls"]), serde_json::json!([]));

    // Disputed: who voted sees both, who hasn't sees none, and all who voted come to agree.
    review(site, "checker-2", &open, &["--reject", "--reply", "9"]).ok();
    assert_eq!(show(site, "checker-1", &open)["files"]["a.txt"]["state"], "disputed");
    for who in ["checker-1", "checker-2"] {
        assert_eq!(names(who), ["checker-1", "checker-2"], "{who}");
    }
    assert_eq!(names("checker-3"), [""; 0]);
    let told = site.semla("checker-1", &["release", "show", &open]).ok().out;
    assert!(told.contains("checker-2: reject --reply 9") && told.contains("the votes differ"), "{told}");
    assert!(told.contains("1 merge small groups"), "{told}");
    review(site, "checker-2", &open, &["--approve"]).ok();
    until("it is released", site, || show(site, "checker-1", &open)["state"] == "released");
    refused(&site.semla("scientist-1", &["release", "withdraw", &open]), &format!("semla release revoke {open}"));
    assert_eq!(show(site, "scientist-1", &open)["state"], "released");
    // Officers see what they could take back: that it is there, at a label that they are cleared for, and nothing of what is in it.
    let listed = site.json("officer-1", &["release", "ls"]);
    let bundle = &listed[0];
    assert_eq!((listed.as_array().map(Vec::len), &bundle["id"]), (Some(1), &open.as_str().into()), "{listed}");
    assert_eq!(
        (&bundle["job"], &bundle["files"], &bundle["permit"]),
        (&"".into(), &serde_json::json!({}), &PERMIT.into())
    );
    assert!(bundle["released"].is_string(), "{bundle}");
    assert_eq!(site.json("scientist-2", &["release", "ls"]), serde_json::json!([]));

    // Excused.
    let small = request(site, "scientist-1", &job, "small.csv");
    let reason = "the cells add up a table that was published";
    refused(&review(site, "checker-1", &small, &["--approve"]), "is blocked by T1");
    refused(&review(site, "checker-1", &small, &["--reject", "-b", reason]), "`-b` goes with `--excuse`");
    refused(&review(site, "checker-1", &small, &["--approve", "--excuse", "T1"]), "because");
    refused(&review(site, "checker-1", &small, &["--approve", "--excuse", "T4", "-b", reason]), "blocked by T1");
    for who in ["checker-1", "checker-2"] {
        review(site, who, &small, &["--approve", "--excuse", "T1", "-b", reason]).ok();
        assert_eq!(show(site, who, &small)["files"]["small.csv"]["state"], "open", "two aren't enough for a block");
    }
    review(site, "checker-3", &small, &["--approve", "--excuse", "T1", "-b", reason]).ok();
    until("it is released", site, || show(site, "checker-1", &small)["state"] == "released");
    let seen = show(site, "checker-1", &small)["files"]["small.csv"]["votes"]["checker-2"].clone();
    assert_eq!((text(&seen["reason"]), &seen["excuses"]), (reason.to_owned(), &serde_json::json!(["T1"])));
    let own = site.semla("checker-1", &["ledger", "tail"]).ok().out;
    assert!(own.contains(reason), "the reason is on the ledger");

    // The bundle tells of the excuse, and not why.
    let bundle = site.desk().join("bundle");
    let place = bundle.to_str().expect("a plain path");
    site.semla("scientist-1", &["release", "download", &small, "-D", place]).ok();
    let attestation = std::fs::read_to_string(bundle.join("attestation.json")).expect("an attestation");
    let payload = serde_json::from_str::<Value>(&attestation).expect("JSON")["payload"].clone();
    let statement = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text(&payload)).expect("base64");
    let statement = String::from_utf8(statement).expect("a text");
    assert!(statement.contains("\"excused\":[\"T1\"]") && !statement.contains("published"), "{statement}");

    // Taken back.
    let (key, reviewers) = keys(&cast);
    let verify = ["verify", place, "--log-key", &key, "--reviewers", &reviewers];
    let online = [&verify[..], &["--online"]].concat();
    assert!(site.semla("auditor", &online).ok().out.contains("hasn't taken it back"));
    let verified = site.json("auditor", &online);
    let by = &verified["files"]["small.csv"]["by"];
    assert_eq!((&verified["release"], by.as_array().map(Vec::len)), (&small.as_str().into(), Some(3)), "{verified}");
    refused(&site.semla("scientist-1", &["ledger", "reviewers"]), "only officers and auditors see the list of people");
    site.semla("officer-1", &["release", "revoke", &small]).ok();
    refused(&site.semla("auditor", &online), "taken this bundle back");
    assert!(!site.semla("auditor", &verify).ok().out.contains("taken"), "without --online nothing is asked");
    refused(&site.semla("scientist-1", &["release", "download", &small, "-D", "again"]), "no bundle");
    // The other bundle is as good as before.
    let other = site.desk().join("other");
    let other = other.to_str().expect("a plain path");
    site.semla("scientist-1", &["release", "download", &open, "-D", other]).ok();
    site.semla("auditor", &["verify", other, "--log-key", &key, "--reviewers", &reviewers, "--online"]).ok();
    let matched = site.semla("root", &["ledger", "match", "--log-key", &key]);
    matched.ok();
}

#[test]
fn votes_of_one_review_are_recorded_in_one_go() {
    let cast = cast("at-once", 4096);
    let site = &cast.site;
    let job = job(&cast, "scientist-1", PERMIT);
    let files = ["a.txt", "b.txt"];
    let ask = [&["-o", "json", "release", "request", &job], &files[..], &["--to", "public", "--wait"]].concat();
    let asked = text(&site.semla("scientist-1", &ask).json()["id"]);
    review(site, "checker-1", &asked, &["--approve"]).ok();
    let tail = site.semla("checker-1", &["-o", "json", "ledger", "tail"]).ok().out;
    let entries = tail.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["entry"].clone());
    let voted: Vec<Value> = entries.filter(|entry| entry["event"] == "voted").collect();
    assert_eq!(voted.iter().map(|entry| text(&entry["file"])).collect::<Vec<_>>(), files);
    assert_eq!(voted[0]["at"], voted[1]["at"], "one transaction, and one moment");
}

#[test]
fn a_blind_author_is_told_by_numbers_and_pays_for_it() {
    let cast = cast("replies", 4096);
    let site = &cast.site;
    let job = job(&cast, "scientist-1", PERMIT);
    let asked = request(site, "scientist-1", &job, "a.txt");
    let left = |view: &Value| view["budget"]["left"].as_u64().expect("bits");
    let before = show(site, "scientist-1", &asked);
    review(site, "checker-1", &asked, &["--request-changes", "--reply", "1", "--reply", "4"]).ok();
    let one = show(site, "scientist-1", &asked);
    assert_eq!(one, before, "one vote is nothing that an author is told");
    review(site, "checker-2", &asked, &["--request-changes", "--reply", "4"]).ok();
    let after = show(site, "scientist-1", &asked);
    assert_eq!(
        (&after["state"], &after["files"]["a.txt"]["state"]),
        (&"changes-requested".into(), &"changes-requested".into())
    );
    assert_eq!(
        after["files"]["a.txt"]["replies"],
        serde_json::json!(["merge small groups", "say in `about` what one row and one number stand for"])
    );
    // Four words, and up to three of nine replies: ten bits. Where the whole request stands: two.
    assert_eq!((left(&before) - left(&after), after["budget"]["cost"].as_u64()), (12, Some(8 + 12)), "{after}");
    assert!(!after.to_string().contains("checker"), "{after}");
    let told = site.semla("scientist-1", &["release", "show", &asked]).ok().out;
    assert!(told.contains("reviewers: merge small groups"), "{told}");
    assert_eq!(left(&show(site, "scientist-1", &asked)), left(&after), "what was told stays told");
}

#[test]
fn what_is_not_paid_for_is_not_told_by_taking_back_either() {
    // A job and the checks of two requests, and not what people decide.
    let cast = cast("withdraw", 4 + 2 * 8 + 2);
    let site = &cast.site;
    let first = job(&cast, "scientist-1", PERMIT);
    let [rejected, waiting] = ["a.txt", "a.txt"].map(|file| request(site, "scientist-1", &first, file));
    for who in ["checker-1", "checker-2"] {
        review(site, who, &rejected, &["--reject"]).ok();
    }
    assert_eq!(show(site, "checker-1", &rejected)["state"], "rejected");
    let alike = |who: &str, command: &str| {
        let [one, other] = [&rejected, &waiting].map(|release| {
            let ran = site.semla(who, &["-o", "json", "release", command, release]);
            (ran.code, ran.all().replace(release.as_str(), "ID"))
        });
        assert_eq!(one, other, "{who} {command}");
        one.1
    };
    let seen = alike("scientist-1", "show");
    assert!(seen.contains("in-review") && seen.contains("it would cost 12 bits"), "{seen}");
    let back = alike("scientist-1", "withdraw");
    assert!(back.contains("\"state\":\"withdrawn\""), "{back}");
    assert_eq!(alike("scientist-1", "withdraw"), back);
    assert_eq!(alike("scientist-1", "show"), back);
    // One of them was there to be taken back.
    assert_eq!(show(site, "checker-1", &rejected)["state"], "rejected");
    assert_eq!(show(site, "checker-1", &waiting)["state"], "withdrawn");
    let revoked = alike("officer-1", "revoke");
    assert!(revoked.contains("\"state\":\"revoked\""), "{revoked}");
    // What is hidden and what isn't there are told alike.
    let hidden = |release: &str| {
        ["show", "withdraw", "revoke"].map(|command| site.semla("scientist-2", &["release", command, release]).all())
    };
    assert_eq!(hidden(&rejected), hidden("r-0000000000000000"));
    let votes = |release: &str| site.semla("scientist-2", &["release", "show", release, "--file", "a.txt"]).all();
    assert_eq!(votes(&rejected), votes("r-0000000000000000"));

    // The control: somebody who is cleared is told where the request stands.
    site.person("scientist-3", "\"scientist\"", "confidential/health", "confidential/health");
    let permit = site.write(
        "permits/P-3.toml",
        "purpose = \"x\"\npeople = [\"scientist-3\"]\ndatasets = [\"wdbc@1\"]\nup_to = \"confidential/health\"\nuntil = 2027-06-30\n",
    );
    site.semla("steward-1", &["permit", "add", &permit]).ok();
    site.semla("officer-2", &["permit", "approve", "P-3"]).ok();
    let own = job(&cast, "scientist-3", "P-3");
    let own = request(site, "scientist-3", &own, "a.txt");
    for who in ["checker-1", "checker-2"] {
        review(site, who, &own, &["--reject"]).ok();
    }
    // Whoever sees that it is over takes it back once, so that no other policy has it cost anything more.
    let back = site.semla("scientist-3", &["release", "withdraw", &own]).ok();
    assert!(back.out.contains("rejected"), "{back:?}");
    refused(&site.semla("scientist-3", &["release", "withdraw", &own]), "the request is rejected");
}

#[test]
fn another_policy_has_open_requests_checked_and_voted_on_anew_once_whatever_crashes() {
    let cast = cast("follow", 4096);
    let site = &cast.site;
    let job = job(&cast, "scientist-1", PERMIT);
    let open = request(site, "scientist-1", &job, "a.txt");
    review(site, "checker-1", &open, &["--approve"]).ok();
    let before = show(site, "checker-1", &open);
    assert_eq!(before["files"]["a.txt"]["votes"].as_object().map(|votes| votes.len()), Some(1), "{before}");
    let stricter = site.write("stricter.toml", &format!("min_people = 11\n{}", policy(4096)));
    let id = text(&site.json("officer-1", &["policy", "propose", &stricter])["id"]);
    site.semla("officer-2", &["policy", "approve", &id]).ok();
    for _ in 0..3 {
        let daemon = site.daemon().expect("a daemon");
        kill(Pid::from_raw(daemon), Signal::SIGKILL).expect("to kill the daemon");
        until("another daemon runs", site, || site.daemon().is_some_and(|now| now != daemon));
    }
    until("the checks are through again", site, || {
        let ran = site.semla("checker-1", &["-o", "json", "release", "show", &open]);
        ran.code == 0 && ran.json()["state"] == "in-review" && ran.json()["policy"] != before["policy"]
    });
    let after = show(site, "checker-1", &open);
    assert_eq!(after["files"]["a.txt"]["votes"], Value::Null, "the vote under the old policy is gone");
    let entries = std::fs::read(site.state().join("serve/ledger/openings")).expect("the ledger");
    let entries = String::from_utf8_lossy(&entries);
    assert_eq!(entries.matches("\"event\":\"follows\"").count(), 1, "once");
    assert_eq!(entries.matches("\"event\":\"dropped\"").count(), 0, "whoever voted may vote still");
    for who in ["checker-1", "checker-2"] {
        review(site, who, &open, &["--approve"]).ok();
    }
    until("it is released", site, || show(site, "checker-1", &open)["state"] == "released");
}

#[test]
fn a_vote_of_somebody_who_has_left_keeps_nobody_from_agreeing() {
    let cast = cast("left", 4096);
    let site = &cast.site;
    let job = job(&cast, "scientist-1", PERMIT);
    let open = request(site, "scientist-1", &job, "a.txt");
    review(site, "checker-1", &open, &["--approve"]).ok();
    review(site, "checker-3", &open, &["--reject", "--reply", "9"]).ok();
    review(site, "checker-2", &open, &["--approve"]).ok();
    assert_eq!(
        show(site, "checker-1", &open)["files"]["a.txt"]["state"],
        "disputed",
        "the control: one of three differs"
    );
    site.semla("officer-1", &["user", "disable", "checker-3"]).ok();
    site.semla("officer-2", &["user", "approve", "checker-3"]).ok();
    until("the others agree", site, || show(site, "checker-1", &open)["state"] == "released");
    let entries = std::fs::read(site.state().join("serve/ledger/openings")).expect("the ledger");
    assert_eq!(String::from_utf8_lossy(&entries).matches("\"event\":\"dropped\"").count(), 1);
}
