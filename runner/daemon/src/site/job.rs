//! A job's row.

use super::Site;
use super::seen::Sight;
use crate::fault::Fault;
use rusqlite::{OptionalExtension, Params, Row, Transaction, params};
use semla_policy::{Digest, Ends, JobPlan, Marking, Progress, Refusal, Signed};
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
    /// How far it has come, as somebody who is cleared sees it.
    pub(super) fn sight(&self) -> Sight {
        Sight::of(&self.marking, self.id.as_str(), "job", &format!("{:?}", self.progress()))
    }

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

/// Most jobs of a list.
const MOST: usize = 1000;
/// What somebody submitted, what was made at one label under one policy, and where anything was made: each of a permit.
const OWN: &str = "SELECT body FROM job WHERE permit = ?1 AND submitter = ?2 ORDER BY created DESC LIMIT 1000";
const MARKED: &str =
    "SELECT body FROM job WHERE permit = ?1 AND body ->> '$.marking.label' = ?2 AND body ->> '$.marking.policy' = ?3
    ORDER BY created DESC LIMIT 1000";
const MARKINGS: &str =
    "SELECT DISTINCT body ->> '$.marking.label', body ->> '$.marking.policy' FROM job WHERE permit = ?1";

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

    /// The jobs of these permits that somebody may know of, the newest first: so many of theirs, whatever others made since.
    pub(super) fn jobs_of(&self, name: &str, permits: &[String]) -> Result<Vec<Job>, Fault> {
        let mut found = BTreeMap::new();
        let mut add = |jobs: Vec<Job>| found.extend(jobs.into_iter().map(|job| (job.id.clone(), job)));
        for permit in permits {
            add(self.some_jobs(OWN, params![permit, name])?);
            for marking in self.markings(permit)?.iter().filter(|marking| self.cleared(name, marking)) {
                add(self.some_jobs(MARKED, params![permit, marking.label, marking.policy.to_string()])?);
            }
        }
        let mut found: Vec<Job> = found.into_values().collect();
        found.sort_by_key(|job| std::cmp::Reverse(job.created));
        found.truncate(MOST);
        Ok(found)
    }

    fn some_jobs(&self, sql: &str, of: impl Params) -> Result<Vec<Job>, Fault> {
        let mut rows = self.db.prepare_cached(sql)?;
        let rows = rows.query_map(of, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// At which labels, and under which policies, jobs of a permit were made.
    fn markings(&self, permit: &str) -> Result<Vec<Marking>, Fault> {
        let mut rows = self.db.prepare_cached(MARKINGS)?;
        let rows = rows.query_map([permit], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut markings = Vec::new();
        for row in rows {
            let (label, policy) = row?;
            let Ok(policy) = Digest::parse(&policy) else { continue };
            markings.push(Marking { label, permit: permit.to_owned(), submitter: String::new(), policy });
        }
        Ok(markings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"marking":{"label":"LABEL","policy":"p"}}"#;

    #[test]
    fn what_others_made_since_takes_no_place_in_a_list() {
        let db = crate::db::empty();
        let add = |id: &str, who: &str, label: &str, created: i64| {
            let sql =
                "INSERT INTO job (id, permit, submitter, state, created, body) VALUES (?1, 'P', ?2, 'ended', ?3, ?4)";
            db.execute(sql, params![id, who, created, BODY.replace("LABEL", label)]).expect("a job");
        };
        add("j-own", "anna", "high", 0);
        add("j-low", "ben", "low", 1);
        (0..1500).for_each(|number| add(&format!("j-{number}"), "ben", "high", 2));
        let found = |sql: &str, of: &[&str]| {
            let mut rows = db.prepare(sql).expect("a question");
            let rows = rows.query_map(rusqlite::params_from_iter(of), |row| row.get::<_, String>(0)).expect("rows");
            rows.map(|row| row.expect("a row")).collect::<Vec<_>>()
        };
        assert_eq!(found(OWN, &["P", "anna"]), [BODY.replace("LABEL", "high")]);
        assert_eq!(found(MARKED, &["P", "low", "p"]), [BODY.replace("LABEL", "low")]);
        assert_eq!(found(MARKED, &["P", "high", "p"]).len(), MOST, "the control: a list has an end");
        assert_eq!(found(MARKINGS, &["P"]), ["high", "low"]);
        for (sql, of, index) in [
            (OWN, &["P", "anna"][..], "job_own"),
            (MARKED, &["P", "low", "p"], "job_marked"),
            (MARKINGS, &["P"], "job_marked"),
        ] {
            let mut rows = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a plan");
            let plan: String = rows.query_row(rusqlite::params_from_iter(of), |row| row.get(3)).expect("a plan");
            assert!(plan.contains(&format!("INDEX {index}")), "{plan}");
        }
    }
}
