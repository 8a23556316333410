//! Keys with a name.

use super::NoteError;
use crate::hash::{Hash, hex};
use crate::key::SigningKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, UnparsedPublicKey};
use std::fmt;
use std::str::FromStr;

/// The signature type of plain Ed25519.
const ALGORITHM: u8 = 1;

/// A name and the public key that signs under it. Its text form is `name+hash+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    public: [u8; 32],
}

impl VerifierKey {
    /// This public key under this name.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), public })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 32 bytes of the public key.
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The first four bytes of the SHA-256 over name, newline, signature type and public key: which key it is, if not proof.
    pub fn id(&self) -> [u8; 4] {
        let mut bytes = self.name.clone().into_bytes();
        bytes.extend_from_slice(&[b'\n', ALGORITHM]);
        bytes.extend_from_slice(&self.public);
        let hash = Hash::of(&bytes);
        hash.as_bytes().first_chunk().copied().unwrap_or_default()
    }

    /// The name and the id, `name+hash`: what a DSSE envelope calls the key.
    pub fn key_id(&self) -> String {
        format!("{}+{}", self.name, hex(&self.id()))
    }

    /// Whether the holder of the private half signed these bytes.
    pub fn signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(bytes, signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ALGORITHM];
        bytes.extend_from_slice(&self.public);
        write!(f, "{}+{}", self.key_id(), STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let broken = || NoteError::Key(text.to_owned());
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(hash), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(broken());
        };
        let bytes = STANDARD.decode(encoded).map_err(|_| broken())?;
        let Some((&ALGORITHM, public)) = bytes.split_first() else { return Err(broken()) };
        let key = Self::new(name, public.try_into().map_err(|_| broken())?)?;
        match hex(&key.id()) == hash {
            true => Ok(key),
            false => Err(NoteError::KeyHash(text.to_owned())),
        }
    }
}

/// A name and the private key that signs under it.
#[derive(Debug)]
pub struct Signer {
    verifier: VerifierKey,
    key: SigningKey,
}

impl Signer {
    /// This key under this name.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, NoteError> {
        Ok(Self { verifier: VerifierKey::new(name, key.public())?, key })
    }

    /// What others check its signatures with.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.key.sign(bytes)
    }
}

pub(super) fn check_name(name: &str) -> Result<(), NoteError> {
    let stray = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    match name.is_empty() || name.contains(stray) {
        true => Err(NoteError::Name(name.to_owned())),
        false => Ok(()),
    }
}
