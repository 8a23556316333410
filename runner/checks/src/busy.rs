//! How long a test kept a core busy: what else runs on the machine doesn't count.

use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// The time that this thread had a core before something began.
pub struct Busy(Duration);

impl Busy {
    pub fn start() -> Self {
        Self(now())
    }

    pub fn elapsed(&self) -> Duration {
        now().saturating_sub(self.0)
    }
}

#[allow(clippy::expect_used)] // A test without a clock tells nothing.
fn now() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("a thread's clock").into()
}
