//! What may leave, and what may share a host, before and after.

use super::gone;
use crate::explain;
use crate::label::Label;
use crate::panel::Panels;
use crate::policy::{Permits, Policy, ReleaseRule};
use crate::profile::Profile;
use crate::scheme::Scheme;
use crate::terms::Ways;
use hashbrown::HashSet;
use std::collections::{BTreeMap, BTreeSet};

/// Most labels that are put together, each with each, ...
const LABELS: usize = 1024;
/// ... and most ways from there that are compared.
const WAYS: usize = 1 << 16;

impl Policy {
    /// For each way between two labels that a rule names, what it takes, before and after.
    pub(super) fn ways_changed(&self, new: &Self) -> Vec<String> {
        // By what they mean: one label can be written in more ways than one.
        let labels = self.releases.iter().chain(&new.releases).filter_map(|rule| new.scheme.label(&rule.to).ok());
        let targets: BTreeMap<String, Label> = labels.map(|label| (new.scheme.show(&label), label)).collect();
        let (then, now) = (Ways::of(self), Ways::of(new));
        let (sources, all) = new.sources_named(self, WAYS / targets.len().max(1));
        let mut told = Vec::new();
        for from in &sources {
            for (to, target) in targets.iter().filter(|(_, target)| !target.dominates(from)) {
                let way = || format!("release from `{}` to `{to}`", new.scheme.show(from));
                match (then.terms(from, target), now.terms(from, target)) {
                    (Err(_), Ok(terms)) => {
                        told.push(format!("{} is now possible, with {}", way(), explain::told(&terms)))
                    }
                    (Ok(_), Err(refusal)) => told.push(format!("{} is no longer possible: {}", way(), refusal.what)),
                    (Ok(a), Ok(b)) if a != b => told.extend(terms_changed(&way(), &a, &b)),
                    _ => {}
                }
            }
        }
        if !all {
            told.push(format!(
                "more ways than the {WAYS} that are compared: read the release rules themselves as well"
            ));
        }
        told
    }

    /// The labels that rules of either policy name, each level where they name all, and whatever of them comes together: each once, and
    /// at most so many. Whether those are all.
    fn sources_named(&self, other: &Self, most: usize) -> (Vec<Label>, bool) {
        let texts = |rule: &ReleaseRule| match rule.from.strip_prefix('*') {
            Some(rest) => self.scheme.levels.iter().map(|level| format!("{level}{rest}")).collect(),
            None => vec![rule.from.clone()],
        };
        let texts = self.releases.iter().chain(&other.releases).flat_map(texts);
        let (named, all) = distinct(texts.filter_map(|text| self.scheme.label(&text).ok()), LABELS);
        let (sources, both) = together(&named, most);
        (sources, all && both)
    }

    pub(super) fn shares_changed(&self, new: &Self) -> Vec<String> {
        let (before, after) = (self.beside_each_other(&new.scheme), new.beside_each_other(&new.scheme));
        let says = |pair: &(&str, String, String), what: &str| {
            let (whose, a, b) = pair;
            format!("jobs {whose} at `{a}` and `{b}` {what}")
        };
        let no_more = before.difference(&after).map(|pair| says(pair, "no longer share a host"));
        no_more.chain(after.difference(&before).map(|pair| says(pair, "may now share a host"))).collect()
    }

    /// Every two labels whose jobs may share a host, in the words of a scheme, and whose jobs.
    fn beside_each_other(&self, scheme: &Scheme) -> BTreeSet<(&'static str, String, String)> {
        let mut pairs = BTreeSet::new();
        for share in &self.shares {
            let labels = share.labels.iter().filter_map(|text| scheme.label(text).ok());
            let texts: BTreeSet<String> = labels.map(|label| scheme.show(&label)).collect();
            for (at, a) in texts.iter().enumerate() {
                for b in texts.iter().skip(at) {
                    // Those of one permit and label share it anyway.
                    if a != b {
                        pairs.insert(("of one permit", a.clone(), b.clone()));
                    }
                    if share.permits == Permits::Any {
                        pairs.insert(("of several permits", a.clone(), b.clone()));
                    }
                }
            }
        }
        pairs
    }
}

