//! Whose duty each kind of record is.

use crate::policy::Role;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::registry::Registry;
use std::collections::BTreeSet;

/// Who keeps the records of a kind, and what they do with them.
struct Keepers(Role, Option<Role>, &'static str);

impl Keepers {
    fn of(kind: &str) -> Result<Self, Refusal> {
        Ok(match kind {
            "policy" => Self(Role::Officer, None, "change the policy"),
            "person" => Self(Role::Officer, None, "add people, or change what they may do"),
            "permit" | "withdrawal" => Self(Role::Officer, Some(Role::Steward), "grant, change or withdraw permits"),
            "dataset" => Self(Role::Steward, None, "register datasets"),
            "image" => Self(Role::Operator, None, "import images"),
            "halt" => Self(Role::Officer, None, "halt, or lift a halt"),
            _ => return Err(Refusal::new(8, "there is no such kind of record", "name one that there is")),
        })
    }

    fn roles(&self) -> impl Iterator<Item = Role> {
        [Some(self.0), self.1].into_iter().flatten()
    }
}

impl Registry {
    /// Whether somebody proposes or approves records of a kind; who does, where they don't.
    pub fn keeps(&self, name: &str, kind: &str) -> Result<(), Refusal> {
        let keepers = Keepers::of(kind)?;
        if keepers.roles().any(|role| self.holds(name, role)) {
            return Ok(());
        }
        let who: Vec<_> = keepers.roles().map(|role| format!("{}s", role.name())).collect();
        Err(Refusal::new(10, format!("only {} {}", who.join(" and "), keepers.2), "ask one of them"))
    }

    /// Whether one of those who signed keeps such records. Nobody else's record is looked into: what is said of one tells of others.
    pub(crate) fn entitled(&self, record: &Record, signers: &BTreeSet<String>) -> Result<(), Refusal> {
        let keepers = Keepers::of(record.kind())?;
        match signers.iter().any(|name| keepers.roles().any(|role| self.holds(name, role))) {
            true => Ok(()),
            false => Err(none_is(keepers.0)),
        }
    }

    pub(crate) fn holds(&self, name: &str, role: Role) -> bool {
        self.person(name).is_some_and(|person| person.roles.contains(&role))
    }
}

/// Nobody who signed has the role that it takes.
pub(crate) fn none_is(role: Role) -> Refusal {
    let who = match role {
        Role::Officer | Role::Operator | Role::Auditor => format!("an {}", role.name()),
        _ => format!("a {}", role.name()),
    };
    Refusal::new(10, format!("none of those who signed is {who}"), format!("have {who} propose it"))
}
