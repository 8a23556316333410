//! Passwords, tokens and secrets that are written out beside their name.

use regex::bytes::{Captures, Regex};
use std::sync::LazyLock;

/// Shannon's entropy of a literal below which it is taken for a word, in bits for each character. English words of a
/// length from 8 to 20 have 2.5 to 3.2; random base64 of 16 characters has 3.6 or more.
const ENTROPY: f64 = 3.0;
/// Shortest literal that is looked at, in bytes.
const SHORTEST: usize = 8;

/// `name = "literal"`, `name: "literal"`, `"name": "literal"`, `name="literal"`.
const QUOTED: &str = r#"(?ix-u)
    (?: passw(?:or)?d | passphrase | secret | token | api_?-?key | access_?-?key | private_?-?key | auth_?-?key | credentials? )
    [a-z0-9_]{0,16} ["'\]]{0,2} \s* (?: :\s*str\s*= | := | [:=] ) \s* [rbuf]{0,2}
    (?: "([^"\\\s]{8,256})" | '([^'\\\s]{8,256})' )"#;
/// The same without quotes, to the end of the line.
const BARE: &str = r#"(?ix-u) ^ \s* (?:export\s+)? [a-z0-9_.-]*
    (?: passw(?:or)?d | passphrase | secret | token | api_?-?key | access_?-?key | private_?-?key | auth_?-?key )
    [a-z0-9_]{0,16} \s* [:=] \s* ([^\s"'\[\](){},;]{8,256}) \s* $"#;

static FORMS: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| [QUOTED, BARE].map(|form| Regex::new(form).ok()));

/// Whether a line writes out a secret; `bare` is for files in which values have no quotes.
pub(super) fn find(line: &[u8], bare: bool) -> bool {
    let mut forms = FORMS.iter().flatten().take(if bare { 2 } else { 1 });
    forms.any(|form| form.captures_iter(line).any(|found| is_secret(line, &found)))
}

fn is_secret(line: &[u8], found: &Captures<'_>) -> bool {
    let before = found.get(0).and_then(|whole| line.get(..whole.start())).unwrap_or_default();
    if is_public(&String::from_utf8_lossy(before).to_ascii_lowercase()) {
        return false;
    }
    let literal = found.iter().skip(1).flatten().next().map(|literal| literal.as_bytes()).unwrap_or_default();
    literal.len() >= SHORTEST && is_mixed(literal) && entropy(literal) >= ENTROPY && !is_placeholder(literal)
}

/// A public key is no secret, nor is the token with which a service is asked for the next page.
fn is_public(before: &str) -> bool {
    let before = before.trim_end_matches(['_', '-']);
    ["public", "publickey", "public_key", "next"].iter().any(|word| before.ends_with(word))
}

/// A random literal has letters and digits. Names of variables, paths and words have not, or have separators.
fn is_mixed(literal: &[u8]) -> bool {
    let letters = literal.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let digits = literal.iter().filter(|byte| byte.is_ascii_digit()).count();
    letters >= 2 && digits >= 2
        || digits >= 1 && literal.iter().any(|byte| b"!@#$%^&*+=~?".contains(byte)) && letters >= 2
}

/// What stands where a secret would, in manuals, templates and code that looks the secret up.
pub(super) fn is_placeholder(literal: &[u8]) -> bool {
    let text = String::from_utf8_lossy(literal).to_ascii_lowercase();
    let marks = [
        "example",
        "changeme",
        "change-me",
        "placeholder",
        "dummy",
        "password",
        "passwd",
        "secret",
        "token",
        "your",
        "xxxx",
        "1234567",
        "abcdef",
        "redacted",
    ];
    let looked_up = ["${", "$(", "{{", "{%", "<", "%(", "%s", "environ", "getenv", "://", "()", "/run/", "/etc/"];
    text.starts_with(['$', '{', '/', '.']) || marks.iter().chain(&looked_up).any(|mark| text.contains(mark))
}

/// Shannon's entropy of the bytes, in bits for each.
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let total = bytes.len() as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

#[cfg(test)]
pub(super) fn ready() -> bool {
    FORMS.iter().all(Option::is_some)
}
