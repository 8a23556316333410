//! The values that a text spells, one after the other: words, and every number in it, whatever stands between them.

use super::digits;
use super::shown::{Token, shown};
use crate::decimal::Decimal;

/// Longest stretch of letters that is one value, such as a date or a number with marks.
const LONGEST: usize = 40;

/// Hands out the readings of each value of a text, in order.
pub(super) fn values(text: &str, take: &mut dyn FnMut(&[Token])) {
    let text = digits::plain(text);
    let mut readings = Vec::new();
    // What is wider than a value comes first: with the first value in it.
    for wide in text.split(|c: char| !is_soft(c)).map(|wide| wide.trim_end_matches(['.', ','])) {
        let is_short = wide.len() <= LONGEST;
        if is_short && !wide.is_empty() {
            shown(wide, &mut readings);
            if is_simple(wide) {
                take(&readings);
                readings.clear();
                continue;
            }
        }
        for narrow in wide.split([',', ':', '_']).filter(|narrow| !narrow.is_empty()) {
            if narrow.len() <= LONGEST && narrow.len() < wide.len() {
                shown(narrow, &mut readings);
                if is_simple(narrow) {
                    take(&readings);
                    readings.clear();
                    continue;
                }
            }
            pieces(narrow, narrow.len() < wide.len() || !is_short, &mut readings, take);
        }
    }
    if !readings.is_empty() {
        take(&readings);
    }
}

/// All readings of a text that is one value, or holds several.
pub(super) fn all(text: &str, readings: &mut Vec<Token>) {
    shown(&digits::plain(text), readings);
    if !is_simple(text.trim()) {
        values(text, &mut |own| readings.extend_from_slice(own));
    }
}

/// Whether a text is a number, a word or a date, and nothing else: what stands in it are no values of their own.
fn is_simple(text: &str) -> bool {
    let is_number = || text.parse::<f64>().is_ok();
    text.bytes().all(|byte| byte.is_ascii_alphabetic()) || is_number() || is_date(text)
}

/// Whether a text is three numbers with a `-` between them, of which none has more than four digits.
fn is_date(text: &str) -> bool {
    let is_part = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('-').count() == 3 && text.split('-').all(is_part)
}

/// What may stand inside a value.
fn is_soft(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '+' | ':' | ',')
}

/// The words and numbers of a text, each on its own; a text that is one of them was read already, unless it is new.
fn pieces(text: &str, is_new: bool, readings: &mut Vec<Token>, take: &mut dyn FnMut(&[Token])) {
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let end = match () {
            () if first.is_ascii_digit() || is_point(rest) => number(rest, before, readings),
            () if first.is_alphabetic() => {
                let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
                let goes_on = before.is_some_and(|(last, _)| last.is_alphanumeric());
                // Letters and digits may be one word, too.
                let wide = if goes_on { None } else { rest.find(|c: char| !c.is_alphanumeric()).or(Some(rest.len())) };
                for end in [Some(end), wide.filter(|wide| *wide > end)].into_iter().flatten() {
                    let is_own = |word: &&str| word.len() <= LONGEST && (word.len() < text.len() || is_new);
                    if let Some(word) = rest.get(..end).filter(is_own) {
                        shown(word, readings);
                    }
                }
                end
            }
            () => first.len_utf8(),
        };
        let is_value = first.is_alphanumeric() || is_point(rest);
        if is_value && !readings.is_empty() {
            take(readings);
            readings.clear();
        }
        let (passed, after) = rest.split_at_checked(end.max(first.len_utf8())).unwrap_or((rest, ""));
        before = Some((before_of(passed), before.is_some()));
        rest = after;
    }
}

/// The last letter of what was passed.
fn before_of(passed: &str) -> char {
    passed.chars().next_back().unwrap_or(' ')
}

/// Whether a text begins with a point and a digit.
fn is_point(text: &str) -> bool {
    matches!(text.as_bytes(), [b'.', b'0'..=b'9', ..])
}

/// Reads the number at the beginning of a text, and says where it ends. A `-` before it is its sign, or stands between it and what is
/// before that: then both are read.
fn number(text: &str, before: Option<(char, bool)>, readings: &mut Vec<Token>) -> usize {
    if let Some((value, end)) = hexadecimal(text) {
        shown(&value.to_string(), readings);
        return end;
    }
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    let mut power = end;
    if matches!(bytes.get(power), Some(b'e' | b'E')) {
        power += 1 + usize::from(matches!(bytes.get(power + 1), Some(b'+' | b'-')));
        if digits(power) > 0 {
            end = power + digits(power);
        }
    }
    let own = text.get(..end).unwrap_or(text).trim_end_matches('.');
    // Letters with a number behind them are a name, unless it has a fraction.
    let is_named = before.is_some_and(|(last, _)| last.is_alphabetic()) && !own.contains('.');
    if is_named || Decimal::read(own.as_bytes()).is_none() {
        return end;
    }
    // What seems to be a point may stand between a number and what is before it.
    if let (Some(digits), Some(_)) = (own.strip_prefix('.'), before) {
        shown(digits, readings);
    }
    if let Some(('-', _)) = before {
        shown(&format!("-{own}"), readings);
    }
    if !matches!(before, Some(('-', false))) {
        shown(own, readings);
    }
    end
}

/// A number as C writes it with `%a`, and where it ends.
fn hexadecimal(text: &str) -> Option<(f64, usize)> {
    let rest = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let end = rest.bytes().take(LONGEST).position(|byte| matches!(byte, b'p' | b'P'))?;
    let (digits, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() > 15 {
        return None;
    }
    let mantissa = u64::from_str_radix(&format!("{whole}{fraction}"), 16).ok()?;
    let sign = usize::from(after.starts_with(['-', '+']));
    let len = sign + after.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
    let power: i32 = after.get(..len)?.parse().ok()?;
    let value = mantissa as f64 * 2f64.powi(power.clamp(-1100, 1100) - 4 * fraction.len() as i32);
    Some((value, text.len() - after.len() + len))
}

#[cfg(test)]
mod tests;
