//! The presets, and what stands in for one that isn't known.

use super::overlay;
use crate::policy::Policy;
use crate::scheme::Scheme;
use crate::suggest;
use crate::text::reader::{Table, document};
use std::collections::BTreeMap;

/// The presets: name and text.
pub(in crate::text) const PRESETS: [(&str, &str); 4] = [
    ("ehds", include_str!("../../../presets/ehds.toml")),
    ("opensafely", include_str!("../../../presets/opensafely.toml")),
    ("turing", include_str!("../../../presets/turing.toml")),
    ("vs", include_str!("../../../presets/vs.toml")),
];

/// What the file stands on.
pub(super) enum Base {
    /// The preset that it names.
    Named(Policy),
    /// The one that it probably means.
    Meant(Policy),
    /// None: what the file leaves out isn't known.
    Unknown,
}

pub(super) fn base(top: &Table<'_, '_>) -> Base {
    let names = || PRESETS.iter().map(|(name, _)| *name);
    let Some(value) = top.get("preset") else {
        top.fault(format!("`preset` is missing; add it: {}", suggest::among("", names())));
        return Base::Unknown;
    };
    let written = value.text();
    let named = written.as_ref().and_then(|_| value.word(&PRESETS)).is_some();
    let near = written.as_deref().and_then(|written| suggest::near(written, names()));
    let text = near.and_then(|near| PRESETS.iter().find(|(name, _)| *name == near));
    // The preset is a policy file like any other; it stands on nothing.
    let policy = text.and_then(|(name, text)| {
        let read = document(text, |top| Some(overlay(top, nothing((*name).to_owned()), &mut Vec::new())));
        read.map_err(|problems| value.fault(problems.to_string().replace('\n', "; "))).ok()
    });
    match policy {
        Some(policy) if named => Base::Named(policy),
        Some(policy) => Base::Meant(policy),
        None => Base::Unknown,
    }
}

/// A policy that says nothing. Without the name of a preset, nobody can say what it leaves out.
pub(super) fn nothing(preset: String) -> Policy {
    Policy {
        preset,
        scheme: Scheme { levels: vec![], categories: vec![], audiences: vec![] },
        levels: vec![],
        roles: BTreeMap::new(),
        releases: vec![],
        profiles: vec![],
        shares: vec![],
        replies: vec![],
        tracebacks: vec![],
    }
}
