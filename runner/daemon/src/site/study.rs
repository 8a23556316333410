//! What takes long to find, because the whole ledger is read for it: the clerk says who may read what, goes on deciding while it is
//! read, and records the look before it is shown.

use super::Site;
use super::entries::{Entries, Looked};
use crate::fault::Fault;
use semla_policy::Refusal;

type Read<R> = Box<dyn FnOnce(&Entries, &mut Looked) -> Result<R, Fault> + Send>;

/// An answer that is computed from what the clerk knew, while it goes on deciding: a halt never waits for it.
pub(crate) type Thought<R> = Box<dyn FnOnce() -> R + Send>;

/// Something to be found in the ledger.
pub(crate) struct Study<R> {
    entries: Entries,
    home: String,
    what: String,
    read: Read<R>,
}

/// What was found, and not yet shown.
pub(crate) struct Found<R> {
    entries: Entries,
    home: String,
    what: String,
    looked: Looked,
    found: R,
}

impl<R> Study<R> {
    /// `what` is read, and may be named at the label `home` and above it.
    pub(super) fn new(
        entries: Entries,
        home: String,
        what: String,
        read: impl FnOnce(&Entries, &mut Looked) -> Result<R, Fault> + Send + 'static,
    ) -> Self {
        Self { entries, home, what, read: Box::new(read) }
    }

    /// Reads. It takes as long as the ledger is.
    pub(crate) fn find(self) -> Result<Found<R>, Fault> {
        let Self { entries, home, what, read } = self;
        let mut looked = Looked::default();
        let found = read(&entries, &mut looked)?;
        Ok(Found { entries, home, what, looked, found })
    }
}

impl Site {
    /// Records the look, and hands out what was found: to somebody who may still see as much as when it was asked for.
    pub(crate) fn show<R>(&mut self, found: Found<R>) -> Result<R, Fault> {
        let Found { entries, home, what, looked, found } = found;
        let name = &entries.eyes.name;
        if self.eyes(name)? != entries.eyes {
            let why = "what you may see, or the policy, has changed while it was read";
            return Err(Refusal::new(1, why, "ask again").into());
        }
        self.looks(name, &home, &what, looked)?;
        Ok(found)
    }
}
