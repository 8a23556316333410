//! Contradictions, put where the file says them.

use crate::faults::{Fault, Place};
use crate::text::reader::Table;

/// Where contradictions go.
pub(super) struct Report<'a, 't, 's> {
    /// The file.
    pub(super) top: &'a Table<'t, 's>,
    /// The levels of the preset that the file's don't name.
    pub(super) left_out: Vec<String>,
}

impl Report<'_, '_, '_> {
    pub(super) fn all(&self, faults: impl Iterator<Item = Fault>) {
        self.top.found.judge();
        // Not in the file: the preset says it, and no longer fits.
        let silent: Vec<Fault> = faults.filter(|fault| !self.one(fault)).collect();
        if self.left_out.is_empty() || silent.is_empty() {
            return silent.iter().for_each(|fault| self.top.fault(format!("{}: {fault}", preset(fault.at))));
        }
        let names = self.left_out.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let what = format!(
            "the file's levels take the place of the preset's, and leave out {names}, which the preset's roles, releases or shares \
             name; list every level, lowest first, or write those parts, too"
        );
        self.top.judged("level", what);
    }

    /// Reports a contradiction at its part of the file; whether there is such a part.
    fn one(&self, fault: &Fault) -> bool {
        let item = |key: &str, number: usize| self.top.get(key)?.list()?.into_iter().nth(number);
        let part = match fault.at {
            Place::Whole => {
                self.top.judged(&fault.key, fault.to_string());
                return true;
            }
            Place::Level(number) => item("level", number),
            Place::Share(number) => item("share", number),
            Place::Release(number) => item("release", number),
            Place::Role(role) => self.top.get("role").and_then(|roles| roles.table()?.get(role.name())),
        };
        if let Some(table) = part.as_ref().and_then(|part| part.table()) {
            table.judged(&fault.key, fault.to_string());
        }
        part.is_some()
    }
}

/// What a part of the preset is called.
fn preset(at: Place) -> String {
    match at {
        Place::Whole => "the preset".to_owned(),
        Place::Level(number) => format!("level {} of the preset", number + 1),
        Place::Role(role) => format!("`role.{}` of the preset", role.name()),
        Place::Release(number) => format!("release {} of the preset", number + 1),
        Place::Share(number) => format!("share {} of the preset", number + 1),
    }
}
