//! A text under examination: its bytes can be asked for at any place, and outside of it there are none.

use super::kind::Kinds;

/// A text, and what is known of it before it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    text: &'a str,
    /// What the name of a column says that numbers in it are.
    pub(super) header: Kinds,
}

impl<'a> Page<'a> {
    pub(super) fn new(text: &'a str, header: Kinds) -> Self {
        Self { text, header }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The byte at a place; 0 outside the text.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes().get(at).copied().unwrap_or(0)
    }

    /// The byte so many places before one; 0 outside the text.
    pub(super) fn back(&self, at: usize, places: usize) -> u8 {
        at.checked_sub(places).map_or(0, |at| self.byte(at))
    }

    /// A part of the text; empty where it would cut a character.
    pub(super) fn part(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    /// What follows a place, to the end or to so many bytes, whole characters only.
    pub(super) fn after(&self, at: usize, most: usize) -> &'a str {
        let end = self.text.floor_char_boundary(at.saturating_add(most));
        self.part(at, end)
    }

    /// What precedes a place, from the beginning or from so many bytes before it, whole characters only.
    pub(super) fn before(&self, at: usize, most: usize) -> &'a str {
        let start = self.text.ceil_char_boundary(at.saturating_sub(most));
        self.part(start, at)
    }

    /// Where bytes of a kind end that begin at a place, at most so many of them.
    pub(super) fn run(&self, from: usize, most: usize, of: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(from..).unwrap_or(&[]);
        from + rest.iter().take(most).take_while(|byte| of(**byte)).count()
    }

    /// Where bytes of a kind begin that end at a place, at most so many of them.
    pub(super) fn run_back(&self, to: usize, most: usize, of: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(..to).unwrap_or(&[]);
        to - rest.iter().rev().take(most).take_while(|byte| of(**byte)).count()
    }

    pub(super) fn starts(&self, at: usize, with: &str) -> bool {
        self.bytes().get(at..).is_some_and(|rest| rest.starts_with(with.as_bytes()))
    }
}

/// Letters and digits, and all that isn't ASCII: what words are made of.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// What base64, in both of its alphabets, and names in programs are made of.
pub(super) fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}
