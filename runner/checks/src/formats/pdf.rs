//! PDF documents (ISO 32000-2), read from the first byte to the last rather than by their table of objects: every object is looked
//! at, and what the table doesn't say, or says otherwise, is told.

mod active;
mod content;
mod file;
mod filter;
mod object;
mod parts;
mod stores;
mod token;

use super::inside;
use super::walk::piece;
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::{Finding, Outcome};
use file::{File, Place};
use object::Object;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use token::is_space;

const END: &[u8] = b"%%EOF";
const PLAIN: &str = "write the document anew with an ordinary plotting library, or as png or txt";

/// Reads a document.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let all = piece(data, 0, data.len())?;
    let end = all.windows(END.len()).rposition(|window| window == END).ok_or_else(|| Fault::new("it has no end"))?;
    let (bytes, rest) = all.split_at_checked(end + END.len()).ok_or_else(|| Fault::new("it has no end"))?;
    let file = File::read(bytes, anatomy)?;
    if file.trailers.iter().any(|trailer| trailer.get("Encrypt").is_some()) {
        return Err(Fault::new("it is encrypted"));
    }
    if !file.trailers.iter().any(|trailer| matches!(trailer.get("Root"), Some(Object::Reference(_)))) {
        return Err(Fault::new("it has no beginning"));
    }
    lengths(&file)?;
    let mut found = BTreeMap::new();
    if !rest.iter().all(|byte| is_space(*byte)) {
        found.insert("bytes behind its end", Outcome::Block);
        anatomy.add(inside(at, "behind the end"), Body::Bytes(rest.to_vec().into()))?;
    }
    versions(&file, &mut found);
    let linked = reached(&file);
    table(&file, &linked, &mut found)?;
    for entry in &file.entries {
        entry.object.visit("", &mut |name, object| {
            if let Some((outcome, what)) = active::told(name, file.at(object)) {
                let worst = found.entry(what).or_insert(outcome);
                *worst = outcome.max(*worst);
            }
        });
    }
    words(&file, at, anatomy)?;
    parts::read(&file, bytes, at, &mut found, anatomy)?;
    for (what, outcome) in found {
        anatomy.remark("F6", Finding::new(outcome, format!("the document holds {what}"), PLAIN));
    }
    Ok(())
}

/// Holds each stream to the length that another object says.
fn lengths(file: &File) -> Result<(), Fault> {
    for entry in &file.entries {
        if let (Object::Dictionary(dictionary), Some((start, len))) = (&entry.object, entry.stream) {
            let told = dictionary.get("Length").and_then(|length| file.at(length).count());
            // A line break may stand before the end, or none.
            if told.is_none_or(|told| !(len..=len + 2).contains(&told)) {
                return Err(Fault::at(start as u64, "a stream has another length than it says"));
            }
        }
    }
    Ok(())
}

/// Tells of earlier versions of the document in it.
fn versions(file: &File, found: &mut BTreeMap<&'static str, Outcome>) {
    let before = file.trailers.iter().any(|trailer| trailer.get("Prev").is_some() || trailer.get("XRefStm").is_some());
    let ends = file.comments.iter().filter(|comment| comment.starts_with("%%EOF")).count();
    if before || file.is_repeated || ends != 1 || file.starts.len() != 1 || file.trailers.len() != 1 {
        found.insert("several versions of itself, or is arranged for the web", Outcome::Block);
    }
}

/// The numbers of all objects that can be reached from the beginning.
fn reached(file: &File) -> HashSet<u32> {
    let mut reached = HashSet::new();
    let mut waiting: Vec<u32> = Vec::new();
    let mut follow = |object: &Object, waiting: &mut Vec<u32>| {
        object.visit("", &mut |_, object| {
            if let Object::Reference(number) = object
                && reached.insert(*number)
            {
                waiting.push(*number);
            }
        });
    };
    for trailer in &file.trailers {
        follow(&Object::Dictionary(trailer.clone()), &mut waiting);
    }
    while let Some(number) = waiting.pop() {
        if let Some(entry) = file.get(number) {
            follow(&entry.object, &mut waiting);
        }
    }
    reached
}

/// Holds the table of objects to the objects, and tells of those that nothing refers to.
fn table(file: &File, linked: &HashSet<u32>, found: &mut BTreeMap<&'static str, Outcome>) -> Result<(), Fault> {
    let listed: HashSet<(u32, usize, Option<u32>)> =
        file.listed.iter().map(|(number, place)| key(*number, *place)).collect();
    let there: HashSet<_> = file.entries.iter().map(|entry| key(entry.number, entry.place)).collect();
    if !listed.is_subset(&there) {
        return Err(Fault::new("its table of objects points to something else than objects"));
    }
    if !file.starts.iter().all(|start| *start == 0 || file.tables.contains(start)) {
        return Err(Fault::new("its end points to something else than its table of objects"));
    }
    for entry in &file.entries {
        let Object::Dictionary(dictionary) = &entry.object else {
            if !linked.contains(&entry.number) {
                found.insert("objects that nothing refers to", Outcome::Block);
            }
            continue;
        };
        // Streams of objects and of tables are used without being referred to.
        let is_store = dictionary.is("ObjStm") || dictionary.is("XRef");
        if !is_store && !linked.contains(&entry.number) {
            found.insert("objects that nothing refers to", Outcome::Block);
        }
        if !dictionary.is("XRef") && !listed.contains(&key(entry.number, entry.place)) {
            found.insert("objects that its table doesn't list", Outcome::Block);
        }
    }
    Ok(())
}

fn key(number: u32, place: Place) -> (u32, usize, Option<u32>) {
    match place {
        Place::At(at) => (number, at, None),
        Place::Within(stream, at) => (number, at, Some(stream)),
    }
}

/// Keeps all texts, names and numbers of objects, and comments.
fn words(file: &File, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let (mut texts, mut numbers) = (BTreeSet::new(), Vec::new());
    texts.extend(file.comments.iter().cloned());
    let trailers = file.trailers.iter().map(|trailer| Object::Dictionary(trailer.clone()));
    for object in trailers.collect::<Vec<_>>().iter().chain(file.entries.iter().map(|entry| &entry.object)) {
        object.visit("", &mut |name, object| {
            if !texts.contains(name) {
                texts.insert(name.to_owned());
            }
            match object {
                Object::Text(text) => {
                    texts.insert(parts::text(text));
                }
                Object::Name(name) if !texts.contains(name) => {
                    texts.insert(name.clone());
                }
                Object::Number(number) => numbers.push(*number),
                _ => (),
            }
        });
    }
    texts.remove("");
    for text in &texts {
        anatomy.room.keep(text.len())?;
    }
    anatomy.room.keep(size_of_val(numbers.as_slice()))?;
    anatomy.add(inside(at, "texts"), Body::Texts(texts.into_iter().collect()))?;
    anatomy.add(inside(at, "numbers"), Body::Array(crate::array::Array::of(&numbers)))
}
