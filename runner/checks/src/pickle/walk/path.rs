//! Paths: where a value lies, as people would write it.

use super::Walk;
use crate::pickle::slot::Slot;
use crate::pickle::trouble::shown;
use std::fmt::Write;

/// How the items of a container are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Item,
    Key,
    Attribute,
    /// An argument of a call.
    Argument,
    /// Nothing: the same as the container.
    Same,
}

impl Walk<'_, '_> {
    /// Where the value that is being looked at lies.
    pub(in crate::pickle) fn path(&mut self) -> String {
        let mut path = String::new();
        let Self { steps, peek, scene, .. } = self;
        // One that isn't begun yet waits beside the way.
        for step in steps.iter().filter(|step| step.index > 0) {
            // Writing to a `String` never fails.
            let _ = match step.name {
                Name::Same => Ok(()),
                Name::Item => write!(path, "[{}]", step.index - 1),
                Name::Argument => write!(path, "({})", step.index - 1),
                Name::Attribute => write!(path, ".{}", shown(&peek.text(step.key, 256).unwrap_or_default())),
                Name::Key => match peek.text(step.key, 256) {
                    Some(text) => write!(path, "[\"{}\"]", shown(&text)),
                    None => write!(path, "[{}]", scene.brief(step.key, 1)),
                },
            };
        }
        path
    }

    /// The path with what stands before it.
    pub(in crate::pickle) fn place(&mut self) -> String {
        let path = self.path();
        match (self.at.is_empty(), path.is_empty()) {
            (true, _) => path,
            (false, true) => self.at.to_owned(),
            (false, false) => format!("{}: {path}", self.at),
        }
    }

    /// Tells those troubles where they are that are about this.
    pub(super) fn found(&mut self, slot: Slot) {
        if self.scene.troubles.lost().all(|trouble| trouble.about != Some(slot)) {
            return;
        }
        let path = self.path();
        for trouble in self.scene.troubles.lost().filter(|trouble| trouble.about == Some(slot)) {
            trouble.path = Some(path.clone());
        }
    }
}
