//! The objects of a PDF (ISO 32000-2, 7.3).

use super::token::{Lexer, Token};
use crate::anatomy::Fault;
use crate::room::Room;

/// Deepest nesting.
const DEEP: u32 = 64;

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Bool(bool),
    Number(f64),
    Name(String),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Reference(u32),
}

/// Objects by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dictionary(pub(super) Vec<(String, Object)>);

impl Dictionary {
    pub(super) fn get(&self, name: &str) -> Option<&Object> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, object)| object)
    }

    pub(super) fn name(&self, name: &str) -> Option<&str> {
        if let Some(Object::Name(value)) = self.get(name) { Some(value) } else { None }
    }

    pub(super) fn count(&self, name: &str) -> Option<usize> {
        self.get(name).and_then(Object::count)
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        self.name("Type") == Some(kind)
    }
}

impl Object {
    /// A whole number from 0.
    pub(super) fn count(&self) -> Option<usize> {
        match self {
            Self::Number(number) => whole(*number),
            _ => None,
        }
    }

    /// Reads an object.
    pub(super) fn read(lexer: &mut Lexer<'_>, room: &mut Room) -> Result<Self, Fault> {
        let token = lexer.next()?;
        object(lexer, token, room, DEEP)
    }

    /// Hands out the object and all those in it, each with the name that it has.
    pub(super) fn visit(&self, name: &str, take: &mut impl FnMut(&str, &Self)) {
        take(name, self);
        match self {
            Self::Array(items) => items.iter().for_each(|item| item.visit("", take)),
            Self::Dictionary(dictionary) => dictionary.0.iter().for_each(|(name, item)| item.visit(name, take)),
            _ => (),
        }
    }
}

pub(super) fn whole(number: f64) -> Option<usize> {
    ((0.0..4e9).contains(&number) && number.fract() == 0.0).then_some(number as usize)
}

fn object(lexer: &mut Lexer<'_>, token: Token<'_>, room: &mut Room, depth: u32) -> Result<Object, Fault> {
    let depth = depth.checked_sub(1).ok_or_else(|| lexer.fault("an object is nested too deep"))?;
    room.keep(size_of::<Object>())?;
    Ok(match token {
        Token::Number(number) => reference(lexer, number).map_or(Object::Number(number), Object::Reference),
        Token::Name(name) => Object::Name(name),
        Token::Text(text) => Object::Text(text),
        Token::Word(b"null") => Object::Null,
        Token::Word(b"true") => Object::Bool(true),
        Token::Word(b"false") => Object::Bool(false),
        Token::Open => {
            let mut items = Vec::new();
            loop {
                match lexer.next()? {
                    Token::Close => return Ok(Object::Array(items)),
                    token => items.push(object(lexer, token, room, depth)?),
                }
            }
        }
        Token::Begin => {
            let mut dictionary = Dictionary::default();
            loop {
                match lexer.next()? {
                    Token::Finish => return Ok(Object::Dictionary(dictionary)),
                    Token::Name(name) if dictionary.0.len() < 4096 && dictionary.get(&name).is_none() => {
                        let token = lexer.next()?;
                        dictionary.0.push((name, object(lexer, token, room, depth)?));
                    }
                    _ => return Err(lexer.fault("a dictionary is broken")),
                }
            }
        }
        _ => return Err(lexer.fault("an object is broken")),
    })
}

/// A number may begin a reference: the object's number, its generation, which is always 0, and a letter.
fn reference(lexer: &mut Lexer<'_>, number: f64) -> Option<u32> {
    let mut ahead = Lexer::new(lexer.rest(), 0);
    let number = u32::try_from(whole(number)?).ok()?;
    if ahead.next() == Ok(Token::Number(0.0)) && ahead.next() == Ok(Token::Word(b"R")) {
        lexer.at += ahead.at;
        return Some(number);
    }
    None
}
