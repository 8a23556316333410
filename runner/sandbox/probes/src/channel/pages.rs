//! Whether a piece of a file that both may read is in memory already.

use super::{Message, until};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// Bytes between two pieces: more than the kernel reads ahead.
const STRIDE: u64 = 256 << 10;
/// A piece that came faster than this was in memory.
const QUICK: Duration = Duration::from_micros(20);

pub(super) fn send(message: Message, sent: &[bool], file: &str) {
    let Ok(file) = File::open(file) else { return };
    until(message.start);
    for (number, _) in (0..message.bits).zip(sent).filter(|(_, bit)| **bit) {
        read(&file, number);
    }
}

pub(super) fn receive(message: Message, file: &str) -> Vec<bool> {
    let Ok(file) = File::open(file) else { return vec![false; message.bits as usize] };
    // All of it is read by the one side after the other.
    until(message.start + message.slot * message.bits);
    let guess = |number| {
        let begun = Instant::now();
        read(&file, number);
        begun.elapsed() < QUICK
    };
    (0..message.bits).map(guess).collect()
}

fn read(file: &File, number: u32) {
    let size = file.metadata().map_or(1, |data| data.len().max(1));
    // What can't be read tells nothing.
    let _ = file.read_exact_at(&mut [0], u64::from(number) * STRIDE % size);
}
