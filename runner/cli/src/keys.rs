//! A person's own signing key: made here, kept here, never sent.

use crate::args::{Key, Place};
use crate::fail::{Fail, trying};
use crate::output;
use crate::session::home;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use semla_policy::{PublicKey, Signature, Signed, Statement, pae};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(place: &Place, command: &Key) -> Result<ExitCode, Fail> {
    let public = match command {
        Key::New => make(&path(place)?)?,
        Key::Show => public(&load(place)?)?,
    };
    output::line(public.as_str())?;
    Ok(ExitCode::SUCCESS)
}

/// Makes a key in a new file that only its owner reads.
pub(crate) fn make(path: &Path) -> Result<PublicKey, Fail> {
    let pkcs8 =
        Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| Fail::new("the system gave no randomness"))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(|error| {
        Fail::new(format!(
            "no key was made in `{}`: {error}; a key is never overwritten: move the old one away",
            path.display()
        ))
    })?;
    file.write_all(pkcs8.as_ref()).and_then(|()| file.sync_all()).map_err(trying("keep the key"))?;
    public(&read(pkcs8.as_ref())?)
}

/// Adds a signature by `name` over the statement's text.
pub(crate) fn sign<S: Statement>(place: &Place, name: &str, signed: &mut Signed) -> Result<(), Fail> {
    let signature = load(place)?.sign(&pae(S::TYPE, signed.payload.as_bytes()));
    let signature = STANDARD.encode(signature.as_ref());
    signed.signatures.push(Signature { by: name.to_owned(), signature });
    Ok(())
}

/// Whether there is a key to sign with.
pub(crate) fn exists(place: &Place) -> Result<bool, Fail> {
    Ok(path(place)?.exists())
}

fn path(place: &Place) -> Result<PathBuf, Fail> {
    match &place.key {
        Some(path) => Ok(path.clone()),
        None => Ok(home(place)?.join("key")),
    }
}

fn load(place: &Place) -> Result<Ed25519KeyPair, Fail> {
    let path = path(place)?;
    let bytes = std::fs::read(&path).map_err(|error| {
        Fail::new(format!("your key can't be read from `{}`: {error}; make one with `semla key new`", path.display()))
    })?;
    read(&bytes)
}

fn read(pkcs8: &[u8]) -> Result<Ed25519KeyPair, Fail> {
    Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| Fail::new("the key's file holds no Ed25519 key in PKCS#8"))
}

fn public(pair: &Ed25519KeyPair) -> Result<PublicKey, Fail> {
    let bytes = pair.public_key().as_ref().try_into().map_err(|_| Fail::new("the key has an odd length"))?;
    Ok(PublicKey::from_bytes(&bytes))
}
