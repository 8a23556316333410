//! The ledger's entries, as far as a person may open them (rule 1). How many others there are is nobody's business.

use super::Site;
use super::seen::Sight;
use crate::fault::Fault;
use semla_policy::{Hasher, Role};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

/// What is read by those who look at entries.
pub(super) const LEDGER: &str = "ledger";

/// An entry that may be opened.
pub(super) struct Opened {
    /// Where it stands in the log.
    position: u64,
    pub(super) body: String,
    fields: Map<String, Value>,
}

/// What decides whether it may.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    by: Cow<'a, str>,
    #[serde(borrow)]
    label: Cow<'a, str>,
}

impl Opened {
    pub(super) fn read(position: u64, body: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { position, fields: serde_json::from_str(body)?, body: body.to_owned() })
    }

    /// A field that is text; empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        self.fields.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A field that is a list of texts.
    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = &str> {
        self.fields.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// When it was, in milliseconds since 1970.
    pub(super) fn at(&self) -> i64 {
        self.fields.get("at").and_then(Value::as_i64).unwrap_or_default()
    }

    pub(super) fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Whether it says that somebody looked at entries: no news, or whoever looks again would always find some.
    fn is_look(&self) -> bool {
        self.text("event") == "read" && self.text("object") == LEDGER
    }
}

/// What somebody is about to see of the ledger, by label: what differs is new to them.
#[derive(Default)]
pub(super) struct Looked(BTreeMap<String, Hasher>);

impl Looked {
    pub(super) fn at(&mut self, opened: &Opened) {
        let seen = self.0.entry(opened.text("label").to_owned()).or_default();
        if !opened.is_look() {
            seen.update(opened.body.as_bytes());
        }
    }
}

impl Site {
    /// Whether somebody's duty is to look after everybody: auditors and officers.
    pub(super) fn watches(&self, name: &str) -> Result<bool, Fault> {
        let roles = &self.person(name)?.roles;
        Ok(roles.contains(&Role::Auditor) || roles.contains(&Role::Officer))
    }

    /// Gives each entry that a person may open to `each`, the oldest first, until that has enough: those they are cleared for; of
    /// others' doings, if that is their duty.
    pub(super) fn opened(&self, name: &str, mut each: impl FnMut(Opened) -> ControlFlow<()>) -> Result<(), Fault> {
        let watches = self.watches(name)?;
        let clearance = self.registry().clearance(self.person(name)?);
        let mut admitted: HashMap<String, bool> = HashMap::new();
        let mut rows = self.db.prepare_cached("SELECT seq, body FROM entry ORDER BY seq")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let body = row.get_ref(1)?.as_str().map_err(crate::fault::machine("read an entry"))?;
            let Head { by, label } = serde_json::from_str(body)?;
            if !watches && by != name {
                continue;
            }
            let known = admitted.get(&*label).copied();
            let open =
                known.unwrap_or_else(|| self.registry().label(&label).is_ok_and(|label| clearance.admits(&label)));
            if known.is_none() {
                admitted.insert(label.into_owned(), open);
            }
            if !open {
                continue;
            }
            if each(Opened::read(row.get(0)?, body)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Records that a person looks at entries, or at what was made of them: a read for each label among them. What they asked for may
    /// be named at `home` and above it only.
    pub(super) fn looks(&mut self, name: &str, home: &str, what: &str, looked: Looked) -> Result<(), Fault> {
        let named = self.registry().label(home)?;
        let mut reads: BTreeMap<String, Hasher> = BTreeMap::from([(home.to_owned(), Hasher::default())]);
        for (label, seen) in looked.0 {
            let joined = self.registry().label(&label)?.join(&named);
            // Where nobody may receive both, the name decides.
            let label = joined.map_or(home.to_owned(), |joined| self.registry().policy().scheme.show(&joined));
            reads.entry(label).or_default().update(seen.finish().hex().as_bytes());
        }
        let sight = |(label, seen): (String, Hasher)| Sight::free(&label, LEDGER, what, &seen.finish().hex());
        let sights: Vec<Sight> = reads.into_iter().map(sight).collect();
        self.saw(name, &sights).map(drop)
    }

    /// The entries that a person may open, from a number on. Whoever is cleared for everything and watches over everybody has true
    /// positions; for everybody else these would count what they may not know of, and the entries that they may open are numbered.
    pub(crate) fn entries(&mut self, name: &str, from: u64) -> Result<Vec<(u64, String)>, Fault> {
        const MOST: usize = 500;
        let everything = self.registry().policy().scheme.everything();
        let clearance = self.registry().clearance(self.person(name)?);
        let places = self.watches(name)? && everything.within(&clearance);
        let (mut found, mut looked, mut ordinal) = (Vec::new(), Looked::default(), 0);
        self.opened(name, |opened| {
            let number = if places { opened.position } else { ordinal };
            ordinal += 1;
            if number >= from {
                looked.at(&opened);
                found.push((number, opened.body));
            }
            if found.len() < MOST { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let lowest = self.lowest();
        self.looks(name, &lowest, "entries", looked)?;
        Ok(found)
    }
}
