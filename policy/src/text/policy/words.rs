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

/// The types of files that checks know: those of F1 in section 6 of the design, whether a check reads them by now or will. A file of
/// any other type is blocked whatever the policy says. `semla-checks` has its own list of those that it reads (`form.rs`).
pub(super) const TYPES: [&str; 11] =
    ["csv", "tsv", "parquet", "json", "txt", "md", "png", "jpg", "pdf", "safetensors", "onnx"];

pub(in crate::text) fn roles() -> [(&'static str, Role); 6] {
    Role::ALL.map(|role| (role.name(), role))
}
