//! Whether a job may be made, and at which label (rules 1, 3 and 4).

use crate::digest::Digest;
use crate::known::{Account, Grant};
use crate::label::Label;
use crate::path::is_relative_path;
use crate::plan::{JobPlan, Needs};
use crate::policy::{LevelRules, Role};
use crate::record::{Permit, Person};
use crate::refusal::Refusal;
use crate::registry::Registry;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Most outputs of one job.
const OUTPUTS: usize = 128;
/// Most datasets that one job mounts: for a rehearsal, a dummy of each is made while others wait.
const MOUNTS: usize = 64;

/// A job that every rule allows. There is no other way to make one than [`Registry::admit`].
#[derive(Clone, Debug)]
pub struct Admitted<'r> {
    plan: JobPlan,
    label: Label,
    registry: &'r Registry,
    policy: Digest,
    rules: &'r LevelRules,
}

impl Admitted<'_> {
    /// What was asked for.
    pub fn plan(&self) -> &JobPlan {
        &self.plan
    }

    /// The label of the job and of everything that it makes. It never changes.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The label's text under the scheme of its day.
    pub fn label_text(&self) -> String {
        self.registry.policy().scheme.show(&self.label)
    }

    /// The policy that it was submitted under.
    pub fn policy(&self) -> &Digest {
        &self.policy
    }

    /// What its level says.
    pub fn rules(&self) -> &LevelRules {
        self.rules
    }
}

impl Registry {
    /// Admits a job, or says which rule it breaks.
    pub fn admit(&self, plan: JobPlan, today: Date) -> Result<Admitted<'_>, Refusal> {
        let account = self.submitter(&plan)?;
        let grant = self.member(account, &plan.permit, today)?;
        shape(&plan)?;
        let label = self.job_label(&plan, account, grant)?;
        self.running(&label, &plan.permit)?;
        self.below(&label, grant, account)?;
        let rules = self.level(&label)?;
        Ok(Admitted { plan, label, registry: self, policy: *self.policy_digest(), rules })
    }

    /// The label of what somebody writes under a permit, their code above all.
    pub fn written_by(&self, name: &str, permit: &str, today: Date) -> Result<Label, Refusal> {
        let account = self.account(name).ok_or_else(|| Refusal::not_found("permit of that name"))?;
        Ok(account.writes(self.member(account, permit, today)?))
    }

    fn submitter(&self, plan: &JobPlan) -> Result<&Account, Refusal> {
        self.account(&plan.submitter)
            .filter(|account| account.person.roles.contains(&Role::Scientist))
            .ok_or_else(|| Refusal::new(4, "only data scientists submit jobs", "ask an officer for the role"))
    }

    /// The permit, if this person is a member and it still holds (need-to-know).
    pub fn membership(&self, person: &Person, permit: &str, today: Date) -> Result<&Permit, Refusal> {
        let hidden = || Refusal::not_found("permit of that name");
        Ok(&self.member(self.account(&person.name).ok_or_else(hidden)?, permit, today)?.permit)
    }

    /// The permit, if it still holds.
    pub(crate) fn open(&self, permit: &str, today: Date) -> Result<&Grant, Refusal> {
        self.grant(permit).ok_or_else(|| Refusal::not_found("permit of that name"))?.held(today)
    }

    /// Whether a permit still holds: what runs, waits or is asked for under one that doesn't, ends.
    pub fn holds_permit(&self, permit: &str, today: Date) -> Result<(), Refusal> {
        self.open(permit, today).map(drop)
    }

    pub(crate) fn member(&self, account: &Account, permit: &str, today: Date) -> Result<&Grant, Refusal> {
        let member = |grant: &&Grant| grant.permit.people.contains(&account.person.name);
        let grant = self.grant(permit).filter(member);
        grant.ok_or_else(|| Refusal::not_found("permit of that name"))?.held(today)
    }

    /// Rule 3: the join of all inputs, the code, the parameters and the image, or what was asked for above it.
    fn job_label(&self, plan: &JobPlan, account: &Account, grant: &Grant) -> Result<Label, Refusal> {
        let apart = |what: String| {
            let what = format!("{what} may not be combined with the rest: nobody may receive both");
            Refusal::new(3, what, "use them in separate jobs")
        };
        let mut join = account.writes(grant);
        let tree = self.tree(&plan.image).filter(|tree| account.clearance.admits(&tree.label));
        let tree = tree.ok_or_else(|| Refusal::not_found("image of that digest"))?;
        if !join.raise(&tree.label) {
            return Err(apart(format!("the image `{}`", tree.image.name)));
        }
        for name in plan.data.values() {
            if !join.raise(input(name, plan.dummy, account, grant)?) {
                return Err(apart(format!("`{name}`")));
            }
        }
        let Some(asked) = &plan.label else { return Ok(join) };
        let asked = self.label(asked)?;
        if !asked.dominates(&join) {
            let (high, low) = (self.policy().scheme.show(&asked), self.policy().scheme.show(&join));
            return Err(Refusal::new(
                3,
                format!("the job asks for `{high}`, and its inputs are at `{low}`"),
                format!("leave `label` out, or ask for `{low}` or above"),
            )
            .comparing(high, low));
        }
        Ok(asked)
    }

    /// The permit's top and the submitter's ceiling.
    fn below(&self, label: &Label, grant: &Grant, account: &Account) -> Result<(), Refusal> {
        let shown = || self.policy().scheme.show(label);
        if !grant.up_to.dominates(label) {
            let top = grant.permit.up_to.clone();
            return Err(Refusal::new(
                3,
                format!("the job is at `{}`, and the permit goes up to `{top}`", shown()),
                "leave inputs out, or ask for a permit that goes higher",
            )
            .comparing(top, shown()));
        }
        if !account.ceiling.admits(label) {
            let ceiling = self.policy().scheme.show_clearance(&account.ceiling);
            return Err(Refusal::new(
                4,
                format!("the job is at `{}`, and you may submit up to `{ceiling}`", shown()),
                "rehearse with `--dummy`, or ask an officer for a higher ceiling",
            )
            .comparing(ceiling, shown()));
        }
        Ok(())
    }
}

