//! The battery: which checks there are, and how they run over one file.

use crate::anatomy::Body;
use crate::evidence::Evidence;
use crate::finding::{Finding, Report};
use crate::subject::Subject;
use crate::{copies, counts, form, information, leaves, private, remarks, shingles, size, stored, weights};
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
        id: "F3",
        title: "archives",
        looks_at: "members of archives: depth 2, 100 times their size, 1 GiB, 10,000 of them, none over another or out of its folder",
        run: remarks::archives,
    },
    Check {
        id: "F4",
        title: "code in models",
        looks_at: "what a pickle would call: nothing that isn't known to be harmless; it is never unpickled",
        run: remarks::pickles,
    },
    Check {
        id: "F5",
        title: "structure of models",
        looks_at: "gaps, external data, operators and fields of their own in files of models",
        run: remarks::structure,
    },
    Check {
        id: "F6",
        title: "hidden content",
        looks_at: "scripts, macros, metadata, results in notebooks, bytes behind the end; a figure is nothing but pixels",
        run: remarks::hidden,
    },
    Check {
        id: "F7",
        title: "secrets and personal data",
        looks_at: "keys, tokens and passwords; e-mail, telephone, bank, card and identity numbers with their checksums; names beside words \
                   that announce them; more than 10 of a kind are a list of people",
        run: private::run,
    },
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
        run: copies::in_texts,
    },
    Check {
        id: "C3",
        title: "values of few people",
        looks_at: "10 values that fewer people share than the profile says, closer to each other than that, and more than chance explains",
        run: copies::of_few,
    },
    Check {
        id: "C4",
        title: "shared words",
        looks_at: "runs of letters that are in the free texts of an input, too (16 in a row, winnowed by 32)",
        run: shingles::run,
    },
    Check {
        id: "C5",
        title: "copies in numbers and wrappings",
        looks_at: "the same in arrays of every type and order, in base64, hexadecimal digits, compressed streams, and bytes",
        run: copies::in_wrappings,
    },
    Check {
        id: "C6",
        title: "how much has left",
        looks_at: "bits that the file can say, and those of what left before it under the permit: at most as many as the profile says",
        run: information::run,
    },
    Check {
        id: "M1",
        title: "stored training data",
        looks_at: "models that keep rows of their training data: of types that have to, and any in which C5 finds some",
        run: stored::run,
    },
    Check {
        id: "M2",
        title: "structure of the model",
        looks_at: "leaves and groups of fewer people than the profile says, or of one class; people for each coefficient; never blocks",
        run: leaves::run,
    },
    Check {
        id: "M6",
        title: "weights as they may leave",
        looks_at: "numbers of a model have no more significant bits than the profile says, and lie as their format has them lie; where it \
                   says nothing, nothing is looked at",
        run: weights::run,
    },
];

impl Check {
    /// What this check alone finds in a file: for who measures it.
    pub fn alone(&self, evidence: &Evidence) -> Vec<Finding> {
        self.look(&Subject::read(evidence))
    }

    fn look(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let named = |finding| Finding { check: self.id.to_owned(), path: subject.evidence.name.clone(), ..finding };
        (self.run)(subject).into_iter().map(named).collect()
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("id", &self.id).field("title", &self.title).finish_non_exhaustive()
    }
}

/// Runs all checks over a file. A check that has nothing to look at says nothing; a file that none looks at is blocked.
pub fn examine(evidence: &Evidence) -> Report {
    let subject = Subject::read(evidence);
    let findings = CHECKS.iter().flat_map(|check| check.look(&subject)).collect();
    let report = Report::new(findings, &evidence.profile.name, mended(&subject));
    Report { information: subject.information(), ..report }
}

/// The copy that may leave in the file's place: of a figure its pixels, of a model its weights as the profile has them. A figure with
/// something behind its end is no accident, and is not mended.
fn mended(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let most = subject.evidence.profile.max_bytes;
    let pixels = subject.plain().iter().find_map(|part| match &part.body {
        Body::Figure(figure) if part.at.is_empty() && figure.trailing == 0 && !figure.canonical => {
            Some(figure.copy.clone())
        }
        _ => None,
    });
    pixels.or_else(|| weights::mended(subject)).filter(|copy| copy.len() as u64 <= most)
}
