//! How a cell's place and number are written, and which elements of a sheet only say how cells look.

use crate::formats::calendar;

/// The day that is number 0, in days from 1970; and the same where days are counted from 1904.
const FROM_1900: i64 = -25_569;
const FROM_1904: i64 = -24_107;
/// Elements that only say how cells look or are printed.
pub(super) const LOOKS: &[&str] = &[
    "worksheet",
    "sheetPr",
    "tabColor",
    "outlinePr",
    "pageSetUpPr",
    "dimension",
    "sheetViews",
    "sheetView",
    "pane",
    "selection",
    "sheetFormatPr",
    "cols",
    "col",
    "sheetData",
    "row",
    "c",
    "v",
    "f",
    "is",
    "t",
    "r",
    "rPr",
    "mergeCells",
    "mergeCell",
    "pageMargins",
    "pageSetup",
    "autoFilter",
    "printOptions",
    "ignoredErrors",
    "ignoredError",
    "rFont",
    "sz",
    "color",
    "b",
    "i",
    "u",
    "family",
    "scheme",
    "conditionalFormatting",
    "cfRule",
    "colorScale",
    "cfvo",
    "dataBar",
    "formula",
    "sheetProtection",
    "phoneticPr",
    "headerFooter",
    "sheetCalcPr",
    "tableParts",
    "tablePart",
];

/// Whether a width or a height is nothing.
pub(super) fn is_zero(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| number <= 0.0)
}

/// The column of a place such as `AB12`, from 0, if it is in that row.
pub(super) fn column(place: &str, line: u64) -> Option<usize> {
    let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
    if place.get(letters.len()..)?.parse() != Ok(line) || letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let letter = |all: usize, c: char| c.is_ascii_uppercase().then(|| all * 26 + (c as usize - 'A' as usize) + 1);
    letters.chars().try_fold(0, letter).map(|column| column - 1)
}

/// A number as other writers would write it; as a date if its cell shows one.
pub(super) fn number(text: &str, is_date: bool, from_1904: bool) -> Option<String> {
    let value: f64 = text.trim().parse().ok()?;
    if is_date && (0.0..3_000_000.0).contains(&value) {
        let first = if from_1904 { FROM_1904 } else { FROM_1900 };
        let (day, millis) = (value.floor(), ((value - value.floor()) * 86_400_000.0).round() as i64);
        let seconds = (day as i64 + first) * 86_400 + millis.div_euclid(1000);
        return Some(match millis {
            0 => calendar::date(day as i64 + first),
            _ => calendar::stamp(seconds, millis.rem_euclid(1000), 1000),
        });
    }
    match text.trim().parse::<i64>() {
        Ok(whole) => Some(whole.to_string()),
        Err(_) => Some(format!("{value:?}")),
    }
}
