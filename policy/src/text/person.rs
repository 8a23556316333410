//! `people/NAME.toml`.

use super::reader::{Problems, document};
use crate::policy::Role;
use crate::record::Person;
use crate::signed::PublicKey;

pub(super) fn read(name: &str, source: &str) -> Result<Person, Problems> {
    document(source, |top| {
        top.only(&["roles", "clearance", "ceiling", "key", "disabled"]);
        let roles = top.need("roles").and_then(|value| {
            let words = Role::ALL.map(|role| (role.name(), role));
            value.list()?.iter().map(|item| item.word(&words)).collect::<Option<_>>()
        });
        let clearance = top.need("clearance").and_then(|value| value.text());
        let ceiling = match top.get("ceiling") {
            Some(value) => value.text(),
            None => clearance.clone(),
        };
        let key = match top.get("key") {
            Some(value) => Some(value.parsed(PublicKey::parse)?),
            None => None,
        };
        let disabled = top.get("disabled").map_or(Some(false), |value| value.flag());
        Some(Person {
            name: name.to_owned(),
            roles: roles?,
            clearance: clearance?,
            ceiling: ceiling?,
            key,
            disabled: disabled?,
        })
    })
}
