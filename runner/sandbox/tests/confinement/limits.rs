//! Limits: what one attempt can take from the others.

use std::time::{Duration, Instant};

use semla_sandbox::confine::{End, Layer};

use crate::case::Lab;

crate::tests!(
    processes_are_limited,
    memory_is_limited_and_the_reason_is_told,
    what_was_used_is_told,
    a_fork_bomb_is_ended_at_once,
    memory_in_tmp_counts,
);

fn processes_are_limited(lab: &Lab) {
    let forks = |off: &[Layer]| {
        let case = lab.probe(&["forks", "40"]).with(|case| case.limits.pids = 10).without(off);
        case.says().parse::<usize>().unwrap()
    };
    // Init and the job itself count.
    assert_eq!(forks(&[]), 8);
    assert_eq!(forks(&[Layer::Limits]), 40);
}

fn memory_is_limited_and_the_reason_is_told(lab: &Lab) {
    let take = |off: &[Layer]| {
        let bytes = (128 << 20).to_string();
        lab.probe(&["memory", &bytes]).with(|case| case.limits.memory = 32 << 20).without(off).run()
    };
    let outcome = take(&[]);
    assert!(matches!(outcome.end, End::Signaled(9) | End::Killed), "{outcome:?}");
    assert!(outcome.usage.oom_kills > 0, "{outcome:?}");
    let control = take(&[Layer::Limits]);
    assert_eq!((control.end, control.usage.oom_kills), (End::Exited(0), 0));
}

fn what_was_used_is_told(lab: &Lab) {
    let bytes = (64 << 20).to_string();
    let usage = lab.probe(&["memory", &bytes]).run().usage;
    assert!(usage.peak_memory.unwrap() > 64 << 20, "{usage:?}");
    assert!(usage.cpu > Duration::from_millis(1), "{usage:?}");
}

fn a_fork_bomb_is_ended_at_once(lab: &Lab) {
    let (running, pipe) = lab.probe(&["bomb"]).start().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    running.kill_all().unwrap();
    assert_eq!(running.wait().unwrap().0, End::Killed);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    // The pipe ends with its last writer.
    assert!(crate::probe::drain(pipe).contains("lit"));
}

fn memory_in_tmp_counts(lab: &Lab) {
    let case = lab.probe(&["fill", "/tmp"]).with(|case| {
        case.limits.tmp.bytes = 64 << 20;
        case.limits.memory = 2 << 20;
    });
    assert!(case.run().usage.oom_kills > 0);
}
