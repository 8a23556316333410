//! Where else the probes run, and what can't be held there, and why: cells of the table that are told, and no others.

use Runs::{Rootless, Runc, Runsc};

/// What runs jobs, where it isn't root's sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    /// A container: the host's kernel, behind namespaces.
    Runc,
    /// A container: a kernel of its own (gVisor), which has no cgroups here.
    Runsc,
    /// The sandbox of an ordinary user, who has no cgroups.
    Rootless,
}

impl Runs {
    pub(crate) const ALL: [Self; 3] = [Self::Runc, Self::Runsc, Self::Rootless];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Runc => "runc",
            Self::Runsc => "runsc",
            Self::Rootless => "rootless",
        }
    }
}

/// Why probes get through there, and nothing of ours holds them.
pub(crate) struct Cell {
    pub(crate) runs: Runs,
    pub(crate) probes: &'static [&'static str],
    pub(crate) why: &'static str,
}

pub(crate) const CELLS: [Cell; 12] = [
    Cell {
        runs: Runc,
        probes: &["login-id", "attribute-writes"],
        why: "an engine puts no Landlock on a job, and masks can't be laid over a process's own part of /proc",
    },
    Cell {
        runs: Runc,
        probes: &["host-users"],
        why: "the engine has no user namespace for it; the ids are of a range that nobody else on the host has",
    },
    Cell {
        runs: Runc,
        probes: &["terminal-node"],
        why: "it makes the node in every container; the job's session is its own (terminal-of-parent), and has no terminal",
    },
    Cell {
        runs: Runsc,
        probes: &["terminal-node"],
        why: "the node is of gVisor's kernel, which has no terminal of the host's",
    },
    Cell {
        runs: Runsc,
        probes: &["host-users", "user-namespace", "mount-namespace", "priority", "oom-score", "processes-counted"],
        why: "ids, namespaces and processes are those of gVisor's kernel, which this job has to itself",
    },
    Cell {
        runs: Runsc,
        probes: &["io-uring", "kernel-log", "watch-data", "page-residence"],
        why: "gVisor's kernel answers, of itself: no ring, log, watch or page of the host's is behind it",
    },
    Cell {
        runs: Runsc,
        probes: &["data-flags", "file-handles", "terminal-input", "terminal-paste", "page-without-waiting"],
        why: "the call gets as far as gVisor's kernel, which doesn't have what it asks for",
    },
    Cell {
        runs: Runsc,
        probes: &["connect-6", "datagram", "listen", "listen-6", "netlink", "interface-list", "host-interfaces"],
        why: "sockets are those of a network stack in gVisor's kernel, which ends at its own loopback",
    },
    Cell {
        runs: Runsc,
        probes: &["host-command-line", "host-memory", "host-load", "host-uptime"],
        why: "gVisor's kernel tells of itself, in figures of its own making",
    },
    Cell {
        runs: Runsc,
        probes: &["many-processes", "much-memory", "memory-of-many"],
        why: "it runs without cgroups here: levels that need limits refuse it",
    },
    Cell {
        runs: Rootless,
        probes: &["memory-of-many"],
        why: "no cgroups are delegated here: each process is held to the memory, and levels that need limits refuse it",
    },
    Cell {
        runs: Rootless,
        probes: &["device-lock"],
        why: "only root can make nodes of a job's own; a level has to be opened to such sites",
    },
];

/// Whether a probe may get through here.
pub(crate) fn excused(probe: &str, runs: Runs) -> bool {
    CELLS.iter().any(|cell| cell.runs == runs && cell.probes.contains(&probe))
}
