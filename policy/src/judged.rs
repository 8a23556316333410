//! What is wrong with a policy for the people and permits that there are.

use crate::faults::{Fault, Place};
use crate::known::{Account, Grant, InForce};
use crate::label::{Clearance, Label};
use crate::panel::{Panel, Panels};
use crate::policy::{Policy, Role};
use crate::record::Person;
use crate::registry::Registry;
use crate::terms::{Pattern, Ways, reviewers};
use std::collections::BTreeSet;

impl Registry {
    /// Releases that a permit could ask for under this policy, and that nobody could approve: too few are cleared and independent. Each
    /// rule is judged by itself, and together with those that speak for the same way, of what is at the permit's top and of what is as
    /// low as the rule speaks for.
    pub fn contradictions(&self, policy: &Policy) -> Vec<Fault> {
        let Ok(judged) = InForce::new(policy.clone()) else { return Vec::new() };
        let ways = Ways::of(policy);
        let able = self.able(&judged);
        let mut permits: Vec<&Grant> =
            self.permits.values().map(Box::as_ref).filter(|grant| !grant.withdrawn).collect();
        permits.sort_unstable_by(|a, b| a.permit.name.cmp(&b.permit.name));
        let mut faults = Vec::new();
        for (number, rule) in policy.releases.iter().enumerate().filter(|(_, rule)| !rule.never) {
            let Ok(way) = Pattern::of(policy, rule) else { continue };
            let demands = |from: &Label| {
                let joined = ways.terms(from, way.to()).ok().map(|terms| (terms.panels, terms.excuse.is_some()));
                let alone = (Panels::of(rule), rule.excuse.is_some());
                let each = |(panels, excused): (Panels, bool)| {
                    let one = |panel: &Panel| Demand { panel: panel.clone(), excused };
                    panels.each().map(one).collect::<Vec<_>>()
                };
                [Some(alone), joined].into_iter().flatten().flat_map(each)
            };
            let first = |(key, what): (&str, &str)| {
                let missing = |grant: &Grant, from: &Label| {
                    demands(from).find_map(|demand| demand.missing(key, (grant, from), &able))
                };
                let why = |grant: &&Grant| way.within(&grant.up_to).iter().find_map(|from| missing(grant, from));
                let (grant, why) = permits.iter().find_map(|grant| Some((grant, why(grant)?)))?;
                let what = format!("nobody could {what} `{}` makes: {why}", grant.permit.name);
                Some(Fault { at: Place::Release(number), key: key.into(), what })
            };
            // Who can't release can't excuse either, and that is said once.
            faults.extend(
                [("reviewers", "release what"), ("excuse", "excuse a block of what")].into_iter().find_map(first),
            );
        }
        faults
    }

    /// Everybody who has a key, with what they may see under the policy that is judged.
    fn able(&self, judged: &InForce) -> Vec<Able<'_>> {
        let open = self.people.values().filter(|account| !account.person.disabled && account.person.key.is_some());
        open.map(|account| Able { account, sees: judged.bounded(&account.person.roles, &account.granted.0, false) })
            .collect()
    }
}

/// Somebody who might review.
struct Able<'a> {
    account: &'a Account,
    sees: Clearance,
}

impl Able<'_> {
    fn may(&self, who: &BTreeSet<Role>, (grant, from): (&Grant, &Label)) -> bool {
        let Person { name, roles, .. } = &self.account.person;
        grant.is_apart(name) && !roles.is_disjoint(who) && self.sees.admits(from)
    }
}

/// Whom a rule wants on a way.
struct Demand {
    panel: Panel,
    /// Whether anything can be excused there.
    excused: bool,
}

impl Demand {
    /// Why a permit's things can't go there, or why no block of them can be excused.
    fn missing(&self, key: &str, at: (&Grant, &Label), able: &[Able<'_>]) -> Option<String> {
        let Panel { who, reviewers: needed, excusing } = &self.panel;
        let needed = match key {
            "excuse" if !self.excused => return None,
            "excuse" => *excusing,
            _ => *needed,
        };
        let may: Vec<_> = able.iter().filter(|able| able.may(who, at)).collect();
        let roles: BTreeSet<Role> = may.iter().flat_map(|able| able.account.person.roles.iter().copied()).collect();
        let (needed, there) = (usize::from(needed), may.len());
        if let Some(role) = who.iter().find(|role| !roles.contains(role)) {
            return Some(format!("no {} is cleared and independent; enrol one", role.name()));
        }
        (there < needed)
            .then(|| format!("it takes {}, and {there} are cleared and independent; enrol more", reviewers(needed)))
    }
}
