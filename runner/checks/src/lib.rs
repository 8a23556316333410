//! From files to findings.
//!
//! Pure over opened files: no clock, no network, no path but in the worker. The battery is [`CHECKS`]; [`examine`] runs it
//! over one file and answers with a [`Report`]. What can't be read, recognised or afforded is never passed (rule 8), and
//! nothing that the job wrote chooses a check or a threshold (rule 7).

mod anatomy;
mod array;
mod battery;
#[cfg(test)]
mod busy;
mod copies;
mod counts;
mod data;
mod decimal;
mod evidence;
mod figure;
mod files;
mod finding;
mod form;
mod formats;
mod information;
mod inputs;
mod joblib;
mod leaves;
mod model;
mod personal;
mod pickle;
mod plain;
mod private;
mod remarks;
mod room;
mod say;
mod shingles;
mod size;
mod spare;
mod stored;
mod subject;
mod table;
pub mod texts;
mod torch;
mod traceback;
mod tree;
mod weights;
pub mod whole;
pub mod worker;
mod wrapped;

pub use battery::{CHECKS, Check, examine};
pub use evidence::{Evidence, Input};
pub use finding::{Cell, Finding, Notice, Outcome, Place, Report, notices};
pub use traceback::Nameable;
