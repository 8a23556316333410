//! Layers: how they lie on each other.

use super::members::{Body, members};
use super::name::{Name, fault};
use super::source::{Part, Source, verify};
use super::{Taker, UnpackError};

/// Hides one name of the layers below.
const WHITEOUT: &str = ".wh.";
/// Hides all that the layers below have in its directory.
const OPAQUE: &str = ".wh..wh..opq";

/// A layer and what its bytes must be.
pub(super) struct Layer {
    /// Where it lies in the archive.
    pub part: Part,
    /// Its name for messages.
    pub what: String,
    /// Its digest.
    pub promise: Promise,
}

/// Which bytes a digest is of.
pub(super) enum Promise {
    /// Of the layer as it is stored.
    Stored(String),
    /// Of the tar inside.
    Inflated(String),
}

/// Lays the layers on each other. Each is checked before a byte of it is written, and hides what it hides before its
/// own entries come: the order inside a layer doesn't matter.
pub(super) fn apply(source: &Source, layers: &[Layer], taker: &mut Taker) -> Result<(), UnpackError> {
    for Layer { part, what, promise } in layers {
        match promise {
            Promise::Stored(hex) => verify(&mut source.part(*part)?, hex, what)?,
            Promise::Inflated(hex) => verify(&mut source.layer(*part, what)?, hex, what)?,
        }
        members(source.layer(*part, what)?, &mut |member, _| match Name::parse(&member.name)? {
            Some(name) => hide(&name, taker),
            None => Ok(()),
        })?;
        members(source.layer(*part, what)?, &mut |member, data| match Name::parse(&member.name)? {
            Some(name) if name.split().1.starts_with(WHITEOUT) => taker.count(),
            Some(_) => taker.put(&member, data),
            None if matches!(member.body, Body::Directory) => taker.count(),
            None => Err(fault(&member.name, "names no file")),
        })?;
    }
    Ok(())
}

fn hide(name: &Name, taker: &mut Taker) -> Result<(), UnpackError> {
    let (_, last) = name.split();
    if last == OPAQUE {
        let directory = name.as_str().strip_suffix(OPAQUE).unwrap_or_default();
        return taker.tree.empty(Name::parse(directory.as_bytes())?.as_ref());
    }
    // Other names of this form are a storage driver's own.
    match last.strip_prefix(WHITEOUT) {
        Some(hidden) if !hidden.is_empty() && !hidden.starts_with(WHITEOUT) => match name.beside(hidden)? {
            Some(hidden) => taker.tree.delete(&hidden),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}
