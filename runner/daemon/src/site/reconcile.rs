//! Compares what should run with what does, acts, and comes back. It needs no memory: after a crash it goes on from what is on
//! disk, and a fence that was claimed once runs nothing twice.

mod checks;

use super::act::Event;
use super::hold::{held_until, hold, place};
use super::job::{Job, Phase};
use super::placement::{Load, fits};
use super::replay::not_judged;
use super::{Rest, Site, now, today};
use crate::fault::Fault;
use rusqlite::Transaction;
use semla_policy::Ending;
use semla_policy::release::{self, State};
use semla_sandbox::host;
use semla_sandbox::protocol::{End, Standing, Work};
use std::time::{Duration, Instant};

/// How long what failed to be lowered, or couldn't be written down, waits for its next try: each try is an entry.
pub(super) const LATER: Duration = Duration::from_secs(60);

/// The same for what waits for a GPU that somebody has open.
const GPU: Duration = Duration::from_secs(10);

/// How long a round that left nothing to do stands, if nothing changes.
const RESTING: Duration = Duration::from_secs(1);

/// How long what the host has no place for waits for its next try.
const SOON: Duration = Duration::from_secs(1);

/// A part of a round: what it does, for the log, and how.
type Step = (&'static str, fn(&mut Site) -> Result<(), Fault>);

impl Site {
    /// One round. What fails is said in the daemon's log, and tried again in the next one.
    pub(crate) fn reconcile(&mut self) {
        if self.rests() {
            return;
        }
        self.round_of_steps();
        self.rest = self.is_done().then(|| Rest { changes: self.db.total_changes(), since: Instant::now() });
    }

    /// Whether nothing has changed since a round that left nothing to do: only the clock has gone on, which is looked at once a while.
    fn rests(&self) -> bool {
        let same = |rest: &Rest| rest.changes == self.db.total_changes() && rest.since.elapsed() < RESTING;
        self.rest.as_ref().is_some_and(same)
    }

    /// Whether nothing runs, and nothing waits for another try.
    fn is_done(&self) -> bool {
        self.later.is_empty()
            && self.unproved.is_empty()
            && self.jobs_in(Phase::Launching).is_ok_and(|jobs| jobs.is_empty())
            && self.jobs_in(Phase::Queued).is_ok_and(|jobs| jobs.is_empty())
            && self.checkings().is_ok_and(|checkings| checkings.is_empty())
    }

    fn round_of_steps(&mut self) {
        let steps: [Step; 10] = [
            ("stop what may not go on", Self::stop_barred),
            ("keep a reserve", Self::keep_reserve),
            ("hold requests against the records", Self::follow),
            ("see to running jobs", Self::running_jobs),
            ("see to checks", Self::running_checks),
            ("start what waits", Self::start_waiting),
            ("finish bundles", Self::finish_bundles),
            ("lower what is approved", Self::approved),
            ("end what is overdue", Self::overdue),
            ("publish the ledger", Self::publish),
        ];
        if let Err(error) = self.catch_up() {
            tracing::warn!(error = %chain(&error), "nothing but stopping is done while the ledger can't be written");
            drop(self.stop_barred());
            return;
        }
        for (what, step) in steps {
            if let Err(error) = step(self) {
                tracing::warn!(error = %chain(&error), "failed to {what}");
            }
        }
    }

    fn running_jobs(&mut self) -> Result<(), Fault> {
        for job in self.jobs_in(Phase::Launching)? {
            let id = job.id.clone();
            // One that can't be seen to is no reason to leave the others alone.
            if let Err(error) = self.running_job(job) {
                tracing::warn!(error = %chain(&error), job = %id, "failed to see to a job");
            }
        }
        Ok(())
    }

    fn running_job(&mut self, job: Job) -> Result<(), Fault> {
        match self.launcher.observe(&job.fence)? {
            // The crash came between the commit and the launch.
            Standing::Unknown => self.launch(job),
            Standing::Running => Ok(()),
            Standing::Ended(end) => self.job_ended(job, *end),
            Standing::Lost => self.job_ended(job, ended(Ending::Lost)),
        }
    }

    /// Records that an attempt is about to start, and has it started.
    fn launch(&mut self, mut job: Job) -> Result<(), Fault> {
        job.phase = Phase::Launching;
        if job.ends.is_none() {
            let about = format!("{}/end", job.id);
            job.ends = Some(self.pay_moment(&job.marking, &about, job.plan.needs.seconds)?);
        }
        let event = Event::Launching { job: job.id.to_string(), fence: job.fence.to_string() };
        let marking = job.marking.clone();
        let recorded = self.record("semla", &marking.label, Some(&marking.permit), event, |tx| job.save(tx))?;
        let work = Work::Job {
            submission: job.submission.clone(),
            label: job.marking.label.clone(),
            code: job.code.clone(),
            dummies: job.dummies.clone(),
        };
        match self.launcher.start(&job.fence, work, recorded.receipt()) {
            Ok(()) => Ok(()),
            // The launcher sees something else on the host still, or couldn't write down that it starts: the job waits a little longer.
            Err(refusal) if matches!(refusal.rule, 5 | 9) => {
                let wait = match (refusal.rule, job.plan.needs.gpus) {
                    (9, _) => LATER,
                    (_, 0) => SOON,
                    _ => GPU,
                };
                self.later.insert(job.id.to_string(), Instant::now() + wait);
                job.phase = Phase::Queued;
                let tx = self.db.transaction()?;
                job.save(&tx)?;
                tx.commit()?;
                if refusal.rule == 9 { Err(refusal.into()) } else { Ok(()) }
            }
            // The launcher decides by itself, and its no is final: the facts moved on since the job was admitted.
            Err(refusal) => {
                tracing::warn!(%refusal, job = %job.id, "the launcher refused a job");
                self.job_ended(job, ended(Ending::Stopped))
            }
        }
    }

    pub(super) fn job_ended(&mut self, mut job: Job, end: End) -> Result<(), Fault> {
        if let Some(step) = &end.step {
            tracing::warn!(job = %job.id, step, "an attempt didn't start");
        }
        let event = Event::Ended { job: job.id.to_string(), ending: end.ending.word().to_owned() };
        let load = Load::of(&job);
        let held = match job.phase {
            Phase::Launching => Some(held_until(&job, &end)),
            _ => None,
        };
        job.phase = Phase::Ended;
        job.end = Some(end);
        let marking = job.marking.clone();
        let change = |tx: &Transaction<'_>| {
            held.map_or(Ok(()), |until| hold(tx, job.fence.as_str(), &load, until))?;
            job.save(tx)
        };
        self.record("semla", &marking.label, Some(&marking.permit), event, change).map(drop)
    }

    /// Placement (rule 5): this host serves one permit and label at a time. Checks go before jobs; the oldest job first.
    fn start_waiting(&mut self) -> Result<(), Fault> {
        let held = self.held()?;
        let mut running: Vec<Load> = Vec::new();
        for job in self.jobs_in(Phase::Launching)? {
            running.push(Load::of(&job));
        }
        for mut checking in self.checkings()? {
            let row = self.release(&checking.release)?;
            let load = Load::check(&row.marking);
            if !checking.started {
                let over = self.registry().holds_permit(&row.marking.permit, today());
                if let (Some((replay, _)), Err(refusal)) = (&checking.replay, over) {
                    self.rejudged(&checking, replay, &not_judged(&refusal))?;
                    continue;
                }
                // What is halted waits, and so does what couldn't be started, without a place that it would keep from others.
                let later = self.later.get(checking.fence.as_str()).is_some_and(|later| Instant::now() < *later);
                if later || self.allowed(&row.marking).is_err() {
                    continue;
                }
                let own = place(&checking, &row);
                let others = held.iter().filter(|(name, _)| *name != own).map(|(_, load)| load);
                if !fits(self.registry(), &self.host, running.iter().chain(others), &load)? {
                    // A round that has begun keeps its place until its last check is through.
                    if checking.replay.is_none() && row.checks.is_some() {
                        running.push(load);
                    }
                    continue;
                }
                checking.started = true;
                let tx = self.db.transaction()?;
                checking.save(&tx)?;
                tx.commit()?;
                if let Err(fault) = self.launch_check(&checking) {
                    tracing::warn!(error = %chain(&fault), release = checking.release, "failed to start a check");
                    continue;
                }
            }
            running.push(load);
        }
        let mut full = false;
        for job in self.jobs_in(Phase::Queued)? {
            let load = Load::of(&job);
            if self.allowed(&job.marking).is_err() {
                continue;
            }
            if self.later.get(job.id.as_str()).is_some_and(|later| Instant::now() < *later) {
                match (job.plan.needs.gpus, job.plan.needs.disk) {
                    (0, 0) => return Ok(()),
                    // A GPU that somebody has open may stay so, and a disk full: nobody else waits for it.
                    (_, disk) => {
                        full |= disk > 0;
                        continue;
                    }
                }
            }
            // A disk that can't be set aside is no reason for others to wait, unless they want one as well, nor for an entry.
            if job.plan.needs.disk > 0 && (full || !self.has_room(&job)) {
                full = true;
                continue;
            }
            let taken = running.iter().chain(held.iter().map(|(_, load)| load));
            if !fits(self.registry(), &self.host, taken, &load)? {
                // Nobody overtakes: a small job behind a large one would starve it.
                return Ok(());
            }
            self.launch(job)?;
            running.push(load);
        }
        Ok(())
    }

    /// Whether the host has room now for a job's disk; where it hasn't, the operator is told now and then.
    fn has_room(&mut self, job: &Job) -> bool {
        let there = host::disk(self.house.root()).is_some_and(|disk| disk.holds(job.plan.needs.disk));
        let told = format!("{}/disk", job.id);
        if !there && self.later.get(&told).is_none_or(|later| Instant::now() >= *later) {
            tracing::warn!(job = %job.id, "a job waits for a disk: the host has no room for it");
            self.later.insert(told, Instant::now() + LATER);
        }
        there
    }

    fn approved(&mut self) -> Result<(), Fault> {
        for row in self.open_releases()?.into_iter().filter(|row| row.protocol.state == State::Approved) {
            // What is halted waits, and what has no permit any more is closed by the launcher's no.
            let label = self.registry().label(&row.marking.label)?;
            if self.registry().running(&label, &row.marking.permit).is_err() {
                continue;
            }
            let id = row.protocol.id.clone();
            if self.later.get(&id).is_some_and(|later| Instant::now() < *later) {
                continue;
            }
            if let Err(fault) = self.lower(row) {
                self.later.insert(id, Instant::now() + LATER);
                return Err(fault);
            }
        }
        Ok(())
    }

    fn overdue(&mut self) -> Result<(), Fault> {
        for mut row in self.open_releases()? {
            if row.protocol.state.is_open() && row.expires < now() {
                row.protocol = row.protocol.step(release::Event::Expire)?.0;
                row.note(now());
                let event = Event::Closed { release: row.protocol.id.clone(), state: "expired".to_owned() };
                let marking = row.marking.clone();
                self.record("semla", &marking.label, Some(&marking.permit), event, |tx| row.save(tx))?;
            }
        }
        Ok(())
    }
}

/// The end of an attempt that no keeper told of.
pub(super) fn ended(ending: Ending) -> End {
    let now = u64::try_from(now()).unwrap_or(0);
    End { ending, step: None, started: now, ended: now, outputs: Vec::new(), traceback: None, checked: None }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
