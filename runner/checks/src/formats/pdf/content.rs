//! What a page of a PDF shows in words (ISO 32000-2, 9.4 and 9.10.3): the best that can be told without drawing it.

use super::token::{Lexer, Token};
use crate::anatomy::Fault;
use std::collections::HashMap;

/// How far back a text goes before it counts as a space, in thousandths of its size.
const SPACE: f64 = -200.0;
/// Most characters that one code stands for, and most codes of a table's ranges.
const LONG: usize = 16;
const RANGES: u32 = 1 << 17;

/// Which characters a font's codes stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Font {
    /// Bytes of a code.
    pub(super) width: usize,
    pub(super) characters: HashMap<u32, String>,
}

impl Font {
    /// Reads a table of characters.
    pub(super) fn read(width: usize, table: &[u8]) -> Result<Self, Fault> {
        let mut characters = HashMap::new();
        let mut lexer = Lexer::new(table, 0);
        let mut waiting: Vec<Token<'_>> = Vec::new();
        let mut room = RANGES;
        loop {
            match lexer.next()? {
                Token::End => break,
                Token::Word(b"endbfchar") => {
                    for pair in std::mem::take(&mut waiting).chunks(2) {
                        if let [Token::Text(code), Token::Text(text)] = pair {
                            characters.insert(number(code), wide(text));
                        }
                    }
                }
                Token::Word(b"endbfrange") => {
                    range(&waiting, &mut characters, &mut room)
                        .ok_or_else(|| lexer.fault("a font's table is too long"))?;
                    waiting.clear();
                }
                Token::Word(_) => waiting.clear(),
                token => waiting.push(token),
            }
        }
        Ok(Self { width, characters })
    }

    /// The characters of a text's codes.
    fn text(&self, bytes: &[u8]) -> String {
        let one = |code: &[u8]| match self.characters.get(&number(code)) {
            Some(text) => text.clone(),
            None => code.iter().map(|byte| char::from(*byte)).filter(|c| *c != '\0').collect(),
        };
        bytes.chunks(self.width.max(1)).map(one).collect()
    }
}

fn number(code: &[u8]) -> u32 {
    code.iter().take(4).fold(0, |all, byte| all << 8 | u32::from(*byte))
}

fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().take(LONG).map(|two| u16::from_be_bytes(*two)).collect();
    String::from_utf16_lossy(&units)
}

/// Reads ranges of codes, at most so many.
fn range(tokens: &[Token<'_>], characters: &mut HashMap<u32, String>, room: &mut u32) -> Option<()> {
    let mut rest = tokens;
    while let [Token::Text(first), Token::Text(last), after @ ..] = rest {
        let (first, last) = (number(first), number(last));
        match after {
            [Token::Text(start), more @ ..] => {
                let start = number(start);
                *room = room.checked_sub(last.checked_sub(first)?.checked_add(1)?)?;
                for code in first..=last {
                    let c = char::from_u32(start.saturating_add(code - first)).unwrap_or('\u{fffd}');
                    characters.insert(code, c.to_string());
                }
                rest = more;
            }
            [Token::Open, more @ ..] => {
                let end = more.iter().position(|token| *token == Token::Close).unwrap_or(more.len());
                for (code, token) in (first..).zip(more.iter().take(end)) {
                    if let Token::Text(text) = token {
                        characters.insert(code, wide(text));
                    }
                }
                rest = more.get(end + 1..).unwrap_or(&[]);
            }
            _ => return None,
        }
    }
    Some(())
}

/// What a stream of drawing shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) words: String,
    pub(super) numbers: Vec<f64>,
    /// Whether some text isn't drawn.
    pub(super) is_hidden: bool,
    /// What stands in comments, and in pictures among the drawing.
    pub(super) aside: Vec<Vec<u8>>,
}

/// Reads a stream of drawing: its texts by the fonts, its numbers as they are.
pub(super) fn read(bytes: &[u8], fonts: &HashMap<String, Font>) -> Result<Shown, Fault> {
    let mut shown = Shown::default();
    let plain = Font { width: 1, ..Font::default() };
    let (mut font, mut lexer, mut texts, mut name) = (&plain, Lexer::new(bytes, 0), Vec::new(), String::new());
    loop {
        match lexer.next()? {
            Token::End => break,
            Token::Text(text) => texts.push(text),
            Token::Name(own) => name = own,
            Token::Number(number) => {
                shown.numbers.push(number);
                if number < SPACE && !texts.is_empty() {
                    texts.push(b" ".to_vec());
                }
            }
            Token::Word(b"Tf") => font = fonts.get(&name).unwrap_or(&plain),
            Token::Word(word @ (b"Tj" | b"TJ" | b"'" | b"\"")) => {
                if word.len() == 1 {
                    shown.words.push('\n');
                }
                for text in texts.drain(..) {
                    shown.words.push_str(&if text == b" " { " ".to_owned() } else { font.text(&text) });
                }
            }
            Token::Word(b"Td" | b"TD" | b"T*" | b"ET" | b"Tm") if !shown.words.ends_with('\n') => {
                shown.words.push('\n')
            }
            // Neither filled nor outlined (9.3.6).
            Token::Word(b"Tr") if matches!(shown.numbers.last(), Some(3.0 | 7.0)) => shown.is_hidden = true,
            Token::Word(b"ID") => {
                let rest = lexer.rest();
                let end = rest
                    .windows(4)
                    .position(|window| matches!(window, [b' ' | b'\n' | b'\r', b'E', b'I', b' ' | b'\n' | b'\r']));
                let end = end.ok_or_else(|| lexer.fault("a picture doesn't end"))?;
                shown.aside.push(rest.get(..end).unwrap_or(rest).to_vec());
                lexer.at += end + 3;
            }
            Token::Word(_) => shown.aside.append(&mut texts),
            _ => (),
        }
    }
    shown.aside.extend(lexer.comments.iter().map(|comment| comment.to_vec()));
    Ok(shown)
}
