//! Labels that name what the scheme doesn't have, in the file and in what is left of the preset.

use super::report::Report;
use crate::faults::Place;
use crate::misnamed::Misnamed;
use crate::scheme::LabelError;
use std::collections::BTreeSet;

/// What came of it.
pub(super) struct Named {
    /// Every label is one of the scheme's.
    pub(super) sound: bool,
    /// Some can't be judged yet, for not all names of the scheme can be read.
    pub(super) waits: bool,
}

/// Reports each label that is wrong where it stands. The preset's are told of together, by the names that the file leaves out.
pub(super) fn report(report: &Report<'_, '_, '_>) -> Named {
    let all = report.policy.misnamed();
    let sound = all.is_empty();
    let unread = |mistake: &Misnamed| kind(mistake).is_some_and(|(kind, _)| report.lacks(kind));
    let (waiting, known): (Vec<Misnamed>, Vec<Misnamed>) = all.into_iter().partition(unread);
    let silent: Vec<Misnamed> = known.into_iter().filter(|mistake| !said(report, mistake)).collect();
    let names: BTreeSet<(&str, &str)> = silent.iter().filter_map(kind).collect();
    let preset = &report.preset;
    let kinds = [
        ("level", "level", &preset.levels),
        ("categories", "category", &preset.categories),
        ("audiences", "audience", &preset.audiences),
    ];
    for (key, kind, all) in kinds {
        let names: Vec<&String> = all.iter().filter(|name| names.contains(&(kind, name.as_str()))).collect();
        if !names.is_empty() {
            left_out(report, key, &names);
        }
    }
    Named { sound, waits: !waiting.is_empty() }
}

/// Reports a mistake of the file; whether it is one.
fn said(report: &Report<'_, '_, '_>, mistake: &Misnamed) -> bool {
    let Some(part) = report.part(mistake.at) else { return false };
    // A role of the file has from the preset what it leaves out; nothing else has.
    let own = !matches!(mistake.at, Place::Role(_)) || part.get(mistake.key).is_some();
    if own {
        part.judged(mistake.key, mistake.error.to_string());
    }
    own
}

fn left_out(report: &Report<'_, '_, '_>, key: &str, names: &[&String]) {
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let (are, them) = if names.len() == 1 { ("isn't", "it") } else { ("aren't", "them") };
    let what = match key {
        "level" => format!(
            "the file's levels take the place of the preset's, and leave out {list}, which the preset's roles, releases or shares \
             name; list every level, lowest first, or write those parts, too"
        ),
        _ => format!(
            "the preset's roles, releases or shares name {list}, which {are} among `{key}`; add {them}, or write those parts, too"
        ),
    };
    match report.top.get(key) {
        Some(value) => value.fault(what),
        None => report.top.fault(what),
    }
}

fn kind(mistake: &Misnamed) -> Option<(&'static str, &str)> {
    match &mistake.error {
        LabelError::Unknown { kind, name, .. } => Some((kind, name)),
        LabelError::Shape(_) => None,
    }
}
