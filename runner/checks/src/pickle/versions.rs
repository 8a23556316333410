//! Whether what a pickle names exists in the version of its library that the pickle says.

use super::allowed::Since;
use super::heap::Object;
use super::scene::Scene;
use super::slot::Slot;
use super::trouble::{Trouble, shown};
use std::collections::BTreeSet;

/// Most objects in which a version is looked for.
const OBJECTS: usize = 100_000;

impl Scene<'_> {
    /// Holds the names of scikit-learn to the versions that estimators say.
    pub(super) fn judge_versions(&mut self) {
        let mut said = BTreeSet::new();
        let sklearn = |object: &&Object| {
            self.maker(object).and_then(|class| class.entry).is_some_and(|entry| entry.library.name == "sklearn")
        };
        let states = self
            .heap
            .objects()
            .iter()
            .filter(|object| object.state.is_some())
            .filter(sklearn)
            .filter_map(|object| object.state);
        let states: Vec<Slot> = states.take(OBJECTS).collect();
        for state in states {
            if let Some(version) = self.version(state) {
                said.insert(self.text(version).unwrap_or_default());
            }
        }
        let mut troubles = Vec::new();
        for global in self.names.all() {
            let Some(entry) = global.entry.filter(|entry| entry.library.name == "sklearn") else { continue };
            for version in &said {
                let (name, version) = (shown(&global.full()), shown(version));
                let (message, remedy) = match entry.since(&version) {
                    Since::Exists => continue,
                    Since::Unknown => (
                        format!("it was written by scikit-learn {version}, which the lists don't know"),
                        "write it with a version that is on the lists",
                    ),
                    Since::Not if said.len() > 1 => continue,
                    Since::Not => (
                        format!("it says that scikit-learn {version} wrote it, which has no `{name}`"),
                        "write it with one version of scikit-learn",
                    ),
                };
                troubles.push(Trouble::new(global.at, message).remedy(remedy).global(global.full()));
            }
        }
        for trouble in troubles {
            self.troubles.add(trouble);
        }
    }
}
