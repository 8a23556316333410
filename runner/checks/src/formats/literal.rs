//! The few literals of Python in which NumPy writes a header: texts, whole numbers, `True` and `False`, tuples, lists, dictionaries.

use crate::anatomy::Fault;

/// Deepest nesting.
const DEEP: u32 = 16;

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Text(String),
    Number(u64),
    Bool(bool),
    /// A tuple or a list.
    List(Vec<Literal>),
    Dictionary(Vec<(String, Literal)>),
}

/// Reads a literal from the beginning of a text; gives what follows it.
pub(crate) fn read(text: &str) -> Result<(Literal, &str), Fault> {
    let mut reader = Reader { rest: text, depth: DEEP };
    let literal = reader.literal()?;
    Ok((literal, reader.rest))
}

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

fn broken() -> Fault {
    Fault::new("its header is no plain literal of Python")
}

impl<'a> Reader<'a> {
    fn literal(&mut self) -> Result<Literal, Fault> {
        self.depth = self.depth.checked_sub(1).ok_or_else(broken)?;
        let literal = match self.rest.chars().next() {
            Some('\'' | '"') => Literal::Text(self.text()?),
            Some('0'..='9') => {
                let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
                let digits = self.take(end)?;
                // Python 2 marked long numbers.
                self.skip('L');
                Literal::Number(digits.parse().map_err(|_| broken())?)
            }
            Some('(') => Literal::List(self.items('(', ')', Self::literal)?),
            Some('[') => Literal::List(self.items('[', ']', Self::literal)?),
            Some('{') => Literal::Dictionary(self.items('{', '}', Self::pair)?),
            Some('T') => self.word("True", true)?,
            _ => self.word("False", false)?,
        };
        self.depth += 1;
        Ok(literal)
    }

    fn take(&mut self, end: usize) -> Result<&'a str, Fault> {
        let (taken, rest) = self.rest.split_at_checked(end).ok_or_else(broken)?;
        self.rest = rest;
        Ok(taken)
    }

    fn skip(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&mut self, word: &str, value: bool) -> Result<Literal, Fault> {
        self.rest = self.rest.strip_prefix(word).ok_or_else(broken)?;
        Ok(Literal::Bool(value))
    }

    /// A text between two marks of the same kind. An escape would need a reader of its own: no header has one.
    fn text(&mut self) -> Result<String, Fault> {
        let mark = self.rest.chars().next().ok_or_else(broken)?;
        self.skip(mark);
        let text = self.take(self.rest.find(mark).ok_or_else(broken)?)?;
        self.skip(mark);
        if text.contains(['\\', '\n']) { Err(broken()) } else { Ok(text.to_owned()) }
    }

    fn pair(&mut self) -> Result<(String, Literal), Fault> {
        let name = self.text()?;
        if !self.skip(':') {
            return Err(broken());
        }
        self.skip(' ');
        Ok((name, self.literal()?))
    }

    /// Items between two brackets, each but the last with a comma and at most one space behind it.
    fn items<T>(&mut self, open: char, close: char, item: fn(&mut Self) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        self.skip(open);
        let mut items = Vec::new();
        while !self.skip(close) {
            items.push(item(self)?);
            if self.skip(',') {
                self.skip(' ');
            } else if !self.rest.starts_with(close) {
                return Err(broken());
            }
        }
        Ok(items)
    }
}
