//! The streams of a PDF: what pages show as words, pictures as figures, and everything else as bytes.

use super::content::{self, Font};
use super::file::File;
use super::filter;
use super::object::{Dictionary, Object};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::array::Array;
use crate::data::Data;
use crate::finding::Outcome;
use crate::formats::{inside, jpeg, pixels};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Reads all streams.
pub(super) fn read(
    file: &File,
    bytes: &[u8],
    at: &str,
    found: &mut BTreeMap<&'static str, Outcome>,
    anatomy: &mut Anatomy,
) -> Result<(), Fault> {
    let drawings = drawings(file);
    let fonts = fonts(file, bytes, anatomy)?;
    let mut numbers = Vec::new();
    for entry in &file.entries {
        let (Object::Dictionary(dictionary), Some((start, len))) = (&entry.object, entry.stream) else { continue };
        if dictionary.is("ObjStm") || dictionary.is("XRef") {
            continue;
        }
        let raw = bytes.get(start..start + len).unwrap_or(&[]);
        let unpacked = filter::unpack(&resolved(dictionary, file), raw, anatomy)?;
        let at = inside(at, &format!("object {}", entry.number));
        if dictionary.name("Subtype") == Some("Image") {
            found.entry("pictures").or_insert(Outcome::Review);
            match unpacked.picture {
                Some(_) => jpeg::read(&Data::from(unpacked.bytes), &at, anatomy)?,
                None => pixels::aside(&unpacked.bytes, &at, anatomy)?,
            }
        } else if unpacked.picture.is_some() {
            return Err(Fault::new("one of its pictures is none"));
        } else if drawings.contains(&entry.number)
            || dictionary.name("Subtype") == Some("Form")
            || dictionary.get("PatternType").is_some()
        {
            let shown = content::read(&unpacked.bytes, &fonts)?;
            anatomy.room.keep(shown.words.len() + size_of_val(shown.numbers.as_slice()))?;
            numbers.extend(shown.numbers);
            if shown.is_hidden {
                found.insert("texts that aren't drawn", Outcome::Block);
            }
            if !shown.words.trim().is_empty() {
                anatomy.add(at.clone(), Body::Words(shown.words))?;
            }
            for aside in shown.aside.into_iter().filter(|aside| !aside.is_empty()) {
                pixels::aside(&aside, &at, anatomy)?;
            }
        } else {
            pixels::aside(&unpacked.bytes, &at, anatomy)?;
        }
    }
    anatomy.add(inside(at, "drawing"), Body::Array(Array::of(&numbers)))
}

/// The numbers of all streams that draw: pages and glyphs. Forms and patterns say so themselves.
fn drawings(file: &File) -> HashSet<u32> {
    let mut drawings = HashSet::new();
    for entry in &file.entries {
        let Object::Dictionary(dictionary) = &entry.object else { continue };
        let contents = dictionary.get("Contents").filter(|_| dictionary.is("Page"));
        for object in [contents, dictionary.get("CharProcs")].into_iter().flatten() {
            for object in [object, file.at(object)] {
                object.visit("", &mut |_, object| {
                    if let Object::Reference(number) = object {
                        drawings.insert(*number);
                    }
                });
            }
        }
    }
    drawings
}

/// The fonts by the names that pages have for them. Where two pages use one name for two fonts, the characters of both are known.
fn fonts(file: &File, bytes: &[u8], anatomy: &mut Anatomy) -> Result<HashMap<String, Font>, Fault> {
    let mut fonts: HashMap<String, Font> = HashMap::new();
    let mut read = HashSet::new();
    for entry in &file.entries {
        let mut named = Vec::new();
        entry.object.visit("", &mut |name, object| {
            if name == "Font"
                && let Object::Dictionary(own) = file.at(object)
            {
                named.extend(own.0.iter().map(|(name, font)| (name.clone(), font.clone())));
            }
        });
        for (name, font) in named {
            let Object::Dictionary(own) = file.at(&font) else { continue };
            let width = if own.name("Subtype") == Some("Type0") { 2 } else { 1 };
            let Some(Object::Reference(table)) = own.get("ToUnicode") else {
                fonts.entry(name).or_insert(Font { width, ..Font::default() });
                continue;
            };
            let Some(stream) = file.get(*table).filter(|_| read.insert((name.clone(), *table))) else { continue };
            let (Object::Dictionary(dictionary), Some((start, len))) = (&stream.object, stream.stream) else {
                continue;
            };
            let raw = bytes.get(start..start + len).unwrap_or(&[]);
            let table = filter::unpack(&resolved(dictionary, file), raw, anatomy)?.bytes;
            let font = Font::read(width, &table)?;
            let known = fonts.entry(name).or_insert(Font { width, ..Font::default() });
            known.width = width;
            known.characters.extend(font.characters);
            anatomy.room.keep(known.characters.len() * 64)?;
        }
    }
    Ok(fonts)
}

/// A stream's dictionary with what it refers to in place: how it is packed may be said elsewhere.
fn resolved(dictionary: &Dictionary, file: &File) -> Dictionary {
    let own = |(name, object): &(String, Object)| match name.as_str() {
        "Filter" | "DecodeParms" => (name.clone(), file.at(object).clone()),
        _ => (name.clone(), object.clone()),
    };
    Dictionary(dictionary.0.iter().map(own).collect())
}

/// A text as it is meant: in UTF-16 or UTF-8 with a mark, or with a letter in each byte (7.9.2.2).
pub(super) fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.as_chunks::<2>().0.iter().map(|two| u16::from_be_bytes(*two)).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
