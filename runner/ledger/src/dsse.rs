//! Signed envelopes (DSSE version 1): bytes, what they are, and signatures over both.

use crate::note::{Signer, VerifierKey};
use serde::{Deserialize, Serialize};

/// Bytes and who signed them. The canonical text is compact JSON with the fields in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Envelope {
    /// What was signed.
    #[serde(with = "crate::base")]
    pub payload: Vec<u8>,
    /// Its media type.
    pub payload_type: String,
    /// Who signed it.
    pub signatures: Vec<Signature>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Which key: a hint, which nothing protects.
    pub keyid: String,
    /// The 64 bytes of an Ed25519 signature.
    #[serde(with = "crate::base")]
    pub sig: Vec<u8>,
}

/// An envelope that can't be believed.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Not JSON of that shape.
    #[error("the envelope can't be read; fetch it again")]
    Shape(#[source] serde_json::Error),
    /// Another text for the same thing.
    #[error("the envelope isn't in canonical form: it was changed after it was written")]
    Canonical,
    /// A trusted key's signature is wrong.
    #[error("the signature of `{0}` is wrong: the envelope was changed after it was signed")]
    Forged(String),
    /// None of the trusted keys signed.
    #[error("none of the trusted keys signed the envelope; check that the key belongs to this log")]
    Untrusted,
}

impl Envelope {
    /// Signs bytes of this type.
    pub fn sign(payload_type: &str, payload: Vec<u8>, signers: &[&Signer]) -> Self {
        let text = pae(payload_type, &payload);
        let signature = |signer: &&Signer| Signature { keyid: signer.verifier().key_id(), sig: signer.sign(&text) };
        Self { payload_type: payload_type.to_owned(), signatures: signers.iter().map(signature).collect(), payload }
    }

    /// Each signature of a trusted key has to be right, and there has to be one; those of other keys are ignored.
    pub fn verify(&self, trusted: &[VerifierKey]) -> Result<(), EnvelopeError> {
        let text = pae(&self.payload_type, &self.payload);
        let mut signed = false;
        for signature in &self.signatures {
            let Some(key) = trusted.iter().find(|key| key.key_id() == signature.keyid) else { continue };
            if !key.signed(&text, &signature.sig) {
                return Err(EnvelopeError::Forged(key.name().to_owned()));
            }
            signed = true;
        }
        match signed {
            true => Ok(()),
            false => Err(EnvelopeError::Untrusted),
        }
    }

    /// Reads the canonical text, and no other. Nothing is verified.
    pub fn parse(text: &str) -> Result<Self, EnvelopeError> {
        let envelope: Self = serde_json::from_str(text).map_err(EnvelopeError::Shape)?;
        match envelope.text()? == text {
            true => Ok(envelope),
            false => Err(EnvelopeError::Canonical),
        }
    }

    /// The canonical text.
    pub fn text(&self) -> Result<String, EnvelopeError> {
        serde_json::to_string(self).map_err(EnvelopeError::Shape)
    }
}

/// What is signed in place of a payload: its type and itself, each with its length (DSSE protocol, "PAE").
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let start = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [start.as_bytes(), payload].concat()
}

#[cfg(test)]
mod tests;
