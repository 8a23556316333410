//! What is wrapped up in texts and bytes: base64 and other bases, hexadecimal digits, compressed streams, files, and these in each other.
//!
//! Nobody needs such wrappings in a result. They are opened not because they are forbidden but because a row can be in them.

mod base64;
mod bases;
mod escaped;
mod found;
mod hexadecimal;
mod letters;
mod lzma;
mod runs;
mod streams;

use crate::anatomy::{Anatomy, Body, Fault, Part};
use crate::data::Data;
use crate::formats;
use crate::tree::Node;
use found::Found;
use letters::Line;

/// Deepest wrapping that is opened: base64 of a compressed stream of base64 is at 3.
const DEEP: u32 = 4;
/// Fewest bytes that are looked at: two numbers of 64 bits.
const FEWEST: usize = 16;
/// Bytes of arrays and strings that are shorter are looked at together: one for each value makes a table as well.
const SMALL: u64 = 256;
/// Most bytes for which room is made before there is anything to put there.
const RESERVED: usize = 32 << 20;
/// Most bytes that are opened at once.
const MOST: u64 = 64 << 20;
/// Most letters of all texts that are found in something else.
const WRITTEN: usize = 8 << 20;
/// Fewest letters of a text among bytes that are none.
const LETTERS: usize = 16;
/// First bytes of streams that can't be opened here.
const CLOSED: [(&[u8], &str); 3] = [(b"\xfd7zXZ\0", "xz"), (b"(\xb5/\xfd", "zstandard"), (b"\x04\x22\x4d\x18", "lz4")];
/// First bytes of files that readers take apart, and a name that such a file has.
const FILES: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "wrapped.zip"),
    (b"PAR1", "wrapped.parquet"),
    (b"\x80\x02", "wrapped.pkl"),
    (b"\x80\x03", "wrapped.pkl"),
    (b"\x80\x04", "wrapped.pkl"),
    (b"\x80\x05", "wrapped.pkl"),
];

/// Adds everything that is wrapped up in the parts of a file as parts of their own.
pub(crate) fn open(anatomy: &mut Anatomy) -> Result<(), Fault> {
    let parts = std::mem::take(&mut anatomy.parts);
    let mut opener =
        Opener { anatomy, tries: streams::TRIES, letters: WRITTEN, bytes: Vec::new(), texts: String::new() };
    let opened = parts.iter().try_for_each(|part| opener.of_part(part)).and_then(|()| opener.of_small());
    anatomy.parts.splice(0..0, parts);
    opened
}

/// What is being opened.
struct Opener<'a> {
    anatomy: &'a mut Anatomy,
    tries: u32,
    /// Letters that may still be found.
    letters: usize,
    /// All short arrays and strings, one after the other.
    bytes: Vec<u8>,
    texts: String,
}

