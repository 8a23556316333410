//! A place on the host that becomes free tells those who wait for it how long a job took: that is paid for when the job starts, and
//! where it can't be paid, the place is free when the time that the job asked for is over. It is so for everybody: the next job of the
//! same permit, too, is seen to start.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, OTHER, PERMIT};
use semla_tests::told::Told;
use std::time::{Duration, Instant};

/// The preset's levels, of which the highest tells nothing but when something ended.
fn policy(bits: u32, ends: &str) -> String {
    format!(
        "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n[[level]]\nname = \"confidential\"\n\
         owner_sees = \"nothing\"\nfeedback = \"nothing\"\nbudget = {{ bits = {bits} }}\nends = \"{ends}\"\n"
    )
}

/// Bits of a permit's budget that a job's moment may cost, and how long two high jobs after each other kept a low one waiting: where the
/// first one ends at once, and where it takes three seconds of the six that all ask for.
fn waited(bits: u32) -> [Duration; 2] {
    let cast = Cast::assemble_on(Site::new(&format!("queue-{bits}")), &policy(bits, "doubling"), &mut Told::default());
    let site = &cast.site;
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let waited = [0.0, 3.0].map(|seconds| {
        let needs = format!("[needs]\ntime = \"6s\"\ncpus = {all}\n");
        let code = format!("import time\ntime.sleep({seconds})\n");
        let high = cast.line(&format!("high-{seconds}"), PERMIT, &code, &needs);
        let next = cast.line(&format!("next-{seconds}"), PERMIT, "print('at once')\n", &needs);
        let low = cast.line(&format!("low-{seconds}"), OTHER, "print('my turn')\n", "");
        let begun = Instant::now();
        site.semla("scientist-1", &["submit", &high]).ok();
        site.semla("scientist-1", &["submit", &next]).ok();
        site.semla("scientist-2", &["submit", &low, "--dummy", "--wait"]).ok();
        begun.elapsed()
    });
    let left = site.json("scientist-1", &["permit", "show", PERMIT])["budget"].to_string();
    // One of four moments, four times: 1, 2, 4 and 8 seconds.
    let expected = if bits == 0 { 0 } else { bits - 8 };
    assert!(left.contains(&format!("\"left\":{expected},")), "{left}");
    waited
}

#[test]
fn a_job_that_never_started_has_no_moment_to_hide() {
    let cast = Cast::assemble_on(Site::new("queue-never"), "preset = \"ehds\"\n", &mut Told::default());
    let site = &cast.site;
    // Two jobs that each want all cores: one of them waits.
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let job =
        |name: &str| cast.line(name, PERMIT, "import time\ntime.sleep(60)\n", &format!("[needs]\ncpus = {all}\n"));
    site.semla("scientist-1", &["submit", &job("first")]).ok();
    let second = site.json("scientist-1", &["submit", &job("second")])["id"].as_str().expect("an id").to_owned();
    let state = || site.json("scientist-1", &["job", "show", &second])["state"].as_str().unwrap_or_default().to_owned();
    assert_eq!(state(), "queued");
    site.semla("scientist-1", &["job", "cancel", &second]).ok();
    assert_eq!(state(), "stopped", "at once, though it asked for an hour");
}

#[test]
fn a_free_place_tells_what_was_paid_for_and_else_nothing() {
    // Control: what is paid for is told.
    let [short, long] = waited(64);
    assert!(short + Duration::from_millis(1500) < long, "{short:?} and {long:?}");
    // With nothing to pay, both places are free when the time is over.
    let [short, long] = waited(0);
    assert!(short.abs_diff(long) < Duration::from_millis(1200), "{short:?} and {long:?}");
    assert!(short > Duration::from_secs(12), "{short:?}");
}

/// Whether the checks of an output, which is there or isn't, leave the place to a low job within a few seconds.
fn makes_room(ends: &str) -> [bool; 2] {
    let cast = Cast::assemble_on(Site::new(&format!("room-{ends}")), &policy(0, ends), &mut Told::default());
    let site = &cast.site;
    [("there", "open('/out/a.txt', 'w').write('fine')\n"), ("absent", "print('nothing')\n")].map(|(name, code)| {
        let outputs = "[needs]\ntime = \"2s\"\n[[output]]\npath = \"a.txt\"\nkind = \"text\"\n";
        let file = cast.line(&format!("{name}-{ends}"), PERMIT, code, outputs);
        let job = site.json("scientist-1", &["submit", &file])["id"].as_str().expect("an id").to_owned();
        // By now the place is free again.
        std::thread::sleep(Duration::from_secs(6));
        let asked = site.semla("scientist-1", &["release", "request", &job, "a.txt", "--to", "public"]);
        assert_eq!(asked.code, 5, "whether it is there isn't theirs to see: {asked:?}");
        std::thread::sleep(Duration::from_millis(500));
        let low = cast.line(&format!("low-{name}-{ends}"), OTHER, "print('my turn')\n", "");
        let low = site.json("scientist-2", &["submit", &low, "--dummy"])["id"].as_str().expect("an id").to_owned();
        std::thread::sleep(Duration::from_secs(6));
        let state = site.json("scientist-2", &["job", "show", &low])["state"].as_str().unwrap_or_default().to_owned();
        site.semla("scientist-2", &["job", "cancel", &low]).ok();
        state == "succeeded"
    })
}

#[test]
fn checks_of_what_is_not_there_take_their_time() {
    assert_eq!(makes_room("fixed"), [false, false], "either could take all of the checks' time");
    assert_eq!(makes_room("at-once"), [true, true], "the control: neither does");
}

#[test]
fn what_a_job_left_is_taken_in_within_the_time_that_it_asked_for() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    // A file of holes: it takes no time to make, and much to copy.
    let left = |time: &str| {
        let code = "open('/out/holes.txt', 'wb').truncate(3 << 30)\n";
        let more =
            format!("[needs]\nmemory = \"4G\"\ntime = \"{time}\"\n[[output]]\npath = \"holes.txt\"\nkind = \"text\"\n");
        let begun = Instant::now();
        let file = cast.line(&format!("holes-{time}"), PERMIT, code, &more);
        let ended = site.semla("scientist-1", &["-o", "json", "submit", &file, "--dummy", "--wait"]);
        (ended.json()["state"].as_str().unwrap_or_default().to_owned(), begun.elapsed())
    };
    let (state, took) = left("60s");
    assert!(state == "succeeded" && took > Duration::from_millis(2500), "the control: {state} after {took:?}");
    let (state, took) = left("1s");
    assert!(state == "out-of-time" && took < Duration::from_secs(4), "{state} after {took:?}");
}
