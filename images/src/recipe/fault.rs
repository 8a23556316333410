//! What is wrong with a recipe, and where.

use std::fmt;
use std::ops::Range;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The recipe or its lock file.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// A recipe that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// A file can't be read.
    #[error("failed to read `{path}`")]
    Read {
        /// The recipe or its lock file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Everything that is wrong, in the order of the text.
    #[error("{}", lines(.0))]
    Faults(Vec<Fault>),
}

/// Collects faults of one text.
pub(super) struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    /// Adds a fault at a place of the text.
    pub(super) fn add(&mut self, span: Range<usize>, message: String) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.found.push(Fault { file: self.file.to_owned(), line, column, message });
    }

    /// Adds a fault of another file.
    pub(super) fn add_elsewhere(&mut self, fault: Fault) {
        self.found.push(fault);
    }

    pub(super) fn none_or<T>(mut self, value: T) -> Result<T, RecipeError> {
        if self.found.is_empty() {
            return Ok(value);
        }
        let own = self.file;
        self.found.sort_by_key(|fault| (fault.file != own, fault.line, fault.column));
        Err(RecipeError::Faults(self.found))
    }
}

/// `did you mean ...?`, or what there is.
pub(super) fn among(word: &str, known: &[&str]) -> String {
    let near = known.iter().map(|name| (strsim::damerau_levenshtein(word, name), name)).min();
    match near {
        Some((steps, name)) if steps <= 2.max(word.len() / 3) => format!("did you mean `{name}`?"),
        _ => format!("there is {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}
