//! Streams of LZMA, which have no signature: their header is told by what it can say (LZMA SDK, `lzma-specification.txt`; `liblzma` reads no others).

/// Largest size that such a stream tells (XZ Utils, `alone_decoder.c`).
const LARGEST: u64 = 1 << 38;
/// The properties that all writers choose unasked: 3 literal context bits and 2 position bits.
const PROPERTIES: u8 = 0x5d;

/// Whether these bytes begin a stream: properties, a dictionary of 2^n or 3 * 2^n bytes, the size of what is packed or none, and a zero, with which
/// the packed bytes begin.
pub(super) fn is_stream(head: &[u8]) -> bool {
    let Some((properties, rest)) = head.split_first() else { return false };
    let Some((dictionary, rest)) = rest.split_first_chunk() else { return false };
    let Some((size, rest)) = rest.split_first_chunk() else { return false };
    let (dictionary, size) = (u32::from_le_bytes(*dictionary), u64::from_le_bytes(*size));
    let odd = dictionary.checked_shr(dictionary.trailing_zeros()).unwrap_or(0);
    *properties == PROPERTIES
        && (matches!(odd, 1 | 3) && dictionary >= 1 << 12 || dictionary == u32::MAX)
        && (size == u64::MAX || (1..LARGEST).contains(&size))
        && rest.first() == Some(&0)
}

#[cfg(test)]
mod tests {
    use super::is_stream;

    #[test]
    fn headers_are_told_from_numbers() {
        // What Python's `lzma.compress(b"a" * 100, format=lzma.FORMAT_ALONE)` and `xz --format=lzma -0` write.
        let python = [0x5d, 0, 0, 0x80, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0x30, 0xee];
        let lowest = [0x5d, 0, 0, 4, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0x30, 0xee];
        assert!(is_stream(&python) && is_stream(&lowest));
        let mut known = python;
        known[5..13].copy_from_slice(&100u64.to_le_bytes());
        assert!(is_stream(&known));
        // Integers that begin with 93 and 0.
        for numbers in [[93u16, 0, 12, 40, 3, 2, 1, 8], [93, 0, 1, 0, 0, 0, 0, 0], [93, 0, 0, 0, 0, 0, 0, 0]] {
            let bytes: Vec<u8> = numbers.into_iter().flat_map(u16::to_le_bytes).collect();
            assert!(!is_stream(&bytes), "{numbers:?}");
        }
        assert!(!is_stream(&[1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]));
        assert!(!is_stream(&python[..13]) && !is_stream(&[]));
    }
}
