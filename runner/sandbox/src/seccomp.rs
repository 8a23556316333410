//! The two system call filters, as data: what is allowed, and what is answered as if the kernel didn't have it.
//!
//! Everything that `seccomp/allowed.json` doesn't name fails with EPERM; attempts that have a device of the host may do what
//! `seccomp/devices.json` names, too. What `seccomp/absent.json` names fails with ENOSYS,
//! for which programs have a fallback. Each rule says why it is there.

use std::collections::HashMap;

use nix::errno::Errno;
use seccompiler::{BpfProgram, TargetArch};
use serde_json::Value;
use thiserror::Error;

pub(crate) const ALLOWED: &str = include_str!("../seccomp/allowed.json");
pub(crate) const RUNTIME: &str = include_str!("../seccomp/runtime.json");
const DEVICES: &str = include_str!("../seccomp/devices.json");
pub(crate) const ABSENT: &str = include_str!("../seccomp/absent.json");
const READER: &str = include_str!("../seccomp/reader.json");

/// Why the filters could not be compiled.
#[derive(Debug, Error)]
pub enum FilterError {
    /// A rule is not valid.
    #[error("filter `{0}` has a rule that can't be compiled")]
    Rule(&'static str, #[source] seccompiler::Error),
    /// Not JSON.
    #[error("filter `{0}` can't be read")]
    Shape(&'static str, #[source] serde_json::Error),
    /// The file doesn't hold the filter.
    #[error("filter `{0}` is missing from its file")]
    Missing(&'static str),
}

/// Both filters, compiled, and the first one for attempts with devices.
#[derive(Debug, Clone)]
pub struct Filters {
    allowed: BpfProgram,
    driving: BpfProgram,
    absent: BpfProgram,
}

impl Filters {
    /// Compiles the filters that this program was built with.
    pub fn load() -> Result<Self, FilterError> {
        Ok(Self {
            allowed: compile("allowed", ALLOWED)?,
            driving: compile("allowed", &joined("allowed", ALLOWED, "devices", DEVICES)?)?,
            absent: compile("absent", ABSENT)?,
        })
    }

    /// Installs both for this process and all that come from it. Of two refusals the kernel takes that of the later filter, so
    /// the one with ENOSYS comes second.
    pub(crate) fn install(&self, drives: bool) -> nix::Result<()> {
        let allowed = if drives { &self.driving } else { &self.allowed };
        for program in [allowed, &self.absent] {
            seccompiler::apply_filter(program).map_err(|error| match error {
                seccompiler::Error::Prctl(cause) | seccompiler::Error::Seccomp(cause) => {
                    cause.raw_os_error().map_or(Errno::EINVAL, Errno::from_raw)
                }
                _ => Errno::EINVAL,
            })?;
        }
        Ok(())
    }
}

/// Installs the filter of a process that reads files and does nothing else.
pub(crate) fn reader() -> Result<(), String> {
    let program = compile("reader", READER).map_err(|error| error.to_string())?;
    seccompiler::apply_filter(&program).map_err(|error| error.to_string())
}

/// The first filter with the rules of the second one.
fn joined(name: &'static str, json: &str, more: &'static str, others: &str) -> Result<String, FilterError> {
    let all = [rules(name, json)?, rules(more, others)?].concat();
    let mut filter = read(name, json)?;
    if let Some(place) = filter.get_mut(name).and_then(|filter| filter.get_mut("filter")) {
        *place = Value::Array(all);
    }
    Ok(filter.to_string())
}

/// The rules of a filter.
pub(crate) fn rules(name: &'static str, json: &str) -> Result<Vec<Value>, FilterError> {
    let mut file = read(name, json)?;
    let rules = file.get_mut(name).and_then(|filter| filter.get_mut("filter")).and_then(Value::as_array_mut);
    rules.map(std::mem::take).ok_or(FilterError::Missing(name))
}

fn read(name: &'static str, json: &str) -> Result<Value, FilterError> {
    serde_json::from_str(json).map_err(|error| FilterError::Shape(name, error))
}

fn compile(name: &'static str, json: &str) -> Result<BpfProgram, FilterError> {
    let mut filters: HashMap<_, _> = seccompiler::compile_from_json(json.as_bytes(), TargetArch::x86_64)
        .map_err(|error| FilterError::Rule(name, error))?;
    filters.remove(name).ok_or(FilterError::Missing(name))
}

#[cfg(test)]
mod tests;
