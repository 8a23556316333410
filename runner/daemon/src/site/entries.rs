//! The ledger's entries, as far as a person may open them (rule 1). How many others there are is nobody's business.

use super::Site;
use super::seen::Sight;
use super::study::Study;
use crate::db;
use crate::fault::{Fault, machine};
use crate::rules::{self, Rule};
use semla_policy::{Clearance, Hasher, Role, Scheme};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::PathBuf;

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

/// Whose eyes look at entries: what decides which of them they may open, as it stood when they were asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Eyes {
    pub(super) name: String,
    watches: bool,
    clearance: Clearance,
    scheme: Scheme,
}

impl Eyes {
    /// Those they are cleared for; of others' doings, if that is their duty.
    fn admit(&self, by: &str, label: &str) -> bool {
        let cleared = || self.scheme.label(label).is_ok_and(|label| self.clearance.admits(&label));
        (self.watches || by == self.name) && cleared() || !rules::hold(Rule::Entries)
    }

    /// Whoever is cleared for everything and watches over everybody has true positions; for everybody else these would count what
    /// they may not know of, and the entries that they may open are numbered.
    fn have_places(&self) -> bool {
        self.watches && self.scheme.everything().within(&self.clearance)
    }
}

/// The ledger's entries as one person may open them.
pub(super) struct Entries {
    path: PathBuf,
    pub(super) eyes: Eyes,
}

impl Entries {
    /// Gives each entry that its reader may open to `each`, the oldest first, until that has enough.
    pub(super) fn read(&self, mut each: impl FnMut(Opened) -> ControlFlow<()>) -> Result<(), Fault> {
        let db = db::look(&self.path)?;
        let mut admitted: HashMap<String, bool> = HashMap::new();
        let mut rows = db.prepare("SELECT seq, body FROM entry ORDER BY seq")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let body = row.get_ref(1)?.as_str().map_err(machine("read an entry"))?;
            let Head { by, label } = serde_json::from_str(body)?;
            let key = if self.eyes.watches { label.clone() } else { Cow::Owned(format!("{by} {label}")) };
            let open = match admitted.get(&*key) {
                Some(open) => *open,
                None => *admitted.entry(key.into_owned()).or_insert_with(|| self.eyes.admit(&by, &label)),
            };
            if open && each(Opened::read(row.get(0)?, body)?).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Site {
    /// Whether somebody's duty is to look after everybody: auditors and officers.
    pub(super) fn watches(&self, name: &str) -> Result<bool, Fault> {
        let roles = &self.person(name)?.roles;
        Ok(roles.contains(&Role::Auditor) || roles.contains(&Role::Officer))
    }

    /// What decides now which entries somebody may open.
    pub(super) fn eyes(&self, name: &str) -> Result<Eyes, Fault> {
        Ok(Eyes {
            name: name.to_owned(),
            watches: self.watches(name)?,
            clearance: self.registry().clearance(self.person(name)?),
            scheme: self.registry().policy().scheme.clone(),
        })
    }

    /// The entries, for somebody.
    pub(super) fn entries_for(&self, name: &str) -> Result<Entries, Fault> {
        Ok(Entries { path: db::path(&self.house), eyes: self.eyes(name)? })
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

    /// The entries that a person may open, from a number on.
    pub(crate) fn entries(&self, name: &str, from: u64) -> Result<Study<Vec<(u64, String)>>, Fault> {
        const MOST: usize = 500;
        let read = move |entries: &Entries, looked: &mut Looked| {
            let (mut found, mut ordinal) = (Vec::new(), 0);
            let places = entries.eyes.have_places();
            entries.read(|opened| {
                let number = if places { opened.position } else { ordinal };
                ordinal += 1;
                if number >= from {
                    looked.at(&opened);
                    found.push((number, opened.body));
                }
                if found.len() < MOST { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            Ok(found)
        };
        Ok(Study::new(self.entries_for(name)?, self.lowest(), "entries".into(), read))
    }
}
