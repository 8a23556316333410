//! The end of a permit: what was made under it is marked for erasure. The marks are taken back if the permit is granted anew; erasing
//! comes later.

use super::act::Event;
use super::{Site, now, today};
use crate::fault::Fault;
use rusqlite::{OptionalExtension, params};
use semla_policy::Label;

impl Site {
    /// Looks for permits that ended, or hold again.
    pub(super) fn lapses(&mut self) -> Result<(), Fault> {
        let permits: Vec<String> = self.registry().permits().map(|permit| permit.name.clone()).collect();
        for permit in permits {
            let over = self.registry().holds_permit(&permit, today()).err();
            let sql = "SELECT 1 FROM lapsed WHERE permit = ?1";
            let known: Option<i64> = self.db.query_row(sql, [&permit], |row| row.get(0)).optional()?;
            match (over, known) {
                (Some(why), None) => self.lapse(&permit, &why.what)?,
                (None, Some(_)) => self.resume(&permit)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn lapse(&mut self, permit: &str, why: &str) -> Result<(), Fault> {
        let label = self.top(permit)?;
        let event = Event::Lapsed { why: why.to_owned() };
        self.record("semla", &label, Some(permit), event, |tx| {
            tx.execute("INSERT INTO lapsed (permit, at) VALUES (?1, ?2)", params![permit, now()]).map(drop)
        })?;
        Ok(())
    }

    fn resume(&mut self, permit: &str) -> Result<(), Fault> {
        let label = self.top(permit)?;
        self.record("semla", &label, Some(permit), Event::Resumed {}, |tx| {
            tx.execute("DELETE FROM lapsed WHERE permit = ?1", [permit]).map(drop)
        })?;
        Ok(())
    }

    /// The label up to which the permit goes, at which all that becomes of it is recorded.
    fn top(&self, permit: &str) -> Result<String, Fault> {
        let registry = self.registry();
        let text = registry.permit(permit).map(|permit| permit.up_to.clone());
        let label = text.map_or(Ok(Label::LOWEST), |text| registry.label(&text))?;
        Ok(registry.policy().scheme.show(&label))
    }

    /// Whether what was made under a permit is marked for erasure: everything is, from the end of the permit on.
    pub(super) fn marked_for_erasure(&self, permit: &str) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM lapsed WHERE permit = ?1";
        Ok(self.db.query_row(sql, [permit], |_| Ok(())).optional()?.is_some())
    }
}
