//! Letters and digits by a fixed form, in print often with spaces.

use super::page::Page;

/// What was read, without spaces and in capitals.
pub(super) struct Spelled {
    pub(super) characters: Vec<u8>,
    /// How many spaces were skipped.
    pub(super) gaps: usize,
    pub(super) end: usize,
}

/// Reads a form such as `a2n6c1`: so many letters (a), digits (n) or either (c). One space or hyphen may stand before each but
/// the first two. Letters are all of the case of the first character, or capitals where that is a digit.
pub(super) fn read(page: &Page<'_>, start: usize, form: &str) -> Option<Spelled> {
    let small = page.byte(start).is_ascii_lowercase();
    let mut spelled = Spelled { characters: Vec::new(), gaps: 0, end: start };
    let mut form = form.bytes().peekable();
    while let Some(sort) = form.next() {
        let mut count = 0;
        while let Some(digit) = form.next_if(u8::is_ascii_digit) {
            count = count * 10 + usize::from(digit - b'0');
        }
        for _ in 0..count {
            let gap = gap(page, spelled.end).filter(|_| spelled.characters.len() > 1);
            let at = spelled.end + gap.unwrap_or(0);
            let byte = page.byte(at);
            let letter = byte.is_ascii_alphabetic() && byte.is_ascii_lowercase() == small;
            let fits = match sort {
                b'n' => byte.is_ascii_digit(),
                b'a' => letter,
                _ => letter || byte.is_ascii_digit(),
            };
            if !fits {
                return None;
            }
            spelled.characters.push(byte.to_ascii_uppercase());
            spelled.gaps += usize::from(gap.is_some());
            spelled.end = at + 1;
        }
    }
    let next = page.byte(spelled.end);
    (!next.is_ascii_alphanumeric() && next != b'_').then_some(spelled)
}

/// How many bytes the gap at a place has.
fn gap(page: &Page<'_>, at: usize) -> Option<usize> {
    match page.byte(at) {
        b' ' | b'-' => Some(1),
        0xc2 if page.byte(at + 1) == 0xa0 => Some(2),
        _ => None,
    }
}

impl Spelled {
    /// The digits of all characters; a letter counts as a number of two digits, the first one of the alphabet as `first`.
    pub(super) fn digits(&self, first: u8) -> Vec<u8> {
        let mut digits = Vec::with_capacity(2 * self.characters.len());
        for byte in &self.characters {
            match byte {
                b'0'..=b'9' => digits.push(byte - b'0'),
                letter => {
                    let number = letter - b'A' + first;
                    digits.extend([number / 10, number % 10]);
                }
            }
        }
        digits
    }
}
