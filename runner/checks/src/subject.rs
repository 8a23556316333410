//! The file under examination, read once for all checks.

use crate::evidence::Evidence;
use crate::figure::{self, Figure};
use crate::magic::{self, Kind};
use crate::plain;
use crate::table::{self, Table};
use crate::tree::Node;
use std::io::{self, Read, Seek};

/// Most bytes that are read into memory, whatever the profile allows.
const READ: u64 = 16 << 20;
/// Most separators in a text: what the checks can afford to compare in the worker's memory.
const PIECES: usize = 2 << 20;

/// A file, and what it holds.
pub(crate) struct Subject<'a> {
    pub(crate) evidence: &'a Evidence,
    /// Bytes.
    pub(crate) size: u64,
    /// What the name says that it is: its ending, in small letters.
    pub(crate) ending: String,
    pub(crate) content: Content,
}

/// What a file holds.
pub(crate) enum Content {
    /// Something with a signature that no check reads.
    Binary(Kind),
    /// A type that no check reads, by name; the content is text or has no signature.
    Unread,
    /// More than the checks can afford.
    Large(&'static str),
    /// Not what its name says: why, and on which line.
    Faulty(Option<u64>, String),
    Figure(Figure),
    /// A table: once for every separator that makes a table of it, so that no choice of reader hides a column.
    Tables(Vec<Table>),
    Tree(Node),
    Words(String),
}

impl<'a> Subject<'a> {
    pub(crate) fn read(evidence: &'a Evidence) -> Self {
        let name = evidence.name.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        let size = evidence.file.metadata().map_or(u64::MAX, |facts| facts.len());
        let content = content(evidence, size, &ending)
            .unwrap_or_else(|error| Content::Faulty(None, format!("it can't be read ({error})")));
        Self { evidence, size, ending, content }
    }
}

fn content(evidence: &Evidence, size: u64, ending: &str) -> io::Result<Content> {
    let mut file = &evidence.file;
    file.rewind()?;
    let mut bytes = Vec::new();
    file.take(magic::HEAD as u64).read_to_end(&mut bytes)?;
    let kind = magic::kind(&bytes);
    if let Some(kind) = kind.filter(|kind| *kind != magic::PNG) {
        return Ok(Content::Binary(kind));
    }
    if size > evidence.profile.max_bytes.min(READ) {
        return Ok(Content::Large("it has more bytes than can be examined"));
    }
    file.take(READ + 1).read_to_end(&mut bytes)?;
    if kind.is_some() {
        return Ok(match figure::read(&bytes) {
            Ok(figure) => Content::Figure(figure),
            Err(error) => Content::Faulty(None, error.to_string()),
        });
    }
    Ok(match plain::read(bytes) {
        Err(fault) => Content::Faulty(Some(fault.line), fault.what),
        Ok(text) if pieces(&text) > PIECES => Content::Large("it has more values than can be examined"),
        Ok(text) => text_of(text, ending),
    })
}

fn pieces(text: &str) -> usize {
    text.bytes().filter(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b'\n' | b' ' | b':')).count()
}

fn text_of(text: String, ending: &str) -> Content {
    match ending {
        "csv" => tables(&text, &[',', ';']),
        "tsv" => tables(&text, &['\t']),
        "json" => match Node::read(&text) {
            Err(error) => Content::Faulty(Some(error.line() as u64), error.to_string()),
            Ok(tree) => match hidden(&tree) {
                Some(what) => Content::Faulty(None, what),
                None => Content::Tree(tree),
            },
        },
        "txt" | "md" if text.is_empty() => Content::Faulty(None, "it is empty".to_owned()),
        "txt" | "md" => Content::Words(text),
        _ => Content::Unread,
    }
}

/// A table under one of the separators that its name allows, and under every other one that fits.
fn tables(text: &str, allowed: &[char]) -> Content {
    let others = [',', ';', '\t', '|'].into_iter().filter(|separator| !allowed.contains(separator));
    let wide = |separator: &char| table::read(text, *separator).ok().filter(|table| table.width() > 1);
    let mut tables: Vec<Table> = allowed.iter().filter_map(wide).collect();
    if tables.is_empty() {
        match table::read(text, allowed.first().copied().unwrap_or(',')) {
            Ok(narrow) => tables.push(narrow),
            Err(fault) => return Content::Faulty(Some(fault.line), fault.what.to_owned()),
        }
    }
    tables.extend(others.filter_map(|separator| wide(&separator)));
    Content::Tables(tables)
}

/// What is wrong with a text inside a tree that escapes had kept from view.
fn hidden(tree: &Node) -> Option<String> {
    let faulty = |text: &str| plain::read(text.as_bytes().to_vec()).err().map(|fault| fault.what);
    let own = tree.scalar().and_then(faulty);
    own.or_else(|| tree.children().into_iter().find_map(|(name, child)| faulty(name).or_else(|| hidden(child))))
}
