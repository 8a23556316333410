//! Learning of the host, and of what runs on it.

use crate::probe::{Outcome, Probe, call};
use std::fs::{self, File};
use std::path::Path;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("host-file", "reads a file of the host", |stage| fs::read(&stage.secret).into()),
    Probe::new("host-file-by-dots", "reads it through its own root's parent", |stage| {
        let up = Path::new("/../../../../../../../..");
        fs::read(up.join(stage.secret.strip_prefix("/").unwrap_or(&stage.secret))).into()
    }),
    Probe::new("host-passwords", "reads the host's passwords", |_| fs::read("/etc/shadow").into()),
    Probe::new("host-disks", "lists the host's disks", |_| entries("/sys/block")),
    Probe::new("host-devices", "lists the host's devices", |_| entries("/sys/bus")),
    Probe::new("host-modules", "lists the kernel's modules", |_| nonempty("/proc/modules")),
    Probe::new("host-symbols", "reads where the kernel's code lies", |_| {
        let text = fs::read_to_string("/proc/kallsyms").unwrap_or_default();
        let first = text.lines().next().unwrap_or_default();
        Outcome::when(!first.is_empty() && !first.starts_with("0000000000000000"), "the first symbol")
    }),
    Probe::new("host-command-line", "reads how the kernel was started", |_| nonempty("/proc/cmdline")),
    Probe::new("host-memory", "sees how much memory others use", |_| {
        // Where all of it is free, nobody has any.
        let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let of = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
        Outcome::when(of("MemTotal:") != of("MemFree:"), format!("{:?} are free", of("MemFree:")))
    }),
    Probe::new("host-load", "sees how busy the host is", |_| {
        // The fourth word says how many of how many run.
        let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let all = text.split_whitespace().nth(3).and_then(|word| word.split('/').nth(1));
        Outcome::when(all.is_some_and(|all| all != "1"), format!("{text:?}"))
    }),
    Probe::new("host-processors", "sees how long each processor was busy", |_| {
        let text = fs::read_to_string("/proc/stat").unwrap_or_default();
        let first = text.lines().next().unwrap_or_default();
        Outcome::when(first.split_whitespace().skip(1).any(|busy| busy != "0"), format!("{first:?}"))
    }),
    Probe::new("host-pressure", "sees who waits for what", |_| nonempty("/proc/pressure/cpu")),
    Probe::new("host-interrupts", "counts interrupts, and so keys and packets", |_| nonempty("/proc/interrupts")),
    Probe::new("host-pages", "sees what pages are used for", |_| nonempty("/proc/vmstat")),
    Probe::new("host-slabs", "sees which objects the kernel has", |_| nonempty("/proc/slabinfo")),
    Probe::new("host-timers", "reads which timers run for whom", |_| nonempty("/proc/timer_list")),
    Probe::new("host-keys", "lists the keys of the host", |_| nonempty("/proc/keys")),
    Probe::new("data-place", "reads where the data lies on the host", |stage| {
        let place = stage.secret.with_file_name("data").display().to_string();
        let text = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        Outcome::when(text.contains(&place), "its path")
    }),
    Probe::new("host-name-read", "reads the host's name", |_| {
        let name = nix::unistd::gethostname().unwrap_or_default();
        Outcome::when(name != "semla" && !name.is_empty(), name.to_string_lossy())
    }),
    Probe::new("host-uptime", "reads since when the host runs", |_| {
        let text = fs::read_to_string("/proc/uptime").unwrap_or_default();
        Outcome::when(!text.is_empty() && !text.starts_with("0.00 "), format!("{text:?}"))
    }),
    Probe::new("host-cgroup", "reads the name of its own attempt", |_| {
        let text = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        Outcome::when(text.lines().any(|line| !line.ends_with(":/")), "a path of the host's cgroups")
    }),
    Probe::new("host-users", "reads which ids it has on the host, and so how many run beside it", |_| {
        let text = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        // One id that is mapped to itself says nothing.
        let map: Vec<&str> = text.split_whitespace().collect();
        let mute = matches!(map.as_slice(), [inside, outside, "1"] if inside == outside);
        Outcome::when(!mute, map.join(" "))
    }),
    Probe::new("host-disk-usage", "sees how full the host's disk is", |stage| {
        let statistics = nix::sys::statvfs::statvfs(&stage.secret);
        statistics.map(|disk| disk.blocks_free()).into()
    }),
    Probe::new("processes-counted", "counts the processes of all", |_| {
        // struct sysinfo: the number of processes is the two bytes at offset 80.
        let mut information = [0_u16; 64];
        let asked = call(libc::SYS_sysinfo, [information.as_mut_ptr() as usize]);
        let count = information.get(40).copied().unwrap_or_default();
        Outcome::when(asked.is_ok() && count > 0, format!("{asked:?}, {count}"))
    }),
    Probe::new("graphics", "opens a graphics device that nobody gave it", |_| {
        let any = ["/dev/dri/card0", "/dev/nvidiactl", "/dev/kfd", "/dev/fb0", "/dev/mem", "/dev/kmsg"];
        Outcome::when(any.iter().any(|path| File::open(path).is_ok()), "one of the host's devices")
    }),
];

fn entries(path: &str) -> Outcome {
    match fs::read_dir(path) {
        Ok(all) => {
            let count = all.count();
            Outcome::when(count > 0, format!("{count} entries"))
        }
        Err(error) => Err::<(), _>(error).into(),
    }
}

fn nonempty(path: &str) -> Outcome {
    match fs::read(path) {
        Ok(text) => Outcome::when(!text.is_empty(), format!("{} bytes", text.len())),
        Err(error) => Err::<(), _>(error).into(),
    }
}
