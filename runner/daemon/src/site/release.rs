//! A request's row: the protocol's state, and which objects stand behind its files.

mod behind;
mod told;

pub(crate) use behind::{Behind, Earlier};
pub(crate) use told::{Told, ToldFile};

use super::job::text;
use super::{Site, now};
use crate::fault::Fault;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use semla_policy::release::{FileState, Release, State};
use semla_policy::{Digest, Ends, Marking, Refusal, Signed};
use semla_sandbox::protocol::Id;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReleaseRow {
    pub(crate) protocol: Release,
    pub(crate) job: Id,
    pub(crate) marking: Marking,
    /// The policy in force that it goes on under; the reconciler compares.
    pub(crate) policy: Digest,
    pub(crate) created: i64,
    /// When it would have closed under the terms that it began with. Requests are ordered by it, and it never changes: what does
    /// would tell where a request stands.
    pub(crate) closes: i64,
    /// When it closes.
    pub(crate) expires: i64,
    pub(crate) files: BTreeMap<String, Behind>,
    /// The request that this is a reviewer's note on.
    pub(crate) about: Option<String>,
    /// When this round's checks began, when they were through, and when people were.
    pub(crate) began: i64,
    pub(crate) checked: Option<i64>,
    pub(crate) decided: Option<i64>,
    /// When the end of this round's checks is seen, once that is paid for.
    #[serde(default)]
    pub(crate) ends: Option<Ends>,
    /// The place of this round's checks, once they have begun.
    #[serde(default)]
    pub(crate) checks: Option<Round>,
    /// When the end of this round's reviews is seen, for a requester who waits for it and isn't cleared.
    #[serde(default)]
    pub(crate) reviews: Option<Ends>,
    /// What a requester was told last who isn't cleared.
    pub(crate) told: Option<Told>,
    /// Whether the requester wanted it back, whatever came of it.
    pub(crate) asked_back: bool,
    /// The attestation of its bundle, once there is one.
    pub(crate) bundle: Option<Digest>,
    /// The ledger's entry that names it.
    #[serde(default)]
    pub(crate) entry: Option<u64>,
    /// When that was.
    #[serde(default)]
    pub(crate) released: Option<i64>,
}

/// The checks of one round: they have a place on the host from the first one's start until the moment at which the last one's end is seen.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Round {
    pub(crate) ends: Ends,
    pub(crate) started: i64,
    /// How many seconds they can take.
    pub(crate) asked: u32,
}

/// One run of the checks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Checking {
    pub(crate) fence: Id,
    pub(crate) release: String,
    pub(crate) file: String,
    pub(crate) object: Id,
    pub(crate) digest: Digest,
    pub(crate) policy: Digest,
    pub(crate) to: String,
    pub(crate) started: bool,
    /// The replay that it is for, and the proposal that it judges by; nothing, where it is for the request itself.
    pub(crate) replay: Option<(String, Box<Signed>)>,
}

impl ReleaseRow {
    /// Where it stands, for those who are cleared: one whose checks wait for a place on the host is submitted.
    pub(super) fn stands(&self) -> String {
        match self.protocol.state {
            State::Checking if self.checks.is_none() => "submitted".to_owned(),
            state => word(state),
        }
    }

    /// The job that a file is from.
    pub(super) fn job_of<'a>(&'a self, behind: &'a Behind) -> &'a Id {
        behind.job.as_ref().unwrap_or(&self.job)
    }

    /// What a file is, or was in a version, counted from 1, and the job that this is from.
    pub(super) fn version(&self, file: &str, version: Option<usize>) -> Result<(&Id, &Id), Refusal> {
        let behind = self.files.get(file).ok_or_else(|| Refusal::not_found("such file in the request"))?;
        let Some(version) = version.filter(|version| *version != behind.earlier.len() + 1) else {
            return Ok((&behind.object, self.job_of(behind)));
        };
        let earlier = version.checked_sub(1).and_then(|place| behind.earlier.get(place));
        let earlier = earlier.ok_or_else(|| Refusal::not_found("such version of the file"))?;
        Ok((&earlier.object, &earlier.job))
    }

    /// The checks begin anew, and so does the time for all answers.
    pub(super) fn begin_round(&mut self, now: i64) {
        (self.began, self.checked, self.decided) = (now, None, None);
        (self.ends, self.checks, self.reviews) = (None, None, None);
    }

