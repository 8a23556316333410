//! A build that is stopped removes what it began: semla waits until the programs that it runs have ended, and then cleans up.

use crate::fail::{Fail, trying};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

const BUILDING: u8 = 0;
const STOPPING: u8 = 1;
const OVER: u8 = 2;

/// What a shell says of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Keeps the first signal from ending this process while something is built.
pub(super) struct Guard(Arc<AtomicU8>);

impl Guard {
    pub(super) fn new() -> Result<Self, Fail> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(trying("start"))?;
        let listen = || {
            let _inside = runtime.enter();
            Ok([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?])
        };
        let signals = listen().map_err(trying::<std::io::Error>("listen for signals"))?;
        let state = Arc::new(AtomicU8::new(BUILDING));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || watch(&runtime, signals, &shared));
        Ok(Self(state))
    }

    /// From now on signals end this process again. Whether one came.
    pub(super) fn over(self) -> bool {
        self.0.swap(OVER, Ordering::SeqCst) == STOPPING
    }
}

fn watch(runtime: &Runtime, [mut interrupt, mut terminate, mut hangup]: [Signals; 3], state: &AtomicU8) {
    loop {
        // Ctrl-C reaches all that runs in the terminal; the others come to this process alone.
        let alone = runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => false,
                _ = terminate.recv() => true,
                _ = hangup.recv() => true,
            }
        });
        if state.compare_exchange(BUILDING, STOPPING, Ordering::SeqCst, Ordering::SeqCst).is_err() {
            std::process::exit(INTERRUPTED);
        }
        eprintln!("stopping: what the build began is removed, which takes a moment; interrupt once more to leave it");
        if alone {
            end_below(std::process::id().cast_signed());
        }
    }
}

/// Asks all that a process started to end, the youngest first.
fn end_below(pid: i32) {
    let tasks = std::fs::read_dir(Path::new("/proc").join(pid.to_string()).join("task"));
    for task in tasks.into_iter().flatten().flatten() {
        let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
            end_below(child);
            // One that has ended by itself is as good.
            let _ = kill(Pid::from_raw(child), Signal::SIGTERM);
        }
    }
}
