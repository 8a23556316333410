//! What records come to: their texts are read once, when they come in force, and not anew for each decision. Names keep their ids
//! under every later policy ([`Scheme::continues`](crate::Scheme::continues)), so that what was read stays right.

use crate::digest::Digest;
use crate::label::{Clearance, Label};
use crate::policy::{Policy, Role};
use crate::record::{Dataset, Image, Permit, Person};
use crate::refusal::Refusal;
use hashbrown::HashMap;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The policy in force.
#[derive(Clone, Debug)]
pub(crate) struct InForce {
    pub(crate) digest: Digest,
    pub(crate) policy: Policy,
    /// The highest clearance and ceiling of each role.
    bounds: BTreeMap<Role, (Clearance, Clearance)>,
}

impl InForce {
    pub(crate) fn new(policy: Policy) -> Result<Self, Refusal> {
        let digest = policy.digest();
        let bounds = policy.roles.keys().map(|role| Ok((*role, policy.bounds(*role)?)));
        let bounds: Result<BTreeMap<_, _>, crate::LabelError> = bounds.collect();
        let bounds = bounds.map_err(|error| Refusal::new(10, error.to_string(), "mend the policy"))?;
        let bounds = bounds.into_iter().filter_map(|(role, bounds)| Some((role, bounds?))).collect();
        Ok(Self { digest, policy, bounds })
    }

    /// What was granted, where the bounds of one of the roles allow it; else the least.
    pub(crate) fn bounded(&self, roles: &BTreeSet<Role>, granted: &Clearance, ceiling: bool) -> Clearance {
        let bound = |role| self.bounds.get(role).map(|(high, top)| if ceiling { top } else { high });
        match roles.iter().filter_map(bound).any(|bound| granted.within(bound)) {
            true => granted.clone(),
            false => Clearance::LOWEST,
        }
    }
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) person: Person,
    /// What the officers granted, whatever a role's bounds have become since.
    pub(crate) granted: (Clearance, Clearance),
    /// The most that was ever granted: what somebody has read once, they know.
    pub(crate) knows: Clearance,
    /// What they may see.
    pub(crate) clearance: Clearance,
    /// What they may submit at.
    pub(crate) ceiling: Clearance,
    /// The change that made it so.
    pub(crate) head: Digest,
}

impl Account {
    pub(crate) fn new(person: Person, current: &InForce, before: Option<&Self>, head: Digest) -> Result<Self, Refusal> {
        let read = |text: &str| {
            let read = current.policy.scheme.clearance(text);
            read.map_err(|error| Refusal::new(1, error.to_string(), "use the names of the policy in force"))
        };
        let granted = (read(&person.clearance)?, read(&person.ceiling)?);
        let knows = before.map_or_else(|| granted.0.clone(), |before| before.knows.with(&granted.0));
        let (clearance, ceiling) = (Clearance::LOWEST, Clearance::LOWEST);
        let mut account = Self { person, granted, knows, clearance, ceiling, head };
        account.bind(current);
        Ok(account)
    }

    /// What the author may have read of what the permit ever covered, they may have typed into the code. A clearance or a permit
    /// that was narrowed since takes nothing back.
    pub(crate) fn writes(&self, grant: &Grant) -> Label {
        self.knows.knows(&grant.top)
    }

    /// Holds what was granted to the bounds of the policy in force.
    pub(crate) fn bind(&mut self, current: &InForce) {
        self.clearance = current.bounded(&self.person.roles, &self.granted.0, false);
        self.ceiling = current.bounded(&self.person.roles, &self.granted.1, true);
    }
}

/// A permit, and what it ever was: what was made under it stays with it.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) permit: Permit,
    /// Whether it was taken back.
    pub(crate) withdrawn: bool,
    pub(crate) up_to: Label,
    /// The highest that it ever went.
    pub(crate) top: Label,
    /// The labels of its datasets, by name: what a job's admission asks lies in one place.
    pub(crate) data: HashMap<String, Labels>,
    /// Every dataset that it ever named.
    pub(crate) ever: BTreeSet<String>,
    /// Everybody who ever was a member.
    pub(crate) members: BTreeSet<String>,
    /// Everybody who ever signed it.
    pub(crate) signers: BTreeSet<String>,
    /// The change that made it so.
    pub(crate) head: Digest,
}

impl Grant {
    /// Whether somebody is no party to it: neither a member nor one who signed it, ever.
    pub(crate) fn is_apart(&self, name: &str) -> bool {
        !self.members.contains(name) && !self.signers.contains(name)
    }

    /// Whoever stops it has signed for it, but for its members: they may stop what is theirs, and stay members.
    pub(crate) fn stopped_by(&mut self, by: &BTreeSet<String>) {
        self.signers.extend(by.difference(&self.members).cloned());
    }

    /// The permit, if it holds on this day.
    pub(crate) fn held(&self, today: Date) -> Result<&Self, Refusal> {
        let (name, until) = (&self.permit.name, self.permit.until);
        let over = |what: String| Err(Refusal::new(1, what, "ask the permit office for a new one"));
        match (self.withdrawn, today > until) {
            (true, _) => over(format!("the permit `{name}` was withdrawn")),
            (_, true) => over(format!("the permit `{name}` ended on {until}")),
            _ => Ok(self),
        }
    }
}

/// What a halt stops.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    All,
    Permit(String),
    /// Everything at this label or above it.
    Label(Label),
}

impl Scope {
    pub(crate) fn covers(&self, label: &Label, permit: &str) -> bool {
        match self {
            Self::All => true,
            Self::Permit(name) => name == permit,
            Self::Label(from) => label.dominates(from),
        }
    }
}

/// A dataset with those who vouch for it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The record.
    pub dataset: Box<Dataset>,
    /// The stewards who signed it.
    pub stewards: BTreeSet<String>,
    /// The label of its rows.
    pub(crate) label: Label,
    /// The label of its card, and so of dummies.
    pub(crate) card_label: Label,
    /// The change that made it so.
    pub(crate) head: Digest,
}

impl Registered {
    /// Both labels. They never change.
    pub(crate) fn labels(&self) -> Labels {
        Labels { rows: self.label.clone(), card: self.card_label.clone() }
    }
}

/// The labels of a dataset.
#[derive(Clone, Debug)]
pub(crate) struct Labels {
    /// Of its rows.
    pub(crate) rows: Label,
    /// Of its card, and so of dummies.
    pub(crate) card: Label,
}

/// An image that had a name once.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) image: Image,
    pub(crate) label: Label,
}
