//! What figures of all types have in common: pixels are kept, and what isn't pixels is told and put aside.

use super::inside;
use crate::anatomy::{Anatomy, Body, Fault};
use crate::figure::Figure;
use crate::finding::Finding;
use crate::say::quoted;

/// Most names of foreign parts in a remark.
const NAMED: usize = 16;
const STRIP: &str = "release the re-encoded copy, which holds nothing else";

/// Adds a figure, the parts of its file that aren't pixels, and what follows its end.
pub(crate) fn add(
    figure: Figure,
    foreign: Vec<(String, Vec<u8>)>,
    trailing: Vec<u8>,
    at: &str,
    anatomy: &mut Anatomy,
) -> Result<(), Fault> {
    if !foreign.is_empty() {
        let mut names: Vec<String> = Vec::new();
        for name in foreign.iter().map(|(name, _)| quoted(name)) {
            if names.len() < NAMED && !names.contains(&name) {
                names.push(name);
            }
        }
        let message = format!("the figure holds more than pixels: {}", names.join(", "));
        anatomy.remark("F6", Finding::block(message, STRIP));
    }
    for (name, bytes) in foreign {
        aside(&bytes, &inside(at, &name), anatomy)?;
    }
    if !trailing.is_empty() {
        let message = format!("{} bytes follow the figure's end", trailing.len());
        anatomy.remark("F6", Finding::block(message, "write the figure with an ordinary plotting library"));
        aside(&trailing, &inside(at, "behind the end"), anatomy)?;
    }
    anatomy.room.keep(figure.copy.len())?;
    anatomy.add(at, Body::Figure(figure))
}

/// Puts bytes aside: as texts if they are such, with zeros between them, and as bytes in any case that they aren't.
pub(crate) fn aside(bytes: &[u8], at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    anatomy.room.keep(bytes.len())?;
    let body = match std::str::from_utf8(bytes) {
        Ok(text) => Body::Texts(text.split('\0').filter(|part| !part.is_empty()).collect()),
        Err(_) => Body::Bytes(bytes.to_vec().into()),
    };
    anatomy.add(at, body)
}
