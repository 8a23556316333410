//! The two sides, as they run inside: they share a clock, a file that they can only read, and what they agreed on before.

use super::{Message, SHARED};
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
pub(crate) fn bits(message: Message) -> Vec<bool> {
    let mut state = message.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state & 1 << 40 != 0
    };
    (0..message.bits).map(|_| draw()).collect()
}

/// One side: `CHANNEL send|receive START SLOT BITS SEED`. The receiver prints its guesses, and when it was through.
pub(crate) fn run(arguments: &[String]) {
    let [name, role, start, slot, count, seed]: &[String; 6] = arguments.try_into().expect("six words");
    let [start, slot] = [start, slot].map(|text| Duration::from_nanos(text.parse().expect("nanoseconds")));
    let message = Message { slot, bits: count.parse().expect("a number"), seed: seed.parse().expect("a seed") };
    let sent = bits(message);
    let file = File::open("/shared/rows").expect("the shared file");
    match (name.as_str(), role.as_str()) {
        ("lock", "send") => lock(message, start, &sent, &file),
        ("lock", _) => print(&locked(message, start, &file)),
        ("cache", "send") => touch(message, start, &sent, &file),
        ("cache", _) => print(&touched(message, start, &file)),
        (_, "send") => load(message, start, &sent),
        _ => print(&loaded(message, start)),
    }
}

fn print(guesses: &[bool]) {
    let until = now().as_nanos();
    println!("{} {until}", guesses.iter().map(|bit| if *bit { '1' } else { '0' }).collect::<String>());
}

fn until(moment: Duration) {
    while now() < moment {
        std::hint::spin_loop();
    }
}

fn lock(message: Message, start: Duration, sent: &[bool], file: &File) {
    let mut at = start;
    for bit in sent {
        until(at);
        // Where locks aren't to be had, the other side hears nothing.
        let _ = if *bit { file.lock() } else { file.unlock() };
        at += message.slot;
    }
    until(at);
}

fn locked(message: Message, start: Duration, file: &File) -> Vec<bool> {
    let mut at = start + message.slot / 2;
    let mut guess = || {
        until(at);
        at += message.slot;
        let free = file.try_lock_shared().is_ok();
        let _ = file.unlock();
        !free
    };
    (0..message.bits).map(|_| guess()).collect()
}

fn touch(message: Message, start: Duration, sent: &[bool], file: &File) {
    until(start);
    for (number, _) in (0..message.bits).zip(sent).filter(|(_, bit)| **bit) {
        file.read_exact_at(&mut [0], piece(number)).expect("the file");
    }
}

fn touched(message: Message, start: Duration, file: &File) -> Vec<bool> {
    // All of it is read by the one side after the other.
    until(start + message.slot * message.bits);
    let guess = |number| {
        let begun = Instant::now();
        file.read_exact_at(&mut [0], piece(number)).expect("the file");
        begun.elapsed() < QUICK
    };
    (0..message.bits).map(guess).collect()
}

fn piece(number: u32) -> u64 {
    u64::from(number) * STRIDE % SHARED as u64
}

fn load(message: Message, start: Duration, sent: &[bool]) {
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
            at += message.slot;
        }
        std::thread::sleep(at.saturating_sub(now()));
        over.store(true, Ordering::Relaxed);
    });
}

/// A slot with less work done than in the middle one is one in which the cores were busy.
fn loaded(message: Message, start: Duration) -> Vec<bool> {
    let mut at = start;
    let mut work = || {
        until(at);
        at += message.slot;
        let mut done = 0_u64;
        while now() < at {
            done += 1;
        }
        done
    };
    let done: Vec<u64> = (0..message.bits).map(|_| work()).collect();
    let mut order = done.clone();
    order.sort_unstable();
    let middle = order.get(order.len() / 2).copied().unwrap_or_default();
    done.into_iter().map(|done| done < middle).collect()
}
