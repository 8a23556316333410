//! What may flow where: labels, records, rules and the release protocol.
//!
//! The core of semla, and the only place where a rule of the design is decided. No input or output, no clock, no `unsafe`.
//! A decision is a value that only its rule can make ([`Admitted`], [`release::Lowering`]) or a [`Refusal`] that says which
//! rule, which labels, and what would make it pass. The launcher and the daemon fold the same signed records into the same
//! [`Registry`], and so decide alike.

mod admission;
mod apart;
mod arrival;
mod at;
mod backend;
mod bits;
mod card;
mod diff;
mod digest;
mod duty;
mod explain;
mod faults;
mod force;
mod judged;
mod keepers;
mod known;
mod label;
mod made;
mod misnamed;
mod naming;
mod panel;
mod path;
mod plan;
mod policy;
mod profile;
mod reading;
mod record;
mod recorded;
mod refusal;
mod registry;
pub mod release;
mod scheme;
mod share;
mod signed;
mod sizes;
mod sound;
mod submission;
mod suggest;
mod terms;
#[cfg(feature = "text")]
pub mod text;
mod told;
mod unknown;

pub use admission::Admitted;
pub use apart::{APART, Hat};
pub use arrival::Arrival;
pub use at::At;
pub use backend::Backend;
pub use card::{Card, Column, Kind};
pub use digest::{Digest, DigestError, Hasher};
pub use duty::Standing;
pub use explain::Explanation;
pub use faults::{Fault, Place};
pub use jiff::civil::Date;
pub use known::Registered;
pub use label::{Clearance, Label};
pub use made::Marking;
pub use naming::MACHINE;
pub use panel::{Panel, Panels};
pub use path::{MountName, MountNameError, is_file_name, is_relative_path};
pub use plan::{JobPlan, Needs, Output, OutputKind};
pub use policy::{
    Bounds, Budget, Ends, Excuse, Feedback, Isolation, LevelRules, OwnerSees, Permits, Policy, Proof, ReleaseRule,
    Role, Share,
};
pub use profile::Profile;
pub use reading::{Need, Reading, Wanted};
pub use record::{Change, DataFile, Dataset, Halt, Image, Permit, Person, Record, Withdrawal};
pub use recorded::{Receipt, Recorded, entry};
pub use refusal::Refusal;
pub use registry::{Genesis, Registry};
pub use scheme::{LabelError, Scheme, SchemeError};
pub use signed::{KeyError, PublicKey, Signature, Signed, Statement, StatementError, pae};
pub use submission::Submission;
pub use terms::Terms;
pub use told::{CHECKED, Ending, GRACE, Progress};
