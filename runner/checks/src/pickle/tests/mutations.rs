//! Real files with bytes changed, cut off or put in: no panic, and an answer soon.

use super::asm::look;
use super::corpus::benign;
use crate::busy::Busy;
use std::fs;
use std::time::Duration;

/// Changes of each file.
const CHANGES: u64 = if cfg!(debug_assertions) { 40 } else { 150 };
/// Longest that one may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The next of a row of numbers (Marsaglia's xorshift).
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn a_changed_file_is_answered_soon_and_without_panic() {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let mut cases = 0;
    for path in benign() {
        let file = fs::read(&path).unwrap();
        for _ in 0..CHANGES {
            let mut changed = file.clone();
            for _ in 0..=next(&mut state) % 3 {
                let at = (next(&mut state) % changed.len().max(1) as u64) as usize;
                match next(&mut state) % 5 {
                    0 => changed.truncate(at),
                    1 => changed.insert(at, next(&mut state) as u8),
                    2 => changed[at] ^= 1 << (next(&mut state) % 8),
                    // Opcodes are more telling than other bytes.
                    3 => changed[at] = b"(.012FIJKLMNPQRSTUVXabcd}eghijl]opqrst)uGBC\x80\x81\x82\x85\x86\x87\x8a\x8c\x90\x91\x92\x93\x94\x95\x96\x97"[(next(&mut state) % 60) as usize % 58],
                    _ => {
                        let from = (next(&mut state) % changed.len().max(1) as u64) as usize;
                        let piece: Vec<u8> = changed[from..(from + 40).min(changed.len())].to_vec();
                        changed.splice(at..at, piece);
                    }
                }
                if changed.is_empty() {
                    break;
                }
            }
            let start = Busy::start();
            look(&changed);
            assert!(start.elapsed() < PATIENCE, "{} {:?}", path.display(), start.elapsed());
            cases += 1;
        }
    }
    assert!(cases >= 1000, "{cases}");
}
