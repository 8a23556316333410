//! Base32 (RFC 4648) and the kinds of base85: ascii85, that of Python's `b85encode` (RFC 1924), and Z85.

use super::found::Found;
use super::letters::{ASCII, Line, SOLID};

/// Fewest characters.
const SHORTEST: usize = 25;
/// Fewest characters of a line that goes on with the run of the line before.
const LINE: usize = 8;
/// Fewest characters that differ: bytes in base85 have more than numbers and their marks have.
const DISTINCT: usize = 17;

const RFC1924: [u8; 256] =
    places(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~");
const Z85: [u8; 256] = places(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#");
/// What is no digit.
const NONE: u8 = u8::MAX;

/// The digit that each byte is in an alphabet.
#[allow(clippy::indexing_slicing)] // Places of bytes are places of the array, and the loop ends with the alphabet.
const fn places(alphabet: &[u8; 85]) -> [u8; 256] {
    let mut places = [NONE; 256];
    let mut digit = 0;
    while digit < alphabet.len() {
        places[alphabet[digit] as usize] = digit as u8;
        digit += 1;
    }
    places
}

/// Runs without white space, and those over lines.
pub(super) struct Runs {
    lines: String,
}

impl Runs {
    pub(super) fn with_capacity(room: usize) -> Self {
        Self { lines: String::with_capacity(room) }
    }

    pub(super) fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let run = line.inner;
        let is_solid = line.is(SOLID) && (line.is(ASCII) || !run.contains(char::is_whitespace));
        if is_solid && run.len() >= LINE {
            self.lines.push_str(run);
            return;
        }
        self.end(found);
        run.split(char::is_whitespace).for_each(|run| of_run(run, found));
    }

    pub(super) fn end(&mut self, found: &mut Found) {
        of_run(&self.lines, found);
        self.lines.clear();
    }
}

/// Adds what a run is in each reading.
fn of_run(run: &str, found: &mut Found) {
    let bytes = run.as_bytes();
    if bytes.len() < SHORTEST {
        return;
    }
    found.add(|to| base32(run.trim_matches(|c: char| !c.is_ascii_alphanumeric()).as_bytes(), to));
    let mut seen = [false; 256];
    bytes.iter().for_each(|byte| {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    });
    if seen.iter().filter(|seen| **seen).count() < DISTINCT {
        return;
    }
    for places in [&RFC1924, &Z85] {
        found.add(|to| base85(bytes, |byte| places.get(usize::from(byte)).copied().filter(|digit| *digit != NONE), to));
    }
    // Ascii85 may stand between marks, and write four zeros as `z`.
    let inner = run.strip_prefix("<~").unwrap_or(run);
    let inner = inner.strip_suffix("~>").unwrap_or(inner).replace('z', "!!!!!");
    found.add(|to| base85(inner.as_bytes(), |byte| byte.checked_sub(b'!').filter(|digit| *digit < 85), to));
}

fn base32(run: &[u8], to: &mut Vec<u8>) -> Option<()> {
    let digit = |byte: &u8| match byte.to_ascii_uppercase() {
        letter @ b'A'..=b'Z' => Some(u64::from(letter - b'A')),
        digit @ b'2'..=b'7' => Some(u64::from(digit - b'2') + 26),
        _ => None,
    };
    for chunk in run.chunks(8) {
        let bits = chunk.iter().try_fold(0, |bits, byte| Some(bits << 5 | digit(byte)?))?;
        let aligned = bits << (64 - 5 * chunk.len());
        to.extend(aligned.to_be_bytes().into_iter().take(chunk.len() * 5 / 8));
    }
    Some(())
}

fn base85(run: &[u8], digit: impl Fn(u8) -> Option<u8>, to: &mut Vec<u8>) -> Option<()> {
    for chunk in run.chunks(5) {
        let mut filled = chunk.iter().map(|byte| digit(*byte)).chain(std::iter::repeat(Some(84))).take(5);
        let value = filled.try_fold(0u64, |value, digit| Some(value * 85 + u64::from(digit?)))?;
        to.extend((value as u32).to_be_bytes().into_iter().take(chunk.len() - 1));
    }
    Some(())
}
