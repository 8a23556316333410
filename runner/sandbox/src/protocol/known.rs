//! Files of a request that no job declares.

use super::{Id, IdError};
use semla_policy::{Digest, Output, OutputKind, Signed};

/// What a note is called.
pub const NOTE: &str = "note.txt";

/// What a note is said to be: no job declares it.
pub fn note() -> Output {
    Output {
        path: NOTE.to_owned(),
        kind: OutputKind::Text,
        counts: Vec::new(),
        data: None,
        about: "what a reviewer writes to the author".to_owned(),
        controls: String::new(),
    }
}

/// The name of the object that a note becomes: one text of one reviewer about one file is one object.
pub fn note_id(note: &Signed) -> Result<Id, IdError> {
    Id::try_from(format!("n-{}", Digest::of(note.payload.as_bytes()).hex().get(..40).unwrap_or_default()))
}

/// What a traceback is called.
pub const TRACEBACK: &str = "traceback.txt";

/// What a traceback is said to be: no job declares it.
pub fn traceback() -> Output {
    Output {
        path: TRACEBACK.to_owned(),
        kind: OutputKind::Text,
        counts: Vec::new(),
        data: None,
        about: "where in the submitted code the job failed, and with which class of exception".to_owned(),
        controls: "a class that the policy names, and a line of the code; nothing of the message".to_owned(),
    }
}
