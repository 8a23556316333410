//! Sets of letters: what a line may be wrapped in is told by what all of its bytes are.

/// The letters of base64, of either alphabet, and what fills it up.
pub(super) const BASE64: u8 = 1;
/// Hexadecimal digits, what marks them and what stands between them; and what isn't ASCII, which may be white space.
pub(super) const GROUPS: u8 = 2;
/// No white space, of ASCII.
pub(super) const SOLID: u8 = 4;
/// Neither white space nor what stands between the items of a list.
pub(super) const ITEM: u8 = 8;
pub(super) const ASCII: u8 = 16;
/// What a compressed stream may begin with.
pub(super) const STREAM: u8 = 32;

const SETS: [u8; 256] = {
    let mut sets = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        // It ends there, and every place is one of the array.
        #[allow(clippy::indexing_slicing)]
        {
            sets[byte] = sets_of(byte as u8);
        }
        byte += 1;
    }
    sets
};

const fn sets_of(byte: u8) -> u8 {
    let white = matches!(byte, b'\t'..=b'\r' | b' ');
    let between = white || matches!(byte, b',' | b';' | b'|' | b'[' | b']' | b'(' | b')' | b'{' | b'}');
    let base64 = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=');
    let marks = matches!(byte, b'x' | b'X' | b'\\' | b':' | b'-' | b'_' | b'\'' | b'"');
    let groups = byte.is_ascii_hexdigit() || between || marks || !byte.is_ascii();
    let stream = matches!(byte, 0x1f | b'B' | b'P' | 0x58 | 0x68 | 0x78);
    in_set(base64, BASE64)
        | in_set(groups, GROUPS)
        | in_set(!white, SOLID)
        | in_set(!between, ITEM)
        | in_set(byte.is_ascii(), ASCII)
        | in_set(stream, STREAM)
}

const fn in_set(is: bool, set: u8) -> u8 {
    if is { set } else { 0 }
}

/// The sets that a byte belongs to.
#[inline]
pub(super) fn sets(byte: u8) -> u8 {
    SETS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// A line, and the sets that all of it belongs to but the white space around it.
pub(super) struct Line<'a> {
    pub(super) whole: &'a str,
    pub(super) inner: &'a str,
    sets: u8,
}

impl<'a> Line<'a> {
    pub(super) fn new(whole: &'a str) -> Self {
        let inner = whole.trim();
        Self { whole, inner, sets: inner.bytes().fold(u8::MAX, |all, byte| all & sets(byte)) }
    }

    #[inline]
    pub(super) fn is(&self, set: u8) -> bool {
        self.sets & set != 0
    }
}
