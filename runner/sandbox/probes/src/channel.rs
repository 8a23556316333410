//! What one job can tell another one beside it: the one sends random bits, one in each slot of time, and the other one guesses them. The
//! two share a clock, what they agreed on before, and a file that both may only read.

mod cores;
mod pages;
mod state;

use nix::time::{ClockId, clock_gettime};
use std::process::ExitCode;
use std::time::Duration;

/// Where the file is, if the environment doesn't say.
const FILE: &str = "/shared/rows";

/// Bits that are sent.
#[derive(Clone, Copy)]
struct Message {
    start: Duration,
    slot: Duration,
    bits: u32,
}

/// `NAME send|receive START SLOT BITS SEED`, in nanoseconds: the receiver prints its guesses, and when it was through. `bits BITS SEED`
/// prints what is sent. Nothing, where the words are others.
pub(crate) fn run(words: &[&str]) -> Option<ExitCode> {
    if let ["bits", count, seed] = words {
        println!("{}", told(&drawn(count.parse().ok()?, seed.parse().ok()?)));
        return Some(ExitCode::SUCCESS);
    }
    let [name, role, start, slot, bits, seed] = words else { return None };
    let [start, slot] = [start, slot].map(|text| text.parse().ok().map(Duration::from_nanos));
    let message = Message { start: start?, slot: slot?, bits: bits.parse().ok()? };
    let sent = drawn(message.bits, seed.parse().ok()?);
    let file = std::env::var("CHANNEL_FILE").unwrap_or_else(|_| FILE.to_owned());
    match (*name, *role) {
        ("cache", "send") => pages::send(message, &sent, &file),
        ("cache", "receive") => print(&pages::receive(message, &file)),
        ("cores", "send") => cores::send(message, &sent),
        ("cores", "receive") => print(&cores::receive(message)),
        (name, "send") => state::send(message, &sent, state::named(name, &file)?),
        (name, "receive") => print(&state::receive(message, state::named(name, &file)?)),
        _ => return None,
    }
    Some(ExitCode::SUCCESS)
}

/// The moment on the clock that both sides have.
fn now() -> Duration {
    clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(Duration::ZERO, Duration::from)
}

fn until(moment: Duration) {
    while now() < moment {
        std::hint::spin_loop();
    }
}

/// The bits that are sent: those that a xorshift generator draws (Marsaglia 2003).
fn drawn(bits: u32, seed: u64) -> Vec<bool> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state & 1 << 40 != 0
    };
    (0..bits).map(|_| draw()).collect()
}

fn told(bits: &[bool]) -> String {
    bits.iter().map(|bit| if *bit { '1' } else { '0' }).collect()
}

fn print(guesses: &[bool]) {
    let until = now().as_nanos();
    println!("{} {until}", told(guesses));
}
