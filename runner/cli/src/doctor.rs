//! What this host can't enforce, from what the kernel says of itself.

use crate::fail::Fail;
use crate::output::Printer;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

/// One thing that semla rests on.
#[derive(Serialize)]
struct Line {
    what: &'static str,
    found: bool,
    /// Whether semla can't do without.
    needed: bool,
    remedy: &'static str,
}

pub(crate) fn run(printer: &Printer) -> Result<ExitCode, Fail> {
    let lines = lines();
    printer.table(&lines, ["", "WHAT", "REMEDY"], |line| {
        let state = match (line.found, line.needed) {
            (true, _) => "ok",
            (false, true) => "MISSING",
            (false, false) => "weak",
        };
        let remedy = if line.found { "" } else { line.remedy };
        [state.to_owned(), line.what.to_owned(), remedy.to_owned()]
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
    let line = |what, found, needed, remedy| Line { what, found, needed, remedy };
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

/// The list of security modules says it; where that file isn't mounted, the kernel's symbols do.
fn landlock(read: &impl Fn(&str) -> String) -> bool {
    let modules = read("/sys/kernel/security/lsm");
    modules.contains("landlock") || (modules.is_empty() && read("/proc/kallsyms").contains("landlock_create_ruleset"))
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
