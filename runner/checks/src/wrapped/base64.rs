//! Base64 (RFC 4648), with the one alphabet or the other, but not with both.

/// Set in a digit that only the plain alphabet has, or only that for addresses; both in what is no digit.
const PLAIN: u8 = 0x40;
const SAFE: u8 = 0x80;

const DIGITS: [u8; 256] = {
    let mut digits = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        // It ends there, and every place is one of the array.
        #[allow(clippy::indexing_slicing)]
        {
            digits[byte] = match byte as u8 {
                letter @ b'A'..=b'Z' => letter - b'A',
                letter @ b'a'..=b'z' => letter - b'a' + 26,
                digit @ b'0'..=b'9' => digit - b'0' + 52,
                b'+' => 62 | PLAIN,
                b'/' => 63 | PLAIN,
                b'-' => 62 | SAFE,
                b'_' => 63 | SAFE,
                _ => PLAIN | SAFE,
            };
        }
        byte += 1;
    }
    digits
};

/// A run without what fills it up.
pub(super) fn unfilled(run: &[u8]) -> &[u8] {
    let mut run = run;
    while let [b'=', rest @ ..] | [rest @ .., b'='] = run {
        run = rest;
    }
    run
}

/// Appends the bytes of a run. Of its last letter bits may be left, and one letter too many was taken for a part of it.
pub(super) fn decode(run: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    let cut = run.split_last().filter(|_| run.len() % 4 == 1).map_or(run, |(_, cut)| cut);
    let run = unfilled(cut);
    let digit = |letter: u8| DIGITS.get(usize::from(letter)).copied().unwrap_or(PLAIN | SAFE);
    let mut seen = 0u8;
    let mut three = |four: [u8; 4]| {
        let digits = four.map(digit);
        let bits = digits.iter().fold(0u32, |bits, digit| bits << 6 | u32::from(digit & 0x3f));
        seen = digits.iter().fold(seen, |seen, digit| seen | digit);
        let [_, x, y, z] = bits.to_be_bytes();
        [x, y, z]
    };
    let (fours, rest) = run.as_chunks();
    let start = bytes.len();
    bytes.resize(start + 3 * fours.len(), 0);
    let room = bytes.get_mut(start..)?.as_chunks_mut().0;
    for (room, four) in room.iter_mut().zip(fours) {
        *room = three(*four);
    }
    match *rest {
        [a, b] => bytes.extend_from_slice(three([a, b, b'A', b'A']).first_chunk::<1>()?),
        [a, b, c] => bytes.extend_from_slice(three([a, b, c, b'A']).first_chunk::<2>()?),
        _ => {}
    }
    (seen & (PLAIN | SAFE) != PLAIN | SAFE).then_some(())
}
