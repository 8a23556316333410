//! The private half of an Ed25519 key.

use crate::durable::{FileError, at, sync_folder};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::fmt;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// An Ed25519 key (RFC 8032) that signs. It is stored as PKCS#8 version 2 (RFC 8410), in a file that its owner alone can read.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    pkcs8: Vec<u8>,
}

/// A key that can't be made, kept or read back.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system gave no random bytes.
    #[error("no key could be drawn: the system gave no random bytes; try again")]
    Random,
    /// The bytes aren't a key.
    #[error("not an ed25519 key in PKCS#8 version 2; restore the key file from its backup")]
    Format,
    /// The file can't be used.
    #[error(transparent)]
    File(#[from] FileError),
}

impl SigningKey {
    /// A new key.
    pub fn generate() -> Result<Self, KeyError> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| KeyError::Random)?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// The key in this PKCS#8 document, whose two halves have to fit.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::Format)?;
        Ok(Self { pair, pkcs8: pkcs8.to_owned() })
    }

    /// Reads a key file.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        /// More than any such document has.
        const MOST: u64 = 4096;
        let file = std::fs::File::open(path).map_err(at("open", path))?;
        let mut pkcs8 = Vec::new();
        file.take(MOST).read_to_end(&mut pkcs8).map_err(at("read", path))?;
        Self::from_pkcs8(&pkcs8)
    }

    /// Writes the key to a new file with mode 0600. A file that is there already is never touched.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let mut file = file.map_err(at("create", path))?;
        file.write_all(&self.pkcs8).map_err(at("write", path))?;
        file.sync_all().map_err(at("sync", path))?;
        Ok(path.parent().map_or(Ok(()), sync_folder)?)
    }

    /// The 32 bytes of the public half.
    pub fn public(&self) -> [u8; 32] {
        let mut public = [0; 32];
        public.copy_from_slice(self.pair.public_key().as_ref());
        public
    }

    /// The 64 bytes of the signature over these bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.pair.sign(bytes).as_ref().to_owned()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
