//! Decimal numbers as people and programs write them.

/// Digits that are read of a number: two more than tell any two numbers of 64-bit floating point apart.
const READ: u32 = 19;
/// Powers of ten that 64-bit floating point holds exactly; with at most 53 bits before them, one operation rounds once.
pub(crate) const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];
/// Marks that people write between thousands.
const MARKS: [char; 8] = [',', '.', '\'', '_', ' ', '\u{a0}', '\u{2019}', '\u{202f}'];

/// A decimal number without trailing zeros: `0.0` and `-0` are `0`, `1e2` is `100`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    mantissa: u64,
    exponent: i32,
}

impl Decimal {
    /// Reads a number with a point or a comma before its fraction.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
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

    /// Reads a number with marks between its thousands: `1,204.5` is `1204.5`.
    pub(crate) fn grouped(text: &str) -> Option<Self> {
        let mark = text.chars().find(|c| MARKS.contains(c))?;
        let end = text.find(|c| c != mark && matches!(c, '.' | ',')).unwrap_or(text.len());
        let (whole, fraction) = text.split_at_checked(end)?;
        let mut groups = whole.trim_start_matches(['-', '+']).split(mark);
        let is_first = |group: &str| group.len() <= 3 && group.starts_with(|c: char| matches!(c, '1'..='9'));
        let is_next = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
        let grouped = groups.next().is_some_and(is_first) && groups.all(is_next);
        grouped.then(|| Self::read((whole.replace(mark, "") + fraction).as_bytes())).flatten()
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

    /// How many digits it shows, without zeros at either end.
    pub(crate) fn digits(self) -> u32 {
        self.mantissa.checked_ilog10().map_or(1, |log| log + 1)
    }

    /// The nearest number of 64-bit floating point, if it is in its range.
    pub(crate) fn value(self) -> Option<f64> {
        let power = POWERS.get(self.exponent.unsigned_abs() as usize).filter(|_| self.mantissa >> 53 == 0);
        let value = match power {
            Some(power) if self.exponent < 0 => self.mantissa as f64 / power,
            Some(power) => self.mantissa as f64 * power,
            None => self.parsed(),
        };
        value.is_finite().then_some(if self.negative { -value } else { value })
    }

    /// Its value without a sign, by the library's own rounding.
    fn parsed(self) -> f64 {
        format!("{}e{}", self.mantissa, self.exponent).parse().unwrap_or(f64::INFINITY)
    }
}

#[cfg(test)]
mod tests;
