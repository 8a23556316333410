//! What people ask before they act: why something may or may not be, and what a change of policy would come to.

use super::job::Phase;
use super::placement::possible;
use super::{Site, Thought, today};
use crate::api::{Compare, Consequences, Question};
use crate::fault::Fault;
use semla_policy::{At, Digest, Explanation, Marking, Policy, Refusal, Role};

impl Site {
    /// Answers a question, in words that say nothing that the asker may not see.
    pub(crate) fn explain(&self, asker: &str, question: Question) -> Result<Thought<Explanation>, Fault> {
        let registry = self.facts.shared();
        match question {
            Question::Job(mut plan) => {
                asker.clone_into(&mut plan.submitter);
                let (costs, host) = (self.costs(&plan).ok().flatten(), self.host.clone());
                Ok(Box::new(move || {
                    let explained = registry.explain_job(&plan, today());
                    if !explained.allowed {
                        return explained;
                    }
                    // What every rule allows may be more than the host has.
                    match registry.admit(*plan, today()).and_then(|job| possible(&host, &job)) {
                        Ok(()) => Explanation { costs, ..explained },
                        Err(Refusal { rule, what, remedy, .. }) => {
                            Explanation { allowed: false, rule, why: what, changes: vec![remedy], ..explained }
                        }
                    }
                }))
            }
            Question::Flow { from, to } => {
                let read = |text: &str| {
                    let label = registry.policy().scheme.label(text);
                    label.map_err(|error| Refusal::new(8, error.to_string(), "see `semla policy show` for the names"))
                };
                let (from, to) = (read(&from)?, read(&to)?);
                Ok(Box::new(move || registry.policy().explain_flow(&from, &to)))
            }
            Question::Read { object, user } => {
                let user = user.unwrap_or_else(|| asker.to_owned());
                if user != asker && !self.watches(asker)? {
                    return Err(Refusal::new(1, "only officers and auditors ask for others", "ask for yourself").into());
                }
                if registry.cards(asker, today()).contains_key(object.as_str()) {
                    let rows = Refusal::new(1, format!("nobody reads the rows of `{object}`"), "");
                    let jobs =
                        "have a job read them: what it makes can be released, and its dummy may be read".to_owned();
                    let explained = Explanation {
                        allowed: false,
                        rule: 1,
                        why: rows.what,
                        labels: None,
                        costs: None,
                        changes: vec![jobs],
                    };
                    return Ok(Box::new(|| explained));
                }
                if registry.person(&user).is_none() {
                    return Err(Refusal::new(1, format!("nobody has the account `{user}`"), "check the name").into());
                }
                let marking = self.known_to(asker, &object)?;
                let label = registry.label(&marking.label)?;
                Ok(Box::new(move || {
                    let at = At { label: &label, policy: &marking.policy };
                    registry.explain_read(&user, at, &marking.permit, today())
                }))
            }
        }
    }

    /// What an object carries, for whoever may know that it is there.
    fn known_to(&self, asker: &str, object: &str) -> Result<Marking, Fault> {
        let marking = match self.job(object) {
            Ok(job) => Some(job.marking),
            Err(_) => self.release(object).ok().map(|row| row.marking),
        };
        let watches = self.watches(asker)?;
        let known = |marking: &Marking| {
            let person = self.person(asker).map(|person| self.registry().clearance(person));
            let admits = |label| person.is_ok_and(|clearance| clearance.admits(&label));
            self.cleared(asker, marking)
                || self.owns(asker, marking)
                || self.reviewable(asker, object).is_ok()
                || (watches && self.registry().label(&marking.label).is_ok_and(admits))
        };
        marking.filter(known).ok_or_else(|| Refusal::not_found("such object").into())
    }

    /// What a change from one policy to another comes to: the rules for everybody, the people and what runs for officers.
    pub(crate) fn compare(&self, asker: &str, compare: Compare) -> Result<Thought<Consequences>, Fault> {
        let (registry, Compare { old, new }) = (self.facts.shared(), compare);
        let backends = self.host.backends.clone();
        let officer = self.person(asker)?.roles.contains(&Role::Officer);
        let under_way = if officer { self.under_way(asker)? } else { Vec::new() };
        Ok(Box::new(move || {
            // What contradicts itself comes to nothing that could be told.
            let mut faults =
                [Some(&new), old.as_ref()].into_iter().flatten().flat_map(Policy::faults).collect::<Vec<_>>();
            if !faults.is_empty() {
                return Consequences { told: Vec::new(), faults };
            }
            faults = new.beyond(&backends);
            let mut told = old.as_ref().unwrap_or(registry.policy()).consequences(&new);
            if officer && faults.is_empty() {
                faults.extend(registry.contradictions(&new));
                told.extend(registry.affected(&new));
                if !told.is_empty() {
                    told.extend(under_way);
                }
            }
            Consequences { told, faults }
        }))
    }

    /// What becomes of what runs and what is open. It is counted as far as the asker is cleared: how much there is above them, and when it
    /// ends, is nothing that a proposal tells.
    fn under_way(&self, asker: &str) -> Result<Vec<String>, Fault> {
        let clearance = self.registry().clearance(self.person(asker)?);
        let seen =
            |marking: &Marking| self.registry().label(&marking.label).is_ok_and(|label| clearance.admits(&label));
        let jobs = |phase| Ok::<_, Fault>(self.jobs_in(phase)?.iter().filter(|job| seen(&job.marking)).count());
        let (running, waiting) = (jobs(Phase::Launching)?, jobs(Phase::Queued)?);
        let open = self.open_releases()?.iter().filter(|row| seen(&row.marking)).count();
        Ok(vec![
            format!("jobs that run keep the policy that they were submitted under: {running} up to your clearance"),
            format!(
                "jobs that wait end before they begin, and are to be submitted again: {waiting} up to your clearance"
            ),
            format!("open requests are checked again and voted on anew: {open} up to your clearance"),
        ])
    }

    /// A policy that was in force once, by its digest's beginning.
    pub(crate) fn policy_of(&self, prefix: &str) -> Result<Policy, Fault> {
        const LEAST: usize = 4;
        let digits = prefix.trim_start_matches("sha256:");
        let called = |digest: &&Digest| digits.len() >= LEAST && digest.hex().starts_with(digits);
        let mut found = self.registry().policies().filter(called);
        match (found.next(), found.next()) {
            (Some(digest), None) => Ok(self.registry().policy_at(digest).cloned().ok_or(Fault::Stranger)?),
            _ => Err(Refusal::new(8, format!("no one policy is called `{prefix}`"), "give more of its digest").into()),
        }
    }
}
