//! The battery: which checks there are, and how they run over one file.

use crate::evidence::Evidence;
use crate::finding::{Finding, Report};
use crate::subject::{Content, Subject};
use crate::{copies, counts, form, size};
use std::fmt;

/// One check.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its id in the design's table, such as `T1`.
    pub id: &'static str,
    /// Its name, in two or three words.
    pub title: &'static str,
    /// What it looks at, and what it holds that to.
    pub looks_at: &'static str,
    run: fn(&Subject<'_>) -> Vec<Finding>,
}

/// All checks, in the order in which they run.
pub const CHECKS: &[Check] = &[
    Check {
        id: "F1",
        title: "type of file",
        looks_at: "content is what the name says; type is on the profile's list, and one that a check here reads",
        run: form::run,
    },
    Check { id: "F2", title: "size", looks_at: "bytes and rows, at most as many as the profile says", run: size::run },
    Check {
        id: "T1",
        title: "small groups",
        looks_at: "counts in tables and texts: at least as many people as the profile says, or none",
        run: counts::run,
    },
    Check {
        id: "C1",
        title: "copied rows",
        looks_at: "a whole input row, or 80 % of its columns, in a text; rows that fewer people share than the profile says",
        run: copies::run,
    },
];

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("id", &self.id).field("title", &self.title).finish_non_exhaustive()
    }
}

/// Runs all checks over a file. A check that has nothing to look at says nothing; a file that none looks at is blocked.
pub fn examine(evidence: &Evidence) -> Report {
    let subject = Subject::read(evidence);
    let findings = CHECKS.iter().flat_map(|check| {
        let named = |finding| Finding { check: check.id.to_owned(), path: evidence.name.clone(), ..finding };
        (check.run)(&subject).into_iter().map(named)
    });
    let findings = findings.collect();
    Report::new(findings, &evidence.profile.name, mended(subject))
}

/// What may leave of a figure is its pixels: unless the file is exactly that, a copy takes its place. A figure with something
/// behind its end is no accident, and is not mended.
fn mended(subject: Subject<'_>) -> Option<Vec<u8>> {
    let most = subject.evidence.profile.max_bytes;
    match subject.content {
        Content::Figure(figure) if figure.trailing == 0 && !figure.canonical => {
            Some(figure.copy).filter(|copy| copy.len() as u64 <= most)
        }
        _ => None,
    }
}
