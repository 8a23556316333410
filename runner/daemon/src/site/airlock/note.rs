//! What reviewers write to authors in words of their own: each note is a request, and others decide on it.

use super::super::Site;
use super::super::release::Behind;
use super::Begin;
use crate::api::ReleaseView;
use crate::fault::Fault;
use semla_policy::release::{FileState, Note};
use semla_policy::{Marking, Refusal, Signed};
use semla_sandbox::protocol::{self, NOTE, note_id};
use std::collections::BTreeMap;

/// The notes on a request that have been released. It is asked for each request of a list: an index answers it.
pub(crate) const NOTES: &str =
    "SELECT id FROM release WHERE body ->> '$.about' = ?1 AND state = 'released' ORDER BY expires";

impl Site {
    /// Asks for the release of a note on a file of a request, to where that request goes.
    pub(crate) fn write_note(&mut self, name: &str, id: &str, signed: &Signed) -> Result<ReleaseView, Fault> {
        let row = self.reviewable(name, id)?;
        let wrong = |what: &str| Fault::from(Refusal::new(6, what, "look at the request, and write it again"));
        let note: Note = signed.read().map_err(|_| wrong("the note can't be read"))?;
        if note.release != row.protocol.id || note.requester != row.protocol.requester {
            return Err(wrong("the note is about another request"));
        }
        let behind = row.files.get(&note.file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        let file = row.protocol.files.get(&note.file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        if file.state.is_open() || file.state == FileState::Unchecked {
            // Reviews are blind: a note tells others what its author thinks of the file.
            let what =
                format!("`{}` isn't decided yet, and a note would tell the others what you think of it", note.file);
            return Err(Refusal::new(6, what, "write it once the file is decided").into());
        }
        let (author, _) = self.registry().note(signed, &row.marking, &file.digest)?;
        if author != name {
            return Err(wrong("the note is signed by somebody else"));
        }
        let object = note_id(signed).map_err(|error| wrong(&error.to_string()))?;
        let content = self.launcher.note(&behind.object, signed)?;
        let job = row.job_of(behind).clone();
        let said = protocol::note();
        let files =
            BTreeMap::from([(NOTE.to_owned(), (content.digest, Behind::new(object, said.about, said.controls)))]);
        let marking = Marking { submitter: author, ..row.marking };
        self.begin(name, Begin { job, marking, to: row.protocol.to, files, about: Some(id.to_owned()) })
    }

    /// The notes on a request that have been released: they are the author's to fetch.
    pub(super) fn notes(&self, id: &str) -> Result<Vec<String>, Fault> {
        let mut rows = self.db.prepare_cached(NOTES)?;
        let rows = rows.query_map([id], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
