//! Which entries belong together: an audit reads the ledger once, and learns on the way which jobs, checks and releases are meant.
//!
//! It learns from the entries that its reader may open and from nothing else: that a release which left for everybody came from a
//! dataset is as secret as the job between the two.

use crate::site::entries::{LEDGER, Opened};
use std::collections::{BTreeSet, HashSet};

/// The fields that name a job, a release or an attempt.
const IDS: [&str; 4] = ["job", "release", "fence", "about"];

/// How records begin that stop a label.
const HALTED_LABELS: &str = "halt label ";

/// What is followed, and what has been found to belong to it.
pub(super) struct Trail {
    whose: Whose,
    /// Names as they stand in entries: of records by kind, of what was looked up, of the dataset itself.
    names: BTreeSet<String>,
    /// Of jobs, releases and attempts, and of dummies. An object's name begins with that of the attempt that left it.
    ids: HashSet<String>,
}

enum Whose {
    Dataset(String),
    Person(String),
    Permit(String),
}

impl Trail {
    /// The dataset, the permits that name it, what stopped these, and what was done with it.
    pub(super) fn dataset(name: &str, permits: BTreeSet<&str>) -> Self {
        let permits = permits.into_iter().flat_map(records);
        let own = [name.to_owned(), format!("dataset {name}"), format!("audit of dataset {name}")];
        Self::new(Whose::Dataset(name.to_owned()), permits.chain(own))
    }

    /// What a person did, and what was decided about them.
    pub(super) fn person(name: &str) -> Self {
        Self::new(Whose::Person(name.to_owned()), [format!("person {name}"), format!("audit of person {name}")])
    }

    /// The permit, what stopped it, and what was done under it.
    pub(super) fn permit(name: &str) -> Self {
        let own = [format!("audit of permit {name}")];
        Self::new(Whose::Permit(name.to_owned()), records(name).into_iter().chain(own))
    }

    fn new(whose: Whose, names: impl IntoIterator<Item = String>) -> Self {
        Self { whose, names: names.into_iter().collect(), ids: HashSet::new() }
    }

    /// Whether an entry is about it. What the entry names belongs to it from here on.
    pub(super) fn meets(&mut self, entry: &Opened) -> bool {
        let met = self.concerns(entry) || self.names(entry) || self.continues(entry);
        if met && matches!(self.whose, Whose::Dataset(_)) {
            let made = (entry.text("event") == "dummy").then(|| entry.text("object"));
            let ids = IDS.iter().map(|key| entry.text(key)).chain(made);
            self.ids.extend(ids.filter(|id| !id.is_empty()).map(str::to_owned));
        }
        met
    }

    fn concerns(&self, entry: &Opened) -> bool {
        match &self.whose {
            Whose::Dataset(name) => entry.text("dataset") == name || entry.list("data").any(|data| data == name),
            Whose::Person(name) => {
                entry.text("by") == name
                    || ["approvals", "votes"].iter().any(|key| entry.list(key).any(|by| by == name))
            }
            Whose::Permit(name) => entry.text("permit") == name,
        }
    }

    /// Records, cards, and looks at the ledger: all that goes by a name.
    fn names(&self, entry: &Opened) -> bool {
        let (event, object, what) = (entry.text("event"), entry.text("object"), entry.text("what"));
        match event {
            "signed" | "enacted" | "taken-back" => {
                let record = format!("{} {}", entry.text("kind"), entry.text("name"));
                self.names.contains(&record) || (self.is_halted() && record.starts_with(HALTED_LABELS))
            }
            "read" if object == LEDGER => self.names.contains(what),
            "read" => self.names.contains(object),
            _ => false,
        }
    }

    /// Jobs, releases, attempts, and objects that one of these left.
    fn continues(&self, entry: &Opened) -> bool {
        let object = entry.text("object");
        let left = object.match_indices('-').filter_map(|(end, _)| object.get(..end));
        // Parts of a job or a release go by its id and more: `r-1/0/checks`.
        let whole = |id: &'_ str| id.split('/').next().unwrap_or(id).to_owned();
        let ids = IDS.iter().map(|key| whole(entry.text(key)));
        ids.chain(left.map(str::to_owned)).chain([object.to_owned()]).any(|id| self.ids.contains(&id))
    }

    /// Whether halts of a label stop what is followed. Of which labels it is made is nobody's to say here: each of them counts.
    fn is_halted(&self) -> bool {
        !matches!(self.whose, Whose::Person(_))
    }
}

/// The records of a permit, and those that stop it.
fn records(permit: &str) -> [String; 4] {
    let [own, withdrawn, halted] = ["permit", "withdrawal", "halt permit"].map(|kind| format!("{kind} {permit}"));
    [own, withdrawn, halted, "halt all".to_owned()]
}
