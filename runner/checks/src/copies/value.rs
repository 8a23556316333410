//! When two values are the same: as decimal numbers, rounded or not, or as words.

use crate::rows::hash;

/// Rounding to fewer digits than these makes another number of it.
const FEWEST: u32 = 4;
/// Digits that a number keeps when it goes through 32-bit floating point (`FLT_DIG`).
const SINGLE: u32 = 6;
/// Digits that are read of a number; what follows is noise of 64-bit floating point.
const READ: u32 = 17;
/// Marks that people write between thousands.
const MARKS: [char; 8] = [',', '.', '\'', '_', ' ', '\u{a0}', '\u{2019}', '\u{202f}'];
/// Words for a value that isn't there.
const MISSING: [&str; 8] = ["", "na", "n/a", "nan", "null", "none", "<na>", "-"];

/// A decimal number without trailing zeros: `0.0` and `-0` are `0`, `1e2` is `100`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    mantissa: u64,
    exponent: i32,
}

impl Decimal {
    /// Reads a number with a point or a comma before its fraction.
    fn read(text: &[u8]) -> Option<Self> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (mut mantissa, mut exponent, mut read, mut any, mut point) = (0u64, 0i32, 0, false, false);
        let mut rest = digits;
        while let Some((byte, after)) = rest.split_first() {
            match byte {
                b'0'..=b'9' if read < READ => {
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                    read += u32::from(mantissa > 0);
                    exponent -= i32::from(point);
                    any = true;
                }
                b'0'..=b'9' => exponent = exponent.saturating_add(i32::from(!point)),
                b'.' | b',' if !point => point = true,
                b'e' | b'E' if any => {
                    let power: i16 = std::str::from_utf8(after).ok()?.parse().ok()?;
                    exponent = exponent.saturating_add(power.into());
                    rest = &[];
                    continue;
                }
                _ => return None,
            }
            rest = after;
        }
        any.then(|| Self { negative, mantissa, exponent }.reduced())
    }

    fn reduced(mut self) -> Self {
        if self.mantissa == 0 {
            return Self { negative: false, mantissa: 0, exponent: 0 };
        }
        while self.mantissa.is_multiple_of(10) {
            self.mantissa /= 10;
            self.exponent += 1;
        }
        self
    }

    fn digits(self) -> u32 {
        self.mantissa.checked_ilog10().map_or(1, |log| log + 1)
    }

    /// Rounded to so many digits, halves away from zero.
    fn rounded(self, digits: u32) -> Self {
        let extra = self.digits().saturating_sub(digits);
        let unit = 10u64.pow(extra);
        let mantissa = (self.mantissa + unit / 2) / unit;
        Self { mantissa, exponent: self.exponent.saturating_add(extra as i32), ..self }.reduced()
    }

    fn key(self) -> u64 {
        mix(self.mantissa ^ mix((self.exponent as u64) << 1 | u64::from(self.negative)))
    }
}

/// The keys of a value in an output: itself, what it was before it went through 32-bit floating point, and what it is if some
/// of its marks stand between thousands.
pub(crate) fn shown(text: &str, keys: &mut Vec<u64>) {
    let text = text.trim();
    let number = Decimal::read(text.as_bytes());
    let thousands = ungrouped(text).and_then(|plain| Decimal::read(plain.as_bytes()));
    for number in number.into_iter().chain(thousands) {
        keys.push(number.key());
        if number.digits() > SINGLE {
            keys.push(number.rounded(SINGLE).key());
        }
    }
    if number.is_none() && !is_missing(text.as_bytes()) {
        keys.push(word(text.as_bytes()));
    }
}

/// A number without the marks between its thousands: `1,204.5` is `1204.5`.
fn ungrouped(text: &str) -> Option<String> {
    let mark = text.chars().find(|c| MARKS.contains(c))?;
    let end = text.find(|c| c != mark && matches!(c, '.' | ',')).unwrap_or(text.len());
    let (whole, fraction) = text.split_at_checked(end)?;
    let mut groups = whole.trim_start_matches(['-', '+']).split(mark);
    let is_first = |group: &str| group.len() <= 3 && group.starts_with(|c: char| matches!(c, '1'..='9'));
    let is_next = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = groups.next().is_some_and(is_first) && groups.all(is_next);
    grouped.then(|| whole.replace(mark, "") + fraction)
}

/// The keys under which a value of an input may show: itself, or rounded to at least four digits. None if it is missing.
pub(crate) fn hidden(cell: &[u8], keys: &mut Vec<u64>) {
    let cell = cell.trim_ascii();
    if let Some(number) = Decimal::read(cell) {
        keys.push(number.key());
        for digits in FEWEST..number.digits() {
            keys.push(number.rounded(digits).key());
        }
    } else if !is_missing(cell) {
        keys.push(word(cell));
        // A text that is broken into words shows by its longest.
        let longest = cell.split(u8::is_ascii_whitespace).max_by_key(|word| word.len());
        keys.extend(longest.filter(|longest| longest.len() < cell.len()).map(word));
    }
}

fn is_missing(text: &[u8]) -> bool {
    MISSING.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// The key of a text, whatever the case of its letters.
pub(crate) fn word(text: &[u8]) -> u64 {
    hash(&text.to_ascii_lowercase())
}

/// Two keys in one.
pub(crate) fn join(a: u64, b: u64) -> u64 {
    mix(a ^ b.rotate_left(32))
}

/// Spreads the bits of a number (the finalizer of SplitMix64; Steele, Lea and Flood 2014).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
