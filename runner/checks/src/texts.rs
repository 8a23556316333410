//! The words for people who aren't cleared: fixed, general, and silent about the data.

use crate::finding::Outcome;

/// What a notice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The check's name.
    pub title: &'static str,
    /// What the check found, in general.
    pub message: &'static str,
    /// What usually mends it.
    pub remedy: &'static str,
}

/// The words for one check and outcome. An unknown check has none: its name would be the worker's own text.
pub fn notice(check: &str, outcome: Outcome) -> Option<Text> {
    let title = crate::CHECKS.iter().find(|known| known.id == check)?.title;
    let (message, remedy) = words(check, outcome)?;
    Some(Text { title, message, remedy })
}

/// The same for where a failed job stopped, which is no file of the author's.
pub fn traceback(check: &str, outcome: Outcome) -> Option<Text> {
    let (message, remedy) = match (check, outcome) {
        ("F1", Outcome::Review) => (
            "No machine clears a traceback alone: the job chose the class and the line.",
            "nothing to mend: people look at it",
        ),
        ("F1", Outcome::Block) => (
            "The traceback names something else than a class of the policy's list and a line of your code.",
            "catch the error in your code, and rehearse: semla submit job.toml --dummy",
        ),
        _ => return notice(check, outcome),
    };
    Some(Text { title: "where it stopped", message, remedy })
}

fn words(check: &str, outcome: Outcome) -> Option<(&'static str, &'static str)> {
    Some(match (check, outcome) {
        (_, Outcome::Pass) => ("Nothing was found.", ""),
        ("F1", Outcome::Review) => {
            ("No machine clears a figure or a model alone.", "nothing to mend: people look at it")
        }
        ("F1", Outcome::Block) => (
            "The file isn't plainly what its name says, holds hidden parts, or is of a type that may not leave.",
            "write csv, tsv, json, txt, md or png, without hidden characters; rehearse: semla submit job.toml --dummy",
        ),
        ("F2", Outcome::Review) => ("The file is large.", "nothing to mend: people look at it"),
        ("F2", Outcome::Block) => (
            "The file has more bytes or rows than may leave.",
            "release a summary, or fewer rows; rehearse: semla submit job.toml --dummy",
        ),
        ("T1", Outcome::Review) => (
            "Small whole numbers may be counts of people, or counts can't be told to be of people.",
            "declare count columns in `counts`; write rates with a decimal point",
        ),
        ("T1", Outcome::Block) => (
            "A count rests on too few people. You may not see which.",
            "merge small groups in your code; rehearse: semla submit job.toml --dummy",
        ),
        ("C1", Outcome::Review) => (
            "Some of the file could not be told from input rows.",
            "release aggregates; rehearse: semla submit job.toml --dummy",
        ),
        ("C1", Outcome::Block) => (
            "A row of the input data appears in the file, or that could not be ruled out. You may not see which.",
            "release aggregates instead of rows, and leave examples out",
        ),
        _ => return None,
    })
}
