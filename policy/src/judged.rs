//! What is wrong with a policy for the people, permits and hosts that there are.

use crate::faults::{Fault, Place};
use crate::known::{Account, Grant, InForce};
use crate::label::Label;
use crate::policy::{Isolation, Policy, ReleaseRule, Role};
use crate::registry::Registry;
use crate::terms::{Pattern, reviewers};
use std::collections::BTreeSet;

impl Policy {
    /// The levels that no host can run, where the strongest isolation that one offers is this.
    pub fn beyond(&self, strongest: Isolation) -> Vec<Fault> {
        let names = self.scheme.levels.iter().enumerate().zip(&self.levels);
        let beyond = names.filter(|(_, rules)| rules.isolation > strongest);
        let fault = |((number, name), rules): ((usize, &String), &crate::policy::LevelRules)| Fault {
            at: Place::Level(number),
            key: "isolation".into(),
            what: format!(
                "no host can run `{name}`: it asks for `{}`, and the strongest that there is, is `{}`",
                rules.isolation.name(),
                strongest.name()
            ),
        };
        beyond.map(fault).collect()
    }
}

impl Registry {
    /// Releases that a permit could ask for under this policy, and that nobody could approve: too few are cleared and independent.
    pub fn contradictions(&self, policy: &Policy) -> Vec<Fault> {
        let Ok(judged) = InForce::new(policy.clone()) else { return Vec::new() };
        let mut faults = Vec::new();
        for (number, rule) in policy.releases.iter().enumerate().filter(|(_, rule)| !rule.never) {
            let Ok(way) = Pattern::of(policy, rule) else { continue };
            let mut permits: Vec<&Grant> = self.permits.values().filter(|grant| !grant.withdrawn).collect();
            permits.retain(|grant| way.concerns(&grant.up_to));
            permits.sort_unstable_by(|a, b| a.permit.name.cmp(&b.permit.name));
            let able = self.able(&judged, rule);
            let short = |(key, needed, what): (&str, u8, &str)| {
                let first = permits.iter().find_map(|grant| Some((grant, missing(rule, needed, grant, &able)?)));
                let (grant, why) = first?;
                let what = format!("nobody could {what} `{}` makes: {why}", grant.permit.name);
                Some(Fault { at: Place::Release(number), key: key.into(), what })
            };
            let excuse = rule.excuse.as_ref().map(|excuse| ("excuse", excuse.reviewers, "excuse a block of what"));
            // Who can't release can't excuse either, and that is said once.
            faults.extend([("reviewers", rule.reviewers, "release what")].into_iter().chain(excuse).find_map(short));
        }
        faults
    }

    /// Everybody who has one of a rule's roles and a key, with what they may see under the policy that is judged.
    fn able<'a>(&'a self, judged: &InForce, rule: &ReleaseRule) -> Vec<Able<'a>> {
        let open = self.people.values().filter(|account| !account.person.disabled && account.person.key.is_some());
        let able = open.filter(|account| !account.person.roles.is_disjoint(&rule.who));
        able.map(|account| Able { account, sees: judged.bounded(&account.person.roles, &account.granted.0, false) })
            .collect()
    }
}

/// Somebody who might review.
struct Able<'a> {
    account: &'a Account,
    sees: crate::label::Clearance,
}

impl Able<'_> {
    fn may(&self, label: &Label, grant: &Grant) -> bool {
        let name = &self.account.person.name;
        self.sees.admits(label) && !grant.members.contains(name) && !grant.signers.contains(name)
    }
}

/// Why a permit's things can't go a way.
fn missing(rule: &ReleaseRule, needed: u8, grant: &Grant, able: &[Able<'_>]) -> Option<String> {
    let may: Vec<_> = able.iter().filter(|able| able.may(&grant.up_to, grant)).collect();
    let roles: BTreeSet<Role> = may.iter().flat_map(|able| able.account.person.roles.iter().copied()).collect();
    let (needed, there) = (usize::from(needed), may.len());
    if let Some(role) = rule.who.iter().find(|role| !roles.contains(role)) {
        return Some(format!("no {} is cleared and independent; enrol one", role.name()));
    }
    (there < needed)
        .then(|| format!("it takes {}, and {there} are cleared and independent; enrol more", reviewers(needed)))
}
