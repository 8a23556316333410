//! What a rehearsal mounts: rows made from the cards, at the cards' labels.

use super::Site;
use super::act::Event;
use crate::fault::Fault;
use rusqlite::{OptionalExtension, params};
use semla_policy::{JobPlan, Refusal};
use semla_sandbox::protocol::Id;
use std::collections::BTreeMap;

impl Site {
    /// The dummies of a rehearsal, by mount. Whoever takes one is an entry, once for each dataset.
    pub(super) fn dummies(&mut self, plan: &JobPlan) -> Result<BTreeMap<String, Id>, Fault> {
        let mut taken = BTreeMap::new();
        if plan.dummy {
            for dataset in plan.data.values() {
                if !taken.contains_key(dataset) {
                    taken.insert(dataset, self.kept_dummy(plan, dataset)?);
                }
            }
        }
        let mounted = plan.data.iter().filter_map(|(mount, data)| Some((mount.to_string(), taken.get(data)?.clone())));
        Ok(mounted.collect())
    }

    /// The dummy of a dataset, for everybody of the permit: one card makes one dummy, and it is made once.
    fn kept_dummy(&mut self, plan: &JobPlan, dataset: &str) -> Result<Id, Fault> {
        let registered = self.registry().dataset(dataset).ok_or_else(|| Refusal::not_found("such dataset"))?;
        let (card, label) = (registered.dataset.card.clone(), registered.dataset.card_label.clone());
        let key = params![dataset, plan.permit, label];
        let sql = "SELECT object FROM dummy WHERE dataset = ?1 AND permit = ?2 AND label = ?3";
        let known: Option<String> = self.db.query_row(sql, key, |row| row.get(0)).optional()?;
        let known = known.and_then(|object| Id::try_from(object).ok());
        let object = known.clone().map_or_else(|| self.name("d"), Ok)?;
        let event = Event::Dummy { dataset: dataset.to_owned(), object: object.to_string() };
        self.record(&plan.submitter, &label, Some(&plan.permit), event, |_| Ok(()))?;
        if known.is_none() {
            self.launcher.keep(&object, &label, &plan.permit, crate::dummy::generate(&card).as_bytes())?;
            let sql = "INSERT INTO dummy (dataset, permit, label, object) VALUES (?1, ?2, ?3, ?4)";
            self.db.execute(sql, params![dataset, plan.permit, label, object.as_str()])?;
        }
        Ok(object)
    }
}
