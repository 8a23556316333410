//! `people/NAME.toml`.

use super::label;
use super::policy::roles;
use super::problem::Problems;
use super::reader::document;
use crate::record::Person;
use crate::signed::PublicKey;

pub(super) fn read(name: &str, source: &str) -> Result<Person, Problems> {
    document(source, |top| {
        top.only(&["roles", "clearance", "ceiling", "key", "disabled"]);
        let roles = top.need("roles").and_then(|value| value.each(|item| item.word(&roles())));
        let clearance = top.need("clearance").and_then(|value| label::shaped(&value));
        let mut ceiling = clearance.clone();
        top.set("ceiling", &mut ceiling, |value| label::shaped(value).map(Some));
        let (mut key, mut disabled) = (None, false);
        top.set("key", &mut key, |value| value.parsed(PublicKey::parse).map(Some));
        top.set("disabled", &mut disabled, |value| value.flag());
        Some(Person { name: name.to_owned(), roles: roles?, clearance: clearance?, ceiling: ceiling?, key, disabled })
    })
}
