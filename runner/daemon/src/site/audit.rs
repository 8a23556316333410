//! Who did what on a dataset, a person or a permit: from the ledger, for auditors and officers, as far as they may open it.

mod line;
#[cfg(test)]
mod tests;
mod trail;

use super::Site;
use super::entries::{Entries, Looked};
use super::study::Study;
use crate::api::AuditLine;
use crate::fault::Fault;
use semla_policy::{Date, Refusal};
use serde::Deserialize;
use std::ops::ControlFlow;
use trail::Trail;

/// What an audit is asked about.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    dataset: Option<String>,
    person: Option<String>,
    permit: Option<String>,
    /// The first day, in UTC.
    from: Option<Date>,
    /// The last day, in UTC.
    to: Option<Date>,
}

/// Something to follow through the ledger.
struct Subject {
    trail: Trail,
    /// The label of its name.
    label: String,
    /// Its kind and name.
    title: String,
}

impl Site {
    /// Everything that the asker may open about a dataset, a person or a permit. The look is recorded before it is shown.
    pub(crate) fn audit(&self, name: &str, ask: &Ask) -> Result<Study<Vec<AuditLine>>, Fault> {
        self.watcher(name)?;
        let days = Days::of(ask)?;
        let Subject { mut trail, label, title } = self.subject(name, ask)?;
        let read = move |entries: &Entries, looked: &mut Looked| {
            let mut lines = Vec::new();
            entries.read(|opened| {
                // What happened before the first day says which jobs and releases are meant.
                if trail.meets(&opened) && days.hold(opened.at()) {
                    looked.at(&opened);
                    lines.push(line::of(&opened));
                }
                ControlFlow::Continue(())
            })?;
            Ok(lines)
        };
        Ok(Study::new(self.entries_for(name)?, label, format!("audit of {title}"), read))
    }

    /// Only those whose duty it is ask what others did.
    pub(super) fn watcher(&self, name: &str) -> Result<(), Fault> {
        match self.watches(name)? {
            true => Ok(()),
            false => Err(Refusal::new(1, "only auditors and officers ask what was done", "ask one of them").into()),
        }
    }

    /// What isn't there and what the asker may not know of are answered alike.
    fn subject(&self, name: &str, ask: &Ask) -> Result<Subject, Fault> {
        let hidden = || Refusal::not_found("dataset, person or permit of that name");
        let (registry, lowest) = (self.registry(), self.lowest());
        let (kind, named) = match (&ask.dataset, &ask.person, &ask.permit) {
            (Some(dataset), None, None) => ("dataset", dataset),
            (None, Some(person), None) => ("person", person),
            (None, None, Some(permit)) => ("permit", permit),
            _ => {
                let what = "an audit is about one dataset, one person or one permit";
                return Err(Refusal::new(8, what, "name one of them").into());
            }
        };
        let (trail, label) = match kind {
            "dataset" => {
                let data = registry.dataset(named).ok_or_else(hidden)?;
                let label = &data.dataset.card_label;
                if !registry.clearance(self.person(name)?).admits(&registry.label(label)?) {
                    return Err(hidden().into());
                }
                (Trail::dataset(named, registry.permits_of(named)), label.clone())
            }
            "person" => {
                registry.people().find(|person| person.name == *named).ok_or_else(hidden)?;
                (Trail::person(named), lowest)
            }
            _ => {
                registry.permit(named).ok_or_else(hidden)?;
                (Trail::permit(named), lowest)
            }
        };
        Ok(Subject { trail, label, title: format!("{kind} {named}") })
    }
}

/// Which days are asked for, both ends included.
struct Days {
    from: Option<Date>,
    to: Option<Date>,
}

impl Days {
    fn of(ask: &Ask) -> Result<Self, Refusal> {
        match (ask.from, ask.to) {
            (Some(from), Some(to)) if from > to => {
                Err(Refusal::new(8, format!("the first day, {from}, is after the last, {to}"), "turn them around"))
            }
            (from, to) => Ok(Self { from, to }),
        }
    }

    fn hold(&self, at: i64) -> bool {
        let day = line::moment(at).date();
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
