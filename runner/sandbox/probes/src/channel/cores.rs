//! How busy the cores are.

use super::{Message, now, until};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub(super) fn send(message: Message, sent: &[bool]) {
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
        let mut at = message.start;
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
pub(super) fn receive(message: Message) -> Vec<bool> {
    let mut at = message.start;
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
