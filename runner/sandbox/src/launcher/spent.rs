//! How much has left of each dataset under a permit, by the launcher's own journal: neither the daemon nor a job says less (rule 7).

use super::desk::Desk;
use super::journal::{self, Line};
use crate::objects;
use crate::protocol::Id;
use semla_policy::{Marking, Refusal};
use std::collections::BTreeMap;

/// Bits by dataset: what was lowered from where its rows could be, but for the file itself.
pub(super) fn released(desk: &Desk, file: &Id, marking: &Marking) -> Result<BTreeMap<String, u64>, Refusal> {
    let lines = journal::read(&desk.house)
        .map_err(|error| Refusal::new(9, format!("the journal can't be read: {error}"), "see the disk's health"))?;
    let mut bits = BTreeMap::new();
    for line in lines {
        let Line::Lowered { object, copy, information, .. } = line else { continue };
        let lowered = objects::find(&desk.house, &copy).is_ok_and(|copy| copy.marking.permit == marking.permit);
        if !lowered || object == *file {
            continue;
        }
        for dataset in of(desk, marking, &object)? {
            let sum: &mut u64 = bits.entry(dataset).or_default();
            *sum = sum.saturating_add(information);
        }
    }
    Ok(bits)
}

/// The datasets that an object may come from: where it isn't there any more, all that the file under examination may come from.
fn of(desk: &Desk, marking: &Marking, object: &Id) -> Result<Vec<String>, Refusal> {
    let registry = desk.facts.registry();
    let object = objects::find(&desk.house, object);
    let label = object.as_ref().map_or(&marking.label, |object| &object.marking.label);
    let sources = registry.sources(&marking.permit, &registry.label(label)?);
    Ok(sources.into_iter().map(|data| data.dataset.name.clone()).collect())
}
