//! Lowering a label: the launcher's own act, on the signatures of reviewers and the verdicts of its own workers.

use super::desk::Desk;
use super::{journal, start};
use crate::keeper::standing;
use crate::objects::{self, Origin};
use crate::protocol::{Checked, Id, Lower, Standing};
use semla_policy::release::Candidate;
use semla_policy::{Digest, Hasher, Marking, Refusal};
use std::io::Read;

/// Makes the copy, if rule 6 allows it.
pub(super) fn lower(desk: &Desk, lower: &Lower) -> Result<Id, Refusal> {
    let object = objects::find(&desk.house, &lower.object)?;
    // A file's name is content: it is the one that the job declared, and not what the daemon says.
    if start::declared(desk, &object)?.1.path != lower.file {
        return Err(Refusal::new(6, "the file has another name", "vote on the file under the name that it has"));
    }
    // The digest is of the bytes as they are now, not of what was noted once.
    let mut content = objects::open(&desk.house, &lower.object)?;
    let mut hasher = Hasher::default();
    let mut piece = vec![0; 1 << 16];
    loop {
        match content.read(&mut piece).map_err(|error| Refusal::new(8, error.to_string(), "see the disk's health"))? {
            0 => break,
            got => hasher.update(piece.get(..got).unwrap_or_default()),
        }
    }
    let digest = hasher.finish();
    let candidate = Candidate {
        release: &lower.release,
        file: &lower.file,
        digest: &digest,
        marking: &object.marking,
        to: &lower.to,
    };
    let checked = checked(desk, lower);
    let judged: Vec<_> = checked.iter().map(Checked::judged).collect();
    let lowering = desk.facts.registry().lowering(&candidate, &judged, &lower.votes, crate::clock::today())?;
    let copy = copy_of(lower)?;
    if desk.house.marking(&copy).exists() {
        return Ok(copy);
    }
    journal::write(
        &desk.house,
        &journal::Line::Lowered {
            object: lower.object.clone(),
            copy: copy.clone(),
            to: lowering.to().to_owned(),
            // No file says more than its bytes.
            information: said(&checked).min(object.content.size.saturating_mul(8)),
            receipt: lower.receipt.clone(),
        },
    )?;
    let marking = Marking { label: lowering.to().to_owned(), ..object.marking };
    let origin = Origin::Lowered { of: lower.object.clone(), release: lower.release.clone() };
    let mut content = objects::open(&desk.house, &lower.object)?;
    let failed = |error: std::io::Error| {
        Refusal::new(8, format!("the copy couldn't be written: {error}"), "free some disk, and try again")
    };
    let path = desk.house.object(&copy);
    let copied = objects::copy(&path, &mut content, object.content.size).map_err(failed)?;
    // What was voted on is what lies there now, or nothing gets the lower label.
    if copied.digest != digest {
        return Err(Refusal::new(6, "the file changed while it was copied", "have the disk looked at"));
    }
    objects::label(&desk.house, &copy, copied, marking, origin).map_err(failed)?;
    Ok(copy)
}

/// The one name that this file's copy can have: approvals are used once, and asking again makes nothing new.
fn copy_of(lower: &Lower) -> Result<Id, Refusal> {
    let about = format!("{}\n{}\n{}\n{}", lower.release, lower.object, lower.file, lower.to);
    let name = format!("b-{}", Digest::of(about.as_bytes()).hex().get(..40).unwrap_or_default());
    Id::try_from(name).map_err(|error| Refusal::new(8, error.to_string(), "ask for the release again"))
}

/// Bits that the file can say, by the checks that say most.
fn said(checked: &[Checked]) -> u64 {
    checked.iter().map(|checked| checked.information).max().unwrap_or(u64::MAX)
}

/// What the launcher's own keepers wrote about exactly this object and target.
fn checked(desk: &Desk, lower: &Lower) -> Vec<Checked> {
    let verdict = |fence| match standing::observe(&desk.house, fence) {
        Standing::Ended(end) => end.checked,
        _ => None,
    };
    let about = lower.checks.iter().filter_map(verdict);
    about.filter(|checked| checked.object == lower.object && checked.to == lower.to).collect()
}
