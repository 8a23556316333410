//! How long a job took is its own doing. Whoever isn't cleared sees its end, and others get its place on the host, at moments that
//! tell nothing or are charged (rules 4 and 5).

use super::job::{Job, text};
use super::placement::Load;
use super::release::{Checking, ReleaseRow, Round};
use super::{Site, now};
use crate::fault::Fault;
use crate::rules::{self, Rule};
use rusqlite::{OptionalExtension, Transaction, params};
use semla_policy::{CHECKED, Ends, GRACE, Marking, Progress};
use semla_sandbox::launcher::CHECK_SECONDS;
use semla_sandbox::protocol::End;

/// How many checks a file of a round may need: itself and a mended copy, each under the pinned policy and the one in force.
const CHECKS_OF_A_FILE: u32 = 4;

/// How long checks take of which there are none, in milliseconds.
const SHORT: u64 = 1000;

/// How long the checks of a round may take, in seconds.
fn asked(row: &ReleaseRow) -> u32 {
    let files = u32::try_from(row.files.len()).unwrap_or(u32::MAX);
    files.saturating_mul(CHECKS_OF_A_FILE * (CHECK_SECONDS + GRACE))
}

/// The moment, in milliseconds since 1970, at which an end is seen.
fn seen_at(ends: Ends, started: u64, ended: u64, asked: u32) -> i64 {
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
        match held_until(job, end) <= now() {
            true => Ok(job.progress()),
            false => Ok(Progress::Running),
        }
    }

    /// Pays for the moment at which an end is seen, before the first one passes: that it hasn't come yet is told, too, to whoever looks or
    /// waits for the place. Where the budget doesn't allow it, the end is seen when its time is over, which tells nothing.
    pub(super) fn pay_moment(&mut self, marking: &Marking, about: &str, asked: u32) -> Result<Ends, Fault> {
        let ends = self.ends(marking)?;
        let paid = match ends.bits(asked) {
            0 => true,
            bits => self.tell("semla", marking, about, bits)?.is_some(),
        };
        Ok(if paid { ends } else { Ends::Fixed })
    }

    fn ends(&self, marking: &Marking) -> Result<Ends, Fault> {
        Ok(self.told_of(marking)?.ends)
    }

    /// When the end of this round's checks is seen: paid for as the round begins. In a request that is over by then no check begins, and
    /// whoever looks at the budget can't tell.
    pub(super) fn pay_round(&mut self, row: &mut ReleaseRow) -> Result<Ends, Fault> {
        if let Some(ends) = row.ends {
            return Ok(ends);
        }
        let about = format!("{}/{}/checks/end", row.protocol.id, row.protocol.round);
        let ends = match row.about {
            None => self.pay_moment(&row.marking, &about, CHECKED)?,
            // What a reviewer does costs the author's permit nothing: its members see what is left.
            Some(_) => Some(self.ends(&row.marking)?).filter(|ends| *ends == Ends::AtOnce).unwrap_or(Ends::Fixed),
        };
        row.ends = Some(ends);
        Ok(ends)
    }

    /// Has the checks of this round begin, unless they have.
    pub(super) fn round(&mut self, row: &mut ReleaseRow) -> Result<Round, Fault> {
        if let Some(round) = row.checks {
            return Ok(round);
        }
        let round = Round { ends: self.pay_round(row)?, started: now(), asked: asked(row) };
        row.checks = Some(round);
        self.keep(row)?;
        Ok(round)
    }

    /// Takes the place that the checks of a round would have where none begin, for as long as they would: whoever waits for it can't tell.
    pub(super) fn seem_to_check(&mut self, row: &mut ReleaseRow) -> Result<(), Fault> {
        let round = Round { ends: self.pay_round(row)?, started: now(), asked: asked(row) };
        row.checks = Some(round);
        let begun = |moment: i64| u64::try_from(moment).unwrap_or(0);
        let until = match round.ends {
            // Where the moment of an end is charged nowhere, none is hidden.
            Ends::AtOnce => return Ok(()),
            Ends::Doubling => seen_at(round.ends, begun(row.began), begun(now()).saturating_add(SHORT), CHECKED),
            Ends::Fixed => seen_at(round.ends, begun(round.started), begun(round.started), round.asked),
        };
        let place = format!("{}/{}", row.protocol.id, row.protocol.round);
        let tx = self.db.transaction()?;
        hold(&tx, &place, &Load::check(&row.marking), until)?;
        Ok(tx.commit()?)
    }

    /// Holds the place of a check that ended, unless others of its round have it. One that there was nothing to check for ended, too.
    pub(super) fn hold_check(&mut self, checking: &Checking, end: &End) -> Result<(), Fault> {
        let row = self.release(&checking.release)?;
        let place = place(checking, &row);
        let same = |other: &Checking| other.release == checking.release && other.replay.is_none();
        let begun = |moment: i64| u64::try_from(moment).unwrap_or(0);
        let until = match (checking.replay.is_none(), row.checks) {
            (true, Some(_)) if self.checkings()?.iter().any(|other| other.fence != checking.fence && same(other)) => {
                return Ok(());
            }
            // Their end and the answer are seen at one moment.
            (true, Some(Round { ends: ends @ Ends::Doubling, .. })) => {
                seen_at(ends, begun(row.began), end.ended, CHECKED)
            }
            (true, Some(Round { ends, started, asked })) => seen_at(ends, begun(started), end.ended, asked),
            _ if self.ends(&row.marking)? == Ends::AtOnce => seen_at(Ends::AtOnce, end.started, end.ended, 0),
            // A replay answers nobody who could pay. Each of its checks adds the time that one may take, however long they really do.
            _ => seen_at(Ends::Fixed, begun(self.held_so_far(&place)?).max(end.started), end.ended, CHECK_SECONDS),
        };
        let tx = self.db.transaction()?;
        hold(&tx, &place, &Load::check(&row.marking), until)?;
        Ok(tx.commit()?)
    }

    /// The places that are held still, by their names.
    pub(super) fn held(&mut self) -> Result<Vec<(String, Load)>, Fault> {
        self.db.execute("DELETE FROM held WHERE until <= ?1", [now()])?;
        if !rules::hold(Rule::Holding) {
            return Ok(Vec::new());
        }
        let mut rows = self.db.prepare_cached("SELECT place, body FROM held")?;
        let rows = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut held = Vec::new();
        for row in rows {
            let (name, body) = row?;
            held.push((name, serde_json::from_str(&body)?));
        }
        Ok(held)
    }

    /// Until when a place is held; 0, where it isn't.
    fn held_so_far(&self, place: &str) -> Result<i64, Fault> {
        let sql = "SELECT until FROM held WHERE place = ?1";
        Ok(self.db.query_row(sql, [place], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}

/// The name of the place that the checks of one round have, or those of one replay at one label: one follows the other in it.
pub(super) fn place(checking: &Checking, row: &ReleaseRow) -> String {
    match &checking.replay {
        None => format!("{}/{}", row.protocol.id, row.protocol.round),
        Some((replay, _)) => format!("{replay}/{}/{}", row.marking.permit, row.marking.label),
    }
}

/// Until when the place of a job that ended is held, and its end isn't seen. One that never started has nothing to tell by it.
pub(super) fn held_until(job: &Job, end: &End) -> i64 {
    seen_at(job.ends.unwrap_or(Ends::AtOnce), end.started, end.ended, job.plan.needs.seconds)
}

/// Holds a place.
pub(super) fn hold(tx: &Transaction<'_>, place: &str, load: &Load, until: i64) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO held (place, until, body) VALUES (?1, ?2, ?3)";
    tx.execute(sql, params![place, until, text(load)?]).map(drop)
}
