//! Objects and tables of objects that are packed in streams of a PDF (ISO 32000-2, 7.5.7 and 7.5.8).

use super::file::{Entry, Place};
use super::object::{Dictionary, Object, whole};
use super::token::{Lexer, Token, is_space};
use crate::anatomy::{Anatomy, Fault};

/// The objects in a stream: first their numbers and places, then they themselves.
pub(super) fn several(
    stream: u32,
    dictionary: &Dictionary,
    bytes: &[u8],
    anatomy: &mut Anatomy,
) -> Result<Vec<Entry>, Fault> {
    let broken = || Fault::new("a stream of objects is broken");
    let (count, first) = dictionary.count("N").zip(dictionary.count("First")).ok_or_else(broken)?;
    let mut heads = Lexer::new(bytes.get(..first).ok_or_else(broken)?, 0);
    let (mut entries, mut next) = (Vec::new(), first);
    for place in 0..count {
        let (Token::Number(number), Token::Number(start)) = (heads.next()?, heads.next()?) else {
            return Err(broken());
        };
        let number = whole(number).and_then(|number| u32::try_from(number).ok()).ok_or_else(broken)?;
        let start = whole(start).and_then(|start| start.checked_add(first)).ok_or_else(broken)?;
        let between = bytes.get(next..start).ok_or_else(broken)?;
        if !between.iter().all(|byte| is_space(*byte)) {
            return Err(Fault::new("something stands between its objects"));
        }
        let mut lexer = Lexer::new(bytes, start);
        let object = Object::read(&mut lexer, &mut anatomy.room)?;
        next = lexer.at;
        entries.push(Entry { number, object, stream: None, place: Place::Within(stream, place) });
    }
    let rest = bytes.get(next..).unwrap_or(&[]);
    match heads.next()? == Token::End && rest.iter().all(|byte| is_space(*byte)) {
        true => Ok(entries),
        false => Err(Fault::new("something stands between its objects")),
    }
}

/// The entries of a table in a stream: each three numbers of so many bytes.
pub(super) fn table(dictionary: &Dictionary, bytes: &[u8]) -> Result<Vec<(u32, Place)>, Fault> {
    let broken = || Fault::new("its table of objects is broken");
    let numbers = |name: &str| match dictionary.get(name) {
        Some(Object::Array(items)) => items.iter().map(Object::count).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let widths =
        numbers("W").filter(|widths| widths.len() == 3 && widths.iter().all(|width| *width <= 8)).ok_or_else(broken)?;
    let size = dictionary.count("Size").ok_or_else(broken)?;
    let index = numbers("Index").unwrap_or_else(|| vec![0, size]);
    let each: usize = widths.iter().sum();
    let mut rows = bytes.chunks(each.max(1));
    let mut listed = Vec::new();
    for pair in index.chunks(2) {
        let [first, count] = pair else { return Err(broken()) };
        for own in 0..*count {
            let mut row = rows.next().filter(|row| row.len() == each).ok_or_else(broken)?;
            let mut fields = [0usize; 3];
            for (field, width) in fields.iter_mut().zip(&widths) {
                let (bytes, rest) = row.split_at_checked(*width).ok_or_else(broken)?;
                *field = bytes
                    .iter()
                    .try_fold(0usize, |all, byte| all.checked_mul(256)?.checked_add((*byte).into()))
                    .ok_or_else(broken)?;
                row = rest;
            }
            let number = u32::try_from(first + own).map_err(|_| broken())?;
            let [kind, place, more] = fields;
            match if widths.first() == Some(&0) { 1 } else { kind } {
                0 => (),
                1 => listed.push((number, Place::At(place))),
                2 => listed.push((number, Place::Within(u32::try_from(place).map_err(|_| broken())?, more))),
                _ => return Err(broken()),
            }
        }
    }
    if rows.next().is_some() { Err(broken()) } else { Ok(listed) }
}
