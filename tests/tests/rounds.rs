//! The second round of a request: its author changes what reviewers want changed, or leaves it out; and learns nothing by that which
//! they aren't told.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use semla_tests::{Ran, Site};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Scientists may be cleared; answers come at once.
const POLICY: &str = "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n\
                      [[level]]\nname = \"confidential\"\nends = \"at-once\"\nbudget = { bits = 4096, every = \"30d\" }\n\
                      [role.scientist]\nclearance = \"confidential/health\"\nceiling = \"confidential/health\"\n";

fn cast(name: &str, policy: &str) -> Cast {
    Cast::assemble_on(Site::new(name), policy, &mut Told::default())
}

/// A job that leaves two texts.
fn job(cast: &Cast, name: &str, a: &str) -> String {
    let python =
        format!("for name, said in dict(a='{a}', b='fine').items(): open(f'/out/{{name}}.txt', 'w').write(said)");
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\nabout = \"what was said\"\n[[output]]\npath = \"b.txt\"\nkind = \"text\"\n";
    let file = cast.line(name, PERMIT, &python, outputs);
    let ran = cast.site.semla("scientist-1", &["-o", "json", "submit", &file, "--wait"]);
    text(&ran.json()["id"])
}

/// A job like it that leaves nothing.
fn failed(cast: &Cast) -> String {
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n[[output]]\npath = \"b.txt\"\nkind = \"text\"\n";
    let file = cast.line("failed", PERMIT, "raise ValueError", outputs);
    text(&cast.site.semla("scientist-1", &["-o", "json", "submit", &file, "--wait"]).json()["id"])
}

fn request(site: &Site, job: &str) -> Value {
    site.semla("scientist-1", &["-o", "json", "release", "request", job, "a.txt", "b.txt", "--to", "public", "--wait"])
        .json()
}

fn replace(site: &Site, request: &str, files: &[&str], job: &str) -> Ran {
    let command = ["-o", "json", "release", "replace", request, "--job", job];
    site.semla("scientist-1", &[&command, files].concat())
}

fn leave_out(site: &Site, request: &str, files: &[&str]) -> Ran {
    site.semla("scientist-1", &[&["-o", "json", "release", "leave-out", request], files].concat())
}

/// Both checkers want `a.txt` changed and let `b.txt` go.
fn ask_for_changes(site: &Site, request: &str) {
    for who in ["checker-1", "checker-2"] {
        let review = |file: &str, says: &[&str]| {
            site.semla(who, &[&["release", "review", request, "--file", file], says].concat()).ok();
        };
        review("a.txt", &["--request-changes", "--reply", "1"]);
        review("b.txt", &["--approve"]);
    }
}

fn show(site: &Site, who: &str, request: &str) -> Value {
    site.json(who, &["release", "show", request])
}

