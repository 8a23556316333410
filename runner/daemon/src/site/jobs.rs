//! Submitting, listing and stopping jobs.

use super::act::Event;
use super::job::{Job, Phase};
use super::{Site, now, today};
use crate::api::{JobView, Snapshot, Submit};
use crate::fault::Fault;
use rusqlite::{OptionalExtension, params};
use semla_images::secrets;
use semla_policy::{Digest, JobPlan, Refusal, StatementError, Submission};
use semla_sandbox::protocol::{Id, Standing};

impl Site {
    /// Keeps a snapshot of code, at the label of what its author may know under the permit.
    pub(crate) fn snapshot(&mut self, name: &str, permit: &str, bytes: &[u8]) -> Result<Snapshot, Fault> {
        let label = self.registry().written_by(name, permit, today())?;
        let label = self.registry().policy().scheme.show(&label);
        let digest = Digest::of(bytes);
        let key = params![digest.to_string(), permit, name];
        let sql = "SELECT object FROM snapshot WHERE digest = ?1 AND permit = ?2 AND owner = ?3";
        let known: Option<String> = self.db.query_row(sql, key, |row| row.get(0)).optional()?;
        if known.is_none() {
            let object = self.name("c")?;
            let event = Event::Snapshot { digest: digest.to_string() };
            self.record(name, &label, Some(permit), event, |_| Ok(()))?;
            self.launcher.keep(&object, &label, permit, bytes)?;
            let sql = "INSERT INTO snapshot (digest, permit, owner, object) VALUES (?1, ?2, ?3, ?4)";
            self.db.execute(sql, params![digest.to_string(), permit, name, object.as_str()])?;
        }
        Ok(Snapshot { digest: digest.to_string(), size: bytes.len() as u64 })
    }

    /// Admits a job, and puts it into the queue.
    pub(crate) fn submit(&mut self, name: &str, submit: Submit) -> Result<JobView, Fault> {
        let unread =
            |error: StatementError| Refusal::new(8, error.to_string(), "submit with the `semla` of this version");
        innocent(&submit.submission.read::<Submission>().map_err(unread)?.plan)?;
        let admitted = self.registry().submitted(&submit.submission, today())?;
        if admitted.plan().submitter != name {
            return Err(Refusal::new(4, "the job is submitted in another name", "submit it in your own").into());
        }
        if admitted.policy() != self.registry().policy_digest() {
            return Err(Refusal::new(4, "the policy has changed meanwhile", "submit the job again").into());
        }
        super::placement::possible(&self.host, &admitted)?;
        let (plan, marking) = (admitted.plan().clone(), admitted.marking());
        let id = Id::try_from(Submission::job(&submit.submission)).map_err(crate::fault::machine("name a job"))?;
        // Whoever sends the same text again, because the answer was lost, gets the job that it made.
        if let Ok(known) = self.job(id.as_str()) {
            return self.job_view(name, &known);
        }
        let sql = "SELECT object FROM snapshot WHERE digest = ?1 AND permit = ?2 AND owner = ?3";
        let code: Option<String> =
            self.db.query_row(sql, params![plan.code.to_string(), plan.permit, name], |row| row.get(0)).optional()?;
        let code = code.and_then(|object| Id::try_from(object).ok());
        let code = code.ok_or_else(|| Refusal::new(8, "the code isn't here", "send its snapshot first"))?;
        let dummies = self.dummies(&plan)?;
        let job = Job {
            fence: Id::try_from(Submission::attempt(&submit.submission))
                .map_err(crate::fault::machine("name an attempt"))?,
            id,
            phase: Phase::Queued,
            code,
            dummies,
            commit: commit(submit.commit, submit.dirty),
            submission: submit.submission,
            created: now(),
            ends: None,
            end: None,
            marking,
            plan,
        };
        let event = Event::Submitted {
            job: job.id.to_string(),
            code: job.plan.code.to_string(),
            image: job.plan.image.to_string(),
            data: job.plan.data.values().cloned().collect(),
            dummy: job.plan.dummy,
            policy: job.marking.policy.to_string(),
        };
        let (label, permit) = (job.marking.label.clone(), job.marking.permit.clone());
        self.record(name, &label, Some(&permit), event, |tx| job.save(tx))?;
        self.job_view(name, &job)
    }

