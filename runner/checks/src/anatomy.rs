//! What a file is made of: the parts that checks look at, and what its readers found amiss.
//!
//! A reader of a format goes through the bytes once, without running anything of them, and puts what it finds here: numbers as
//! [`Array`]s, texts, tables, and stretches that mean something to a program alone. It keeps places rather than copies, so that a file
//! of any size fits.

mod strings;

pub(crate) use strings::Strings;

use crate::array::Array;
use crate::data::Data;
use crate::figure::Figure;
use crate::finding::Finding;
use crate::model::Estimator;
use crate::room::{Room, RoomError};
use crate::table::Table;
use crate::tree::Node;
use std::collections::HashSet;

/// Most things that are told once.
const TOLD: usize = 100;

/// One part of a file.
#[derive(Debug)]
pub(crate) struct Part {
    /// Where it is, as people would write it: `sheet1`, `data.pkl: .steps[1]._fit_X`; empty for the file as a whole.
    pub(crate) at: String,
    pub(crate) body: Body,
}

/// What a part holds.
#[derive(Debug)]
pub(crate) enum Body {
    /// A table: once for every separator that makes a table of it, so that no choice of reader hides a column.
    Tables(Vec<Table>),
    Tree(Node),
    /// A text with lines.
    Words(String),
    /// Texts that stand side by side: strings in a model, names, metadata.
    Texts(Strings),
    Array(Array),
    Figure(Figure),
    /// Bytes that may hold anything.
    Bytes(Data),
}

/// A file's parts.
#[derive(Debug, Default)]
pub(crate) struct Anatomy {
    pub(crate) parts: Vec<Part>,
    /// What readers found amiss, each with the id of the check whose matter it is.
    pub(crate) remarks: Vec<Finding>,
    /// What blocks and was told already.
    told: HashSet<String>,
    /// The models in it, the outermost first.
    pub(crate) estimators: Vec<Estimator>,
    pub(crate) room: Room,
}

/// Why a stretch isn't what it should be, and where in it: such a file is blocked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub(crate) struct Fault {
    /// The byte from which on it can't be read.
    pub(crate) offset: Option<u64>,
    /// The line, of a text.
    pub(crate) line: Option<u64>,
    /// What it is instead.
    pub(crate) kind: Option<&'static str>,
    /// What to do.
    pub(crate) remedy: Option<&'static str>,
    /// Whether it is merely too much.
    pub(crate) is_large: bool,
    pub(crate) what: String,
}

impl Fault {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { offset: None, line: None, kind: None, remedy: None, is_large: false, what: what.into() }
    }

    pub(crate) fn at(offset: u64, what: impl Into<String>) -> Self {
        Self { offset: Some(offset), ..Self::new(what) }
    }

    pub(crate) fn in_line(line: u64, what: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::new(what) }
    }

    /// More than can be examined.
    pub(crate) fn large(what: impl Into<String>) -> Self {
        Self { is_large: true, remedy: Some("write less"), ..Self::new(what) }
    }

    pub(crate) fn of(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    pub(crate) fn but(self, remedy: &'static str) -> Self {
        Self { remedy: Some(remedy), ..self }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::new(format!("it can't be read ({error})"))
    }
}

impl From<RoomError> for Fault {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::Broken(_) => Self::new(error.to_string()),
            _ => Self::large(error.to_string()),
        }
    }
}

impl Anatomy {
    /// Adds a part.
    pub(crate) fn add(&mut self, at: impl Into<String>, body: Body) -> Result<(), Fault> {
        self.room.part()?;
        self.parts.push(Part { at: at.into(), body });
        Ok(())
    }

    /// Notes something for a check to tell.
    pub(crate) fn remark(&mut self, check: &str, finding: Finding) {
        self.remarks.push(Finding { check: check.to_owned(), ..finding });
    }

    /// Notes something that blocks, unless the same was noted already, or much else.
    pub(crate) fn block_once(&mut self, check: &str, what: &str, remedy: &str) {
        if self.told.len() < TOLD && self.told.insert(what.to_owned()) {
            self.remark(check, Finding::block(what, remedy));
        }
    }
}
