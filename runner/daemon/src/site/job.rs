//! A job's row.

use super::Site;
use crate::fault::Fault;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use semla_policy::{Ends, JobPlan, Marking, Progress, Refusal, Signed};
use semla_sandbox::protocol::{End, Id};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A job, and how far it came.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: Id,
    pub(crate) plan: JobPlan,
    /// What the plan was read from.
    pub(crate) submission: Signed,
    pub(crate) marking: Marking,
    pub(crate) phase: Phase,
    /// The attempt. Its name is on disk before anything of it exists.
    pub(crate) fence: Id,
    pub(crate) code: Id,
    pub(crate) dummies: BTreeMap<String, Id>,
    pub(crate) commit: Option<String>,
    pub(crate) created: i64,
    /// When its end is seen: what could be paid for at its first start.
    #[serde(default)]
    pub(crate) ends: Option<Ends>,
    pub(crate) end: Option<End>,
}

/// How far a job came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    /// It waits for its turn.
    Queued,
    /// The launcher was, or is about to be, asked to start it.
    Launching,
    /// It ended.
    Ended,
}

impl Phase {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Launching => "launching",
            Self::Ended => "ended",
        }
    }
}

impl Job {
    /// Where it stands, for people.
    pub(crate) fn progress(&self) -> Progress {
        match (self.phase, &self.end) {
            (Phase::Queued, _) => Progress::Queued,
            (Phase::Launching, _) => Progress::Running,
            (Phase::Ended, Some(end)) => Progress::Ended(end.ending),
            (Phase::Ended, None) => Progress::Ended(semla_policy::Ending::Lost),
        }
    }

    /// Writes the row.
    pub(super) fn save(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        tx.execute(
            "INSERT OR REPLACE INTO job (id, permit, submitter, state, created, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                self.id.as_str(),
                self.marking.permit,
                self.marking.submitter,
                self.phase.word(),
                self.created,
                text(self)?
            ],
        )
        .map(drop)
    }
}

/// A row's body.
pub(super) fn text<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Job> {
    let body: String = row.get(0)?;
    serde_json::from_str(&body)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

impl Site {
    /// The job of this id, whoever asks.
    pub(super) fn job(&self, id: &str) -> Result<Job, Fault> {
        let job = self.db.query_row("SELECT body FROM job WHERE id = ?1", [id], read).optional()?;
        job.ok_or_else(|| Refusal::not_found("such job").into())
    }

    /// The jobs in one phase, the oldest first.
    pub(super) fn jobs_in(&self, phase: Phase) -> Result<Vec<Job>, Fault> {
        let mut rows = self.db.prepare_cached("SELECT body FROM job WHERE state = ?1 ORDER BY created")?;
        let rows = rows.query_map([phase.word()], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The jobs of these permits, the newest first.
    pub(super) fn jobs_of(&self, permits: &[String]) -> Result<Vec<Job>, Fault> {
        const MOST: usize = 1000;
        let mut found = Vec::new();
        let mut rows =
            self.db.prepare_cached("SELECT body FROM job WHERE permit = ?1 ORDER BY created DESC LIMIT 1000")?;
        for permit in permits {
            for job in rows.query_map([permit], read)? {
                found.push(job?);
            }
        }
        found.sort_by_key(|job| std::cmp::Reverse(job.created));
        found.truncate(MOST);
        Ok(found)
    }
}
