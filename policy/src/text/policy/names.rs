//! Names of the scheme.

use crate::policy::Policy;
use crate::scheme::{SchemeError, flaw};
use crate::text::reader::Table;
use crate::text::value::Value;
use std::collections::BTreeSet;

/// Takes over the file's categories and audiences, as far as they can be read. The kinds of those that can't go to `unread`: whether a
/// label names one of them, nobody can say.
pub(super) fn all(top: &Table<'_, '_>, policy: &mut Policy, unread: &mut Vec<&'static str>) {
    let kinds = [
        ("categories", "category", &mut policy.scheme.categories),
        ("audiences", "audience", &mut policy.scheme.audiences),
    ];
    for (key, kind, names) in kinds {
        let Some(value) = top.get(key) else { continue };
        let mut seen = BTreeSet::new();
        let read: Option<Vec<Option<String>>> =
            value.list().map(|items| items.iter().map(|item| one(item, &mut seen)).collect());
        if read.as_ref().is_none_or(|read| read.contains(&None)) {
            unread.push(kind);
        }
        *names = read.into_iter().flatten().flatten().collect();
    }
}

/// One name beside those that were seen before. What stands twice is read, for all that.
pub(super) fn one(value: &Value<'_, '_>, seen: &mut BTreeSet<String>) -> Option<String> {
    let name = value.text()?;
    let flaw = flaw(&name, seen);
    flaw.iter().for_each(|error| value.fault(error.to_string()));
    Some(name).filter(|_| !matches!(flaw, Some(SchemeError::Name(_))))
}
