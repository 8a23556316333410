use super::*;
use semla_ledger::SigningKey;

/// What happens: so many entries, the end of a period, or a release.
enum Happens {
    Entries(u64),
    Period,
    Release,
}
use Happens::{Entries, Period, Release};

/// What everybody gets to see of it: the sizes of checkpoints, and the position in a bundle.
fn shape(name: &str, filled: bool, story: &[Happens]) -> Vec<(Option<u64>, u64)> {
    let folder = std::env::temp_dir().join(format!("semla-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let mut log = Log::open(&folder, "semla.test/ledger", SigningKey::generate().unwrap()).unwrap();
    let mut seen = Vec::new();
    for happens in story {
        let mut position = None;
        match happens {
            Entries(count) => {
                log.append(&vec![b"something".as_slice(); usize::try_from(*count).unwrap()]).unwrap();
                continue;
            }
            Period if filled => fill(&mut log, 0).unwrap(),
            Release if filled => fill(&mut log, 1).unwrap(),
            _ => {}
        }
        if let Release = happens {
            position = Some(log.append(&[b"released"]).unwrap().start);
        }
        log.checkpoint().unwrap();
        seen.push((position, log.covered()));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    seen
}

/// Two days with three releases; `n` entries wherever something may happen.
fn story(n: u64) -> Vec<Happens> {
    vec![
        Entries(n),
        Period,
        Period,
        Entries(n),
        Release,
        Entries(n),
        Period,
        Entries(n),
        Release,
        Entries(n),
        Release,
        Period,
        Entries(n),
        Period,
    ]
}

#[test]
fn what_is_shown_counts_periods_and_releases_and_nothing_else() {
    let idle = shape("idle", true, &story(0));
    assert_eq!(idle, shape("busy", true, &story(STEP - 1)));
    assert_eq!(idle, shape("some", true, &story(3)));
    let sizes: Vec<_> = (1..=idle.len() as u64).map(|steps| steps * STEP).collect();
    assert_eq!(idle.iter().map(|(_, size)| *size).collect::<Vec<_>>(), sizes);
    assert!(idle.iter().all(|(position, size)| position.is_none_or(|position| position + 1 == *size)));
    // The control: without filling, every size and position tells what happened.
    assert_ne!(shape("control-idle", false, &story(0)), shape("control-some", false, &story(3)));
}

#[test]
fn a_period_that_overflows_shows_as_more_steps_and_only_once() {
    let over = shape("over", true, &[Entries(STEP + 1), Period, Entries(1), Period, Period]);
    assert_eq!(over, [(None, 2 * STEP), (None, 3 * STEP), (None, 4 * STEP)]);
}

#[test]
fn checkpoints_keep_their_phase_and_no_clock_keeps_the_next_one_away() {
    assert_eq!(next(None, 7), Some(7 + PERIOD), "the first one is due at once");
    assert_eq!(next(Some(100), 99), None);
    assert_eq!(next(Some(100), 100), Some(100 + PERIOD));
    assert_eq!(next(Some(100), 100 + 5 * PERIOD + 3), Some(100 + 6 * PERIOD), "after days without a daemon");
    assert_eq!(next(Some(100 + 1000 * PERIOD), 103), Some(100 + PERIOD), "a clock that was ahead");
}
