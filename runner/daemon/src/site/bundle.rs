//! Bundles: what a release hands out. Everything in one is at the target label, the metadata too.

use super::act::{Act, Event};
use super::airlock::worst_notice;
use super::cadence::STEP;
use super::reconcile::LATER;
use super::release::ReleaseRow;
use super::{Site, now, today};
use crate::fault::{Fault, machine};
use semla_ledger::Revocations;
use semla_ledger::bundle::{ATTESTATION, Draft};
use semla_policy::release::{Event as Step, State};
use semla_policy::{Digest, Refusal};
use semla_sandbox::protocol::Request;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

/// What an attestation's predicate is.
pub(crate) const PREDICATE: &str = "https://semla.invalid/release/v1";

impl Site {
    /// Makes the bundle of a request whose approved files were all lowered.
    pub(super) fn bundle(&mut self, mut row: ReleaseRow) -> Result<(), Fault> {
        let mut copies = BTreeMap::new();
        for (name, behind) in &row.files {
            if let Some(copy) = &behind.copy {
                copies.insert(name.clone(), copy.clone());
            }
        }
        let mut files = BTreeMap::new();
        for (name, copy) in copies {
            let what = Event::Read { object: copy.to_string(), what: name.clone() };
            let recorded = self.record("semla", &row.protocol.to, Some(&row.marking.permit), what, |_| Ok(()))?;
            let request = Request::Collect { copy, receipt: recorded.receipt().clone() };
            let (content, file) = self.launcher.open(request)?;
            let mut bytes = Vec::new();
            file.take(content.size).read_to_end(&mut bytes).map_err(machine("read a released file"))?;
            files.insert(name, bytes);
        }
        let envelope = self.log.attest(&files, PREDICATE, predicate(&row)).map_err(machine("sign the attestation"))?;
        let place = self.place(&row.protocol.id);
        std::fs::create_dir_all(self.house.serve().join("bundles")).map_err(machine("make the bundles' folder"))?;
        // What can fail for want of room fails before the ledger says that anything left.
        Draft::begin(&place, &files, &envelope).map_err(machine("write the bundle"))?;
        let (next, effects) = row.protocol.step(Step::Lowered)?;
        row.protocol = next;
        row.note(now());
        let bundle = Digest::of(envelope.as_bytes());
        (row.bundle, row.released) = (Some(bundle), Some(now()));
        let act = Act {
            at: now(),
            by: "semla".to_owned(),
            label: row.protocol.to.clone(),
            permit: Some(row.marking.permit.clone()),
            event: Event::Released { release: row.protocol.id.clone(), bundle: bundle.to_string() },
        };
        // Whatever becomes of the log: what is committed is finished.
        self.unproved.insert(row.protocol.id.clone());
        // The entry ends a step, so that its position and the tree's size in the bundle count steps, and not what happened.
        self.fill(1)?;
        self.record_all(&[act], |tx, receipts| {
            row.entry = receipts.first().map(|receipt| receipt.index);
            row.save(tx)
        })?;
        self.prove(&row)?;
        self.carry_out(row, effects)
    }

    /// Puts the proof into a bundle that the ledger tells of, and the bundle in its place. A crash may have come between.
    fn prove(&mut self, row: &ReleaseRow) -> Result<(), Fault> {
        let Some(index) = row.entry else { return Ok(()) };
        let place = self.place(&row.protocol.id);
        // It was put there, and a crash came before anybody noted it.
        if place.join(ATTESTATION).is_file() {
            self.unproved.remove(&row.protocol.id);
            return Ok(());
        }
        // Empty, where a crash came as it was put there; whatever else is there stays, and is refused.
        drop(std::fs::remove_dir(&place));
        let draft = Draft::of(&place).map_err(machine("find what was written of the bundle"))?;
        // After a crash others may have been recorded since: what is proven ends a step, as always.
        if !self.log.size().is_multiple_of(STEP) {
            self.fill(0)?;
        }
        let opening = self.log.opening(index).map_err(machine("open the ledger's entry"))?;
        let proof = self.log.prove(index).map_err(machine("prove the ledger's entry"))?;
        let checkpoint = self.log.checkpoint().map_err(machine("sign a checkpoint"))?;
        draft.finish(&opening, &proof, &checkpoint).map_err(machine("write the bundle's proof"))?;
        self.unproved.remove(&row.protocol.id);
        Ok(())
    }

    /// Bundles that the ledger tells of and that aren't in their place, and what is left of those that were taken back before they were.
    pub(super) fn unproved(&self) -> Result<BTreeSet<String>, Fault> {
        let unfinished = |row: &ReleaseRow| {
            let place = self.place(&row.protocol.id);
            match row.protocol.state {
                State::Released => !place.join(ATTESTATION).is_file(),
                State::Revoked => Draft::of(&place).is_ok(),
                _ => false,
            }
        };
        Ok(self.all_releases()?.into_iter().filter(unfinished).map(|row| row.protocol.id).collect())
    }

