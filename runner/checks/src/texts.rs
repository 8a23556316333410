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
            "The file isn't plainly what its name says, or is of a type that may not leave.",
            "write it with an ordinary library, as a type that the policy lists; rehearse: semla submit job.toml --dummy",
        ),
        ("F2", Outcome::Review) => ("The file is large.", "nothing to mend: people look at it"),
        ("F2", Outcome::Block) => (
            "The file has more bytes or rows than may leave.",
            "release a summary, or fewer rows; rehearse: semla submit job.toml --dummy",
        ),
        ("F3", Outcome::Review) => ("An archive holds something that people have to look at.", "release plain files"),
        ("F3", Outcome::Block) => (
            "An archive isn't built as an ordinary packer builds it, or unpacks to too much.",
            "release plain files, or pack them with an ordinary packer",
        ),
        ("F4", Outcome::Review) => ("A pickle holds something that people have to look at.", "write the model as onnx"),
        ("F4", Outcome::Block) => (
            "Loading the file would call something that isn't known to be harmless.",
            "keep functions and classes of your own out of it, or write the model as onnx or safetensors",
        ),
        ("F5", Outcome::Review) => {
            ("A model's file holds something that people have to look at.", "save it with its library alone")
        }
        ("F5", Outcome::Block) => (
            "A model's file holds more than its library would write, or refers to something outside.",
            "save it with its library alone, into one file, with standard operators",
        ),
        ("F6", Outcome::Review) => {
            ("The file holds something active or hidden that people have to look at.", "leave it out")
        }
        ("F6", Outcome::Block) => (
            "The file holds hidden or active parts: metadata, scripts, results, or bytes behind its end.",
            "release the re-encoded copy of a figure; strip the parts from other files",
        ),
        ("F7", Outcome::Review) => (
            "The file may hold a secret, or something that names or reaches a person. You may not see which.",
            "leave names, addresses, numbers of people and passwords out",
        ),
        ("F7", Outcome::Block) => (
            "The file holds a secret, or a list of what names or reaches people. You may not see which.",
            "leave names, addresses, numbers of people, keys and tokens out",
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
        ("C3", Outcome::Review) => (
            "Some single values could not be told from values of the input.",
            "round to fewer digits; rehearse: semla submit job.toml --dummy",
        ),
        ("C3", Outcome::Block) => (
            "Values that few people share appear beside each other, or that could not be ruled out. You may not see which.",
            "round to fewer digits, or release quantiles that rest on enough people each",
        ),
        ("C4", Outcome::Review) => (
            "Words of the file are also in the input's free texts. You may not see which.",
            "leave the words of notes out",
        ),
        ("C4", Outcome::Block) => (
            "That the file repeats words of the input could not be ruled out.",
            "ask the data's steward to mend the input",
        ),
        ("C5", Outcome::Review) => (
            "Some numbers in the file could not be told from rows of the input.",
            "release a model that keeps no rows; rehearse: semla submit job.toml --dummy",
        ),
        ("C5", Outcome::Block) => (
            "Rows or values of the input are in the file's numbers or in something that is wrapped up in it, or that could not be \
             ruled out. You may not see which.",
            "release a model that keeps no rows, and write results in the open",
        ),
        ("C6", Outcome::Review) => (
            "With this file more of a dataset leaves under the permit than may leave unasked.",
            "release fewer or smaller files: coarser numbers, fewer parameters, no intermediate results",
        ),
        ("C6", Outcome::Block) => {
            ("How much the file says could not be told.", "write the file again, with an ordinary library, and smaller")
        }
        ("M1", Outcome::Review) => ("The model may keep training data.", "release a model that keeps no rows"),
        ("M1", Outcome::Block) => (
            "The model keeps training data, by its type or as was found.",
            "release a model that keeps no rows: no neighbours, kernels or Gaussian processes; or release its scores",
        ),
        ("M2", Outcome::Review) => (
            "Parts of the model rest on few people.",
            "set `min_samples_leaf` to the fewest people that a count may rest on; people look at it",
        ),
        ("M2", Outcome::Block) => {
            ("The structure of the model could not be told.", "save the model anew with its library")
        }
        ("M6", Outcome::Review) => {
            ("The model's numbers are more precise than may leave.", "round them: semla check --fix")
        }
        ("M6", Outcome::Block) => (
            "The model's numbers are more precise than may leave, or lie otherwise than its format has them lie.",
            "round them: semla check --fix; write models without compression",
        ),
        _ => return None,
    })
}
