//! The two sides, as they run inside: they share a clock, a file that they can only read, and what they agreed on before.

use super::{CHANNELS, Channel, SHARED};
use nix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Bytes between two pieces: more than the kernel reads ahead.
const STRIDE: u64 = 256 << 10;
/// A piece that came faster than this was in memory.
const QUICK: Duration = Duration::from_micros(20);

/// The moment on the clock that both sides have.
pub(crate) fn now() -> Duration {
    clock_gettime(ClockId::CLOCK_MONOTONIC).expect("a clock").into()
}

/// The bits that are sent: those that a xorshift generator draws (Marsaglia 2003).
pub(crate) fn bits(seed: u64, count: usize) -> Vec<bool> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state & 1 << 40 != 0
    };
    (0..count).map(|_| draw()).collect()
}

/// How many slots a bit takes: the pieces of a file are read by the one side after the other.
pub(crate) fn phases(channel: &str) -> u32 {
    if channel == "cache" { 2 } else { 1 }
}

/// One side: `CHANNEL send|receive START SEED`. The receiver prints its guesses.
pub(crate) fn run(arguments: &[String]) {
    let [name, role, start, seed]: &[String; 4] = arguments.try_into().expect("four words");
    let channel = CHANNELS.iter().find(|channel| channel.name == name).expect("a channel");
    let start = Duration::from_nanos(start.parse().expect("a moment"));
    let sent = bits(seed.parse().expect("a seed"), channel.bits);
    let file = File::open("/shared").expect("the shared file");
    match (name.as_str(), role.as_str()) {
        ("lock", "send") => lock(channel, start, &sent, &file),
        ("lock", _) => print(&locked(channel, start, &file)),
        ("cache", "send") => touch(start, &sent, &file),
        ("cache", _) => print(&touched(channel, start, &file)),
        (_, "send") => load(channel, start, &sent),
        _ => print(&loaded(channel, start)),
    }
}

fn print(guesses: &[bool]) {
    println!("{}", guesses.iter().map(|bit| if *bit { '1' } else { '0' }).collect::<String>());
}

fn until(moment: Duration) {
    while now() < moment {
        std::hint::spin_loop();
    }
}

fn lock(channel: &Channel, start: Duration, sent: &[bool], file: &File) {
    let mut at = start;
    for bit in sent {
        until(at);
        // Where locks aren't to be had, the other side hears nothing.
        let _ = if *bit { file.lock() } else { file.unlock() };
        at += channel.slot;
    }
    until(at);
}

fn locked(channel: &Channel, start: Duration, file: &File) -> Vec<bool> {
    let mut at = start + channel.slot / 2;
    let mut guess = || {
        until(at);
        at += channel.slot;
        let free = file.try_lock_shared().is_ok();
        let _ = file.unlock();
        !free
    };
    (0..channel.bits).map(|_| guess()).collect()
}

fn touch(start: Duration, sent: &[bool], file: &File) {
    until(start);
    for (number, _) in sent.iter().enumerate().filter(|(_, bit)| **bit) {
        file.read_exact_at(&mut [0], piece(number)).expect("the file");
    }
}

fn touched(channel: &Channel, start: Duration, file: &File) -> Vec<bool> {
    until(start + channel.slot * u32::try_from(channel.bits).expect("few bits"));
    let guess = |number| {
        let begun = Instant::now();
        file.read_exact_at(&mut [0], piece(number)).expect("the file");
        begun.elapsed() < QUICK
    };
    (0..channel.bits).map(guess).collect()
}

fn piece(number: usize) -> u64 {
    (number as u64 * STRIDE) % SHARED as u64
}

fn load(channel: &Channel, start: Duration, sent: &[bool]) {
    let (busy, over) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    match busy.load(Ordering::Relaxed) {
                        true => std::hint::spin_loop(),
                        false => std::thread::sleep(Duration::from_micros(100)),
                    }
                }
            });
        }
        let mut at = start;
        for bit in sent {
            std::thread::sleep(at.saturating_sub(now()));
            busy.store(*bit, Ordering::Relaxed);
            at += channel.slot;
        }
        std::thread::sleep(at.saturating_sub(now()));
        over.store(true, Ordering::Relaxed);
    });
}

/// A slot with less work done than in the middle one is one in which the cores were busy.
fn loaded(channel: &Channel, start: Duration) -> Vec<bool> {
    let mut at = start;
    let mut work = || {
        until(at);
        at += channel.slot;
        let mut done = 0_u64;
        while now() < at {
            done += 1;
        }
        done
    };
    let done: Vec<u64> = (0..channel.bits).map(|_| work()).collect();
    let mut order = done.clone();
    order.sort_unstable();
    let middle = order.get(order.len() / 2).copied().unwrap_or_default();
    done.into_iter().map(|done| done < middle).collect()
}