    /// Finishes them.
    pub(super) fn finish_bundles(&mut self) -> Result<(), Fault> {
        let mut failed = None;
        for id in self.unproved.clone() {
            if self.later.get(&id).is_some_and(|later| Instant::now() < *later) {
                continue;
            }
            // One that can't be seen to is no reason to leave the others alone.
            if let Err(fault) = self.finish_bundle(&id) {
                self.later.insert(id, Instant::now() + LATER);
                failed = Some(fault);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn finish_bundle(&mut self, id: &str) -> Result<(), Fault> {
        let row = self.release(id)?;
        match row.protocol.state {
            State::Released => return self.prove(&row),
            // It wasn't recorded after all, and is tried again as a whole.
            State::Approved => {}
            // One that was taken back meanwhile is handed out no more.
            _ => {
                if let Ok(draft) = Draft::of(&self.place(id)) {
                    draft.discard().map_err(machine("remove what was written of a bundle"))?;
                }
            }
        }
        self.unproved.remove(id);
        Ok(())
    }

    /// A released bundle as a tar stream, for a member of its permit.
    pub(crate) fn download(&mut self, name: &str, id: &str) -> Result<Vec<u8>, Fault> {
        let row = self.release(id)?;
        let person = self.person(name)?;
        let member = self.registry().membership(person, &row.marking.permit, today()).is_ok();
        let label = self.registry().label(&row.protocol.to)?;
        if !member || !self.registry().clearance(person).admits(&label) {
            return Err(Refusal::not_found("such request").into());
        }
        let place = self.place(id);
        // That somebody asks is for those to know who decide on it, until it is public.
        if !row.left() && row.protocol.requester != name {
            return Err(Refusal::not_found("such request").into());
        }
        if row.protocol.state != State::Released || !place.is_dir() {
            return Err(
                Refusal::new(6, "the request has no bundle to fetch", "look at it with `semla release show`").into()
            );
        }
        // What is halted isn't handed out, either.
        self.allowed(&row.marking)?;
        let event = Event::Downloaded { release: id.to_owned() };
        self.record(name, &row.protocol.to, Some(&row.marking.permit), event, |_| Ok(()))?;
        let mut tar = tar::Builder::new(Vec::new());
        tar.mode(tar::HeaderMode::Deterministic);
        tar.append_dir_all(".", &place).map_err(machine("pack the bundle"))?;
        tar.into_inner().map_err(machine("pack the bundle"))
    }

    /// A revoked bundle is handed out no more.
    pub(super) fn withhold(&mut self, row: &ReleaseRow) -> Result<(), Fault> {
        match std::fs::remove_dir_all(self.place(&row.protocol.id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(machine("remove the bundle")(error)),
            _ => Ok(()),
        }
    }

    /// The bundles that were taken back, by their attestations, as the ledger's key signs it today: for everybody. The list says no
    /// more than that; whoever has such a bundle knows what it is.
    pub(crate) fn revocations(&self) -> Result<String, Fault> {
        let bundles = self.revoked()?.iter().map(Digest::to_string).collect();
        let list = Revocations { day: today().to_string(), bundles };
        self.log.revocations(&list).map_err(machine("sign the list of revoked bundles"))
    }

    fn place(&self, release: &str) -> PathBuf {
        self.house.serve().join("bundles").join(release)
    }
}

/// The machine-readable record of what was checked and who approved.
fn predicate(row: &ReleaseRow) -> serde_json::Value {
    let files = row.files.iter().filter(|(_, behind)| behind.copy.is_some());
    let files: BTreeMap<_, _> = files
        .map(|(name, behind)| {
            let verdicts: Vec<_> = behind
                .checked
                .iter()
                .map(|(_, checked)| json!({ "policy": checked.policy, "verdict": checked.verdict }))
                .collect();
            let excuse = row.protocol.excuse.as_ref();
            let worst =
                worst_notice(behind, excuse).map(|notice| json!({ "check": notice.check, "outcome": notice.outcome }));
            let file = row.protocol.files.get(name);
            let file = json!({
                "verdicts": verdicts,
                "worst": worst,
                "excused": file.map(|file| &file.excused),
                "reviewers": file.map(|file| row.protocol.needed(file)),
                "approvals": behind.votes,
                "reencoded": behind.mended,
            });
            (name.clone(), file)
        })
        .collect();
    json!({
        "release": row.protocol.id,
        "permit": row.marking.permit,
        "from": row.protocol.from,
        "to": row.protocol.to,
        "reviewers": row.protocol.panels.reviewers(),
        "tool": concat!("semla ", env!("CARGO_PKG_VERSION")),
        "files": files,
    })
}
