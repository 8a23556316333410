//! Points that a graph compares its input with, one by one: how converters write models of neighbours and Gaussian processes, for which
//! ONNX has no operator.

use crate::model::Estimator;
use std::collections::HashSet;

/// The operator that goes over rows.
pub(super) const SCAN: &str = "Scan";

/// What the nodes of one graph take and give, in the order in which they are.
#[derive(Default)]
pub(super) struct Flow {
    /// The names of values that are the same whatever the input is.
    constants: HashSet<String>,
    nodes: Vec<(Vec<String>, Vec<String>)>,
    /// Nodes that go over rows, and the names of those.
    scans: Vec<(Estimator, Vec<String>)>,
}

impl Flow {
    /// A value that the graph brings with it.
    pub(super) fn constant(&mut self, name: String) {
        self.constants.insert(name);
    }

    pub(super) fn node(&mut self, takes: Vec<String>, gives: Vec<String>) {
        self.nodes.push((takes, gives));
    }

    /// A node that goes over the last of what it takes, row by row.
    pub(super) fn scan(&mut self, model: Estimator, takes: &[String]) {
        let setting = model.settings.iter().find(|(name, _)| name == "num_scan_inputs");
        let rows: usize = setting.and_then(|(_, number)| number.parse().ok()).unwrap_or(0);
        let scanned = takes.iter().rev().take(rows).cloned().collect();
        self.scans.push((model, scanned));
    }

    /// The nodes that go over rows which are in the model.
    pub(super) fn points(mut self) -> Vec<Estimator> {
        for (takes, gives) in self.nodes {
            if !takes.is_empty() && takes.iter().all(|name| self.constants.contains(name)) {
                self.constants.extend(gives);
            }
        }
        let over = |scanned: &[String]| scanned.iter().any(|name| self.constants.contains(name));
        self.scans.into_iter().filter(|(_, scanned)| over(scanned)).map(|(model, _)| model).collect()
    }
}
