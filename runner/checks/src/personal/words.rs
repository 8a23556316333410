//! Words without their case and accents, so that one list serves every way of writing them.

use super::page::{Page, is_word};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Some words, to find one among them.
pub(super) type List = LazyLock<HashSet<&'static str>>;

/// A list of words with spaces between them.
pub(super) fn list(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().collect()
}

/// Longest word that is read, in bytes.
const LONGEST: usize = 32;

/// Small letters without accents, one space for everything between words, and one at either end. Words begin at a capital after
/// a small letter, too: `nhsNumber`, `nhs_number` and `NHS-Number` are ` nhs number `.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    folded.push(' ');
    let mut before = ' ';
    for c in text.chars() {
        // An accent that stands behind its letter.
        if matches!(c, '\u{300}'..='\u{36f}') {
            continue;
        }
        let starts = !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase();
        if starts && !folded.ends_with(' ') {
            folded.push(' ');
        }
        if c.is_alphanumeric() {
            plain(c, &mut folded);
        }
        before = c;
    }
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
    folded
}

fn plain(c: char, folded: &mut String) {
    let base = match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        'à' | 'á' | 'â' | 'ä' | 'À' | 'Á' | 'Â' | 'Ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'Ò' | 'Ó' | 'Ô' | 'Ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => 'u',
        'ç' | 'Ç' => 'c',
        'ß' => return folded.push_str("ss"),
        _ => return folded.extend(c.to_lowercase()),
    };
    folded.push(base);
}

/// The word that ends at a place, and where it begins.
pub(super) fn before<'a>(page: &Page<'a>, end: usize) -> (usize, &'a str) {
    let start = page.run_back(end, LONGEST, |byte| is_word(byte) && !byte.is_ascii_digit());
    (start, page.part(start, end))
}

/// The word that begins at a place.
pub(super) fn after<'a>(page: &Page<'a>, start: usize) -> &'a str {
    page.part(start, page.run(start, LONGEST, |byte| is_word(byte) && !byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
