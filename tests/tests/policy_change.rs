//! A change of policy: judged against today's people at its lines, told in consequences, replayed on what left, pinned to what runs.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Officers may be cleared for the data: the founders are, and the third one isn't.
const OFFICERS: &str = "[role.officer]\nclearance = \"confidential/health\"\n";

#[test]
fn a_change_is_shown_in_its_consequences_and_replayed_on_what_left() {
    let founding = format!("preset = \"ehds\"\n{OFFICERS}");
    let cast = Cast::assemble_on(Site::new("change"), &founding, &mut Told::default());
    cast.site.person("officer-3", "\"officer\"", "internal", "public");
    let site = &cast.site;
    let output = "[[output]]\npath = \"a.csv\"\nkind = \"table\"\ncounts = [\"n\"]\n";
    let job = cast.line("table", PERMIT, "open('/out/a.csv', 'w').write('site,n\\nnorth,40\\nsouth,90\\n')", output);
    let made = site.json("scientist-1", &["submit", &job, "--wait"]);
    let ask =
        ["-o", "json", "release", "request", made["id"].as_str().expect("an id"), "a.csv", "--to", "public", "--wait"];
    let request = site.semla("scientist-1", &ask).json()["id"].as_str().expect("an id").to_owned();
    for checker in ["checker-1", "checker-2"] {
        site.semla(checker, &["release", "review", &request, "--approve"]).ok();
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    while site.json("checker-1", &["release", "show", &request])["state"] != "released" {
        assert!(Instant::now() < deadline, "{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }

    // Once its requester has been told all of it, it costs nothing more by itself.
    while site.json("scientist-1", &["release", "show", &request])["files"]["a.csv"]["state"] != "approved" {
        assert!(Instant::now() < deadline + Duration::from_secs(20), "{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }

    let policy =
        |name: &str, more: &str| site.write(&format!("{name}.toml"), &format!("preset = \"ehds\"\n{more}{OFFICERS}"));
    let rule = "[[release]]\nfrom = \"confidential/health\"\nto = \"public\"\n";
    // Two checkers are there: nobody could approve under a rule for three, and the line says so.
    let three = policy("three", &format!("{rule}reviewers = 3\n"));
    let refused = site.semla("officer-1", &["policy", "propose", &three]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("three.toml:5:13: nobody could release what"), "{refused:?}");
    let local = policy(
        "gvisor",
        "[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n[[level]]\nname = \"confidential\"\nisolation = \"gvisor\"\n",
    );
    let refused = site.semla("officer-1", &["policy", "validate", &local]);
    assert!(refused.err.contains("gvisor.toml:8:13: no host can run `confidential`"), "{refused:?}");

    for (people, words, left) in
        [(20, "counts of at least 20 people (was 10)", 0), (50, "at least 50 people (was 10)", 1)]
    {
        let file = policy(&format!("people-{people}"), &format!("min_people = {people}\n"));
        let told = site.semla("officer-1", &["policy", "diff", "current", &file]).ok();
        assert!(told.out.contains(words), "{told:?}");
        let proposed = site.json("officer-1", &["policy", "propose", &file]);
        let id = proposed["id"].as_str().expect("an id").trim_start_matches("sha256:").to_owned();
        let spent = || site.json("scientist-1", &["release", "show", &request])["budget"].clone();
        let unasked = spent();
        // For whoever is cleared an answer costs nothing, and others pay for it all the same.
        if left == 1 {
            let cleared = site.semla("officer-2", &["policy", "diff", "current", &id, "--replay", "30d"]).ok();
            assert!(cleared.out.contains("of 1 file that left, 1 couldn't any more"), "{cleared:?}");
            assert_eq!(spent(), unasked);
        }
        let replayed = site.semla("officer-3", &["policy", "diff", "current", &id, "--replay", "30d"]).ok();
        assert!(replayed.out.contains(&format!("of 1 file that left, {left} couldn't any more")), "{replayed:?}");
        // Asked again, the same proposal gets the same answer: nothing is checked, and nothing is charged.
        let checked = || std::fs::read_dir(site.state().join("attempts")).expect("attempts").count();
        let before = (spent(), checked());
        let again = site.semla("officer-3", &["policy", "diff", "current", &id, "--replay", "30d"]).ok();
        assert_eq!((again.out, spent(), checked()), (replayed.out, before.0.clone(), before.1));
        // What the first one cost is gone from the permit's budget, and doesn't show in what the request cost.
        assert_eq!(before.0["cost"], unasked["cost"]);
        assert!(before.0["left"].as_u64() < unasked["left"].as_u64(), "the control: {before:?}");
        // The one who signs last is shown what it comes to.
        if left == 0 {
            let approved = site.semla("officer-2", &["policy", "approve", &id]).ok();
            assert!(approved.err.contains(words), "{approved:?}");
            let undone = policy("undone", "");
            let id = site.json("officer-1", &["policy", "propose", &undone])["id"].as_str().expect("an id").to_owned();
            site.semla("officer-2", &["policy", "approve", &id]).ok();
        }
    }
    assert_eq!(site.semla("scientist-1", &["policy", "diff", "current", "0000", "--replay", "30d"]).code, 1);
    let effective = site.semla("officer-1", &["policy", "show", "--effective"]).ok().json();
    assert_eq!(effective["levels"][2]["name"], "confidential", "{effective}");
    let nothing = site.semla("officer-1", &["policy", "diff", "current", "nofile.toml"]);
    assert!(nothing.code == 1 && nothing.err.contains("`nofile.toml` is no file here"), "{nothing:?}");

    let explained = site.semla("scientist-1", &["policy", "explain", "--flow", "confidential/health", "public"]).ok();
    assert!(
        explained.out.contains("allowed by rule 6: by a release, and in no other way: 2 reviewers"),
        "{explained:?}"
    );
    let explained = site.semla("scientist-1", &["policy", "explain", "--job", &job]).ok();
    assert!(explained.out.contains("it runs at `confidential/health`"), "{explained:?}");
    let id = made["id"].as_str().expect("an id");
    let explained = site.semla("scientist-1", &["policy", "explain", "--read", id]);
    assert_eq!(explained.code, 1);
    // Scientists see no more than `internal` under this policy: what couldn't be granted isn't said to do.
    assert!(explained.out.contains("would do: another policy"), "{explained:?}");
    let flow = site.semla("scientist-1", &["policy", "explain", "--flow", "confidential/health", "internal"]);
    assert!(flow.code == 1 && flow.out.contains("`internal` doesn't dominate `confidential/health`"), "{flow:?}");
    let [hidden, absent] =
        [id, "j-00000000000000000000"].map(|id| site.semla("scientist-2", &["policy", "explain", "--read", id]).all());
    assert_eq!(hidden, absent, "what may not be known is explained like what isn't there");
}

/// It was proposed when the host had an engine, which was taken away before the second officer looked.
#[test]
fn a_policy_that_no_host_can_run_is_not_put_in_force() {
    let mut site = Site::new("unrunnable");
    let codes = site.found("ehds");
    for officer in ["officer-1", "officer-2"] {
        site.enrol(officer, codes["codes"][officer].as_str().expect("a code"));
    }
    let file = site.state().join("settings.json");
    let without = std::fs::read_to_string(&file).expect("the settings");
    let mut with: Value = serde_json::from_str(&without).expect("the settings");
    with["engine"] = json!({ "socket": "/nowhere", "broker": 0x6fff_0000, "docker": "runc" });
    let again = |site: &mut Site, settings: &str| {
        site.stop();
        std::fs::write(&file, settings).expect("the settings");
        site.start();
        let deadline = Instant::now() + Duration::from_secs(20);
        while site.semla("officer-1", &["whoami"]).code != 0 {
            assert!(Instant::now() < deadline, "{}", site.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    again(&mut site, &with.to_string());
    let levels = "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n[[level]]\nname = \"confidential\"\n";
    let policy = site.write("contained.toml", &format!("{levels}isolation = \"docker\"\n"));
    let proposed = site.json("officer-1", &["policy", "propose", &policy]);
    let id = proposed["id"].as_str().expect("an id");
    again(&mut site, &without);
    let refused = site.semla("officer-2", &["policy", "approve", id]);
    assert!(refused.code == 1 && refused.err.contains("no host can run `confidential`"), "{refused:?}");
    let isolation = |site: &Site| site.json("officer-1", &["policy", "show"]).to_string().contains("\"docker\"");
    assert!(!isolation(&site));
    again(&mut site, &with.to_string());
    site.semla("officer-2", &["policy", "approve", id]).ok();
    assert!(isolation(&site), "the control: with the engine it is put in force");
}
