//! The arguments that protocols 0 and 1 write as lines of text.
//!
//! CPython has two readers of pickles, and they disagree on forms that its writers never use: `010` is eight to one and an error to the
//! other, `-0` is false or zero, `1e999` is an error or infinity, a NUL ends a float or breaks it. Only the forms that writers use are read here (Lib/pickle.py `save_long`,
//! `save_float`, `save_str`; `repr` of Python 2 for STRING).

use super::slot::Slot;

/// Most digits of an integer: Python refuses more since 3.11 (`sys.set_int_max_str_digits`).
const DIGITS: usize = 4300;

/// What INT and LONG make: a number, or that it has more than 48 bits.
pub(super) fn integer(line: &[u8]) -> Option<Option<Slot>> {
    let digits = line.strip_prefix(b"-").unwrap_or(line);
    let plain = digits.iter().all(u8::is_ascii_digit) && (digits == b"0" || !digits.starts_with(b"0"));
    if !plain || digits.is_empty() || digits.len() > DIGITS || line == b"-0" {
        return None;
    }
    let number: Option<i64> = str::from_utf8(line).ok().and_then(|line| line.parse().ok());
    Some(number.and_then(Slot::int))
}

/// What FLOAT makes.
pub(super) fn float(line: &[u8]) -> Option<Slot> {
    let text = str::from_utf8(line).ok()?;
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let plain = matches!(unsigned, "inf" | "nan")
        || unsigned.starts_with(|c: char| c.is_ascii_digit())
            && unsigned.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-' | '+'));
    // One reader takes what is too large for infinity, the other for an error.
    let value: f64 = text.parse().ok().filter(|_| plain)?;
    Some(Slot::float(value)).filter(|_| value.is_finite() || !unsigned.starts_with(|c: char| c.is_ascii_digit()))
}

/// What GET and PUT take: a place in the memo.
pub(super) fn place(line: &[u8]) -> Option<u32> {
    let plain = line.iter().all(u8::is_ascii_digit) && (line == b"0" || !line.starts_with(b"0"));
    str::from_utf8(line).ok().filter(|_| plain)?.parse().ok()
}

/// What UNICODE makes: Latin-1 with escapes of four or eight hexadecimal digits.
pub(super) fn unicode(line: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut rest = line;
    while let [byte, more @ ..] = rest {
        rest = more;
        if *byte != b'\\' {
            text.push(char::from(*byte));
            continue;
        }
        let digits = match more {
            [b'u', ..] => more.get(1..5)?,
            [b'U', ..] => more.get(1..9)?,
            _ => return None,
        };
        let number = hex(digits)?;
        // Half of a pair of surrogates is a character to Python.
        let lone = (0xd800..0xe000).contains(&number);
        text.push(if lone { char::REPLACEMENT_CHARACTER } else { char::from_u32(number)? });
        rest = more.get(1 + digits.len()..)?;
    }
    Some(text)
}

/// What STRING makes: ASCII in quotes, with escapes. Other bytes are a text to one caller of a reader and an error to the next.
pub(super) fn string(line: &[u8]) -> Option<String> {
    let (quote, rest) = line.split_first().filter(|(quote, _)| matches!(quote, b'\'' | b'"'))?;
    let mut rest = rest.strip_suffix(&[*quote])?;
    let mut text = String::new();
    while let [byte, more @ ..] = rest {
        rest = more;
        let plain = match (byte, more) {
            (b'\\', [b'x', high, low, ..]) => {
                rest = more.get(3..)?;
                u8::try_from(hex(&[*high, *low])?).ok()?
            }
            (b'\\', [escaped, ..]) => {
                rest = more.get(1..)?;
                match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'\\' | b'\'' | b'"' => *escaped,
                    _ => return None,
                }
            }
            (b'\\', []) => return None,
            _ if byte == quote => return None,
            _ => *byte,
        };
        text.push(char::from(Some(plain).filter(u8::is_ascii)?));
    }
    Some(text)
}

fn hex(digits: &[u8]) -> Option<u32> {
    let plain = digits.iter().all(u8::is_ascii_hexdigit);
    str::from_utf8(digits).ok().filter(|_| plain).and_then(|digits| u32::from_str_radix(digits, 16).ok())
}