fn until(site: &Site, who: &str, request: &str, state: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(90);
    loop {
        let view = show(site, who, request);
        if view["state"] == state {
            return view;
        }
        assert!(Instant::now() < end, "it never came to `{state}`: {view}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn refused(ran: &Ran, words: &str) {
    assert!(ran.code == 1 && ran.err.contains(words), "{ran:?}");
}

#[test]
fn what_reviewers_want_changed_is_replaced_or_left_out_and_the_rest_keeps_its_votes() {
    let cast = cast("rounds", POLICY);
    let site = &cast.site;
    let first = job(&cast, "first", "a secret");
    let asked = request(site, &first);
    let (id, checks) = (text(&asked["id"]), asked["budget"]["cost"].as_u64().expect("a cost"));
    refused(&replace(site, &id, &["a.txt"], &first), "you haven't been told that reviewers want anything changed");
    ask_for_changes(site, &id);
    let told = until(site, "scientist-1", &id, "changes-requested");
    let before = told["budget"]["cost"].as_u64().expect("a cost");
    let next = site.semla("scientist-1", &["release", "show", &id]).ok().out;
    assert!(next.contains(&format!("semla release replace {id} a.txt --job JOB")), "{next}");

    // What may be put in its place: the same output of a later job like the first one, and of no file that nobody asked for.
    refused(&replace(site, &id, &["a.txt"], &first), "`a.txt` is of this job already");
    refused(&replace(site, &id, &["a.txt"], "j-0000000000000000"), "there is no such job");
    let made_up = site.semla(
        "scientist-1",
        &["-o", "json", "submit", &format!("{}/job.toml", site.desk().join("first").display()), "--dummy", "--wait"],
    );
    refused(&replace(site, &id, &["a.txt"], &text(&made_up.json()["id"])), "isn't that of the request's first job");
    let second = job(&cast, "second", "nothing of it");
    refused(&replace(site, &id, &["a.txt", "b.txt"], &second), "nobody asked for changes of `b.txt`");
    refused(&leave_out(site, &id, &["b.txt"]), "nobody asked for changes of `b.txt`");
    for (who, words) in [("scientist-2", "there is no such request"), ("checker-1", "there is no such request")] {
        let ran = site.semla(who, &["release", "replace", &id, "a.txt", "--job", &second]);
        refused(&ran, words);
    }
    assert_eq!(show(site, "scientist-1", &id)["files"], told["files"], "nothing of that changed anything");

    // The second round: one file is checked and voted on afresh, and costs what one file costs; the other one keeps its votes.
    let replaced = replace(site, &id, &["a.txt"], &second).json();
    assert_eq!((&replaced["state"], &replaced["files"]["a.txt"]["job"]), (&"checking".into(), &second.as_str().into()));
    assert_eq!(
        (&replaced["files"]["a.txt"]["state"], &replaced["files"]["b.txt"]["state"]),
        (&Value::Null, &"approved".into())
    );
    let told = until(site, "scientist-1", &id, "in-review");
    assert_eq!(told["files"]["b.txt"]["state"], "approved", "{told}");
    let cost = told["budget"]["cost"].as_u64().expect("a cost") - before;
    assert_eq!(cost * 2, checks, "what is known costs nothing more: {told}");
    let shown = site.semla("checker-1", &["release", "show", &id]).ok().out;
    assert!(shown.contains("v2") && shown.contains(&format!("of {second}, code ")), "{shown}");
    let read = |more: &[&str]| site.semla("checker-1", &[&["release", "show", &id], more].concat()).ok().out;
    assert_eq!(
        (read(&["--file", "a.txt"]).trim_end(), read(&["--file", "a.txt", "--before"]).trim_end()),
        ("nothing of it", "a secret")
    );
    assert!(read(&["--file", "a.txt", "--code"]).contains("nothing of it") && read(&["--code"]).contains("a secret"));
    assert!(read(&["--file", "a.txt", "--code", "--before"]).contains("a secret"));
    refused(
        &site.semla("checker-1", &["release", "show", &id, "--file", "b.txt", "--before"]),
        "has no earlier version",
    );
    let view = show(site, "checker-1", &id);
    assert_eq!(view["files"]["a.txt"]["votes"], Value::Null, "votes on what it was are gone: {view}");
    assert_eq!(view["files"]["b.txt"]["votes"].as_object().map(serde_json::Map::len), Some(2), "{view}");
    for who in ["checker-1", "checker-2"] {
        site.semla(who, &["release", "review", &id, "--approve"]).ok();
    }
    until(site, "scientist-1", &id, "released");
    let bundle = site.desk().join("bundle");
    site.semla("scientist-1", &["release", "download", &id, "-D", bundle.to_str().expect("a plain path")]).ok();
    let file = |name: &str| std::fs::read_to_string(bundle.join("files").join(name)).expect("a file");
    assert_eq!((file("a.txt").as_str(), file("b.txt").as_str()), ("nothing of it", "fine"));
    refused(&replace(site, &id, &["a.txt"], &first), "the request is over");
    // Whoever is cleared finds it on the ledger, and nobody else does.
    site.person("auditor-1", "\"auditor\"", "confidential/health", "public");
    let audit = |who: &str| site.semla(who, &["audit", "--dataset", "wdbc@1"]).ok().out;
    assert!(audit("auditor-1").contains("replaced") && !audit("officer-1").contains("replaced"));

    // The same content again finds what was said of it, and those who said it think again.
    let id = text(&request(site, &first)["id"]);
    ask_for_changes(site, &id);
    until(site, "scientist-1", &id, "changes-requested");
    let same = job(&cast, "same", "a secret");
    replace(site, &id, &["a.txt"], &same).json();
    let view = until(site, "checker-1", &id, "in-review");
    let file = &view["files"]["a.txt"];
    assert_eq!(
        (&file["state"], &file["votes"]["checker-2"]["decision"]),
        (&"disputed".into(), &"request-changes".into())
    );
    for who in ["checker-1", "checker-2"] {
        assert_eq!(show(site, "scientist-1", &id)["state"], "in-review");
        site.semla(who, &["release", "review", &id, "--file", "a.txt", "--approve"]).ok();
    }
    until(site, "scientist-1", &id, "released");

    // What the checks block is the author's to mend once more, and the rest waits: a job that leaves no such file releases nothing.
    let id = text(&request(site, &first)["id"]);
    ask_for_changes(site, &id);
    until(site, "scientist-1", &id, "changes-requested");
    let none = failed(&cast);
    replace(site, &id, &["a.txt"], &none).json();
    let told = until(site, "scientist-1", &id, "changes-requested");
    assert_eq!(
        (&told["files"]["a.txt"]["state"], &told["files"]["b.txt"]["state"]),
        (&"returned".into(), &"approved".into())
    );
    replace(site, &id, &["a.txt"], &second).json();
    until(site, "scientist-1", &id, "in-review");
    site.semla("scientist-1", &["release", "withdraw", &id]).ok();

    // Without the file, the rest goes.
    let id = text(&request(site, &first)["id"]);
    ask_for_changes(site, &id);
    until(site, "scientist-1", &id, "changes-requested");
    let left = leave_out(site, &id, &["a.txt"]).json();
    assert_eq!((&left["state"], &left["files"]["a.txt"]["state"]), (&"approved".into(), &"left-out".into()), "{left}");
    until(site, "scientist-1", &id, "released");
    let bundle = site.desk().join("rest");
    site.semla("scientist-1", &["release", "download", &id, "-D", bundle.to_str().expect("a plain path")]).ok();
    let told = show(site, "scientist-1", &id);
    assert_eq!(
        (&told["files"]["a.txt"]["state"], &told["files"]["b.txt"]["state"]),
        (&"left-out".into(), &"approved".into())
    );
    assert!(bundle.join("files/b.txt").exists() && !bundle.join("files/a.txt").exists());
    assert_eq!(show(site, "checker-1", &id)["files"]["a.txt"]["state"], "left-out");
}

/// What replacing a file answers is a function of what was told: not of whether the content is what it was, of whether the job left it,
/// or of whether the request is still there. That it isn't is told with the round's answers.
#[test]
fn whoever_is_not_cleared_learns_nothing_by_replacing_a_file() {
    // At a level whose answers come at once an answer tells how long it took, which costs nothing there.
    let cast = cast("rounds-blind", &POLICY.replace("at-once", "doubling"));
    let site = &cast.site;
    let jobs = [job(&cast, "first", "x"), job(&cast, "again", "x"), job(&cast, "other", "y")];
    let asked = || {
        let id = text(&request(site, &jobs[0])["id"]);
        ask_for_changes(site, &id);
        until(site, "scientist-1", &id, "changes-requested");
        id
    };
    let left = |view: &Value| view["budget"]["left"].as_u64().expect("what is left");
    let hidden = |before: u64, ran: &Ran, id: &str, job: &str| {
        let view = ran.json();
        let words = ran.all().replace(id, "R").replace(job, "J").replace(&view["budget"].to_string(), "");
        format!("{words} for {} bits", before - left(&view))
    };
    let answers: Vec<String> = [(1, "in-review"), (2, "in-review"), (2, "revoked")]
        .into_iter()
        .map(|(job, comes)| {
            let id = asked();
            if comes == "revoked" {
                site.semla("officer-1", &["release", "revoke", &id]).ok();
            }
            let before = left(&show(site, "scientist-1", &id));
            let ran = replace(site, &id, &["a.txt"], &jobs[job]);
            let answer = hidden(before, &ran, &id, &jobs[job]);
            until(site, "scientist-1", &id, comes);
            answer
        })
        .collect();
    assert_eq!(answers[0], answers[1], "the same content");
    assert_eq!(answers[1], answers[2], "a request that is over");
    // What is over is over, once that was told.
    let id = asked();
    site.semla("officer-1", &["release", "revoke", &id]).ok();
    replace(site, &id, &["a.txt"], &jobs[1]);
    until(site, "scientist-1", &id, "revoked");
    refused(&replace(site, &id, &["a.txt"], &jobs[2]), "you haven't been told");
    let id = asked();
    site.semla("officer-1", &["release", "revoke", &id]).ok();
    assert_eq!(leave_out(site, &id, &["a.txt"]).json()["state"], "approved");
    refused(&site.semla("scientist-1", &["release", "download", &id, "-D", "nowhere"]), "no bundle");
    until(site, "scientist-1", &id, "revoked");

    // The control: somebody who may read both is told that they are the same.
    let id = asked();
    cleared(&cast);
    refused(&replace(site, &id, &["a.txt"], &jobs[1]), "`a.txt` is what it was");
    replace(site, &id, &["a.txt"], &jobs[2]);
    until(site, "scientist-1", &id, "in-review");
}

/// Another policy has whatever could leave checked anew. Whoever isn't cleared sees the same, and pays the same, where nothing could
/// leave any more and they weren't told so.
#[test]
fn whoever_is_not_cleared_learns_nothing_by_another_policy() {
    let policy = POLICY.replace("at-once", "doubling");
    let cast = cast("rounds-policy", &policy);
    let site = &cast.site;
    let [first, second] = ["x", "y"].map(|said| job(&cast, said, said));
    let [waits, revoked, rejected] = [0; 3].map(|_| text(&request(site, &first)["id"]));
    let [replaced, over] = [0; 2].map(|_| {
        let id = text(&request(site, &first)["id"]);
        ask_for_changes(site, &id);
        until(site, "scientist-1", &id, "changes-requested");
        replace(site, &id, &["a.txt"], &second).json();
        id
    });
    let reject = |id: &str| {
        // Votes are taken once the checks are through.
        let end = Instant::now() + Duration::from_secs(30);
        while show(site, "checker-1", id)["state"] != "rejected" {
            assert!(Instant::now() < end, "{}", site.log());
            for who in ["checker-1", "checker-2"] {
                site.semla(who, &["release", "review", id, "--reject", "--reply", "1"]);
            }
        }
    };
    // Nothing of this is told before the policy changes: nobody asks.
    reject(&rejected);
    for id in [&revoked, &over] {
        site.semla("officer-1", &["release", "revoke", id]).ok();
    }
    let file = site.write("another.toml", &policy.replace("\"ehds\"\n", "\"ehds\"\nmin_people = 11\n"));
    let proposed = text(&site.json("officer-1", &["policy", "propose", &file])["id"]);
    // What was told to be over stays so, at no price.
    let known = text(&request(site, &first)["id"]);
    site.semla("officer-1", &["release", "revoke", &known]).ok();
    let known_cost = until(site, "scientist-1", &known, "revoked")["budget"]["cost"].clone();
    site.semla("officer-2", &["policy", "approve", &proposed]).ok();
    [&waits, &replaced].into_iter().for_each(|id| reject(id));
    let cost = |id: &str, ends: &str| until(site, "scientist-1", id, ends)["budget"]["cost"].clone();
    let waited = cost(&waits, "rejected");
    assert_eq!([cost(&revoked, "revoked"), cost(&rejected, "rejected")], [waited.clone(), waited], "it began anew");
    assert_eq!(cost(&replaced, "rejected"), cost(&over, "revoked"), "so did what its author had changed");
    let view = show(site, "scientist-1", &known);
    assert_eq!((&view["state"], &view["budget"]["cost"]), (&"revoked".into(), &known_cost), "{view}");
}

/// The way on with a spent budget: nobody waits for an answer that stays away, and reviewers see the round all the same.
#[test]
fn a_round_whose_answer_cannot_be_paid_for_goes_on_untold() {
    // Four bits for each job, sixteen for what the checks say of two files, 22 for what people decide: three are left.
    let cast = cast("rounds-spent", &POLICY.replace("4096", "49"));
    let site = &cast.site;
    let (first, second) = (job(&cast, "first", "x"), job(&cast, "second", "y"));
    let id = text(&request(site, &first)["id"]);
    ask_for_changes(site, &id);
    let told = until(site, "scientist-1", &id, "changes-requested");
    assert_eq!(told["budget"]["left"], 3, "{told}");
    let ran = site.semla("scientist-1", &["release", "replace", &id, "a.txt", "--job", &second, "--wait"]);
    assert!(ran.code == 5 && ran.out.contains("submitted") && ran.out.contains("would cost 8 bits"), "{ran:?}");
    until(site, "checker-1", &id, "in-review");
    for who in ["checker-1", "checker-2"] {
        site.semla(who, &["release", "review", &id, "--approve"]).ok();
    }
    until(site, "scientist-1", &id, "released");
}

/// Has the scientist cleared for the data.
fn cleared(cast: &Cast) {
    let site = &cast.site;
    let person = std::fs::read_to_string(site.desk().join("people/scientist-1.toml")).expect("a person");
    let person = person.replace("clearance = \"internal\"", "clearance = \"confidential/health\"");
    let file = site.write("people/scientist-1.toml", &person);
    site.semla("officer-1", &["user", "add", &file]).ok();
    site.semla("officer-2", &["user", "approve", "scientist-1"]).ok();
}
