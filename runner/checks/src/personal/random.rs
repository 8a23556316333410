//! Whether characters were drawn by a machine or are somebody's words.

/// Least entropy of a random text, in bits a character; English words of 20 letters have as much, but hardly a joint.
const ENTROPY: f64 = 3.0;
/// A random text has a joint among so many characters, at the least. In hexadecimal there is one among two, in base64 more.
const SPACING: usize = 5;

/// How many different bytes there are.
pub(super) fn distinct(bytes: &[u8]) -> u32 {
    let seen = bytes.iter().fold([0_u128; 2], |[low, high], byte| match byte {
        0..128 => [low | 1 << byte, high],
        128.. => [low, high | 1 << (byte - 128)],
    });
    seen.into_iter().map(u128::count_ones).sum()
}

/// Bits a byte, by the shares of the bytes in this text (Shannon 1948).
pub(super) fn entropy(bytes: &[u8]) -> f64 {
    let all = bytes.len() as f64;
    let mut counts = [0_u16; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count = count.saturating_add(1);
        }
    }
    let count = |byte: &u8| counts.get(usize::from(*byte)).copied().unwrap_or(0);
    bytes.iter().map(|byte| (all / f64::from(count(byte))).log2()).sum::<f64>() / all
}

/// How often small letters, capitals and digits change within a word. A capital that begins a word is no change.
pub(super) fn joints(bytes: &[u8]) -> usize {
    let joint = |pair: &[u8]| match pair {
        [a, b] => {
            let same = a.is_ascii_digit() == b.is_ascii_digit() && !(a.is_ascii_lowercase() && b.is_ascii_uppercase());
            a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() && !same
        }
        _ => false,
    };
    bytes.windows(2).filter(|pair| joint(pair)).count()
}

/// Whether a text is random: names of programs and sentences aren't.
pub(super) fn is_random(bytes: &[u8]) -> bool {
    joints(bytes) * SPACING >= bytes.len() && entropy(bytes) >= ENTROPY
}

#[cfg(test)]
mod tests;
