//! One cell where a count may stand.

/// How a cell reads as a count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reading {
    /// Nothing, or a mark for a number that was left out.
    Nothing,
    /// A whole number, 0 or above.
    Whole(u64),
    Negative,
    Fraction,
    /// "fewer than so many".
    Below(u64),
    /// Something else, with the whole number that it begins with, if it does.
    Words(Option<u64>),
}

/// Marks for suppressed or missing values, and for what is true or not.
const MARKS: &[&str] = &[
    "",
    "-",
    "--",
    ".",
    "..",
    "...",
    "*",
    "**",
    "x",
    "c",
    "s",
    ":",
    "na",
    "n/a",
    "nan",
    "none",
    "null",
    "missing",
    "true",
    "false",
    "suppressed",
    "hidden",
    "<na>",
    "\u{2013}",
    "\u{2014}",
];

/// Reads a cell.
pub(crate) fn read(cell: &str) -> Reading {
    let text = cell.trim();
    if MARKS.contains(&text.to_lowercase().as_str()) {
        return Reading::Nothing;
    }
    if let Some(bound) = text.strip_prefix('<').or_else(|| text.strip_prefix('\u{2264}')) {
        let or_equal = text.starts_with('\u{2264}') || bound.starts_with('=');
        return match number(bound.trim_start_matches('=')) {
            Some(bound) if bound >= 0.0 => Reading::Below(bound.ceil() as u64 + u64::from(or_equal)),
            _ => Reading::Words(None),
        };
    }
    match number(text) {
        Some(value) if value < 0.0 => Reading::Negative,
        Some(value) if value.fract() != 0.0 => Reading::Fraction,
        Some(value) => Reading::Whole(value as u64),
        None if text.ends_with('%') && number(text.trim_end_matches('%')).is_some() => Reading::Fraction,
        None => Reading::Words(leading(text)),
    }
}

/// A number, with or without marks between its thousands.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = match text.split([',', ' ', '\'', '\u{a0}']).collect::<Vec<_>>().as_slice() {
        [first, thousands @ ..] if !thousands.is_empty() && grouped(first, thousands) => {
            text.replace([',', ' ', '\'', '\u{a0}'], "")
        }
        _ => text.to_owned(),
    };
    let digits = plain.contains(|c: char| c.is_ascii_digit());
    plain.parse::<f64>().ok().filter(|value| digits && value.is_finite())
}

fn grouped(first: &str, thousands: &[&str]) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&first.len()) && digits(first) && thousands.iter().all(|part| part.len() == 3 && digits(part))
}

fn leading(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// Whether a cell begins with a fraction, as a mean and its deviation do: `29.1 (6.8)`.
pub(crate) fn is_mean(text: &str) -> bool {
    let first = text.trim().split(' ').next().unwrap_or_default();
    number(first).is_some_and(|value| value.fract() != 0.0)
}

/// Whether a number is a part of something, a correlation or another number between -1 and 1.
pub(crate) fn is_part(text: &str) -> bool {
    number(text).is_some_and(|value| value.abs() <= 1.0)
}
