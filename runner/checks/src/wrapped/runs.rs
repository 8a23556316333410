//! Runs of letters and digits in a text that may be bytes in base64 or hexadecimal digits.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Fewest characters of a run.
pub(super) const SHORTEST: usize = 22;
/// Fewest characters of a line that goes on with the run of the line before.
const LINE: usize = 16;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const SAFE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// The bytes of all runs in a text, in each reading. A run may go over several lines.
pub(super) fn decoded(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut lines = String::new();
    for line in text.lines().map(str::trim) {
        if line.len() >= LINE && line.bytes().all(is_run) {
            lines.push_str(line);
            continue;
        }
        // The last line of a block is shorter.
        match line.bytes().all(is_run) && !lines.is_empty() {
            true => lines.push_str(line),
            false => line.split(|c: char| !c.is_ascii() || !is_run(c as u8)).for_each(|run| of_run(run, &mut found)),
        }
        of_run(&std::mem::take(&mut lines), &mut found);
    }
    of_run(&lines, &mut found);
    found
}

fn is_run(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

fn of_run(run: &str, found: &mut Vec<Vec<u8>>) {
    let run = run.trim_matches('=');
    if run.len() < SHORTEST {
        return;
    }
    found.extend(hexadecimal(run.strip_prefix("0x").unwrap_or(run)));
    // A length of 4n + 1 is none of base64's: one character too many was taken for a part of it.
    let cut = if run.len() % 4 == 1 { run.get(..run.len() - 1).unwrap_or(run) } else { run };
    found.extend(PLAIN.decode(cut).or_else(|_| SAFE.decode(cut)));
}

fn hexadecimal(run: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8; 2]| {
        let [high, low] = pair;
        Some((digit(high)? << 4 | digit(low)?) as u8)
    };
    run.as_bytes().as_chunks().0.iter().map(pair).collect()
}