/// The first so many different labels, and whether there are no others.
fn distinct(labels: impl Iterator<Item = Label>, most: usize) -> (Vec<Label>, bool) {
    let mut seen = HashSet::new();
    let mut labels = labels.filter(|label| seen.insert(label.clone()));
    let found = labels.by_ref().take(most).collect();
    (found, labels.next().is_none())
}

/// These labels and all their joins, at most so many; and whether those are all.
fn together(labels: &[Label], most: usize) -> (Vec<Label>, bool) {
    let (mut found, mut all) = distinct(labels.iter().cloned(), most);
    let mut seen: HashSet<Label> = found.iter().cloned().collect();
    let mut at = 0;
    while let Some(one) = found.get(at).cloned() {
        let new = labels.iter().filter_map(|other| one.join(other)).filter(|join| !seen.contains(join));
        let (new, rest) = distinct(new, most.saturating_sub(found.len()));
        all &= rest;
        seen.extend(new.iter().cloned());
        found.extend(new);
        at += 1;
    }
    (found, all)
}

fn terms_changed(way: &str, old: &crate::Terms, new: &crate::Terms) -> Vec<String> {
    let mut told = Vec::new();
    let (a, b) = (&old.profile, &new.profile);
    told.extend(panels_changed(way, &old.panels, &new.panels));
    let numbers = [
        ("wants counts of at least", "people", a.min_people.into(), b.min_people.into()),
        ("takes files of at most", "bytes", a.max_bytes, b.max_bytes),
        ("takes tables of at most", "rows", a.max_rows, b.max_rows),
        ("lets people decide beyond", "bytes of information", a.information, b.information),
        ("takes models of at most", "significant bits", digits(a), digits(b)),
        ("is answered within", "days", old.answer_in.into(), new.answer_in.into()),
    ];
    for (verb, unit, before, after) in numbers.into_iter().filter(|(_, _, before, after)| before != after) {
        told.push(format!("{way} now {verb} {after} {unit} (was {before})"));
    }
    told.extend(gone(&a.types, &b.types).map(|kind| format!("{way} takes no `{kind}` any more")));
    told.extend(gone(&b.types, &a.types).map(|kind| format!("{way} now takes `{kind}`")));
    let excused = |terms: &crate::Terms| terms.excuse.clone().map_or((Vec::new(), 0), |e| (e.checks, e.reviewers));
    let ((before, were), (after, by)) = (excused(old), excused(new));
    if were != by && before.iter().any(|check| after.contains(check)) {
        told.push(format!("{way}: an excuse now takes {by} reviewers (was {were})"));
    }
    told.extend(gone(&before, &after).map(|check| format!("{way}: `{check}` can't be excused any more")));
    told.extend(gone(&after, &before).map(|check| format!("{way}: {by} reviewers can now excuse `{check}`")));
    told
}

/// Bits of a number that may leave: where a profile doesn't say, all that there are.
fn digits(profile: &Profile) -> u64 {
    profile.weight_bits.unwrap_or(Profile::ALL_BITS).into()
}

/// Who has to approve now, and had to before.
fn panels_changed(way: &str, old: &Panels, new: &Panels) -> Option<String> {
    let only = |panels: &Panels| panels.each().next().filter(|_| panels.each().count() == 1).cloned();
    match (only(old), only(new)) {
        (Some(before), Some(after)) if before.who == after.who => {
            let (before, after) = (before.reviewers, after.reviewers);
            (before != after).then(|| format!("{way} now needs {after} reviewers (was {before})"))
        }
        _ => {
            let (before, after) = (old.told(), new.told());
            (before != after).then(|| format!("{way} now needs {after}; before, {before}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_together_in_all_ways_or_it_is_said_that_there_are_more() {
        let scheme = Scheme {
            levels: vec!["l".into()],
            categories: ["a", "b", "c"].map(str::to_owned).into(),
            audiences: vec![],
        };
        let labels = ["l/a", "l/b", "l/c"].map(|text| scheme.label(text).unwrap());
        for most in 0..9 {
            let (found, all) = together(&labels, most);
            assert_eq!((found.len(), all), (most.min(7), most >= 7), "{most}");
            assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len(), "each once");
        }
    }
}
