//! Handing out descriptors: rule 1, asked once more from the signed records; then the journal; then the bytes. Datasets are no
//! objects: no request hands one out.

use super::desk::{Desk, Replied};
use super::{journal, start};
use crate::keeper::{Kind, standing};
use crate::objects::{self, Object, Origin};
use crate::protocol::{Content, Id, Reply};
use semla_policy::{At, Digest, Label, Marking, Need, Receipt, Refusal, Signed, Wanted};
use std::fs::File;

/// Who reads, and what speaks for it.
pub(super) struct Reader<'a> {
    pub(super) person: &'a str,
    pub(super) reading: Option<&'a Signed>,
    pub(super) receipt: &'a Receipt,
}

impl Desk {
    pub(super) fn open(&self, id: &Id, reviewer: bool, reader: &Reader<'_>) -> Replied {
        let object = objects::find(&self.house, id)?;
        let need = match reviewer {
            true => Need::Reviewer(&object.marking.permit),
            false => Need::Member(&object.marking.permit),
        };
        let label = self.visible(reader, &object.marking, need)?;
        let at = At { label: &label, policy: &object.marking.policy };
        if let Some((name, job)) = self.name(&object)? {
            self.signed_for(reader, at, Wanted { reader: reader.person, object: id.as_str(), name: &name, job: &job })?;
        }
        self.journal(reader, id.as_str())?;
        Ok((Reply::Opened(object.content), Some(objects::open(&self.house, id)?.into())))
    }

    pub(super) fn open_log(&self, fence: &Id, reader: &Reader<'_>) -> Replied {
        let hidden = || Refusal::not_found("such object");
        let marking = standing::task(&self.house, fence).ok_or_else(hidden)?.marking;
        let label = self.visible(reader, &marking, Need::Member(&marking.permit))?;
        let job = start::job_of(fence);
        let at = At { label: &label, policy: &marking.policy };
        self.signed_for(reader, at, Wanted { reader: reader.person, object: fence.as_str(), name: "log", job })?;
        self.journal(reader, fence.as_str())?;
        opened(File::open(self.house.attempt(fence).join("log")).map_err(|_| hidden())?)
    }

    /// What a worker said of an image when it came in.
    pub(super) fn versions(&self, image: &Digest, reader: &Reader<'_>) -> Replied {
        let registry = self.facts.registry();
        let image = registry.image_for(reader.person, image)?;
        let digest = image.digest.to_string();
        let wanted = Wanted { reader: reader.person, object: &digest, name: "versions", job: "" };
        let at = At { label: &registry.label(&image.label)?, policy: registry.policy_digest() };
        self.signed_for(reader, at, wanted)?;
        self.journal(reader, &digest)?;
        let unlisted = |_| Refusal::new(8, "nobody listed what is in the image", "import it again");
        opened(File::open(self.house.versions(&image.digest)).map_err(unlisted)?)
    }

    /// What the gate let down is for a bundle, which the daemon makes.
    pub(super) fn collect(&self, copy: &Id, receipt: &Receipt) -> Replied {
        let object = objects::find(&self.house, copy)?;
        let Origin::Lowered { of, .. } = &object.origin else { return Err(Refusal::not_found("such object")) };
        let source = objects::find(&self.house, of)?.marking;
        let registry = self.facts.registry();
        registry.running(&registry.label(&source.label)?, &source.permit)?;
        journal::write(&self.house, &journal::Line::Collected { copy: copy.clone(), receipt: receipt.clone() })?;
        Ok((Reply::Opened(object.content), Some(objects::open(&self.house, copy)?.into())))
    }

    fn visible(&self, reader: &Reader<'_>, marking: &Marking, need: Need<'_>) -> Result<Label, Refusal> {
        let registry = self.facts.registry();
        let label = registry.label(&marking.label).map_err(|_| Refusal::not_found("such object"))?;
        let at = At { label: &label, policy: &marking.policy };
        registry.may_read(reader.person, Some(at), need, crate::clock::today())?;
        Ok(label)
    }

    fn signed_for(&self, reader: &Reader<'_>, at: At<'_>, wanted: Wanted<'_>) -> Result<(), Refusal> {
        let registry = self.facts.registry();
        if !registry.signed_for(at)? {
            return Ok(());
        }
        let unsigned = || Refusal::new(1, "what is read here is signed for by the one who reads it", "sign for it");
        registry.reading(reader.reading.ok_or_else(unsigned)?, wanted, crate::clock::today())
    }

    /// What a reader calls the object when they sign for it, and the job that it comes from; nothing, where the daemon handed it in
    /// itself.
    fn name(&self, object: &Object) -> Result<Option<(String, String)>, Refusal> {
        match &object.origin {
            Origin::Kept => Ok(None),
            Origin::Detail { fence } => {
                let hidden = || Refusal::not_found("such object");
                let task = standing::task(&self.house, fence).ok_or_else(hidden)?;
                let Kind::Check { object: file, .. } = task.kind else { return Err(hidden()) };
                let (made_by, _) = start::declared(self, &objects::find(&self.house, &file)?)?;
                Ok(Some(("findings".to_owned(), start::job_of(&made_by).to_owned())))
            }
            _ => {
                let (made_by, output) = start::declared(self, object)?;
                Ok(Some((output.path, start::job_of(&made_by).to_owned())))
            }
        }
    }

    fn journal(&self, reader: &Reader<'_>, object: &str) -> Result<(), Refusal> {
        let line = journal::Line::Opened {
            object: object.to_owned(),
            person: reader.person.to_owned(),
            reading: reader.reading.cloned(),
            receipt: reader.receipt.clone(),
        };
        journal::write(&self.house, &line)
    }
}

/// A file that has no digest on record.
fn opened(file: File) -> Replied {
    let size = file.metadata().map_or(0, |data| data.len());
    Ok((Reply::Opened(Content { digest: Digest::of(b""), size }), Some(file.into())))
}
