//! What people who aren't cleared are told is counted; when it is spent the answers stop, and say so, and the work goes on.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use std::time::{Duration, Instant};

#[test]
fn a_spent_budget_is_told_and_stops_no_work() {
    // Eight bits for a job; 48 for what the checks say of six files, and five for each moment at which an end of theirs is seen:
    // one job, and two requests.
    let policy = "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n\
                  [[level]]\nname = \"confidential\"\nbudget = { bits = 124, every = \"30d\" }\n";
    let cast = Cast::assemble_on(Site::new("budget"), policy, &mut Told::default());
    let site = &cast.site;
    let names = ["a", "b", "c", "d", "e", "f"].map(|name| format!("{name}.txt"));
    let outputs: String =
        names.iter().map(|name| format!("[[output]]\npath = \"{name}\"\nkind = \"text\"\n")).collect();
    let file = cast.line("six", PERMIT, "for name in 'abcdef': open(f'/out/{name}.txt', 'w').write('fine')", &outputs);
    let explained = site.semla("scientist-1", &["policy", "explain", "--job", &file]).ok().out;
    assert!(
        explained.contains("how it ends costs 8 bits, and what the checks say of a request for one file 13;"),
        "{explained}"
    );
    assert!(explained.contains("`HDAB-LU-2026-017` has 124 of 124 left"), "{explained}");
    let job = site.json("scientist-1", &["submit", &file, "--wait"]);
    assert_eq!(job["budget"]["left"], 116, "{job}");
    // Its members see what is left, and nobody else.
    let permit = |who: &str| site.semla(who, &["permit", "show", PERMIT]).ok().out;
    assert!(permit("scientist-1").contains("116 of 124 bits left"), "{}", permit("scientist-1"));
    assert!(!permit("officer-1").contains("bits"), "{}", permit("officer-1"));
    let id = job["id"].as_str().expect("an id");
    let mut request = vec!["release", "request", id];
    request.extend(names.iter().map(String::as_str));
    request.extend(["--to", "public", "--wait"]);
    for left in [58, 0] {
        let asked = site.semla("scientist-1", &[&["-o", "json"], request.as_slice()].concat());
        assert_eq!((asked.code, asked.json()["budget"]["left"].clone()), (3, left.into()), "{asked:?}");
    }
    let spent = site.semla("scientist-1", &request);
    assert_eq!(spent.code, 5, "{spent:?}");
    assert!(spent.out.contains("it would cost 48 bits, and `HDAB-LU-2026-017` has 0 of 124 left"), "{spent:?}");
    assert!(!spent.out.contains("open"), "{spent:?}");
    let ran = site.semla("scientist-1", &["submit", &file, "--wait"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.out.contains("not yours to see") && ran.out.contains("it would cost 4 bits"), "{ran:?}");
    // What was told stays told, and reviewers see the third request as they saw the first.
    assert_eq!(site.json("scientist-1", &["job", "show", id])["state"], "succeeded");
    let open = || {
        let queue = site.json("checker-1", &["release", "ls"]);
        let requests = queue.as_array().expect("a list").iter();
        requests.filter(|request| request["files"]["a.txt"]["state"] == "open").count()
    };
    // Nobody waits for checks whose answer stays away.
    let deadline = Instant::now() + Duration::from_secs(30);
    while open() < 3 {
        assert!(Instant::now() < deadline, "{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}
