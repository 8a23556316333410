//! A PDF from its first byte to its last (ISO 32000-2, 7.5): objects, tables of them, and nothing else.

use super::filter;
use super::object::{Dictionary, Object, whole};
use super::stores;
use super::token::{Lexer, Token};
use crate::anatomy::{Anatomy, Fault};
use crate::room::Room;
use std::collections::HashMap;

/// Most objects.
const OBJECTS: usize = 200_000;

/// An object with a number.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) number: u32,
    pub(super) object: Object,
    /// Where its stream's bytes are.
    pub(super) stream: Option<(usize, usize)>,
    /// Where it begins, in the file or as one of several in a stream.
    pub(super) place: Place,
}

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    At(usize),
    /// In the stream of another object, as its so-manieth.
    Within(u32, usize),
}

/// Everything in a file.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) entries: Vec<Entry>,
    /// For each number the last object that has it.
    pub(super) index: HashMap<u32, usize>,
    pub(super) trailers: Vec<Dictionary>,
    /// What the tables say: which objects are where.
    pub(super) listed: Vec<(u32, Place)>,
    /// Where tables begin, and where the file says that they do.
    pub(super) tables: Vec<usize>,
    pub(super) starts: Vec<usize>,
    pub(super) comments: Vec<String>,
    /// Whether a number has more than one object.
    pub(super) is_repeated: bool,
}

impl File {
    /// Reads all bytes up to the last mark of an end.
    pub(super) fn read(bytes: &[u8], anatomy: &mut Anatomy) -> Result<Self, Fault> {
        let mut file = Self::default();
        let mut lexer = Lexer::new(bytes, 0);
        loop {
            lexer.space();
            let at = lexer.at;
            match lexer.next()? {
                Token::End => break,
                Token::Number(number) => file.object(&mut lexer, number, at, bytes, anatomy)?,
                Token::Word(b"xref") => {
                    file.tables.push(at);
                    file.table(&mut lexer)?;
                }
                Token::Word(b"startxref") => {
                    let Object::Number(start) = Object::read(&mut lexer, &mut anatomy.room)? else {
                        return Err(lexer.fault("its end is broken"));
                    };
                    file.starts.push(whole(start).ok_or_else(|| lexer.fault("its end is broken"))?);
                }
                _ => return Err(Fault::at(at as u64, "something stands between its objects")),
            }
        }
        file.comments = lexer.comments.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
        file.unpack(bytes, anatomy)?;
        Ok(file)
    }

    /// The object with a number.
    pub(super) fn get(&self, number: u32) -> Option<&Entry> {
        self.index.get(&number).and_then(|place| self.entries.get(*place))
    }

    /// What an object is, wherever it is.
    pub(super) fn at<'a>(&'a self, object: &'a Object) -> &'a Object {
        match object {
            Object::Reference(number) => self.get(*number).map_or(&Object::Null, |entry| &entry.object),
            object => object,
        }
    }

    fn add(&mut self, entry: Entry) -> Result<(), Fault> {
        if self.entries.len() >= OBJECTS {
            return Err(Fault::new("it has more objects than can be examined"));
        }
        self.is_repeated |= self.index.insert(entry.number, self.entries.len()).is_some();
        self.entries.push(entry);
        Ok(())
    }