    /// Whether a bundle left, taken back since or not.
    pub(super) fn left(&self) -> bool {
        matches!(self.protocol.state, State::Released | State::Revoked) && self.bundle.is_some()
    }

    /// Notes when the checks, and when people are through with this round.
    pub(super) fn note(&mut self, now: i64) {
        let any = |of: fn(FileState) -> bool| self.protocol.files.values().any(|file| of(file.state));
        let (unchecked, undecided) = (any(|state| state == FileState::Unchecked), any(FileState::is_open));
        if self.protocol.state == State::Draft {
            return;
        }
        // A request that is over has nobody left who checks or decides.
        let over = !self.protocol.state.is_pending();
        if over || !unchecked {
            self.checked.get_or_insert(now);
        }
        if over || !unchecked && !undecided {
            self.decided.get_or_insert(now);
        }
    }

    pub(super) fn save(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        tx.execute(
            "INSERT OR REPLACE INTO release (id, permit, state, expires, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![self.protocol.id, self.marking.permit, word(self.protocol.state), self.closes, text(self)?],
        )
        .map(drop)
    }
}

/// A state as a word for machines.
pub(super) fn word(state: impl Serialize) -> String {
    serde_json::to_value(state).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Checking {
    pub(super) fn save(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let state = if self.started { "started" } else { "queued" };
        let sql = "INSERT OR REPLACE INTO checking (fence, release, state, body) VALUES (?1, ?2, ?3, ?4)";
        tx.execute(sql, params![self.fence.as_str(), self.release, state, text(self)?]).map(drop)
    }

    pub(super) fn remove(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        tx.execute("DELETE FROM checking WHERE fence = ?1", [self.fence.as_str()]).map(drop)
    }
}

fn read<T: DeserializeOwned>(row: &Row<'_>) -> rusqlite::Result<T> {
    let body: String = row.get(0)?;
    serde_json::from_str(&body)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

impl Site {
    /// The request of this id, whoever asks.
    pub(super) fn release(&self, id: &str) -> Result<ReleaseRow, Fault> {
        let row = self.db.query_row("SELECT body FROM release WHERE id = ?1", [id], read).optional()?;
        row.ok_or_else(|| Refusal::not_found("such request").into())
    }

    /// Keeps what changed of a request and is no event.
    pub(super) fn keep(&mut self, row: &ReleaseRow) -> Result<(), Fault> {
        let tx = self.db.transaction()?;
        row.save(&tx)?;
        Ok(tx.commit()?)
    }

    /// All requests that aren't over.
    pub(super) fn open_releases(&self) -> Result<Vec<ReleaseRow>, Fault> {
        let sql = "SELECT body FROM release WHERE state IN ('draft', 'checking', 'in-review', 'changes-requested', 'approved')";
        let mut rows = self.db.prepare_cached(sql)?;
        let rows = rows.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All requests that are over before their time, and not at their requester's wish: those that left, too, for not everybody may see it.
    pub(super) fn ended_early(&self) -> Result<Vec<ReleaseRow>, Fault> {
        let sql =
            "SELECT body FROM release WHERE state IN ('rejected', 'expired', 'revoked', 'released') AND expires > ?1";
        let mut rows = self.db.prepare_cached(sql)?;
        let rows = rows.query_map([now()], read::<ReleaseRow>)?;
        let untold = |row: &ReleaseRow| !row.asked_back;
        Ok(rows.filter(|row| row.as_ref().map_or(true, untold)).collect::<Result<_, _>>()?)
    }

    /// All requests.
    pub(super) fn all_releases(&self) -> Result<Vec<ReleaseRow>, Fault> {
        let mut rows = self.db.prepare_cached("SELECT body FROM release ORDER BY expires")?;
        let rows = rows.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The attestations of all bundles that were taken back.
    pub(super) fn revoked(&self) -> Result<BTreeSet<Digest>, Fault> {
        let mut rows = self.db.prepare_cached("SELECT body FROM release WHERE state = 'revoked'")?;
        let rows = rows.query_map([], read::<ReleaseRow>)?;
        let bundles = rows.filter_map(|row| row.map(|row| row.bundle).transpose());
        Ok(bundles.collect::<Result<_, _>>()?)
    }

    /// The runs of checks that are due or under way.
    pub(super) fn checkings(&self) -> Result<Vec<Checking>, Fault> {
        let mut rows = self.db.prepare_cached("SELECT body FROM checking ORDER BY rowid")?;
        let rows = rows.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