impl Opener<'_> {
    fn of_part(&mut self, part: &Part) -> Result<(), Fault> {
        match &part.body {
            Body::Words(text) => self.of_text(text, &part.at, 0),
            Body::Texts(texts) => self.of_text(texts.lines(), &part.at, 0),
            Body::Tables(tables) => {
                let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
                self.of_text(&cells.map(String::as_str).collect::<Vec<_>>().join("\n"), &part.at, 0)
            }
            Body::Tree(tree) => {
                let mut texts = Vec::new();
                scalars(tree, &mut texts);
                self.of_text(&texts.join("\n"), &part.at, 0)
            }
            Body::Bytes(data) if data.len() < SMALL => self.small(data),
            Body::Bytes(data) => self.of_bytes(data, &part.at, 0),
            Body::Array(array) if array.data.len() < SMALL => self.small(&array.data),
            // Integers may be bytes of anything.
            Body::Array(array) if !array.number.is_float() => {
                let at = format!("{} (bytes)", part.at);
                let bytes = array.packed_bytes(MOST)?;
                self.of_bytes(&bytes, &at, 0)?;
                self.anatomy.add(at, Body::Bytes(bytes))
            }
            Body::Array(_) | Body::Figure(_) => Ok(()),
        }
    }

    /// Puts short bytes to the others, by whether they are a text.
    fn small(&mut self, data: &Data) -> Result<(), Fault> {
        let bytes = data.bytes()?;
        self.anatomy.room.keep(bytes.len())?;
        match std::str::from_utf8(&bytes).ok().filter(|text| is_plain(text)) {
            Some(text) => {
                self.texts.push_str(text);
                self.texts.push('\n');
            }
            None => self.bytes.extend_from_slice(&bytes),
        }
        Ok(())
    }

    fn of_small(&mut self) -> Result<(), Fault> {
        let (bytes, texts) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.texts));
        if !texts.is_empty() {
            self.of_text(&texts, "short texts", 0)?;
            self.anatomy.add("short texts", Body::Words(texts))?;
        }
        if bytes.len() < FEWEST {
            return Ok(());
        }
        let bytes = bytes.into();
        self.of_bytes(&bytes, "short arrays and strings", 0)?;
        self.anatomy.add("short arrays and strings", Body::Bytes(bytes))
    }

    /// Opens what stands in a text. All bytes that it may be are one part.
    fn of_text(&mut self, text: &str, at: &str, depth: u32) -> Result<(), Fault> {
        let Some((all, stretches)) = decoded(text).all() else { return Ok(()) };
        for bytes in stretches {
            self.anatomy.room.keep(bytes.len() as usize)?;
            self.of_bytes(&bytes, at, depth + 1)?;
        }
        self.anatomy.add(format!("{at} (decoded)"), Body::Bytes(all))
    }

    /// Opens bytes that are a file, a text, or hold a compressed stream.
    fn of_bytes(&mut self, data: &Data, at: &str, depth: u32) -> Result<(), Fault> {
        let head = data.head(16)?;
        let closed = CLOSED.iter().find(|(first, _)| head.starts_with(first)).map(|(_, name)| *name);
        if let Some(name) = closed.or(lzma::is_stream(&head).then_some("lzma")) {
            return Err(Fault::new(format!("something in it is packed with {name}, which no check opens")));
        }
        if data.len() > MOST {
            return Err(Fault::large("it holds more bytes of which nobody knows what they are than can be opened"));
        }
        if let Some((_, name)) = FILES.iter().find(|(first, _)| head.starts_with(first)) {
            formats::open_inside(data, name, at, self.anatomy)?;
        }
        let bytes = data.whole()?;
        for inner in streams::unpacked(&bytes, &mut self.anatomy.room, &mut self.tries)? {
            if depth >= DEEP {
                return Err(Fault::new(format!("something in it is wrapped up more than {DEEP} times")));
            }
            let at = format!("{at} (unpacked)");
            self.of_bytes(&inner, &at, depth + 1)?;
            self.anatomy.add(at, Body::Bytes(inner))?;
        }
        let text = text(&bytes);
        if text.is_empty() {
            return Ok(());
        }
        let many = || Fault::large("more text is wrapped up in it than can be examined");
        self.letters = self.letters.checked_sub(text.len()).ok_or_else(many)?;
        self.anatomy.room.keep(text.len())?;
        let at = format!("{at} (text)");
        if depth < DEEP {
            self.of_text(&text, &at, depth)?;
        }
        self.anatomy.add(at, Body::Words(text))
    }
}

fn scalars<'a>(node: &'a Node, texts: &mut Vec<&'a str>) {
    texts.extend(node.scalar());
    for (name, child) in node.children() {
        texts.push(name);
        scalars(child, texts);
    }
}

/// All bytes that a text may be, in each reading.
fn decoded(text: &str) -> Found {
    let (mut found, room) = (Found::default(), text.len().min(RESERVED));
    let (mut lines, mut pieces, mut bases) =
        (runs::Lines::with_capacity(room), runs::Pieces::with_capacity(room), bases::Runs::with_capacity(room));
    let (mut groups, mut lists) = (hexadecimal::Groups::default(), escaped::Lists::default());
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = Line::new(text.get(start..end).unwrap_or_default());
        start = end + 1;
        lines.line(&line, &mut found);
        pieces.line(&line, &mut found);
        bases.line(&line, &mut found);
        groups.line(&line, &mut found);
        lists.line(&line, &mut found);
    }
    lines.end(&mut found);
    pieces.end(&mut found);
    bases.end(&mut found);
    groups.end(&mut found);
    lists.end(&mut found);
    escaped::decoded(text, &mut found);
    found
}

/// All of some bytes if they are a text, and otherwise what is written among them.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) if is_plain(text) => text.to_owned(),
        _ => written(bytes),
    }
}

/// The runs of letters among bytes, each on a line.
fn written(bytes: &[u8]) -> String {
    let is_other = |byte: &u8| !byte.is_ascii_graphic() && !byte.is_ascii_whitespace();
    let mut written = String::new();
    let mut rest = bytes;
    // Where a run begins that is long enough, all of its first letters are some: the last of them that isn't tells where one may begin.
    while let Some(first) = rest.get(..LETTERS) {
        if let Some(other) = first.iter().rposition(is_other) {
            rest = rest.get(other + 1..).unwrap_or_default();
            continue;
        }
        let len = rest.iter().position(is_other).unwrap_or(rest.len());
        written.push_str(&String::from_utf8_lossy(rest.get(..len).unwrap_or_default()));
        written.push('\n');
        rest = rest.get(len..).unwrap_or_default();
    }
    written
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests;
