//! Runs of letters and digits in a text that may be bytes in base64, in the other bases, or in hexadecimal digits.

use super::{bases, hexadecimal};
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Fewest characters of a run.
pub(super) const SHORTEST: usize = 22;
/// Fewest characters of a piece of a run that was cut into pieces of one length.
const PIECE: usize = 6;
/// Fewest characters of a line that goes on with the run of the line before.
const LINE: usize = 4;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const SAFE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// The bytes of all runs in a text, in each reading.
pub(super) fn decoded(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    by_lines(text, &mut found);
    by_pieces(text, &mut found);
    bases::decoded(text, &mut found);
    hexadecimal::decoded(text, &mut found);
    found
}

/// Runs over several lines, of any length.
fn by_lines(text: &str, found: &mut Vec<Vec<u8>>) {
    let (mut all, mut count) = (String::new(), 0);
    for line in text.lines().map(str::trim).chain([""]) {
        if line.len() >= LINE && line.bytes().all(is_run) {
            all.push_str(line.trim_matches('='));
            count += 1;
            continue;
        }
        // The last line of a block may be shorter.
        if count > 0 && !line.is_empty() && line.bytes().all(is_run) {
            all.push_str(line.trim_matches('='));
        }
        if count > 1 {
            of_run(&all, found);
        }
        all.clear();
        count = 0;
    }
}

/// Runs that stand alone, and those that were cut into pieces of one length.
fn by_pieces(text: &str, found: &mut Vec<Vec<u8>>) {
    let mut pieces: Vec<&str> = Vec::new();
    for piece in text.split(|c: char| !c.is_ascii() || !is_run(c as u8)).filter(|piece| !piece.is_empty()) {
        of_run(piece, found);
        let goes_on = pieces.first().is_some_and(|first| first.len() == piece.len());
        if !goes_on {
            // The last piece may be shorter.
            let is_last = pieces.first().is_some_and(|first| piece.len() < first.len());
            pieces.extend(is_last.then_some(piece));
            of_pieces(&pieces, found);
            pieces.clear();
        }
        if piece.len() >= PIECE {
            pieces.push(piece);
        }
    }
    of_pieces(&pieces, found);
}

fn of_pieces(pieces: &[&str], found: &mut Vec<Vec<u8>>) {
    if pieces.len() < 2 {
        return;
    }
    let joined: String = pieces.iter().map(|piece| piece.trim_matches('=')).collect();
    of_run(&joined, found);
    // Each may have been encoded alone: then its last letter has bits to spare.
    let each: Vec<u8> = pieces.iter().filter_map(|piece| base64(piece.trim_matches('='))).flatten().collect();
    found.push(each);
}

fn is_run(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

fn of_run(run: &str, found: &mut Vec<Vec<u8>>) {
    let run = run.trim_matches('=');
    if run.len() >= SHORTEST {
        found.extend(hexadecimal::bytes(run.strip_prefix("0x").unwrap_or(run)));
        found.extend(base64(run));
    }
}

fn base64(run: &str) -> Option<Vec<u8>> {
    // A length of 4n + 1 is none of base64's: one character too many was taken for a part of it.
    let cut = if run.len() % 4 == 1 { run.get(..run.len() - 1).unwrap_or(run) } else { run };
    PLAIN.decode(cut).or_else(|_| SAFE.decode(cut)).ok()
}
