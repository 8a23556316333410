//! Which of the daemon's own rules hold: all of them.
//!
//! The controls of tests run a daemon that is built with `--features controls` and leaves one of them out, so that it shows whether the
//! test notices (`tests/tests/two_runs.rs`). Without that feature there is nothing to leave out: what is below is the constant `true`.

use std::sync::atomic::{AtomicU32, Ordering};

/// A rule whose absence somebody below would see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Whoever isn't cleared sees of a job and of a request what was told, and not what is.
    Blindness,
    /// What a job left is listed for those who may read it.
    Listing,
    /// What a job didn't leave is asked for like what it left.
    Absence,
    /// Names are drawn, and count nothing.
    Drawing,
    /// Entries of the ledger are opened by those who are cleared for them.
    Entries,
    /// An answer is charged before it is given.
    Charging,
    /// A place on the host is held until its end may be seen.
    Holding,
}

/// Whether a rule holds.
#[cfg(not(feature = "controls"))]
pub(crate) const fn hold(_: Rule) -> bool {
    true
}

/// Whether a rule holds: each but the one that a file beside the program names.
#[cfg(feature = "controls")]
pub(crate) fn hold(rule: Rule) -> bool {
    static LEFT_OUT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let file = std::env::current_exe().map(|program| program.with_file_name("without"));
        file.and_then(std::fs::read_to_string).unwrap_or_default()
    });
    format!("{rule:?}") != LEFT_OUT.trim()
}

/// The next number, for names that aren't drawn.
pub(crate) fn count() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{:06}", NEXT.fetch_add(1, Ordering::Relaxed))
}
