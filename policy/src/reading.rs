//! Who may see an object (rule 1), and what they sign to see it.

use crate::at::At;
use crate::digest::Digest;
use crate::known::Registered;
use crate::label::Label;
use crate::policy::Role;
use crate::record::Image;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::signed::{Signed, Statement};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Why a person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need<'a> {
    /// As a member of the permit that the object belongs to.
    Member(&'a str),
    /// As somebody who decides on releases of it, wherever to, for as long as the permit holds; members of the permit and those who signed
    /// it never do. Which request it is read for, and so which way, is the daemon's word: the launcher knows of no requests.
    Reviewer(&'a str),
    /// As somebody who decides on a request, and sees where it stands and no content: also when the permit is over. Whoever couldn't vote on
    /// a way isn't shown what goes it.
    Register {
        /// The permit.
        permit: &'a str,
        /// The label that the files would get.
        to: &'a Label,
    },
}

/// What a reader signs where the level asks for it. The bytes come through the daemon; with this it gets those alone that a person
/// wanted to see, under the name that they wanted to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Who reads.
    pub reader: String,
    /// The ids of the objects that hold what they asked for: one, or one for each policy that something was checked under.
    pub objects: BTreeSet<String>,
    /// The job that it is about; empty for an image.
    pub job: String,
    /// What they asked for: the declared path of an output, `log`, `findings` or `versions`.
    pub name: String,
    /// The day on which they asked, in UTC.
    pub day: Date,
}

impl Reading {
    /// Most objects of one reading.
    pub const OBJECTS: usize = 2;
}

impl Statement for Reading {
    const TYPE: &'static str = "application/vnd.semla.reading+json";
}

/// What the launcher is about to hand out.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Who reads.
    pub reader: &'a str,
    /// The object.
    pub object: &'a str,
    /// What it is, in the words of [`Reading::name`].
    pub name: &'a str,
    /// The job that it comes from; empty for an image.
    pub job: &'a str,
}

impl Registry {
    /// The signature of exactly this reader, for exactly this. Clocks may differ by a day.
    pub fn reading(&self, signed: &Signed, wanted: Wanted<'_>, today: Date) -> Result<(), Refusal> {
        let refuse = |what: &str| Err(Refusal::new(1, what, "ask for it again, with your own key"));
        if self.signers::<Reading>(signed)?.into_iter().ne([wanted.reader.to_owned()]) {
            return refuse("what is read here is signed for by the one who reads it");
        }
        let Ok(reading) = signed.read::<Reading>() else {
            return refuse("the signed text says of nothing that it is read");
        };
        let about = (reading.reader.as_str(), reading.name.as_str(), reading.job.as_str());
        let named = reading.objects.contains(wanted.object) && reading.objects.len() <= Reading::OBJECTS;
        if about != (wanted.reader, wanted.name, wanted.job) || !named {
            return refuse("another reading was signed for");
        }
        match (today - reading.day).get_days().abs() {
            0 | 1 => Ok(()),
            _ => refuse("it was signed for on another day"),
        }
    }

    /// Rule 1: clearance admits the label under the policy in force and under the one that the object was made under, *and* a permit
    /// or an assigned duty covers it.
    ///
    /// The answer is the same for what doesn't exist: pass `None` for the object.
    pub fn may_read(&self, name: &str, object: Option<At<'_>>, need: Need<'_>, today: Date) -> Result<(), Refusal> {
        let hidden = || Refusal::not_found("such object");
        let account = self.account(name).ok_or_else(hidden)?;
        let At { label, policy } = object.ok_or_else(hidden)?;
        if !account.clearance.admits(label) || !self.admitted_then(account, policy, label) {
            return Err(hidden());
        }
        match need {
            Need::Member(permit) => self.member(account, permit, today).map(drop).map_err(|_| hidden()),
            Need::Reviewer(permit) => {
                let grant = self.grant(permit).ok_or_else(hidden)?.held(today).map_err(|_| hidden())?;
                let decides = || self.decides_somewhere(&account.person.roles, policy, label);
                (grant.is_apart(name) && decides()).then_some(()).ok_or_else(hidden)
            }
            Need::Register { permit, to } => {
                let grant = self.grant(permit).ok_or_else(hidden)?;
                let decides = || !self.deciding(&account.person.roles, policy, (label, to)).is_empty();
                (grant.is_apart(name) && decides()).then_some(()).ok_or_else(hidden)
            }
        }
    }

    /// The datasets whose cards somebody may read, by name: their clearance admits the card's label, and they are a member of a permit
    /// that names the dataset and still holds, a steward, an officer or an auditor.
    pub fn cards(&self, name: &str, today: Date) -> BTreeMap<&str, &Registered> {
        let Some(account) = self.account(name) else { return BTreeMap::new() };
        let duty = [Role::Steward, Role::Officer, Role::Auditor].iter().any(|role| account.person.roles.contains(role));
        let held = self.permits.values().filter_map(|grant| Some(&grant.held(today).ok()?.permit));
        let mine = held.filter(|permit| permit.people.contains(name));
        let covered: Vec<&Registered> = match duty {
            true => self.datasets.values().map(Box::as_ref).collect(),
            false => mine.flat_map(|permit| &permit.datasets).filter_map(|dataset| self.dataset(dataset)).collect(),
        };
        let seen = covered.into_iter().filter(|data| account.clearance.admits(&data.card_label));
        seen.map(|data| (data.dataset.name.as_str(), data)).collect()
    }

    /// The permits that name a dataset, or ever did.
    pub fn permits_of(&self, dataset: &str) -> BTreeSet<&str> {
        let naming = self.permits.iter().filter(|(_, grant)| grant.ever.contains(dataset));
        naming.map(|(name, _)| name.as_str()).collect()
    }

    /// An image by its digest, for whoever's clearance admits its label: images belong to no permit, and every member of a site may
    /// run them.
    pub fn image_for(&self, name: &str, digest: &Digest) -> Result<&Image, Refusal> {
        let hidden = || Refusal::not_found("such image");
        let account = self.account(name).ok_or_else(hidden)?;
        let tree = self.tree(digest).ok_or_else(hidden)?;
        match account.clearance.admits(&tree.label) {
            true => Ok(&tree.image),
            false => Err(hidden()),
        }
    }
}
