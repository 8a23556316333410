//! SHA-256 digests as names of content.

use ring::digest::{Context, SHA256, digest};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{self, Hash};

const PREFIX: &str = "sha256:";

/// 32 bytes; as text, `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Hash for Digest {
    /// A digest is spread evenly already: the first 8 bytes find its place in a table.
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        state.write_u64(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
    }
}

/// A text that isn't a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no digest; write `sha256:` and 64 hexadecimal digits")]
pub struct DigestError(String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::taken(&digest(&SHA256, bytes))
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let read = || {
            let mut bytes = [0; 32];
            let (pairs, []) = text.strip_prefix(PREFIX)?.as_bytes().as_chunks::<2>() else { return None };
            if pairs.len() != bytes.len() {
                return None;
            }
            for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
                *byte = value(*high)? << 4 | value(*low)?;
            }
            Some(Self(bytes))
        };
        read().ok_or_else(|| DigestError(text.to_owned()))
    }

    /// The hexadecimal digits alone.
    pub fn hex(&self) -> String {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| char::from_digit(digit.into(), 16).unwrap_or_default()).collect()
    }

    fn taken(digest: &ring::digest::Digest) -> Self {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }
}

/// The value of a lower-case hexadecimal digit.
fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// A digest of bytes that come in pieces.
pub struct Hasher(Context);

impl Default for Hasher {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Hasher {
    /// Adds the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    pub fn finish(self) -> Digest {
        Digest::taken(&self.0.finish())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Reader)
    }
}

/// Reads the text form where it stands, without a copy of it.
struct Reader;

impl Visitor<'_> for Reader {
    type Value = Digest;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a digest")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Digest, E> {
        Digest::parse(text).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_one_text() {
        let text = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let digest = Digest::of(b"");
        assert_eq!(digest.to_string(), text);
        assert_eq!(Digest::parse(text), Ok(digest));
        assert_eq!(serde_json::to_string(&digest).ok(), Some(format!("\"{text}\"")));
        for wrong in [&text[7..], &text[..70], &text.to_uppercase(), &text.replace('e', "E"), &format!("{text}00"), ""]
        {
            assert!(Digest::parse(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<Digest>("3").is_err_and(|error| error.to_string().contains("a digest")));
        assert_eq!(format!("{digest:?}"), text);
    }

    #[test]
    fn bytes_may_come_in_pieces() {
        let mut hasher = Hasher::default();
        [&b"pa"[..], b"", b"tient"].iter().for_each(|piece| hasher.update(piece));
        assert_eq!(hasher.finish(), Digest::of(b"patient"));
        assert_ne!(Digest::of(b"patient"), Digest::of(b""));
    }
}
