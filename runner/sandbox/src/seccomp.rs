//! The two system call filters, as data: what is allowed, and what is answered as if the kernel didn't have it.
//!
//! Everything that `seccomp/allowed.json` doesn't name fails with EPERM. What `seccomp/absent.json` names fails with ENOSYS,
//! for which programs have a fallback. Each rule says why it is there.

use std::collections::HashMap;

use nix::errno::Errno;
use seccompiler::{BpfProgram, TargetArch};
use thiserror::Error;

const ALLOWED: &str = include_str!("../seccomp/allowed.json");
const ABSENT: &str = include_str!("../seccomp/absent.json");

/// Why the filters could not be compiled.
#[derive(Debug, Error)]
pub enum FilterError {
    /// A rule is not valid.
    #[error("filter `{0}` has a rule that can't be compiled")]
    Rule(&'static str, #[source] seccompiler::Error),
    /// The file doesn't hold the filter.
    #[error("filter `{0}` is missing from its file")]
    Missing(&'static str),
}

/// Both filters, compiled.
#[derive(Debug, Clone)]
pub struct Filters {
    allowed: BpfProgram,
    absent: BpfProgram,
}

impl Filters {
    /// Compiles the filters that this program was built with.
    pub fn load() -> Result<Self, FilterError> {
        Ok(Self { allowed: compile("allowed", ALLOWED)?, absent: compile("absent", ABSENT)? })
    }

    /// Installs both for this process and all that come from it. Of two refusals the kernel takes that of the later filter, so
    /// the one with ENOSYS comes second.
    pub(crate) fn install(&self) -> nix::Result<()> {
        for program in [&self.allowed, &self.absent] {
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

fn compile(name: &'static str, json: &str) -> Result<BpfProgram, FilterError> {
    let mut filters: HashMap<_, _> = seccompiler::compile_from_json(json.as_bytes(), TargetArch::x86_64)
        .map_err(|error| FilterError::Rule(name, error))?;
    filters.remove(name).ok_or(FilterError::Missing(name))
}

#[cfg(test)]
mod tests;