    /// A job, as far as a person may know it.
    pub(crate) fn show_job(&mut self, name: &str, id: &str) -> Result<JobView, Fault> {
        let job = self.job(id)?;
        self.job_view(name, &job)
    }

    /// The jobs that a person may know of.
    pub(crate) fn list_jobs(&mut self, name: &str) -> Result<Vec<JobView>, Fault> {
        let permits = self.me(name)?.permits;
        let jobs = self.jobs_of(name, &permits)?;
        // All that is new among them is one commit.
        let sights: Vec<_> = jobs.iter().filter(|job| self.cleared(name, &job.marking)).map(Job::sight).collect();
        self.saw(name, &sights)?;
        let views = jobs.iter().map(|job| self.job_view(name, job));
        Ok(views.filter_map(Result::ok).collect())
    }

    /// Stops a job, and records that.
    pub(crate) fn cancel(&mut self, name: &str, id: &str) -> Result<JobView, Fault> {
        let mut job = self.job(id)?;
        if job.marking.submitter != name {
            return Err(Refusal::not_found("such job").into());
        }
        if job.phase == Phase::Launching {
            self.launcher.stop(&job.fence)?;
        }
        // One that the launcher was never told of would be started by the next round.
        let begun = job.phase == Phase::Launching && self.launcher.observe(&job.fence)? != Standing::Unknown;
        if job.phase != Phase::Ended && !begun {
            job.phase = Phase::Ended;
            job.end = Some(super::reconcile::ended(semla_policy::Ending::Stopped));
        }
        let (label, permit) = (job.marking.label.clone(), job.marking.permit.clone());
        let event = Event::Cancelled { job: job.id.to_string() };
        self.record_stop(name, &label, Some(&permit), &event, |tx| job.save(tx))?;
        self.job_view(name, &job)
    }

    /// Why a job stands where it stands.
    pub(crate) fn why(&mut self, name: &str, id: &str) -> Result<String, Fault> {
        let job = self.job(id)?;
        let view = self.job_view(name, &job)?;
        let label = format!(
            "it runs at `{}`: the join of its image, its code and {}",
            job.marking.label,
            job.plan.data.values().map(|data| format!("`{data}`")).collect::<Vec<_>>().join(", ")
        );
        let state = match (view.state, view.meaning) {
            (Some(state), Some(meaning)) => format!("{state}: {meaning}"),
            (Some(state), None) if state == "queued" => {
                "queued: this host serves one permit and label at a time, checks before jobs and of these the oldest first; a place stays \
                 taken until the time is over that was asked for it, where its end would tell something"
                    .to_owned()
            }
            (Some(state), None) => state,
            (None, _) => "its level tells you nothing of how it goes".to_owned(),
        };
        Ok(format!("{label}\n{state}"))
    }
}

/// The commit as a reviewer reads it: a digest and perhaps a mark, and no text of the author's.
fn commit(id: Option<String>, dirty: bool) -> Option<String> {
    let id = id.filter(|id| (7..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some(if dirty { id + "+" } else { id })
}

/// Jobs get no secrets. The code is looked through where it is packed: this daemon doesn't open what people send.
fn innocent(plan: &JobPlan) -> Result<(), Refusal> {
    let variables = plan.env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    match secrets::scan_environment(variables).first() {
        None => Ok(()),
        Some(hit) => Err(Refusal::new(
            8,
            format!("the variable `{}` looks like it carries a secret: {}", hit.file, hit.kind),
            "take it out; jobs get none",
        )),
    }
}
