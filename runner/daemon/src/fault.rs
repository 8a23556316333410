//! Why the daemon didn't do what it was asked.

use semla_policy::{Reading, Refusal};

/// What goes back instead of an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// A rule, or a wrong request.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Nobody is signed in.
    #[error("you aren't signed in")]
    Stranger,
    /// The reader has to sign this first.
    #[error("what is read here is signed for by the one who reads it")]
    Unsigned(Box<Reading>),
    /// The machine. What exactly goes to the daemon's own log, not to the asker.
    #[error("failed to {what}")]
    Machine {
        /// What was tried.
        what: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Names what failed on the machine.
pub(crate) fn machine<E: Into<Box<dyn std::error::Error + Send + Sync>>>(what: &'static str) -> impl Fn(E) -> Fault {
    move |source| Fault::Machine { what, source: source.into() }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        machine("use the database")(error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        machine("write a record down")(error)
    }
}
