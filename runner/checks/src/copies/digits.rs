//! Digits of all scripts as those of ASCII.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Where the ten digits of each script begin (Unicode 16, general category Nd) that compatibility decomposition leaves as they are.
const ZEROS: [u32; 63] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450,
    0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0,
    0x16b50, 0x16d70, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// A text in which numbers of any script are written with the digits, the point and the minus of ASCII.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfkc().map(digit).collect()),
    }
}

fn digit(c: char) -> char {
    match c {
        _ if c.is_ascii() => c,
        '\u{66b}' => '.',
        '\u{66c}' => ',',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => {
            let own = u32::from(c);
            let zero = ZEROS.iter().rev().find(|zero| **zero <= own && own < **zero + 10);
            zero.and_then(|zero| char::from_digit(own - zero, 10)).unwrap_or(c)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn numbers_of_every_script_are_numbers() {
        for text in ["１７.９９", "١٧٫٩٩", "१७.९९", "𝟏𝟕.𝟗𝟗", "໑໗.໙໙", "17.99"] {
            assert_eq!(plain(text), "17.99", "{text}");
        }
        assert_eq!(plain("−5 köln"), "-5 köln");
    }
}
