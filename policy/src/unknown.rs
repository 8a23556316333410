//! Names in a record that there are not: all of them are told at once.

use crate::record::{Permit, Record};
use crate::refusal::Refusal;
use crate::registry::Registry;
use std::collections::BTreeSet;

impl Registry {
    /// Refuses a record for every name in it that the policy in force doesn't have, or that those who signed may know of nobody and nothing by.
    pub(crate) fn names_in(&self, record: &Record, signers: &BTreeSet<String>) -> Result<(), Refusal> {
        let refusals = match record {
            Record::Person(person) => {
                let both = [("clearance", &person.clearance), ("ceiling", &person.ceiling)];
                let differ = person.clearance != person.ceiling;
                both.into_iter()
                    .take(1 + usize::from(differ))
                    .flat_map(|(key, text)| self.unknown(1, key, text))
                    .collect()
            }
            Record::Permit(permit) => self.unknown_in(permit, signers),
            Record::Dataset(dataset) => {
                let both = [("label", &dataset.label), ("card_label", &dataset.card_label)];
                both.into_iter().flat_map(|(key, text)| self.unknown(3, key, text)).collect()
            }
            Record::Image(image) => self.unknown(3, "label", &image.label),
            // A policy is judged by its own names, and a halt by what it stops.
            Record::Policy(_) | Record::Withdrawal(_) | Record::Halt(_) => Vec::new(),
        };
        together(refusals)
    }

    fn unknown_in(&self, permit: &Permit, signers: &BTreeSet<String>) -> Vec<Refusal> {
        let labels = self.unknown(3, "up_to", &permit.up_to);
        let people = permit.people.iter().filter(|name| self.person(name).is_none());
        let people = people.map(|name| {
            Refusal::new(1, format!("nobody has the account `{name}`"), "add the person first, or mend the name")
        });
        let datasets = permit.datasets.iter().filter(|name| !self.all_know(signers, name));
        let datasets = datasets.map(|name| Refusal::not_found(&format!("dataset `{name}`")));
        labels.into_iter().chain(people).chain(datasets).collect()
    }

    /// Nobody grants the use of what they may not know of: each of those who sign, and not one for the others.
    fn all_know(&self, signers: &BTreeSet<String>, dataset: &str) -> bool {
        let Some(data) = self.dataset(dataset) else { return false };
        signers.iter().all(|signer| self.account(signer).is_some_and(|one| one.clearance.admits(&data.card_label)))
    }

    fn unknown(&self, rule: u8, key: &str, text: &str) -> Vec<Refusal> {
        let mistakes = self.policy().scheme.mistakes(text);
        mistakes.map(|error| Refusal::new(rule, error.to_string(), format!("mend `{key}`"))).collect()
    }
}

/// One refusal for all of them.
fn together(refusals: Vec<Refusal>) -> Result<(), Refusal> {
    let mut remedies: Vec<&str> = refusals.iter().map(|refusal| refusal.remedy.as_str()).collect();
    remedies.dedup();
    let whats: Vec<&str> = refusals.iter().map(|refusal| refusal.what.as_str()).collect();
    match refusals.first() {
        None => Ok(()),
        Some(first) => Err(Refusal::new(first.rule, whats.join("; "), remedies.join("; "))),
    }
}
