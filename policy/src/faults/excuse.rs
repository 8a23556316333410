//! What is wrong with an excuse.

use super::Found;
use crate::policy::Excuse;
use crate::release::NEVER_EXCUSED;
use crate::suggest;

/// Every check of the battery (section 6 of the design), those that aren't there yet, too: a block of theirs can be excused as well.
const CHECKS: [&str; 29] = [
    "F1", "F2", "F3", "F4", "F5", "F6", "F7", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "C1", "C2",
    "C3", "C4", "C5", "C6", "M1", "M2", "M3", "M4", "M5", "M6",
];

pub(super) fn faults(excuse: &Excuse, reviewers: u8) -> Found {
    let mut found = Found::new();
    if excuse.reviewers <= reviewers {
        let what = "an excused file needs more reviewers than another; raise `reviewers` in `excuse`";
        found.push(("excuse.reviewers", what.to_owned()));
    }
    if excuse.checks.is_empty() {
        let what = "an excuse of no check excuses nothing; name `checks`, or leave `excuse` out";
        found.push(("excuse.checks", what.to_owned()));
    }
    found.extend(excuse.checks.iter().filter_map(|check| Some(("excuse.checks", never(check)?))));
    found
}

/// Why no block of what is called so can be excused.
pub(crate) fn never(check: &str) -> Option<String> {
    if !CHECKS.contains(&check) {
        return Some(format!("`{check}` isn't a check; {}", suggest::among(check, CHECKS.into_iter())));
    }
    NEVER_EXCUSED.contains(&check).then(|| format!("`{check}` can never be excused; leave it out"))
}
