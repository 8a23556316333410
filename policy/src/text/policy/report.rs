//! Contradictions, put where the file says them.

use super::misnamed;
use crate::faults::{Fault, Place};
use crate::policy::Policy;
use crate::scheme::{Scheme, SchemeError};
use crate::text::reader::Table;

/// Where contradictions go.
pub(super) struct Report<'a, 't, 's> {
    /// The file.
    pub(super) top: &'a Table<'t, 's>,
    /// What was made of it.
    pub(super) policy: &'a Policy,
    /// The names of the preset.
    pub(super) preset: Scheme,
    /// What of it can't be read, or is only supposed: the kinds of the scheme's names, `profile` and `preset`.
    pub(super) unread: &'a [&'static str],
}

impl<'t, 's> Report<'_, 't, 's> {
    /// Everything that can be judged by now, and that more may follow where something can't.
    pub(super) fn all<J: FnOnce(&Policy) -> Vec<Fault>>(&self, judge: Option<J>) {
        self.top.found.judge();
        let mut sound = self.unread.is_empty();
        let mut waits = self.lacks("profile");
        let oversized = self.policy.oversized();
        if oversized.is_empty() {
            let named = misnamed::report(self);
            let faults: Vec<Fault> = self.names().into_iter().chain(self.policy.unfit()).collect();
            sound &= named.sound && faults.is_empty();
            waits |= named.waits;
            // A profile that the file doesn't have may be one of the preset's.
            let known = |fault: &&Fault| !(self.lacks("profile") && fault.key == "profile" && fault.at != Place::Whole);
            faults.iter().filter(known).for_each(|fault| self.one(fault));
        } else {
            (sound, waits) = (false, true);
            oversized.iter().for_each(|fault| self.one(fault));
        }
        // What is wrong by itself is said already; nobody else has to judge that.
        match judge {
            Some(judge) if sound => judge(self.policy).iter().for_each(|fault| self.one(fault)),
            Some(_) => waits = true,
            None => {}
        }
        if waits {
            self.top.found.end("more may follow once these are mended");
        }
    }

    /// Whether nobody knows all names of a kind.
    pub(super) fn lacks(&self, kind: &str) -> bool {
        self.unread.contains(&kind)
    }

    /// What is wrong with the names of the scheme together; each by itself was judged where it was read.
    fn names(&self) -> Vec<Fault> {
        let together = |error: &SchemeError| match error {
            SchemeError::NoLevel => !self.lacks("level"),
            SchemeError::TooMany { .. } => true,
            SchemeError::Name(_) | SchemeError::Twice(_) => false,
        };
        let judged = self.policy.scheme.judged().into_iter().filter(|(_, error)| together(error));
        judged.map(|(key, error)| Fault { at: Place::Whole, key: key.into(), what: error.to_string() }).collect()
    }

    /// Reports a contradiction at its part of the file, or as one of the preset, which says it and no longer fits.
    pub(super) fn one(&self, fault: &Fault) {
        match self.part(fault.at) {
            Some(part) => part.judged(&fault.key, fault.to_string()),
            None => self.top.fault(format!("{}: {fault}", preset(fault.at))),
        }
    }

    /// A part of the policy, if the file has it.
    pub(super) fn part(&self, at: Place) -> Option<Table<'t, 's>> {
        let item = |key: &str, number: usize| self.top.get(key)?.list()?.into_iter().nth(number)?.table();
        match at {
            Place::Whole => Some(self.top.again()),
            Place::Level(number) => item("level", number),
            Place::Share(number) => item("share", number),
            Place::Release(number) => item("release", number),
            Place::Role(role) => self.top.get("role")?.table()?.get(role.name())?.table(),
        }
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
