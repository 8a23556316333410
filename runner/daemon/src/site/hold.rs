//! How long a job took is its own doing. Whoever isn't cleared sees its end, and others get its place on the host, at moments that
//! tell nothing or are charged (rules 4 and 5).

use super::job::{Job, text};
use super::placement::Load;
use super::{Site, now};
use crate::fault::Fault;
use rusqlite::{Transaction, params};
use semla_policy::{Ends, Marking, Progress};
use semla_sandbox::protocol::End;

/// The moment, in milliseconds since 1970, at which an end is seen.
pub(super) fn seen_at(ends: Ends, started: u64, ended: u64, asked: u32) -> i64 {
    let took = ended.saturating_sub(started);
    let at = match ends {
        Ends::AtOnce => ended,
        _ => started.saturating_add(ends.seen(took.div_ceil(1000), asked.into()).saturating_mul(1000)),
    };
    i64::try_from(at).unwrap_or(i64::MAX)
}

impl Site {
    /// How far a job has come for whoever isn't cleared.
    pub(super) fn progress_seen(&self, job: &Job) -> Result<Progress, Fault> {
        let Some(end) = &job.end else { return Ok(job.progress()) };
        let ends = self.ends(&job.marking)?;
        match seen_at(ends, end.started, end.ended, job.plan.needs.seconds) <= now() {
            true => Ok(job.progress()),
            false => Ok(Progress::Running),
        }
    }

    pub(super) fn ends(&self, marking: &Marking) -> Result<Ends, Fault> {
        let registry = self.registry();
        Ok(registry.level(&registry.label(&marking.label)?)?.ends)
    }

    /// Until when the place of an attempt that ended is held.
    pub(super) fn held_until(&self, load: &Load, end: &End, asked: u32) -> Result<i64, Fault> {
        Ok(seen_at(self.ends(&load.marking)?, end.started, end.ended, asked))
    }

    /// The places that are held still.
    pub(super) fn held(&mut self) -> Result<Vec<Load>, Fault> {
        self.db.execute("DELETE FROM hold WHERE until <= ?1", [now()])?;
        let mut rows = self.db.prepare_cached("SELECT body FROM hold")?;
        let rows = rows.query_map([], |row| row.get::<_, String>(0))?;
        let mut held = Vec::new();
        for body in rows {
            held.push(serde_json::from_str(&body?)?);
        }
        Ok(held)
    }
}

/// Holds a place.
pub(super) fn hold(tx: &Transaction<'_>, fence: &str, load: &Load, until: i64) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO hold (fence, until, body) VALUES (?1, ?2, ?3)";
    tx.execute(sql, params![fence, until, text(load)?]).map(drop)
}
