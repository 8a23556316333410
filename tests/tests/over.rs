//! Reviewing ends: what was decided, or has no permit any more, is read by nobody; and what is halted isn't fetched.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use semla_tests::{Ran, Site};
use std::time::{Duration, Instant};

fn state(site: &Site, release: &str, word: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    while site.json("checker-1", &["release", "show", release])["state"] != word {
        assert!(Instant::now() < end, "{word}\n{}", site.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn says(ran: &Ran, words: &str) {
    assert!(ran.code != 0 && ran.all().contains(words), "{words}: {ran:?}");
}

#[test]
fn what_is_over_is_read_no_more_and_what_is_halted_is_not_fetched() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let outputs = "[[output]]\npath = \"a.txt\"\nkind = \"text\"\n[[output]]\npath = \"b.txt\"\nkind = \"text\"\n";
    let job = cast.line("made", PERMIT, "for n in 'ab': open(f'/out/{n}.txt', 'w').write('fine')", outputs);
    let made = site.json("scientist-1", &["submit", &job, "--wait"])["id"].as_str().expect("an id").to_owned();
    let ask = |file: &str| {
        let asked =
            site.semla("scientist-1", &["-o", "json", "release", "request", &made, file, "--to", "public", "--wait"]);
        asked.json()["id"].as_str().expect("an id").to_owned()
    };
    let (first, second) = (ask("a.txt"), ask("b.txt"));
    let file = |id: &str, file: &str| site.semla("checker-1", &["release", "show", id, "--file", file]);
    let code = |id: &str| site.semla("checker-1", &["release", "show", id, "--code"]);
    for control in [file(&first, "a.txt"), code(&first), file(&second, "b.txt")] {
        control.ok();
    }

    for checker in ["checker-1", "checker-2"] {
        site.semla(checker, &["release", "review", &first, "--approve"]).ok();
    }
    state(site, &first, "released");
    let over = "the request is released: reviewing it is over";
    says(&file(&first, "a.txt"), over);
    says(&code(&first), over);

    let to = site.desk().join("fetched");
    let fetch = |place: &str| {
        let place = to.join(place);
        site.semla("scientist-1", &["release", "download", &first, "-D", place.to_str().expect("a path")])
    };
    std::fs::create_dir_all(&to).expect("a folder");
    fetch("before").ok();
    site.semla("officer-1", &["halt", "--permit", PERMIT]).ok();
    says(&fetch("halted"), "an officer has halted");
    site.semla("officer-1", &["halt", "--lift", "--permit", PERMIT]).ok();
    site.semla("officer-2", &["halt", "--lift", "--permit", PERMIT]).ok();
    fetch("after").ok();

    file(&second, "b.txt").ok();
    site.semla("officer-1", &["permit", "withdraw", PERMIT]).ok();
    let refused = file(&second, "b.txt");
    let ended = ["was withdrawn", "the request is expired"].iter().any(|words| refused.err.contains(words));
    assert!(refused.code != 0 && ended, "{refused:?}");
    state(site, &second, "expired");
}
