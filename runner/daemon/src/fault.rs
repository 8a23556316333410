//! Why the daemon didn't do what it was asked.

use semla_policy::{Reading, Refusal};
use std::error::Error;
use std::io::ErrorKind;

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
        source: Box<dyn Error + Send + Sync>,
    },
}

impl Fault {
    /// Whether it is the disk that is full.
    pub(crate) fn is_full(&self) -> bool {
        let Self::Machine { source, .. } = self else { return false };
        let mut cause: Option<&(dyn Error + 'static)> = Some(source.as_ref());
        while let Some(error) = cause {
            let database = error.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
            let file = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            if database == Some(rusqlite::ErrorCode::DiskFull) || file == Some(ErrorKind::StorageFull) {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

/// Names what failed on the machine.
pub(crate) fn machine<E: Into<Box<dyn Error + Send + Sync>>>(what: &'static str) -> impl Fn(E) -> Fault {
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
