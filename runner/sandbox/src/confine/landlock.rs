//! Landlock: which files the job may open for what, whatever the mounts say.

use std::error::Error;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use nix::errno::Errno;

use super::plan::{Executable, Plan};

/// What a kernel must have: file rules with renames across directories, as on Debian 12.
const LEAST: ABI = ABI::V2;

/// The newest rules that are asked for; a kernel that has fewer applies those that it has.
const MOST: ABI = ABI::V7;

/// Restricts this process and all that come from it.
pub(super) fn restrict(plan: &Plan) -> nix::Result<()> {
    apply(plan).map_err(|error| {
        // What the kernel said lies below what the library makes of it; a rule that it doesn't know isn't asked of it.
        let first: &(dyn Error + 'static) = error.as_ref();
        let mut said = std::iter::successors(Some(first), |error| (*error).source());
        let number = said.find_map(|error| error.downcast_ref::<io::Error>()?.raw_os_error());
        number.map_or(Errno::ENOSYS, Errno::from_raw)
    })
}

fn apply(plan: &Plan) -> Result<(), Box<dyn Error>> {
    let read = AccessFs::Execute | AccessFs::ReadFile | AccessFs::ReadDir;
    let devices = AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::WriteFile | AccessFs::IoctlDev;
    // Device nodes are the sandbox's to make.
    let write = AccessFs::from_all(MOST) & !(AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::IoctlDev);
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(LEAST))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(MOST))?
        .handle_access(AccessNet::from_all(MOST))?
        .scope(Scope::from_all(MOST))?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new("/")?, read))?
        .add_rule(PathBeneath::new(PathFd::new("/dev")?, devices))?;
    let own = ["/tmp", "/dev/shm"];
    let given = plan.mounts.iter().filter(|mount| mount.writable).map(|mount| mount.at.as_str());
    for path in own.into_iter().chain(given) {
        rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, write))?;
    }
    // A GPU's driver names its threads, through their entries in /proc, and gives up where it can't. What else there is to write there
    // is the job's own processes, which it may change anyway.
    if plan.drives {
        let named = AccessFs::WriteFile | AccessFs::Truncate;
        rules = rules.add_rule(PathBeneath::new(PathFd::new("/proc")?, named))?;
    }
    // A program that is started by its descriptor lies below no path of the sandbox.
    if let Executable::Fd(program) = &plan.program {
        let start: BitFlags<AccessFs> = AccessFs::Execute | AccessFs::ReadFile;
        rules = rules.add_rule(PathBeneath::new(program, start))?;
    }
    match rules.restrict_self()?.ruleset {
        RulesetStatus::NotEnforced => Err("not enforced".into()),
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}
