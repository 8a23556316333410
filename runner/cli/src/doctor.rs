//! What this host can't enforce, from what the kernel says of itself.

use crate::args::Place;
use crate::fail::Fail;
use crate::output::Printer;
use semla_sandbox::house::House;
use semla_sandbox::{cdi, host, rootless};
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

/// One thing that semla rests on.
#[derive(Serialize)]
struct Line {
    what: String,
    found: bool,
    /// Whether semla can't do without.
    needed: bool,
    remedy: String,
}

pub(crate) fn run(place: &Place, printer: &Printer) -> Result<ExitCode, Fail> {
    let mut lines = lines();
    match nix::unistd::geteuid().is_root() {
        true => {
            lines.push(disks(place));
            lines.extend(gpus(place));
        }
        false => lines.extend(rootless()),
    }
    printer.table(&lines, ["", "WHAT", "REMEDY"], |line| {
        let state = match (line.found, line.needed) {
            (true, _) => "ok",
            (false, true) => "MISSING",
            (false, false) => "weak",
        };
        let remedy = if line.found { String::new() } else { line.remedy.clone() };
        [state.to_owned(), line.what.clone(), remedy]
    })?;
    Ok(match lines.iter().any(|line| line.needed && !line.found) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn lines() -> Vec<Line> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let namespace = |name: &str| Path::new("/proc/self/ns").join(name).exists();
    let (mounts, filesystems) = (read("/proc/self/mountinfo"), read("/proc/filesystems"));
    let unified = mounts.lines().any(|line| line.contains(" - cgroup2 "));
    let controllers = read("/sys/fs/cgroup/cgroup.controllers");
    let controller = |name: &str| {
        let split = mounts
            .lines()
            .filter_map(|line| line.split_once(" - cgroup "))
            .any(|(_, rest)| rest.split([' ', ',']).any(|word| word == name));
        split || controllers.split_whitespace().any(|word| word == name)
    };
    let line =
        |what: &str, found, needed, remedy: &str| Line { what: what.into(), found, needed, remedy: remedy.into() };
    vec![
        line("user namespaces", namespace("user"), true, "boot a kernel with CONFIG_USER_NS"),
        line(
            "pid, mount, net, ipc and uts namespaces",
            ["pid", "mnt", "net", "ipc", "uts"].iter().all(|name| namespace(name)),
            true,
            "boot a kernel with namespaces",
        ),
        line("cgroup namespaces", namespace("cgroup"), true, "boot a kernel of 4.6 or later"),
        line(
            "seccomp filters",
            read("/proc/sys/kernel/seccomp/actions_avail").contains("errno"),
            true,
            "boot a kernel with CONFIG_SECCOMP_FILTER",
        ),
        line(
            "Landlock",
            landlock(&read),
            true,
            "boot a kernel of 5.13 or later with `landlock` among its security modules",
        ),
        line("overlay filesystems", filesystems.contains("overlay"), true, "modprobe overlay"),
        line("memory limits", controller("memory"), true, "mount the memory controller, or let systemd delegate it"),
        line("process limits", controller("pids"), true, "mount the pids controller, or let systemd delegate it"),
        line("processor limits", controller("cpu"), true, "mount the cpu controller, or let systemd delegate it"),
        line("killing a cgroup at once", unified, false, "mount cgroup v2 beside v1"),
        line(
            "a locked-down io_uring",
            read("/proc/sys/kernel/io_uring_disabled").trim() != "0",
            false,
            "sysctl kernel.io_uring_disabled=2; jobs can't reach it either way",
        ),
        line("mmdebstrap, to build images", in_path("mmdebstrap"), false, "apt-get install mmdebstrap"),
    ]
}

/// What a site of this user takes, who isn't root, and what doesn't hold for it.
fn rootless() -> Vec<Line> {
    let ids = rootless::ids();
    let needs = [
        ("ids for a site of your own", ids.is_ok(), ids.err().map(|error| error.to_string())),
        (
            "newuidmap and newgidmap",
            ["newuidmap", "newgidmap"].into_iter().all(in_path),
            Some("apt-get install uidmap".to_owned()),
        ),
    ];
    let needs = needs.into_iter().map(|(what, found, remedy)| Line {
        what: what.to_owned(),
        found,
        needed: true,
        remedy: remedy.unwrap_or_default(),
    });
    let weak = |what: &str| Line {
        what: what.to_owned(),
        found: false,
        needed: false,
        remedy: "have root start the launcher".to_owned(),
    };
    // Whether a cgroup is delegated shows where the launcher is started.
    needs.chain(rootless::weaker(true).into_iter().map(weak)).collect()
}

/// Whether the disk that the site is on, or will be, holds disks of jobs.
fn disks(place: &Place) -> Line {
    let folder = place.state.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    Line {
        what: "disks for jobs that ask for one".to_owned(),
        found: host::disk(folder).is_some_and(|disk| disk.most() > 0),
        needed: false,
        remedy: "apt-get install e2fsprogs, modprobe loop, and start the launcher again".to_owned(),
    }
}

/// Each GPU of the host, and who keeps it from jobs.
fn gpus(place: &Place) -> Vec<Line> {
    let folder = House::open(&place.state).map_or_else(|_| "/etc/cdi".into(), |house| house.settings().cdi.clone());
    let line = |gpu: cdi::Gpu| {
        let holder = host::holder(&gpu.own);
        let what = format!("GPU `{}`, idle or with a job", gpu.name);
        let remedy = holder.as_ref().map(|holder| format!("{holder} has it open: if that is no job, end it"));
        Line { what, found: holder.is_none(), needed: false, remedy: remedy.unwrap_or_default() }
    };
    let unread = |error| Line {
        what: "GPUs, if jobs shall have them".to_owned(),
        found: false,
        needed: false,
        remedy: Fail::chain(error).text().to_owned(),
    };
    cdi::gpus(&folder).map_or_else(|error| vec![unread(error)], |gpus| gpus.into_iter().map(line).collect())
}

/// The list of security modules says it; where that file isn't mounted, the kernel's symbols do.
fn landlock(read: &impl Fn(&str) -> String) -> bool {
    let modules = read("/sys/kernel/security/lsm");
    modules.contains("landlock") || (modules.is_empty() && read("/proc/kallsyms").contains("landlock_create_ruleset"))
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
