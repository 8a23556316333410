//! The words of a policy file.

use crate::policy::{Ends, Feedback, Isolation, OwnerSees, Permits, Proof, Role};

pub(super) const ISOLATIONS: [(&str, Isolation); 4] = [
    ("rootless", Isolation::Rootless),
    ("local", Isolation::Local),
    ("docker", Isolation::Docker),
    ("gvisor", Isolation::Gvisor),
];
pub(super) const OWNER_SEES: [(&str, OwnerSees); 4] = [
    ("nothing", OwnerSees::Nothing),
    ("state", OwnerSees::State),
    ("outcome", OwnerSees::Outcome),
    ("reason", OwnerSees::Reason),
];
pub(super) const FEEDBACK: [(&str, Feedback); 3] =
    [("nothing", Feedback::Nothing), ("verdict", Feedback::Verdict), ("notices", Feedback::Notices)];
pub(super) const ENDS: [(&str, Ends); 3] =
    [("fixed", Ends::Fixed), ("doubling", Ends::Doubling), ("at-once", Ends::AtOnce)];
pub(super) const PERMITS: [(&str, Permits); 2] = [("same", Permits::Same), ("any", Permits::Any)];
pub(super) const PROOFS: [(&str, Proof); 2] = [("session", Proof::Session), ("key", Proof::Key)];

/// The types of files that checks know; a file of any other type is blocked whatever the policy says. `semla-checks` has the list of what
/// reads each (`formats/kind.rs`).
pub(super) const TYPES: [&str; 29] = [
    "csv",
    "tsv",
    "parquet",
    "json",
    "jsonl",
    "xlsx",
    "txt",
    "md",
    "log",
    "png",
    "jpg",
    "jpeg",
    "pdf",
    "ipynb",
    "zip",
    "tar",
    "tgz",
    "gz",
    "npy",
    "npz",
    "pkl",
    "pickle",
    "sav",
    "joblib",
    "pt",
    "pth",
    "safetensors",
    "onnx",
    "pq",
];

pub(in crate::text) fn roles() -> [(&'static str, Role); 6] {
    Role::ALL.map(|role| (role.name(), role))
}
