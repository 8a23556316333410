//! Statements with the signatures of the people who made them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

/// An Ed25519 public key (RFC 8032): `ed25519:` and base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicKey(String);

/// A text that isn't a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no public key; write `ed25519:` and the base64 that `semla key new` printed")]
pub struct KeyError(String);

impl PublicKey {
    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let key = Self(text.to_owned());
        key.bytes().map(|_| key.clone()).ok_or_else(|| KeyError(text.to_owned()))
    }

    /// The key of these 32 bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(format!("ed25519:{}", STANDARD.encode(bytes)))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the holder of the private half signed this payload of this type.
    pub fn signed(&self, payload_type: &str, payload: &[u8], signature: &str) -> bool {
        let (Some(key), Ok(signature)) = (self.bytes(), STANDARD.decode(signature)) else {
            return false;
        };
        UnparsedPublicKey::new(&ED25519, key).verify(&pae(payload_type, payload), &signature).is_ok()
    }

    fn bytes(&self) -> Option<[u8; 32]> {
        let text = self.0.strip_prefix("ed25519:")?;
        STANDARD.decode(text).ok()?.try_into().ok()
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// What is signed in place of a payload: its type and itself, each with its length (DSSE v1, "PAE").
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut text = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    text.extend_from_slice(payload);
    text
}

/// One person's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The person's name in the registry.
    pub by: String,
    /// Base64 of the 64 bytes.
    pub signature: String,
}

/// The exact text that people signed, and their signatures. Nothing is read from the text before these are verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The statement as canonical JSON: fields in the order of their type, no spaces.
    pub payload: String,
    /// Who stands behind it.
    pub signatures: Vec<Signature>,
}

/// What people sign: a type whose texts can't be taken for those of another.
pub trait Statement: Serialize + DeserializeOwned {
    /// The media type that is signed along.
    const TYPE: &'static str;
}

/// A payload that isn't the canonical text of a statement.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// Not JSON of that shape.
    #[error("the statement can't be read")]
    Shape(#[from] serde_json::Error),
    /// Another text for the same thing: what people saw and what is stored could differ.
    #[error("the statement isn't in canonical form")]
    Canonical,
}

impl Signed {
    /// The canonical text of `statement`, not signed yet.
    pub fn unsigned<S: Statement>(statement: &S) -> Result<Self, StatementError> {
        Ok(Self { payload: serde_json::to_string(statement)?, signatures: Vec::new() })
    }

    /// The statement, whoever signed it: for showing it to somebody.
    pub fn read<S: Statement>(&self) -> Result<S, StatementError> {
        let statement: S = serde_json::from_str(&self.payload)?;
        match serde_json::to_string(&statement)? == self.payload {
            true => Ok(statement),
            false => Err(StatementError::Canonical),
        }
    }

    /// One line to keep it by: the payload as it was signed, a tab, and the signatures as JSON. A canonical text has no tab and no end
    /// of a line in it: JSON escapes both.
    pub fn kept(&self) -> Result<String, StatementError> {
        Ok(format!("{}\t{}", self.payload, serde_json::to_string(&self.signatures)?))
    }
}
