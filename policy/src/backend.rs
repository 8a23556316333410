//! Backends: the ways in which a host can run jobs, and which levels accept them.

use crate::faults::{Fault, Place};
use crate::policy::{Isolation, LevelRules, Policy};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One of the ways in which a host can run jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// How they are confined.
    pub isolation: Isolation,
    /// Whether their memory, processes and processor time are limited.
    pub limits: bool,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = if self.limits { "with" } else { "without" };
        write!(f, "`{}` {limits} limits", self.isolation.name())
    }
}

impl LevelRules {
    /// Whether its jobs may run so.
    pub fn accept(&self, backend: Backend) -> bool {
        backend.isolation >= self.isolation && backend.limits >= self.limits
    }

    /// The weakest that its jobs may have.
    pub fn least(&self) -> Backend {
        Backend { isolation: self.isolation, limits: self.limits }
    }
}

impl Policy {
    /// The levels whose jobs can't run in any of these ways.
    pub fn beyond(&self, backends: &[Backend]) -> Vec<Fault> {
        let named = self.scheme.levels.iter().zip(&self.levels).enumerate();
        let beyond = named.filter(|(_, (_, rules))| !backends.iter().any(|backend| rules.accept(*backend)));
        let there = backends.iter().map(Backend::to_string).collect::<Vec<_>>().join(", ");
        let fault = |(number, (name, rules)): (usize, (&String, &LevelRules))| {
            // Where another isolation would do nothing, limits are what is missing.
            let confined = backends.iter().any(|backend| backend.isolation >= rules.isolation);
            Fault {
                at: Place::Level(number),
                key: if confined { "limits" } else { "isolation" }.into(),
                what: format!("no host can run `{name}`: it asks for {}, and there is {there}", rules.least()),
            }
        };
        beyond.map(fault).collect()
    }
}
