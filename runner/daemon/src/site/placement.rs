//! Where attempts go (rule 5): this host serves one permit and label at a time.

use super::job::Job;
use semla_policy::{Admitted, Isolation, Marking, Refusal};
use semla_sandbox::launcher::CHECK_MEMORY;

/// The strongest isolation that this host offers.
pub(crate) const ISOLATION: Isolation = Isolation::Local;

/// What an attempt takes of this host.
pub(super) struct Load {
    marking: Marking,
    millicpus: u64,
    memory: u64,
}

impl Load {
    pub(super) fn of(job: &Job) -> Self {
        let needs = &job.plan.needs;
        Self { marking: job.marking.clone(), millicpus: u64::from(needs.millicpus), memory: needs.memory }
    }

    pub(super) fn check(marking: &Marking) -> Self {
        Self { marking: marking.clone(), millicpus: 1000, memory: CHECK_MEMORY }
    }
}

/// What no job of this host can have is refused when it is asked for.
pub(super) fn possible(job: &Admitted<'_>) -> Result<(), Refusal> {
    if job.isolation() > ISOLATION {
        let what = format!("no host here runs `{}`: it asks for `{}`", job.label_text(), job.isolation().name());
        return Err(Refusal::new(8, what, "tell an officer: the level's `isolation` needs a host that has it"));
    }
    let needs = &job.plan().needs;
    let refuse = |what: String, key: &str| Err(Refusal::new(8, what, format!("lower `{key}` under `needs`")));
    let memory = semla_sandbox::host::memory().unwrap_or(0);
    if needs.memory > memory {
        let gigabytes = |bytes: u64| bytes >> 30;
        let (asked, there) = (gigabytes(needs.memory), gigabytes(memory));
        return refuse(format!("the job asks for {asked} GiB of memory, and this host has {there} GiB"), "memory");
    }
    if u64::from(needs.millicpus) > cores() * 1000 {
        let asked = f64::from(needs.millicpus) / 1000.0;
        return refuse(format!("the job asks for {asked} cores, and this host has {}", cores()), "cpus");
    }
    Ok(())
}

fn cores() -> u64 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64)
}

/// Whether an attempt may run beside those that run: of one label and permit, and together within the host's cores and memory.
pub(super) fn fits(running: &[Load], next: &Load) -> bool {
    let memory = semla_sandbox::host::memory().unwrap_or(0);
    let alike = |other: &Load| other.marking.label == next.marking.label && other.marking.permit == next.marking.permit;
    let sum = |of: fn(&Load) -> u64| running.iter().map(of).fold(of(next), u64::saturating_add);
    let room = sum(|load| load.millicpus) <= cores() * 1000 && sum(|load| load.memory) <= memory;
    running.iter().all(alike) && (running.is_empty() || room)
}
