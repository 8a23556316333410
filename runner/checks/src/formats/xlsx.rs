//! Workbooks (ECMA-376, SpreadsheetML): their cells as tables, and everything else told and put aside.

mod book;
mod sheet;
mod shown;
mod strings;

use super::inside;
use super::xml::{self, Attributes, Item};
use super::zip::Member;
use crate::anatomy::{Anatomy, Body, Fault};
use crate::finding::Finding;
use crate::say::quoted;
use book::Book;
use std::collections::{BTreeMap, BTreeSet};
use strings::Strings;

const PLAIN: &str = "write the workbook anew from values alone, for instance with pandas";
/// Most places that a remark names.
const NAMED: usize = 8;
/// The parts of an ordinary workbook beside its sheets: what may be said in them is said in words.
const USUAL: [&str; 9] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/app.xml",
    "docProps/core.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/calcChain.xml",
];

/// Whether a part belongs to an ordinary workbook: themes give colours, and tables give names to columns.
fn is_usual(name: &str) -> bool {
    let of = |start: &str| name.starts_with(start) && name.ends_with(".xml");
    USUAL.contains(&name) || of("xl/theme/theme") || of("xl/tables/table")
}

/// What is gathered on the way.
pub(super) struct Found {
    /// Words of all parts but the cells.
    words: BTreeSet<String>,
    /// What blocks, and where.
    amiss: BTreeMap<&'static str, BTreeSet<String>>,
    /// What a person should look at, and where.
    notable: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Found {
    pub(super) fn block(&mut self, what: &'static str, place: impl Into<String>) {
        self.amiss.entry(what).or_default().insert(place.into());
    }
}

/// Reads all parts.
pub(crate) fn read(members: &[Member], at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let mut found = Found { words: BTreeSet::new(), amiss: BTreeMap::new(), notable: BTreeMap::new() };
    let part = |name: &str| members.iter().find(|member| member.name == name);
    let book = Book::read(members, &mut found)?;
    let mut strings = match part("xl/sharedStrings.xml") {
        Some(member) => Strings::read(&member.data, &mut found, anatomy)?,
        None => Strings::default(),
    };
    for member in members {
        let name = member.name.as_str();
        if let Some(sheet) = book.sheets.iter().find(|sheet| sheet.part == name) {
            let table = sheet::read(&member.data, &sheet.name, &book, &mut strings, &mut found, anatomy)?;
            let at = inside(at, &sheet.name);
            anatomy.add(at, Body::Tables(vec![table]))?;
        } else if name == "xl/sharedStrings.xml" {
            continue;
        } else if is_usual(name) || book.plain_links.contains(name) {
            words(member, &mut found, anatomy)?;
        } else {
            found.block("parts that aren't cells", name);
            anatomy.add(inside(at, name), Body::Bytes(member.data.clone()))?;
        }
    }
    if let Some(missing) = book.sheets.iter().find(|sheet| part(&sheet.part).is_none()) {
        return Err(Fault::new(format!("its sheet {} is missing", quoted(&missing.name))));
    }
    let unused = strings.unused();
    if !unused.is_empty() {
        found.block("texts that no cell shows", format!("{} of them", unused.len()));
        anatomy.add(inside(at, "unused texts"), Body::Texts(unused.into()))?;
    }
    tell(&found.amiss, anatomy, |message| Finding::block(message, PLAIN));
    tell(&found.notable, anatomy, |message| Finding::review(message, PLAIN));
    anatomy.add(inside(at, "words"), Body::Texts(found.words.into_iter().collect()))
}

fn tell(found: &BTreeMap<&'static str, BTreeSet<String>>, anatomy: &mut Anatomy, finding: fn(String) -> Finding) {
    for (what, places) in found {
        let named: Vec<String> = places.iter().take(NAMED).map(|place| quoted(place)).collect();
        let more = if places.len() > NAMED { " and others" } else { "" };
        anatomy.remark("F6", finding(format!("the workbook holds {what}: {}{more}", named.join(", "))));
    }
}

/// All words of a part: what stands in its elements and in their attributes.
fn words(member: &Member, found: &mut Found, anatomy: &mut Anatomy) -> Result<(), Fault> {
    xml::read(&member.data, |item| {
        match item {
            Item::Open(name, attributes) => {
                keep(name, found, anatomy)?;
                keep_all(attributes, &[], found, anatomy)?;
            }
            Item::Text(text) => keep(text, found, anatomy)?,
            Item::Comment(text) => {
                found.block("comments in its parts", &member.name);
                keep(text, found, anatomy)?;
            }
            Item::Close(_) => (),
        }
        Ok(())
    })
}

/// Keeps a word, once.
pub(super) fn keep(text: &str, found: &mut Found, anatomy: &mut Anatomy) -> Result<(), Fault> {
    if !text.trim().is_empty() && !found.words.contains(text) {
        anatomy.room.keep(text.len())?;
        found.words.insert(text.to_owned());
    }
    Ok(())
}

/// Keeps the names and values of attributes, but for those that are known.
pub(super) fn keep_all(
    attributes: &Attributes,
    known: &[&str],
    found: &mut Found,
    anatomy: &mut Anatomy,
) -> Result<(), Fault> {
    for (name, value) in attributes.0.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        keep(name, found, anatomy)?;
        keep(value, found, anatomy)?;
    }
    Ok(())
}
