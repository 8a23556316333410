//! `[role.NAME]`.

use super::words::roles;
use crate::policy::{Bounds, Policy, Role};
use crate::suggest;
use crate::text::value::Value;

/// Puts what the file says of a role in the place of what the preset says.
pub(super) fn one(name: &str, value: &Value<'_, '_>, policy: &mut Policy) {
    let Some((_, role)) = roles().into_iter().find(|(known, _)| *known == name) else {
        let known = suggest::among(name, Role::ALL.into_iter().map(Role::name));
        return value.fault(format!("no role is called `{name}`; {known}"));
    };
    let Some(table) = value.table() else { return };
    table.only(&["group", "clearance", "ceiling"]);
    // Nobody can say what a preset that isn't known answers: nothing that would be found to be too little.
    let unsaid = match policy.preset.is_empty() {
        true => policy.scheme.show_clearance(&policy.scheme.everything()),
        false => policy.scheme.levels.first().cloned().unwrap_or_default(),
    };
    let none = Bounds { group: None, clearance: unsaid.clone(), ceiling: unsaid };
    let bounds = policy.roles.entry(role).or_insert(none);
    table.set("group", &mut bounds.group, |value| value.text().map(Some));
    table.set("clearance", &mut bounds.clearance, Value::text);
    table.set("ceiling", &mut bounds.ceiling, Value::text);
}
