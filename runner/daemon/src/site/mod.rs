//! One site: everything that the daemon knows, and everything that it decides.

mod accounts;
mod act;
mod advice;
mod airlock;
mod audit;
mod bundle;
mod cadence;
mod dummies;
mod ehds;
mod entries;
mod halt;
mod hold;
mod job;
mod jobs;
mod lapse;
mod ledger;
mod metrics;
mod placement;
mod proposed;
mod reads;
mod reconcile;
mod records;
mod release;
mod replay;
mod reserve;
mod seen;
mod study;
mod told;
mod views;

pub(crate) use act::Event;
#[cfg(test)]
pub(crate) use airlock::NOTES;
pub(crate) use audit::Ask;
pub(crate) use job::Phase;
pub(crate) use reads::{Handed, Reader};
pub(crate) use study::{Study, Thought};

use crate::db;
use crate::fault::{Fault, machine};
use crate::launcher::Launcher;
use crate::rules::{self, Rule};
use crate::secret;
use placement::Host;
use rusqlite::Connection;
use semla_ledger::Log;
use semla_policy::{Date, Person, Registry};
use semla_sandbox::facts::Facts;
use semla_sandbox::house::House;
use semla_sandbox::protocol::Id;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// What the clerk owns.
pub(crate) struct Site {
    house: House,
    facts: Facts,
    db: Connection,
    log: Log,
    launcher: Launcher,
    host: Host,
    /// Bundles that the ledger tells of and that aren't whole yet.
    unproved: BTreeSet<String>,
    /// What failed and is tried again: releases, bundles, jobs and checks, and when.
    later: BTreeMap<String, Instant>,
    /// The day on which permits were last looked through; nothing, where a record has come since.
    looked: Option<Date>,
    /// What the last round saw, where it left nothing to do.
    rest: Option<Rest>,
}

/// Nothing ran, and nothing waited for another try.
struct Rest {
    /// Rows that the database had changed by then.
    changes: u64,
    since: Instant,
}

impl Site {
    /// Opens everything, and appends to the ledger what a crash kept from it.
    pub(crate) fn open(house: House, mut launcher: Launcher) -> Result<Self, Fault> {
        let facts = Facts::read(&house).map_err(machine("read the registry"))?;
        let db = db::open(&db::path(&house))?;
        let log = ledger::open(&house)?;
        let host = Host::look(&house, launcher.backends()?);
        let mut site = Self {
            house,
            facts,
            db,
            log,
            launcher,
            host,
            later: BTreeMap::new(),
            unproved: BTreeSet::new(),
            looked: None,
            rest: None,
        };
        site.catch_up()?;
        site.import_codes()?;
        site.unproved = site.unproved()?;
        Ok(site)
    }

    fn registry(&self) -> &Registry {
        self.facts.registry()
    }

    fn person(&self, name: &str) -> Result<&Person, Fault> {
        self.registry().person(name).ok_or(Fault::Stranger)
    }

    /// A name that can't be guessed or counted.
    fn name(&self, prefix: &str) -> Result<Id, Fault> {
        let letters = match rules::hold(Rule::Drawing) {
            true => secret::letters(16).map_err(|_| machine("draw a random name")("no randomness"))?,
            false => rules::count(),
        };
        Id::try_from(format!("{prefix}-{letters}")).map_err(machine("draw a random name"))
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The day in UTC.
pub(crate) fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}
