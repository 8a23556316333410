//! Every probe in every place.

use crate::cells::{Runs, excused};
use crate::stage::{Place, Stage};
use semla_sandbox::confine::{Layer, Layers};
use serde::Deserialize;
use std::process::Command;

/// The layers that can be off. What stays on without them all is the base: a root, a process table, IPC objects, names and users of
/// its own.
pub(crate) const LAYERS: [(Layer, &str); 13] = [
    (Layer::Limits, "limits"),
    (Layer::Network, "network"),
    (Layer::ReadOnly, "read-only"),
    (Layer::Lock, "lock"),
    (Layer::User, "user"),
    (Layer::Capabilities, "capabilities"),
    (Layer::Privileges, "privileges"),
    (Layer::Landlock, "landlock"),
    (Layer::Seccomp, "seccomp"),
    (Layer::Proc, "proc"),
    (Layer::Descriptors, "descriptors"),
    (Layer::Rlimits, "rlimits"),
    (Layer::Cover, "cover"),
];

/// Layers that stand behind others, and why: whatever they hold, others hold as well.
pub(crate) const BEHIND: [(&str, &str); 1] =
    [("privileges", "Landlock and the filters can't be had without it, and so bring it themselves")];

#[derive(Clone, Deserialize)]
pub(crate) struct Probe {
    pub(crate) name: String,
    pub(crate) tries: String,
}

/// What came of one probe.
pub(crate) struct Row {
    pub(crate) probe: Probe,
    pub(crate) bare: String,
    /// With the base alone.
    pub(crate) base: String,
    /// With the base and one layer.
    pub(crate) alone: Vec<String>,
    /// Without one layer.
    pub(crate) without: Vec<String>,
    pub(crate) whole: String,
    /// In other places than root's sandbox.
    pub(crate) elsewhere: [String; 3],
}

pub(crate) struct Matrix {
    pub(crate) rows: Vec<Row>,
}

impl Matrix {
    pub(crate) fn run(stage: &Stage, parts: &[&str]) -> Self {
        let list = Command::new(&stage.probes).arg("list").output().expect("the list of probes").stdout;
        let mut probes: Vec<Probe> = serde_json::from_slice(&list).expect("a list of probes");
        probes.retain(|probe| parts.is_empty() || parts.iter().any(|part| probe.name.contains(part)));
        let off = LAYERS.map(|(layer, _)| layer);
        let only = |one: Layer| Layers::without(&off.into_iter().filter(|layer| *layer != one).collect::<Vec<_>>());
        let row = |probe: Probe| {
            let sandboxed = |layers| stage.run(Place::Sandbox(layers), &probe.name);
            Row {
                bare: stage.run(Place::Bare, &probe.name),
                base: sandboxed(Layers::without(&off)),
                alone: off.iter().map(|layer| sandboxed(only(*layer))).collect(),
                without: off.iter().map(|layer| sandboxed(Layers::without(&[*layer]))).collect(),
                whole: sandboxed(Layers::ALL),
                elsewhere: Runs::ALL.map(|runs| stage.run(Place::Elsewhere(runs), &probe.name)),
                probe,
            }
        };
        Self { rows: probes.into_iter().map(row).collect() }
    }

    /// What got through the whole sandbox, or said nothing that can be understood.
    pub(crate) fn faults(&self) -> Vec<String> {
        let held = |row: &&Row| !row.whole.starts_with("held ");
        self.rows
            .iter()
            .filter(held)
            .map(|row| format!("{}: {} ({})", row.probe.name, row.whole, row.probe.tries))
            .collect()
    }

    /// What got through elsewhere and isn't known to, and what is and doesn't any more.
    pub(crate) fn uncontained(&self) -> Vec<String> {
        let said =
            self.rows.iter().flat_map(|row| Runs::ALL.into_iter().zip(&row.elsewhere).map(move |one| (row, one)));
        let fault = |(row, (runs, said)): (&Row, (Runs, &String))| {
            let (name, place) = (&row.probe.name, runs.name());
            match (said.starts_with("held "), excused(name, runs)) {
                (false, false) => Some(format!("{name} by {place}: {said} ({})", row.probe.tries)),
                (true, true) => Some(format!("{name} by {place} is held now ({said}): it is excused no more")),
                _ => None,
            }
        };
        said.filter_map(fault).collect()
    }

    /// How many got through on the bare host: only these prove that something holds them.
    pub(crate) fn proved(&self) -> usize {
        self.rows.iter().filter(|row| got(&row.bare)).count()
    }

    /// Layers that no probe needs: nothing gets through without them, and each probe that they hold is held by another one, too.
    pub(crate) fn unproved(&self) -> Vec<String> {
        let needed = |place: usize| self.rows.iter().any(|row| row.falls_without(place) || row.is_held_by(place));
        let behind = |name: &&str| BEHIND.iter().any(|(layer, _)| layer == name);
        let idle = LAYERS.iter().enumerate().filter(|(place, (_, name))| !needed(*place) && !behind(name));
        idle.map(|(_, (_, name))| format!("the layer `{name}` has no probe that it holds and no other one does"))
            .collect()
    }
}

impl Row {
    /// Whether it gets through once this layer is off.
    pub(crate) fn falls_without(&self, place: usize) -> bool {
        self.without.get(place).is_some_and(|said| got(said))
    }

    /// Whether this layer holds it by itself, and none of the others does.
    fn is_held_by(&self, place: usize) -> bool {
        let alone = |(other, said): (usize, &String)| got(said) != (other == place);
        got(&self.base) && self.alone.iter().enumerate().all(alone)
    }
}

pub(crate) fn got(said: &str) -> bool {
    said.starts_with("got ")
}
