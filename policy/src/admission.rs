//! Whether a job may be made, and at which label (rules 1, 3 and 4).

use crate::digest::Digest;
use crate::label::Label;
use crate::path::{is_file_name, is_relative_path};
use crate::plan::JobPlan;
use crate::policy::{Isolation, LevelRules, Role};
use crate::record::{Permit, Person};
use crate::refusal::Refusal;
use crate::registry::Registry;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Most outputs of one job.
const OUTPUTS: usize = 128;

/// A job that every rule allows. There is no other way to make one than [`Registry::admit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    plan: JobPlan,
    label: Label,
    text: String,
    isolation: Isolation,
    policy: Digest,
}

impl Admitted {
    /// What was asked for.
    pub fn plan(&self) -> &JobPlan {
        &self.plan
    }

    /// The label of the job and of everything that it makes. It never changes.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The label's text under the scheme of its day.
    pub fn label_text(&self) -> &str {
        &self.text
    }

    /// The policy that it was admitted under.
    pub fn policy(&self) -> &Digest {
        &self.policy
    }

    /// The weakest isolation that may run it.
    pub fn isolation(&self) -> Isolation {
        self.isolation
    }
}

impl Registry {
    /// Admits a job, or says which rule it breaks.
    pub fn admit(&self, plan: JobPlan, today: Date) -> Result<Admitted, Refusal> {
        let person = self.submitter(&plan)?;
        let permit = self.membership(person, &plan.permit, today)?;
        self.shape(&plan)?;
        let label = self.job_label(&plan, person, permit)?;
        self.below(&label, permit, person)?;
        let text = self.policy().scheme.show(&label);
        let isolation = self.level(&label)?.isolation;
        Ok(Admitted { plan, label, text, isolation, policy: *self.policy_digest() })
    }

    fn submitter(&self, plan: &JobPlan) -> Result<&Person, Refusal> {
        self.person(&plan.submitter)
            .filter(|person| person.roles.contains(&Role::Scientist))
            .ok_or_else(|| Refusal::new(4, "only data scientists submit jobs", "ask an officer for the role"))
    }

    /// The permit, if this person is a member and it still holds (need-to-know).
    pub fn membership(&self, person: &Person, permit: &str, today: Date) -> Result<&Permit, Refusal> {
        let permit = self
            .permit(permit)
            .filter(|permit| permit.people.contains(&person.name))
            .ok_or_else(|| Refusal::not_found("permit of that name"))?;
        if today > permit.until {
            return Err(Refusal::new(
                1,
                format!("the permit `{}` ended on {}", permit.name, permit.until),
                "ask the permit office for a new one",
            ));
        }
        Ok(permit)
    }

    /// Rule 3: the join of all inputs, the code, the parameters and the image, or what was asked for above it.
    fn job_label(&self, plan: &JobPlan, person: &Person, permit: &Permit) -> Result<Label, Refusal> {
        let up_to = self.label(&permit.up_to)?;
        // What the author may have read, they may have typed into the code; a role that was narrowed since takes nothing back.
        let granted = self.policy().scheme.clearance(&person.clearance);
        let granted = granted.map_err(|error| {
            Refusal::new(3, error.to_string(), "have the officers grant a clearance that the policy in force knows")
        })?;
        let mut parts = vec![("the code".to_owned(), granted.knows(&up_to))];
        let image = self.image(&plan.image).ok_or_else(|| Refusal::not_found("image of that digest"))?;
        parts.push((format!("the image `{}`", image.name), self.label(&image.label)?));
        for name in plan.data.values() {
            parts.push((format!("`{name}`"), self.input_label(name, plan.dummy, person, permit)?));
        }
        let mut join = Label::LOWEST;
        for (what, label) in &parts {
            join = join.join(label).ok_or_else(|| {
                Refusal::new(
                    3,
                    format!("{what} may not be combined with the rest: nobody may receive both"),
                    "use them in separate jobs",
                )
            })?;
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

    /// Need-to-know, and rule 4: only datasets of the permit, whose card the submitter may read.
    fn input_label(&self, name: &str, dummy: bool, person: &Person, permit: &Permit) -> Result<Label, Refusal> {
        let hidden = || Refusal::not_found(&format!("dataset `{name}` under this permit"));
        let dataset = match self.dataset(name) {
            Some(registered) if permit.datasets.contains(name) => &registered.dataset,
            _ => return Err(hidden()),
        };
        let card = self.label(&dataset.card_label)?;
        if !self.clearance(person).admits(&card) {
            return Err(hidden());
        }
        if dummy { Ok(card) } else { self.label(&dataset.label) }
    }

    /// The permit's top and the submitter's ceiling.
    fn below(&self, label: &Label, permit: &Permit, person: &Person) -> Result<(), Refusal> {
        let shown = self.policy().scheme.show(label);
        if !self.label(&permit.up_to)?.dominates(label) {
            return Err(Refusal::new(
                3,
                format!("the job is at `{shown}`, and the permit goes up to `{}`", permit.up_to),
                "leave inputs out, or ask for a permit that goes higher",
            )
            .comparing(permit.up_to.clone(), shown));
        }
        if !self.ceiling(person).admits(label) {
            let ceiling = self.policy().scheme.show_clearance(&self.ceiling(person));
            return Err(Refusal::new(
                4,
                format!("the job is at `{shown}`, and you may submit up to `{ceiling}`"),
                "rehearse with `--dummy`, or ask an officer for a higher ceiling",
            )
            .comparing(ceiling, shown));
        }
        Ok(())
    }

    /// The rules of the label's level.
    pub fn level(&self, label: &Label) -> Result<&LevelRules, Refusal> {
        self.policy()
            .level(label)
            .ok_or_else(|| Refusal::new(8, "the policy has no rules for that level", "mend the policy"))
    }

    fn shape(&self, plan: &JobPlan) -> Result<(), Refusal> {
        let wrong = |what: String, remedy: &str| Err(Refusal::new(8, what, remedy));
        if plan.run.first().is_none_or(String::is_empty) {
            return wrong("the job runs nothing".into(), "give `run` a program");
        }
        if let Some(name) = plan.data.keys().find(|name| !is_file_name(name)) {
            return wrong(format!("`{name}` can't name a mount"), "use letters, digits, `-` and `_`");
        }
        if plan.outputs.len() > OUTPUTS {
            return wrong(format!("the job declares more than {OUTPUTS} outputs"), "write fewer files, or pack them");
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
}
