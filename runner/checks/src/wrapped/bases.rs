//! Base32 (RFC 4648) and the kinds of base85: ascii85, that of Python's `b85encode` (RFC 1924), and Z85.

/// Fewest characters.
const SHORTEST: usize = 25;
/// Fewest characters that differ: bytes in base85 have more than numbers and their marks have.
const DISTINCT: usize = 17;

const RFC1924: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const Z85: &[u8; 85] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// Adds the bytes of all runs without white space, and of those over lines, in each reading.
pub(super) fn decoded(text: &str, found: &mut Vec<Vec<u8>>) {
    let mut lines = String::new();
    for line in text.lines().map(str::trim).chain([" "]) {
        if !line.is_empty() && !line.contains(char::is_whitespace) && line.len() >= SHORTEST.min(8) {
            lines.push_str(line);
            continue;
        }
        of_run(&std::mem::take(&mut lines), found);
        line.split(char::is_whitespace).for_each(|run| of_run(run, found));
    }
}

fn of_run(run: &str, found: &mut Vec<Vec<u8>>) {
    let bytes = run.as_bytes();
    if bytes.len() < SHORTEST {
        return;
    }
    found.extend(base32(run.trim_matches(|c: char| !c.is_ascii_alphanumeric()).as_bytes()));
    let mut seen = [false; 256];
    bytes.iter().for_each(|byte| {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    });
    if seen.iter().filter(|seen| **seen).count() < DISTINCT {
        return;
    }
    let own = |alphabet: &'static [u8; 85]| move |byte: u8| alphabet.iter().position(|known| *known == byte);
    found.extend(base85(bytes, own(RFC1924)));
    found.extend(base85(bytes, own(Z85)));
    // Ascii85 may stand between marks, and write four zeros as `z`.
    let inner = run.strip_prefix("<~").unwrap_or(run);
    let inner = inner.strip_suffix("~>").unwrap_or(inner).replace('z', "!!!!!");
    found.extend(base85(inner.as_bytes(), |byte| byte.checked_sub(b'!').map(usize::from).filter(|digit| *digit < 85)));
}

fn base32(run: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| match byte.to_ascii_uppercase() {
        letter @ b'A'..=b'Z' => Some(u64::from(letter - b'A')),
        digit @ b'2'..=b'7' => Some(u64::from(digit - b'2') + 26),
        _ => None,
    };
    let mut bytes = Vec::new();
    for chunk in run.chunks(8) {
        let bits = chunk.iter().try_fold(0, |bits, byte| Some(bits << 5 | digit(byte)?))?;
        let aligned = bits << (64 - 5 * chunk.len());
        bytes.extend(aligned.to_be_bytes().into_iter().take(chunk.len() * 5 / 8));
    }
    Some(bytes)
}

fn base85(run: &[u8], digit: impl Fn(u8) -> Option<usize>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for chunk in run.chunks(5) {
        let mut filled = chunk.iter().map(|byte| digit(*byte)).chain(std::iter::repeat(Some(84))).take(5);
        let value = filled.try_fold(0u64, |value, digit| Some(value * 85 + digit? as u64))?;
        bytes.extend((value as u32).to_be_bytes().into_iter().take(chunk.len() - 1));
    }
    Some(bytes)
}
