//! Where attempts go (rule 5): this host serves one permit and label at a time, unless the policy lets them share it.

use super::job::Job;
use semla_policy::{Admitted, Backend, Isolation, Marking, Refusal, Registry};
use semla_sandbox::house::House;
use semla_sandbox::launcher::CHECK_MEMORY;
use semla_sandbox::{cdi, host};
use serde::{Deserialize, Serialize};

/// What an attempt takes of this host.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Load {
    pub(super) marking: Marking,
    millicpus: u64,
    memory: u64,
    #[serde(default)]
    gpus: u64,
}

/// What this host has.
#[derive(Clone, Debug)]
pub(super) struct Host {
    cores: u64,
    memory: u64,
    gpus: u64,
    /// Bytes of the largest disk that a job can have of its own.
    disk: u64,
    /// The ways in which jobs can run on it, the weakest first.
    pub(super) backends: Vec<Backend>,
}

impl Host {
    /// What it has when the daemon starts. GPUs whose specification can't be read are none.
    pub(super) fn look(house: &House, backends: Vec<Backend>) -> Self {
        let roots = backends.first().is_some_and(|backend| backend.isolation > Isolation::Rootless);
        let gpus = cdi::gpus(&house.settings().cdi).unwrap_or_else(|error| {
            tracing::warn!(%error, "the host's GPUs can't be used");
            Vec::new()
        });
        Self {
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
            memory: host::memory().unwrap_or(0),
            gpus: if roots { gpus.len() as u64 } else { 0 },
            disk: host::disk(house.root()).filter(|_| roots).map_or(0, |disk| disk.most()),
            backends,
        }
    }
}

impl Load {
    pub(super) fn of(job: &Job) -> Self {
        let needs = &job.plan.needs;
        Self {
            marking: job.marking.clone(),
            millicpus: needs.millicpus.into(),
            memory: needs.memory,
            gpus: needs.gpus.into(),
        }
    }

    pub(super) fn check(marking: &Marking) -> Self {
        Self { marking: marking.clone(), millicpus: 1000, memory: CHECK_MEMORY, gpus: 0 }
    }
}

/// What no job of this host can have is refused when it is asked for.
pub(super) fn possible(host: &Host, job: &Admitted<'_>) -> Result<(), Refusal> {
    let Some(way) = host.backends.iter().find(|backend| job.rules().accept(**backend)) else {
        let what = format!("no host here runs `{}`: it asks for {}", job.label_text(), job.rules().least());
        let remedy = "tell an officer: the level's `isolation` and `limits` need a host that has them";
        return Err(Refusal::new(8, what, remedy));
    };
    let needs = &job.plan().needs;
    let gigabytes = |bytes: u64| bytes >> 30;
    let refuse = |what: String, key: &str| Err(Refusal::new(8, what, format!("lower `{key}` under `needs`")));
    if needs.memory > host.memory {
        let (asked, there) = (gigabytes(needs.memory), gigabytes(host.memory));
        return refuse(format!("the job asks for {asked} GiB of memory, and this host has {there} GiB"), "memory");
    }
    if needs.disk > 0 && host.disk == 0 {
        let what = "this host gives jobs no disk of their own";
        return Err(Refusal::new(8, what, "leave `disk` out of `needs`, or have the operator see `semla doctor`"));
    }
    if needs.disk > host.disk {
        let (asked, there) = (gigabytes(needs.disk), gigabytes(host.disk));
        return refuse(
            format!("the job asks for {asked} GiB of disk, and the most that this host gives is {there} GiB"),
            "disk",
        );
    }
    if u64::from(needs.millicpus) > host.cores * 1000 {
        let asked = f64::from(needs.millicpus) / 1000.0;
        return refuse(format!("the job asks for {asked} cores, and this host has {}", host.cores), "cpus");
    }
    if needs.gpus > 0 && way.isolation > Isolation::Local {
        let what = format!("`{}` runs in containers of an engine, which get no GPUs", job.label_text());
        return Err(Refusal::new(8, what, "leave `gpus` out of `needs`"));
    }
    if u64::from(needs.gpus) > host.gpus {
        return refuse(format!("the job asks for {} GPUs, and this host has {}", needs.gpus, host.gpus), "gpus");
    }
    Ok(())
}

/// Whether an attempt may run beside those that run and in places that are held: the policy lets them share a host, and together they
/// are within its cores, memory and GPUs. A held place is taken for everybody, those above its label too: when one of them started would
/// be seen from below.
pub(super) fn fits<'l>(
    registry: &Registry,
    host: &Host,
    taken: impl Iterator<Item = &'l Load>,
    next: &Load,
) -> Result<bool, Refusal> {
    let label = registry.label(&next.marking.label)?;
    let (mut millicpus, mut bytes, mut gpus, mut alone) = (next.millicpus, next.memory, next.gpus, true);
    for other in taken {
        let beside = registry.label(&other.marking.label)?;
        let permits = (next.marking.permit.as_str(), other.marking.permit.as_str());
        if !registry.policy().beside((&label, permits.0), (&beside, permits.1)) {
            return Ok(false);
        }
        millicpus = millicpus.saturating_add(other.millicpus);
        bytes = bytes.saturating_add(other.memory);
        gpus = gpus.saturating_add(other.gpus);
        alone = false;
    }
    Ok(alone || (millicpus <= host.cores * 1000 && bytes <= host.memory && gpus <= host.gpus))
}
