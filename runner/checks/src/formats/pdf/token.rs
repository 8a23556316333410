//! The words of a PDF (ISO 32000-2, 7.2 and 7.3): numbers, names, texts, brackets, and everything else.

use crate::anatomy::Fault;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Number(f64),
    Name(String),
    Text(Vec<u8>),
    Word(&'a [u8]),
    Open,
    Close,
    Begin,
    Finish,
    End,
}

/// Reads words one after the other.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
    /// What stands in comments.
    pub(super) comments: Vec<&'a [u8]>,
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_special(byte: u8) -> bool {
    is_space(byte) || b"()<>[]{}/%".contains(&byte)
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, comments: Vec::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    pub(super) fn fault(&self, what: &str) -> Fault {
        Fault::at(self.at as u64, what)
    }

    /// Bytes as long as a condition holds.
    fn run(&mut self, holds: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let len = rest.iter().position(|byte| !holds(*byte)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or(rest)
    }

    /// Goes over white space and comments.
    pub(super) fn space(&mut self) {
        loop {
            self.run(is_space);
            if self.peek() != Some(b'%') {
                return;
            }
            let comment = self.run(|byte| !matches!(byte, b'\n' | b'\r'));
            self.comments.push(comment);
        }
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, Fault> {
        self.space();
        let Some(first) = self.peek() else { return Ok(Token::End) };
        let second = self.bytes.get(self.at + 1).copied();
        let (token, len) = match (first, second) {
            (b'[', _) => (Token::Open, 1),
            (b']', _) => (Token::Close, 1),
            (b'<', Some(b'<')) => (Token::Begin, 2),
            (b'>', Some(b'>')) => (Token::Finish, 2),
            (b'{' | b'}', _) => (Token::Word(self.rest().get(..1).unwrap_or(b"")), 1),
            (b'/', _) => {
                self.at += 1;
                return self.name();
            }
            (b'(', _) => return self.text(),
            (b'<', _) => return self.digits(),
            (b')' | b'>', _) => return Err(self.fault("a bracket closes that didn't open")),
            _ => {
                let word = self.run(|byte| !is_special(byte));
                let number =
                    std::str::from_utf8(word).ok().filter(|_| matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.'));
                let number = number.filter(|text| !text.contains(['e', 'E'])).and_then(|text| text.parse().ok());
                return Ok(number.map_or(Token::Word(word), Token::Number));
            }
        };
        self.at += len;
        Ok(token)
    }

    /// A name, in which a byte may be written as two digits.
    fn name(&mut self) -> Result<Token<'a>, Fault> {
        let mut bytes = Vec::new();
        let mut raw = self.run(|byte| !is_special(byte));
        while let Some((byte, rest)) = raw.split_first() {
            let escaped = rest.first_chunk::<2>().filter(|_| *byte == b'#').and_then(|[one, two]| pair(*one, *two));
            bytes.push(escaped.unwrap_or(*byte));
            raw = if escaped.is_some() { rest.get(2..).unwrap_or(&[]) } else { rest };
        }
        Ok(Token::Name(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// A text in brackets, which may hold others and escapes (7.3.4.2).
    fn text(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.at;
        let mut text = Vec::new();
        let mut depth = 0u32;
        loop {
            let Some(byte) = self.peek() else {
                self.at = start;
                return Err(self.fault("a text doesn't end"));
            };
            self.at += 1;
            match byte {
                b'(' => {
                    depth += 1;
                    if depth > 1 {
                        text.push(byte);
                    }
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(Token::Text(text));
                    }
                    text.push(byte);
                }
                b'\\' => self.escape(&mut text),
                _ => text.push(byte),
            }
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' if self.peek() == Some(b'\n') => self.at += 1,
            b'\n' | b'\r' => (),
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                text.push(value as u8);
            }
            _ => text.push(byte),
        }
    }

    /// A text in digits of base 16.
    fn digits(&mut self) -> Result<Token<'a>, Fault> {
        self.at += 1;
        let raw = self.run(|byte| byte.is_ascii_hexdigit() || is_space(byte));
        if self.peek() != Some(b'>') {
            return Err(self.fault("a text in digits doesn't end"));
        }
        self.at += 1;
        Ok(Token::Text(hex(raw)))
    }
}

/// Bytes from digits of base 16; a missing last digit is zero.
pub(super) fn hex(raw: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = raw.iter().copied().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).filter_map(|two| pair(*two.first()?, two.get(1).copied().unwrap_or(b'0'))).collect()
}

fn pair(one: u8, two: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(one)? * 16 + digit(two)?).ok()
}
