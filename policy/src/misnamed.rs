//! Labels of a policy that its scheme doesn't have.

use crate::faults::{Fault, Place};
use crate::policy::Policy;
use crate::scheme::LabelError;

/// Most mistakes that are told of. With each goes a search for what was meant.
const MOST: usize = 256;

/// A mistake in a label.
pub(crate) struct Misnamed {
    pub(crate) at: Place,
    pub(crate) key: &'static str,
    pub(crate) error: LabelError,
}

impl Misnamed {
    pub(crate) fn fault(&self) -> Fault {
        Fault { at: self.at, key: self.key.to_owned(), what: self.error.to_string() }
    }
}

impl Policy {
    /// All that is wrong with its labels and clearances, each by itself.
    pub(crate) fn misnamed(&self) -> Vec<Misnamed> {
        let roles = self.roles.iter().flat_map(|(role, bounds)| {
            let both = [("clearance", &bounds.clearance), ("ceiling", &bounds.ceiling)];
            both.map(|(key, text)| (Place::Role(*role), key, text))
        });
        let releases = self.releases.iter().enumerate().flat_map(|(number, rule)| {
            [("from", &rule.from), ("to", &rule.to)].map(|(key, text)| (Place::Release(number), key, text))
        });
        let shares =
            self.shares.iter().enumerate().flat_map(|(number, share)| {
                share.labels.iter().map(move |text| (Place::Share(number), "labels", text))
            });
        let all = roles
            .chain(releases)
            .chain(shares)
            .flat_map(|(at, key, text)| self.scheme.mistakes(text).map(move |error| Misnamed { at, key, error }));
        all.filter(|mistake| !mistake.is_every_level()).take(MOST).collect()
    }
}

impl Misnamed {
    /// A rule may be from every level.
    fn is_every_level(&self) -> bool {
        let LabelError::Unknown { kind, name, .. } = &self.error else { return false };
        self.key == "from" && *kind == "level" && name == "*"
    }
}
