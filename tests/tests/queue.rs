//! A place on the host that becomes free tells those who wait for it how long a job took: that is paid for when the job starts, and
//! where it can't be paid, the place is free when the time that the job asked for is over.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, OTHER, PERMIT};
use semla_tests::told::Told;
use std::time::{Duration, Instant};

/// Bits of a permit's budget that a job's moment may cost, and how long two high jobs kept a low one waiting: one that ends at once, and
/// one that takes three seconds of the six that both ask for.
fn waited(bits: u32) -> [Duration; 2] {
    let policy = format!(
        "preset = \"ehds\"\n[[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n[[level]]\nname = \"confidential\"\n\
         owner_sees = \"nothing\"\nfeedback = \"nothing\"\nbudget = {{ bits = {bits} }}\nends = \"doubling\"\n"
    );
    let cast = Cast::assemble_on(Site::new(&format!("queue-{bits}")), &policy, &mut Told::default());
    let site = &cast.site;
    let waited = [0.0, 3.0].map(|seconds| {
        let code = format!("import time\ntime.sleep({seconds})\n");
        let high = cast.line(&format!("high-{seconds}"), PERMIT, &code, "[needs]\ntime = \"6s\"\n");
        let low = cast.line(&format!("low-{seconds}"), OTHER, "print('my turn')\n", "");
        let begun = Instant::now();
        site.semla("scientist-1", &["submit", &high]).ok();
        site.semla("scientist-2", &["submit", &low, "--dummy", "--wait"]).ok();
        begun.elapsed()
    });
    let left = site.json("scientist-1", &["permit", "show", PERMIT])["budget"].to_string();
    // One of four moments, twice: 1, 2, 4 and 8 seconds.
    let expected = if bits == 0 { 0 } else { bits - 4 };
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
    assert!(short > Duration::from_secs(6), "{short:?}");
}
