//! A request's row: the protocol's state, and which objects stand behind its files.

use super::Site;
use super::job::text;
use crate::fault::Fault;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use semla_policy::release::Release;
use semla_policy::{Digest, Marking, Refusal, Signed};
use semla_sandbox::protocol::{Checked, Id};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReleaseRow {
    pub(crate) protocol: Release,
    pub(crate) job: Id,
    pub(crate) marking: Marking,
    pub(crate) created: i64,
    pub(crate) expires: i64,
    pub(crate) files: BTreeMap<String, Behind>,
}

/// What stands behind a file of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Behind {
    /// What is checked, voted on and lowered.
    pub(crate) object: Id,
    /// Whether that is a copy that the checks mended.
    pub(crate) mended: bool,
    /// What the checks said of it, under each policy that counts.
    pub(crate) checked: Vec<(Id, Checked)>,
    /// What reviewers signed.
    pub(crate) votes: Vec<Signed>,
    /// Its copy at the lower label, once there is one.
    pub(crate) copy: Option<Id>,
    pub(crate) about: String,
    pub(crate) controls: String,
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
}

impl ReleaseRow {
    pub(super) fn save(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        tx.execute(
            "INSERT OR REPLACE INTO release (id, permit, state, expires, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![self.protocol.id, self.marking.permit, word(self), self.expires, text(self)?],
        )
        .map(drop)
    }
}

/// The state as a word for machines.
pub(super) fn word(row: &ReleaseRow) -> String {
    serde_json::to_value(row.protocol.state).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
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

    /// All requests that aren't over.
    pub(super) fn open_releases(&self) -> Result<Vec<ReleaseRow>, Fault> {
        let sql = "SELECT body FROM release WHERE state IN ('draft', 'checking', 'in-review', 'changes-requested', 'approved')";
        let mut rows = self.db.prepare_cached(sql)?;
        let rows = rows.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All requests.
    pub(super) fn all_releases(&self) -> Result<Vec<ReleaseRow>, Fault> {
        let mut rows = self.db.prepare_cached("SELECT body FROM release ORDER BY expires")?;
        let rows = rows.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The runs of checks that are due or under way.
    pub(super) fn checkings(&self) -> Result<Vec<Checking>, Fault> {
        let mut rows = self.db.prepare_cached("SELECT body FROM checking ORDER BY rowid")?;
        let rows = rows.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
