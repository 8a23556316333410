//! C6: how much of a dataset has left under one permit, counted in bits.
//!
//! What somebody encodes on purpose no comparison finds. It is bounded by how much a file can say at all: no more than its bytes once they are
//! packed, and of numbers no more than the bits that they use (Shannon 1948, section 9: no code is shorter on average than what it carries).

use crate::anatomy::Body;
use crate::array::Array;
use crate::finding::Finding;
use crate::subject::Subject;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::{self, Write};

const REMEDY: &str = "release fewer or smaller files: coarser numbers, fewer parameters, no intermediate results";
/// Numbers that are decoded at a time.
const BLOCK: usize = 1 << 14;

/// Adds the file to what left before, for each dataset that it may come from.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let evidence = subject.evidence;
    if evidence.inputs.is_empty() {
        return Vec::new();
    }
    let (own, most) = (subject.information(), evidence.profile.information.saturating_mul(8));
    let before = |name: &String| evidence.released.get(name).copied().unwrap_or(0);
    let totals = evidence.inputs.iter().map(|input| (&input.name, before(&input.name).saturating_add(own)));
    let over = totals.filter(|(_, total)| *total > most).map(|(name, total)| {
        let message = format!(
            "with this file up to {} of `{name}` leave under the permit, and {} is what one may take out unasked",
            told(total),
            told(most)
        );
        Finding::review(message, REMEDY).with("bits", own).with("bits_before", before(name)).with("bits_most", most)
    });
    let findings: Vec<Finding> = over.collect();
    if findings.is_empty() {
        return vec![Finding::pass(format!("at most {} of information", told(own))).with("bits", own)];
    }
    findings
}

/// Bits that a file can say at most.
pub(crate) fn bits(subject: &Subject<'_>) -> u64 {
    let whole = subject.size.saturating_mul(8);
    // A file that is too large doesn't leave.
    if subject.size > subject.evidence.profile.max_bytes {
        return whole;
    }
    let packed = packed(subject).unwrap_or(whole);
    packed.min(numbers(subject).unwrap_or(whole)).min(whole)
}

/// Bits of the file once it is packed.
fn packed(subject: &Subject<'_>) -> io::Result<u64> {
    let data = subject.data.as_ref().ok_or(io::ErrorKind::NotFound)?;
    let mut packer = DeflateEncoder::new(Count(0), Compression::best());
    io::copy(&mut data.buffered(), &mut packer)?;
    Ok(packer.finish()?.0.saturating_mul(8))
}

/// Bits that the numbers of the file's arrays use, and all others of its bytes.
fn numbers(subject: &Subject<'_>) -> io::Result<u64> {
    let whole = subject.data.as_ref().ok_or(io::ErrorKind::NotFound)?;
    let (mut covered, mut bits) = (0u64, 0u64);
    for part in subject.plain() {
        let Body::Array(array) = &part.body else { continue };
        // What was unpacked or put together lies nowhere in the file; numbers that lie apart may lie between others.
        let size = array.number.size() as u64;
        if array.data.place_in(whole).is_none() || array.step != size {
            continue;
        }
        let count = array.len();
        covered = covered.saturating_add(count.saturating_mul(size));
        bits = bits.saturating_add(count.saturating_mul(used(array)?));
    }
    // Arrays that lie over each other say nothing of how much the others do.
    let rest = subject.size.checked_sub(covered).ok_or(io::ErrorKind::InvalidData)?;
    Ok(bits.saturating_add(rest.saturating_mul(8)))
}

/// Bits of each number, without those at its end that none of the array uses.
fn used(array: &Array) -> io::Result<u64> {
    let size = array.number.size();
    let (mut any, mut at) = (0u64, 0);
    let mut bytes = vec![0; BLOCK * size];
    loop {
        let read = array.data.read_at(at, &mut bytes)?;
        let Some(words) = bytes.get(..read / size * size).filter(|words| !words.is_empty()) else { break };
        let word = |word: &[u8]| word.iter().rev().fold(0, |bits: u64, byte| bits << 8 | u64::from(*byte));
        any |= words.chunks_exact(size).map(word).fold(0, |any, word| any | word);
        at += words.len() as u64;
    }
    // Of numbers whose last byte comes first, none can be told to be unused.
    let unused = if array.big_endian { 0 } else { u64::from(any.trailing_zeros()).min(size as u64 * 8) };
    Ok(size as u64 * 8 - unused)
}

/// Counts bytes, and keeps none.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bits as people measure files.
fn told(bits: u64) -> String {
    match bits.div_ceil(8) {
        bytes if bytes < 1 << 10 => format!("{bytes} bytes"),
        bytes if bytes < 1 << 20 => format!("{} KiB", bytes.div_ceil(1 << 10)),
        bytes => format!("{} MiB", bytes.div_ceil(1 << 20)),
    }
}
