//! Writing to an author: a signed text, which is a request of its own.

use super::show;
use crate::args::Place;
use crate::client::{Client, segment};
use crate::fail::Fail;
use crate::keys;
use crate::output::{self, Printer, counted, plain};
use crate::proposal::me;
use semla_daemon::api::{ReleaseView, WriteNote};
use semla_policy::release::Note;
use semla_policy::{Digest, Signed};

/// Signs a text about a file of a request, and asks for its release.
pub(super) fn write(
    place: &Place,
    client: &Client,
    (id, file): (&str, &str),
    text: &str,
    printer: &Printer,
) -> Result<(), Fail> {
    let view: ReleaseView = client.get(&format!("/releases/{}", segment(id)))?;
    let name = me(client)?;
    let about = view.files.get(file).and_then(|file| file.digest.as_deref());
    let digest =
        about.ok_or_else(|| Fail::new(format!("the request has no file `{}` of yours to review", plain(file))))?;
    let note = Note {
        release: view.id.clone(),
        requester: view.requester.clone(),
        file: file.to_owned(),
        digest: Digest::parse(digest).map_err(Fail::chain)?,
        from: view.from.clone(),
        text: text.to_owned(),
    };
    eprintln!("to sign: a note on {} of {}, {} -> {}:", plain(file), view.id, view.from, view.to);
    plain(text).lines().for_each(|line| eprintln!("  {line}"));
    output::confirm("sign it?")?;
    let mut note = Signed::unsigned(&note).map_err(Fail::chain)?;
    keys::sign::<Note>(place, &name, &mut note)?;
    let asked: ReleaseView = client.post(&format!("/releases/{}/notes", segment(id)), &WriteNote { note })?;
    eprintln!(
        "it leaves once {} more approve it: others than you who may review the request",
        counted((asked.reviewers.into(), "reviewer"))
    );
    printer.one(&asked, show::release)
}
