//! The parts of a regular expression of Python's, with the characters that each may take.

use super::set::{EVERY, Set, between, bit, both_cases, known, whole, without};
use std::iter::Peekable;
use std::str::Chars;

/// Deepest nesting of groups.
const DEPTH: u32 = 20;
/// Largest number of times that something repeats exactly.
const TIMES: u32 = 1000;

#[derive(Debug)]
pub(super) enum Node {
    One(Set),
    Group(Vec<Vec<Node>>),
    /// What is looked at and not taken.
    Ahead(Vec<Vec<Node>>),
    /// At least once or not; more than once or not.
    Repeat {
        node: Box<Node>,
        least: bool,
        many: bool,
    },
}

impl Node {
    /// All characters that it may take.
    pub(super) fn set(&self) -> Set {
        match self {
            Self::One(set) => *set,
            Self::Group(ways) => ways.iter().flatten().fold(0, |all, node| all | node.set()),
            Self::Ahead(_) => 0,
            Self::Repeat { node, .. } => node.set(),
        }
    }
}

/// The ways of an expression; none if it has something that isn't known here: references back, conditions, verbose ones.
pub(super) fn parse(pattern: &str) -> Option<Vec<Vec<Node>>> {
    let mut parser = Parser { rest: pattern.chars().peekable() };
    let ways = parser.ways(DEPTH)?;
    parser.rest.next().is_none().then_some(ways)
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Parser<'_> {
    fn ways(&mut self, depth: u32) -> Option<Vec<Vec<Node>>> {
        let depth = depth.checked_sub(1)?;
        let (mut ways, mut way) = (Vec::new(), Vec::new());
        loop {
            match self.rest.peek() {
                None | Some(')') => break,
                Some('|') => {
                    self.rest.next();
                    ways.push(std::mem::take(&mut way));
                }
                Some(_) => {
                    if let Some(node) = self.one(depth)? {
                        way.push(self.repeated(node)?);
                    }
                }
            }
        }
        ways.push(way);
        Some(ways)
    }

    /// The next part; none of what takes no character.
    fn one(&mut self, depth: u32) -> Option<Option<Node>> {
        Some(Some(match self.rest.next()? {
            '(' => return self.group(depth),
            '[' => Node::One(self.class()?),
            '.' => Node::One(EVERY & !bit('\n')),
            '^' | '$' => return self.bare(),
            '\\' if matches!(self.rest.peek(), Some('b' | 'B' | 'A' | 'Z')) => {
                self.rest.next();
                return self.bare();
            }
            '\\' => Node::One(both_cases(self.escape()?)),
            '*' | '+' | '?' => return None,
            letter => Node::One(both_cases(bit(letter))),
        }))
    }

    /// What takes no character doesn't repeat.
    fn bare(&mut self) -> Option<Option<Node>> {
        (!matches!(self.rest.peek(), Some('*' | '+' | '?' | '{'))).then_some(None)
    }

    fn group(&mut self, depth: u32) -> Option<Option<Node>> {
        let mut ahead = false;
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next()? {
                ':' => {}
                '=' | '!' => ahead = true,
                'P' => {
                    self.rest.next_if_eq(&'<')?;
                    while self.rest.next()? != '>' {}
                }
                '<' => ahead = matches!(self.rest.next()?, '=' | '!').then_some(true)?,
                mut flag => loop {
                    match flag {
                        'i' | 'u' | 'a' | 's' | 'm' => flag = self.rest.next()?,
                        ')' => return self.bare(),
                        ':' => break,
                        _ => return None,
                    }
                },
            }
        }
        let ways = self.ways(depth)?;
        self.rest.next_if_eq(&')')?;
        Some(Some(if ahead { Node::Ahead(ways) } else { Node::Group(ways) }))
    }

    /// The same with what says how often it comes.
    fn repeated(&mut self, node: Node) -> Option<Node> {
        let (least, many) = match self.rest.peek() {
            Some('*') => (false, true),
            Some('+') => (true, true),
            Some('?') => (false, false),
            Some('{') => {
                self.rest.next();
                return self.counted(node);
            }
            _ => return Some(node),
        };
        self.rest.next();
        self.wrapped(node, least, many)
    }

    fn counted(&mut self, node: Node) -> Option<Node> {
        let mut inside = String::new();
        loop {
            match self.rest.next()? {
                '}' => break,
                letter => inside.push(letter),
            }
        }
        let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
        let least: u32 = if least.is_empty() { 0 } else { least.parse().ok()? };
        let most: u32 = if most.is_empty() { u32::MAX } else { most.parse().ok()? };
        // A character that comes so many times each time leaves nothing open.
        if least == most && matches!(node, Node::One(_)) && least > 0 {
            return (least <= TIMES && !self.is_repeated()).then_some(node);
        }
        self.wrapped(node, least > 0, most > 1)
    }

    fn wrapped(&mut self, node: Node, least: bool, many: bool) -> Option<Node> {
        // Lazy, or without a way back.
        let _ = self.rest.next_if(|letter| matches!(letter, '?' | '+'));
        let right = !self.is_repeated() && !matches!(node, Node::Ahead(_));
        right.then(|| Node::Repeat { node: Box::new(node), least, many })
    }

    fn is_repeated(&mut self) -> bool {
        matches!(self.rest.peek(), Some('*' | '+' | '?' | '{'))
    }

    /// A class of characters, behind its bracket.
    fn class(&mut self) -> Option<Set> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let (mut all, mut taken, mut first) = (0, 0, true);
        loop {
            let letter = match self.rest.next()? {
                ']' if !first => break,
                '\\' => match *self.rest.peek()? {
                    letter if known(letter).is_some() => {
                        taken |= whole(letter);
                        all |= self.escape()?;
                        first = false;
                        continue;
                    }
                    _ => self.literal()?,
                },
                letter => letter,
            };
            first = false;
            let mut ahead = self.rest.clone();
            let range = ahead.next() == Some('-') && ahead.peek().is_some_and(|end| *end != ']');
            if !range {
                all |= bit(letter);
                continue;
            }
            self.rest = ahead;
            let end = match self.rest.next()? {
                '\\' => self.literal()?,
                end => end,
            };
            all |= between(letter, end)?;
        }
        Some(both_cases(if negated { without(all, taken) } else { all }))
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Option<Set> {
        match self.rest.peek().copied().and_then(known) {
            Some(known) => {
                self.rest.next();
                Some(known)
            }
            None => self.literal().map(bit),
        }
    }

    /// A single character behind a backslash.
    fn literal(&mut self) -> Option<char> {
        let digits = match self.rest.next()? {
            'n' => return Some('\n'),
            't' => return Some('\t'),
            'r' => return Some('\r'),
            'x' => 2,
            'u' => 4,
            letter if letter.is_ascii_alphanumeric() => return None,
            letter => return Some(letter),
        };
        let mut code = 0;
        for _ in 0..digits {
            code = code * 16 + self.rest.next()?.to_digit(16)?;
        }
        char::from_u32(code)
    }
}
