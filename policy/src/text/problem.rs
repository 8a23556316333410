//! What is wrong with a file, and where.

use std::fmt;
use std::ops::Range;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

/// Everything that is wrong with a file, in the order of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Turns places in bytes into lines and columns. What was found twice is said once.
    pub(super) fn located(source: &str, mut found: Vec<(Range<usize>, String)>) -> Self {
        found.sort_by(|(a, first), (b, second)| (a.start, first).cmp(&(b.start, second)));
        found.dedup();
        let place = |(span, what): (Range<usize>, String)| {
            let before = source.get(..span.start).unwrap_or(source);
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            Problem { line: before.matches('\n').count() + 1, column, what }
        };
        Self(found.into_iter().map(place).collect())
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.iter().map(|problem| format!("{}:{}: {}", problem.line, problem.column, problem.what));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for Problems {}
