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
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
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

/// Sees to it that there is a key which can sign, before something is begun that needs it at its end.
pub(crate) fn at_hand(place: &Place) -> Result<(), Fail> {
    load(place).map(drop)
}

/// Whether there is a key to sign with. One that was named is meant to be there.
pub(crate) fn exists(place: &Place) -> Result<bool, Fail> {
    Ok(place.key.is_some() || path(place)?.exists())
}

fn path(place: &Place) -> Result<PathBuf, Fail> {
    match &place.key {
        Some(path) => Ok(path.clone()),
        None => Ok(home(place)?.join("key")),
    }
}

fn load(place: &Place) -> Result<Ed25519KeyPair, Fail> {
    let path = path(place)?;
    let unread = |error| Fail::new(unread(&path, place.key.is_some(), &error));
    let mut file = File::open(&path).map_err(unread)?;
    let mode = file.metadata().map_err(unread)?.permissions().mode();
    if let Some(why) = open_to_others(&path, mode) {
        return Err(Fail::new(why));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unread)?;
    read(&bytes).map_err(|_| {
        Fail::new(format!(
            "`{}` holds no private key as `semla key new` writes it; name the file that it wrote, with --key or SEMLA_KEY",
            path.display()
        ))
    })
}

/// Why a key isn't there, or isn't read, and what to do: one that was named is looked for, and no other one is made.
fn unread(path: &Path, named: bool, error: &std::io::Error) -> String {
    let shown = path.display();
    match (error.kind(), named) {
        (ErrorKind::NotFound, true) => {
            format!("there is no key `{shown}`, which --key or SEMLA_KEY names; check the path")
        }
        (ErrorKind::NotFound, false) => {
            format!("you have no key `{shown}`; make one with `semla key new`, or name yours with --key")
        }
        (ErrorKind::PermissionDenied, _) => {
            format!(
                "your key `{shown}` can't be read: {error}; have whoever owns the file give it to you, and to you alone"
            )
        }
        _ => format!(
            "your key `{shown}` can't be read: {error}; name the file that `semla key new` wrote, with --key or SEMLA_KEY"
        ),
    }
}

/// Why a key isn't used that somebody else could have read: they could sign in its owner's name.
fn open_to_others(path: &Path, mode: u32) -> Option<String> {
    let shown = path.display();
    (mode & 0o077 != 0).then(|| {
        format!(
            "your key `{shown}` isn't yours alone: others on this host may use the file (mode {:03o}); `chmod 600 {shown}`, and if they \
             could read it, have a new one enrolled",
            mode & 0o777
        )
    })
}

fn read(pkcs8: &[u8]) -> Result<Ed25519KeyPair, Fail> {
    Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| Fail::new("the key's file holds no Ed25519 key in PKCS#8"))
}

fn public(pair: &Ed25519KeyPair) -> Result<PublicKey, Fail> {
    let bytes = pair.public_key().as_ref().try_into().map_err(|_| Fail::new("the key has an odd length"))?;
    Ok(PublicKey::from_bytes(&bytes))
}

#[cfg(test)]
mod tests;
