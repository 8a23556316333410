//! What stands behind a word such as `password`: a secret, or something else.

use super::page::{is_base64, is_base64url};
use super::random::{distinct, entropy, is_random};
use super::words::{List, list};

/// Lengths of passwords and of keys that are told from words.
const PASSWORD: std::ops::RangeInclusive<usize> = 7..=128;
const KEY: std::ops::RangeInclusive<usize> = 16..=256;
/// Fewest bits in a password that somebody chose; `hunter2` has 19.6.
const BITS: f64 = 19.0;
/// Fewer different characters are a row of crosses.
const DISTINCT: u32 = 3;
/// What people write where a password would be.
static BLANKS: List = List::new(|| {
    list(
        "password passwd passwort kennwort wachtwoord motdepasse pass pwd secret token user username changeme example \
         redacted hidden removed none null your-password your_password mypassword",
    )
});
/// Labels of hashes, which are no secrets.
const HASHES: [&str; 8] = ["sha1", "sha224", "sha256", "sha384", "sha512", "md5", "blake", "crc"];

/// Whether a value stands for a password instead of being one.
pub(super) fn is_blank(value: &str) -> bool {
    let variable = |name: &str| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let template = value.starts_with(['{', '<', '[', '('])
        || ["${", "$(", "{{", "%s", "%(", "..."].iter().any(|mark| value.contains(mark))
        || value.strip_prefix(['$', '%']).is_some_and(|name| variable(name.trim_end_matches('%')));
    let plain = value.trim_matches(|c: char| !c.is_alphanumeric());
    template || distinct(value.as_bytes()) < DISTINCT || BLANKS.contains(plain.to_ascii_lowercase().as_str())
}

/// Whether somebody may have chosen this as a password: of letters and of something else, and no expression of a program.
pub(super) fn is_password(value: &str) -> bool {
    let bytes = value.as_bytes();
    let letters = bytes.iter().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    let others = bytes.iter().any(|byte| !byte.is_ascii_alphabetic() && *byte < 0x80);
    let chosen = PASSWORD.contains(&bytes.len()) && letters && others && !is_blank(value) && !is_expression(value);
    chosen && entropy(bytes) * bytes.len() as f64 >= BITS
}

/// Whether a value looks like a key that a machine has drawn.
pub(super) fn is_key(value: &str) -> bool {
    let bytes = value.as_bytes();
    let of = |byte: u8| is_base64url(byte) || is_base64(byte) || matches!(byte, b'=' | b'.' | b'~' | b'!' | b'$');
    if !KEY.contains(&bytes.len()) || !bytes.iter().all(|byte| of(*byte)) || !bytes.iter().any(u8::is_ascii_alphabetic)
    {
        return false;
    }
    let starts = |hash: &&str| bytes.get(..hash.len()).is_some_and(|head| head.eq_ignore_ascii_case(hash.as_bytes()));
    is_random(bytes) && !HASHES.iter().any(starts) && !is_blank(value) && !is_uuid(value)
}

/// The form of RFC 9562, section 4: such a number names a thing, and opens nothing.
pub(super) fn is_uuid(value: &str) -> bool {
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    hex && value.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// Whether a value is a call, a path, or words, numbers and dates with marks between them: `os.environ`, `not-required`.
fn is_expression(value: &str) -> bool {
    let mut parts = value.split(['.', '_', '-', '/', ':']).filter(|part| !part.is_empty());
    let all = |part: &str, of: fn(&u8) -> bool| part.as_bytes().iter().all(of);
    let uniform = |part: &str| all(part, u8::is_ascii_alphabetic) || all(part, u8::is_ascii_digit);
    let path =
        value.starts_with(['/', '~']) || value.starts_with("./") || value.contains("://") || value.contains('\\');
    path || value.contains(['(', ')', '[', ']', '{', '}']) || is_uuid(value) || parts.all(uniform)
}