    fn object(
        &mut self,
        lexer: &mut Lexer<'_>,
        number: f64,
        at: usize,
        bytes: &[u8],
        anatomy: &mut Anatomy,
    ) -> Result<(), Fault> {
        let broken = || Fault::at(at as u64, "an object is broken");
        let number = whole(number).and_then(|number| u32::try_from(number).ok()).ok_or_else(broken)?;
        if lexer.next()? != Token::Number(0.0) || lexer.next()? != Token::Word(b"obj") {
            return Err(broken());
        }
        let object = Object::read(lexer, &mut anatomy.room)?;
        let mut stream = None;
        match (lexer.next()?, &object) {
            (Token::Word(b"endobj"), _) => (),
            (Token::Word(b"stream"), Object::Dictionary(dictionary)) => {
                let start = match lexer.rest() {
                    [b'\r', b'\n', ..] => lexer.at + 2,
                    [b'\n', ..] => lexer.at + 1,
                    _ => return Err(broken()),
                };
                let len = length(dictionary, bytes, start).ok_or_else(broken)?;
                stream = Some((start, len));
                lexer.at = start + len;
                if lexer.next()? != Token::Word(b"endstream") || lexer.next()? != Token::Word(b"endobj") {
                    return Err(Fault::at(lexer.at as u64, "a stream has another length than it says"));
                }
            }
            _ => return Err(broken()),
        }
        self.add(Entry { number, object, stream, place: Place::At(at) })
    }

    /// A table of objects, and what follows it (7.5.4, 7.5.5).
    fn table(&mut self, lexer: &mut Lexer<'_>) -> Result<(), Fault> {
        let broken = |lexer: &Lexer<'_>| lexer.fault("its table of objects is broken");
        let number = |token: Token<'_>| if let Token::Number(number) = token { whole(number) } else { None };
        loop {
            let token = lexer.next()?;
            if token == Token::Word(b"trailer") {
                break;
            }
            let (first, count) = number(token).zip(number(lexer.next()?)).ok_or_else(|| broken(lexer))?;
            for own in 0..count {
                let (place, _) = number(lexer.next()?).zip(number(lexer.next()?)).ok_or_else(|| broken(lexer))?;
                match lexer.next()? {
                    Token::Word(b"n") => {
                        let number = u32::try_from(first + own).map_err(|_| broken(lexer))?;
                        self.listed.push((number, Place::At(place)));
                    }
                    Token::Word(b"f") => (),
                    _ => return Err(broken(lexer)),
                }
                if self.listed.len() > OBJECTS {
                    return Err(broken(lexer));
                }
            }
        }
        match Object::read(lexer, &mut Room::default())? {
            Object::Dictionary(trailer) => self.trailers.push(trailer),
            _ => return Err(broken(lexer)),
        }
        Ok(())
    }

    /// Reads the objects and tables that are in streams (7.5.7, 7.5.8).
    fn unpack(&mut self, bytes: &[u8], anatomy: &mut Anatomy) -> Result<(), Fault> {
        let mut found = Vec::new();
        for entry in &self.entries {
            let (Object::Dictionary(dictionary), Some((start, len))) = (&entry.object, entry.stream) else { continue };
            let raw = bytes.get(start..start + len).unwrap_or(&[]);
            if dictionary.is("ObjStm") {
                let unpacked = filter::unpack(dictionary, raw, anatomy)?.bytes;
                found.extend(stores::several(entry.number, dictionary, &unpacked, anatomy)?);
            } else if dictionary.is("XRef") {
                let Place::At(at) = entry.place else { continue };
                self.tables.push(at);
                let unpacked = filter::unpack(dictionary, raw, anatomy)?.bytes;
                self.listed.extend(stores::table(dictionary, &unpacked)?);
                self.trailers.push(dictionary.clone());
            }
        }
        found.into_iter().try_for_each(|entry| self.add(entry))
    }
}

/// How long a stream is: what it says, or as far as its end if the length is another object, which is compared later.
fn length(dictionary: &Dictionary, bytes: &[u8], start: usize) -> Option<usize> {
    const END: &[u8] = b"endstream";
    let rest = bytes.get(start..)?;
    match dictionary.get("Length")? {
        Object::Reference(_) => {
            let end = rest.windows(END.len()).position(|window| window == END)?;
            // The line break before the end isn't the stream's.
            let before = rest.get(..end)?;
            let len = before.strip_suffix(b"\r\n").or_else(|| before.strip_suffix(b"\n")).unwrap_or(before).len();
            Some(len)
        }
        own => own.count().filter(|len| *len <= rest.len()),
    }
}
