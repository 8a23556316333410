//! The store of objects: content that root alone reads, each beside its label.

use crate::durable;
use crate::house::House;
use crate::protocol::{Content, Id};
use semla_policy::{Hasher, Marking, Refusal};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;

/// What is known of an object. The launcher believes nothing else about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Object {
    /// Label, permit, origin.
    pub marking: Marking,
    /// Digest and size.
    pub content: Content,
    /// How it came to be.
    pub origin: Origin,
}

/// How an object came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Origin {
    /// A declared output of a job.
    Output { fence: Id, path: String },
    /// Where in the submitted code a job failed.
    Traceback { fence: Id },
    /// What a reviewer wrote to the author of another object.
    Note { about: Id },
    /// What the checks found in a file.
    Detail { fence: Id },
    /// A mended copy of another object.
    Mended { of: Id },
    /// Handed in by the daemon: code, dummies.
    Kept,
    /// A copy at a lower label.
    Lowered { of: Id, release: String },
}

/// Reads what is known of an object; one that doesn't exist looks like one that may not be seen.
pub(crate) fn find(house: &House, id: &Id) -> Result<Object, Refusal> {
    let bytes = std::fs::read(house.marking(id)).map_err(|_| Refusal::not_found("such object"))?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::not_found("such object"))
}

/// Opens an object's content.
pub(crate) fn open(house: &House, id: &Id) -> Result<File, Refusal> {
    File::open(house.object(id)).map_err(|_| Refusal::not_found("such object"))
}

/// Copies bytes into the store; the object exists once its label is written, and not before.
pub(crate) fn take(
    house: &House,
    id: &Id,
    from: &mut impl Read,
    most: u64,
    marking: Marking,
    origin: Origin,
) -> Result<Content, Error> {
    if house.marking(id).exists() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let kept = copy(&house.object(id), from, most).and_then(|content| label(house, id, content, marking, origin));
    if kept.is_err() && !house.marking(id).exists() {
        // Nobody finds what has no label; there may be nothing to remove.
        drop(std::fs::remove_file(house.object(id)));
    }
    kept
}

/// Makes an object of content that lies in its place.
pub(crate) fn label(
    house: &House,
    id: &Id,
    content: Content,
    marking: Marking,
    origin: Origin,
) -> Result<Content, Error> {
    let object = Object { marking, content, origin };
    durable::write(&house.marking(id), &serde_json::to_vec(&object)?, 0o600)?;
    Ok(object.content)
}

/// After so many bytes what was copied is synced, so that the last sync isn't long, whatever was handed in.
const PIECES: usize = 64 << 20;

/// Copies at most `most` bytes into a new file, synced, and digests them on the way.
pub(crate) fn copy(path: &std::path::Path, from: &mut impl Read, most: u64) -> Result<Content, Error> {
    // Two who copy to one place have each a file of their own until it is whole.
    let aside = path.with_added_extension(format!("{}.new", std::process::id()));
    // One that a crash left behind; there may be none.
    drop(std::fs::remove_file(&aside));
    let copied = (|| {
        // Readable for whoever it is mounted for: the folder above keeps everybody else out.
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o444).open(&aside)?;
        let (mut hasher, mut size, mut unsynced, mut piece) = (Hasher::default(), 0u64, 0, vec![0; 1 << 16]);
        loop {
            let got = match from.read(&mut piece) {
                Ok(0) => break,
                Ok(got) => got,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let bytes = piece.get(..got).unwrap_or_default();
            size += bytes.len() as u64;
            if size > most {
                return Err(ErrorKind::FileTooLarge.into());
            }
            hasher.update(bytes);
            file.write_all(bytes)?;
            unsynced += got;
            if unsynced > PIECES {
                file.sync_data()?;
                unsynced = 0;
            }
        }
        file.sync_all()?;
        durable::settle(&aside, path)?;
        Ok(Content { digest: hasher.finish(), size })
    })();
    if copied.is_err() {
        // What couldn't be finished is not left half-made; there may be nothing to remove.
        drop(std::fs::remove_file(&aside));
    }
    copied
}
