//! This process, alone with the files that it reads: for who examines hostile files without a site's launcher.

use crate::seccomp;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use std::path::Path;

/// The newest rules that are asked for; a kernel that has fewer applies those that it has.
const MOST: ABI = ABI::V7;

/// How much it may use.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of memory.
    pub memory: u64,
    /// Seconds of processor time.
    pub seconds: u64,
}

/// From here on this process and its threads read what lies at these paths, and do nothing else: no other file, no network, no other
/// program. Says which of it the kernel doesn't enforce, each in a few words.
#[must_use]
pub fn with(paths: &[&Path], bounds: Bounds) -> Vec<String> {
    let mut missing = Vec::new();
    let mut note = |what: &str, error: Option<String>| {
        if let Some(error) = error {
            missing.push(format!("{what} ({error})"));
        }
    };
    // Before anything is taken away, since each of these could be refused later.
    let limit = |resource, most| setrlimit(resource, most, most).err().map(|error| error.to_string());
    note("a bound on memory", limit(Resource::RLIMIT_AS, bounds.memory));
    note("a bound on processor time", limit(Resource::RLIMIT_CPU, bounds.seconds));
    note("no core dump", limit(Resource::RLIMIT_CORE, 0));
    // Landlock and filters want it of whoever isn't root.
    note("no new privileges", prctl::set_no_new_privs().err().map(|error| error.to_string()));
    note("Landlock", files(paths).err());
    // The filter comes last: it allows none of the calls above.
    note("a filter of system calls", seccomp::reader().err());
    missing
}

/// Landlock: these paths, for reading.
fn files(paths: &[&Path]) -> Result<(), String> {
    let apply = || -> Result<RulesetStatus, Box<dyn std::error::Error>> {
        let mut rules = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(MOST))?
            .handle_access(AccessNet::from_all(MOST))?
            .scope(Scope::from_all(MOST))?
            .create()?;
        for path in paths {
            let access = if path.is_dir() { AccessFs::ReadFile | AccessFs::ReadDir } else { AccessFs::ReadFile.into() };
            rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, access))?;
        }
        Ok(rules.restrict_self()?.ruleset)
    };
    match apply() {
        Ok(RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced) => Ok(()),
        Ok(RulesetStatus::NotEnforced) => Err("the kernel has none".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
