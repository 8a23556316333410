//! What a release is asked for of.

use super::super::Site;
use super::super::job::Job;
use crate::api::AskRelease;
use semla_policy::Refusal;
use semla_sandbox::protocol::{TRACEBACK, Taken};
use std::collections::BTreeSet;

/// One file that is asked for.
pub(super) struct Asked<'a> {
    pub(super) path: String,
    /// What the job left; nothing, where it left no such thing.
    pub(super) taken: Option<&'a Taken>,
    pub(super) about: String,
    pub(super) controls: String,
}

impl Site {
    /// The files that somebody asks for, whether they exist or not.
    pub(super) fn asked<'a>(
        &self,
        (job, state): (&'a Job, Option<&str>),
        ask: &AskRelease,
    ) -> Result<Vec<Asked<'a>>, Refusal> {
        let paths: BTreeSet<&String> = ask.paths.iter().collect();
        match (ask.traceback, paths.is_empty()) {
            (true, true) => Ok(vec![self.traceback(job, state)?]),
            (false, false) => paths.into_iter().map(|path| declared(job, path)).collect(),
            _ => {
                Err(Refusal::new(6, "a request is for declared outputs, or for a traceback", "ask for one of the two"))
            }
        }
    }

    /// The traceback: there is one of every job, as far as anybody can tell who asks.
    pub(super) fn traceback<'a>(&self, job: &'a Job, state: Option<&str>) -> Result<Asked<'a>, Refusal> {
        if state == Some("succeeded") {
            let remedy = "ask for its outputs; a traceback is of a job that failed";
            return Err(Refusal::new(6, "the job succeeded, and stopped nowhere", remedy));
        }
        let names = |policy: Option<&semla_policy::Policy>| policy.is_some_and(|policy| !policy.tracebacks.is_empty());
        let pinned = self.registry().policy_at(&job.marking.policy);
        if !names(pinned) || !names(Some(self.registry().policy())) {
            let what = "the policy names no class of exception that a traceback may tell";
            return Err(Refusal::new(6, what, "rehearse with `--dummy`, where you may read the log"));
        }
        let declared = semla_sandbox::protocol::traceback();
        Ok(Asked {
            path: TRACEBACK.to_owned(),
            taken: job.end.as_ref().and_then(|end| end.traceback.as_ref()),
            about: declared.about,
            controls: declared.controls,
        })
    }
}

/// What a job declared, whether it left it or not.
pub(super) fn declared<'a>(job: &'a Job, path: &str) -> Result<Asked<'a>, Refusal> {
    let output = job.plan.outputs.iter().find(|output| output.path == path).ok_or_else(|| {
        let what = format!("`{path}` isn't a declared output of the job");
        Refusal::new(4, what, "declare it, and run the job again")
    })?;
    Ok(Asked {
        path: path.to_owned(),
        taken: job.end.iter().flat_map(|end| &end.outputs).find(|taken| taken.path == path),
        about: output.about.clone(),
        controls: output.controls.clone(),
    })
}