/// Need-to-know, and rule 4: only datasets of the permit, whose card the submitter may read.
fn input<'a>(name: &str, dummy: bool, account: &Account, grant: &'a Grant) -> Result<&'a Label, Refusal> {
    match grant.data.get(name).filter(|data| account.clearance.admits(&data.card)) {
        Some(data) => Ok(if dummy { &data.card } else { &data.rows }),
        None => Err(Refusal::not_found(&format!("dataset `{name}` under this permit"))),
    }
}

/// What every plan has to look like.
pub(crate) fn shape(plan: &JobPlan) -> Result<(), Refusal> {
    let wrong = |what: String, remedy: &str| Err(Refusal::new(8, what, remedy));
    if plan.run.first().is_none_or(String::is_empty) {
        return wrong("the job runs nothing".into(), "give `run` a program");
    }
    if plan.data.len() > MOUNTS {
        return wrong(format!("the job mounts more than {MOUNTS} datasets"), "use fewer, or submit several jobs");
    }
    if plan.outputs.len() > OUTPUTS {
        return wrong(format!("the job declares more than {OUTPUTS} outputs"), "write fewer files, or pack them");
    }
    if plan.needs.disk != 0 && plan.needs.disk < Needs::LEAST_DISK {
        return wrong("the job asks for a disk that is too small for a filesystem".into(), "ask for at least `64M`");
    }
    let mut seen = BTreeSet::new();
    for output in &plan.outputs {
        if !is_relative_path(&output.path) {
            return wrong(format!("`{}` can't be an output's path", output.path), "write a path under `/out`");
        }
        if !seen.insert(&output.path) {
            return wrong(format!("the output `{}` is declared twice", output.path), "declare it once");
        }
    }
    Ok(())
}
