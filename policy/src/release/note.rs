//! What a reviewer writes to an author in words of their own. It is at the label of what they reviewed, and reaches the author as
//! anything else does: by a release, which others approve.

use crate::digest::Digest;
use crate::made::Marking;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::{Signed, Statement};
use serde::{Deserialize, Serialize};

/// Most characters of a note.
const MOST: usize = 1000;

/// A reviewer's words about one file of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The request.
    pub release: String,
    /// Who asked for it.
    pub requester: String,
    /// The file.
    pub file: String,
    /// Its content.
    pub digest: Digest,
    /// Its label, and so the note's.
    pub from: String,
    /// What is to be said.
    pub text: String,
}

impl Statement for Note {
    const TYPE: &'static str = "application/vnd.semla.note+json";
}

impl Registry {
    /// A note on a file, and who wrote it: exactly one person, who may review that file.
    pub fn note(&self, signed: &Signed, file: &Marking, digest: &Digest) -> Result<(String, Note), Refusal> {
        let signers = self.signers::<Note>(signed)?;
        let [author] = Vec::from_iter(signers).try_into().map_err(|names: Vec<String>| {
            Refusal::new(6, format!("a note has one signature, and this one has {}", names.len()), "sign it once")
        })?;
        let note = signed.read::<Note>().map_err(|error| {
            Refusal::new(8, format!("the note can't be read: {error}"), "write it with the `semla` of this version")
        })?;
        if note.digest != *digest || note.from != file.label {
            let what = format!("the note of `{author}` is about another file or content");
            return Err(Refusal::new(6, what, "look at the file as it is now, and write it again"));
        }
        if note.text.trim().is_empty() || note.text.chars().count() > MOST {
            let what = format!("a note says something, in at most {MOST} characters");
            return Err(Refusal::new(6, what, "write one to a few sentences"));
        }
        // A note goes where its request goes, and that is for the daemon to look after: what is released is voted on.
        self.reviews(&author, file, &note.requester)?;
        Ok((author, note))
    }
}
