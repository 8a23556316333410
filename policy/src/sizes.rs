//! How long the lists of a policy may be. Whoever asks what a policy comes to has its rules held against each other, and
//! everybody may ask: what is asked has an end.

use crate::faults::{Fault, Place};
use crate::policy::Policy;

/// Most release rules, and most shares. A rule speaks for all that lies above its categories, so that a site needs few.
pub(crate) const RULES: usize = 256;
/// Most labels of one share, most profiles, types of a profile, and checks of an excuse.
pub(crate) const NAMES: usize = 64;

impl Policy {
    /// The lists that are too long. Where there is one, nothing else of the policy is looked into.
    pub(crate) fn oversized(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut count = |at, key: &str, what: &str, (count, most): (usize, usize)| {
            if count > most {
                let what = format!("{count} {what} are more than the {most} that there may be; leave some out");
                faults.push(Fault { at, key: key.into(), what });
            }
        };
        // The first one too many.
        count(Place::Release(RULES), "from", "release rules", (self.releases.len(), RULES));
        count(Place::Share(RULES), "labels", "shares", (self.shares.len(), RULES));
        count(Place::Whole, "profile", "profiles", (self.profiles.len(), NAMES));
        for profile in &self.profiles {
            count(Place::Whole, "profile", "types of a profile", (profile.types.len(), NAMES));
        }
        for (number, share) in self.shares.iter().enumerate().take(RULES) {
            count(Place::Share(number), "labels", "labels of a share", (share.labels.len(), NAMES));
        }
        for (number, rule) in self.releases.iter().enumerate().take(RULES) {
            let checks = rule.excuse.as_ref().map_or(0, |excuse| excuse.checks.len());
            count(Place::Release(number), "excuse", "checks of an excuse", (checks, NAMES));
        }
        faults
    }
}
