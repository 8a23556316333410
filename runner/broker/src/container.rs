//! What the engine is asked for: every field that bears on isolation is said, whatever its default is.

use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigCgroupnsModeEnum, HostConfigLogConfig, Mount, MountBindOptions,
    MountBindOptionsPropagationEnum, MountType, ResourcesUlimits, RestartPolicy, RestartPolicyNameEnum,
};
use semla_sandbox::engine::{Order, Shown};
use semla_sandbox::limits::{Limits, Space};
use std::collections::HashMap;

/// The period over which processor time is counted out, in microseconds.
const PERIOD: i64 = 100_000;

/// What nobody sees of /proc and /sys: in the sandbox neither is there, but for what is about the job's own processes. Programs find it
/// empty, which they take for a host that doesn't tell.
const MASKED: [&str; 45] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/buddyinfo",
    "/proc/bus",
    "/proc/cgroups",
    "/proc/cmdline",
    "/proc/consoles",
    "/proc/cpuinfo",
    "/proc/crypto",
    "/proc/devices",
    "/proc/diskstats",
    "/proc/driver",
    "/proc/dynamic_debug",
    "/proc/execdomains",
    "/proc/fs",
    "/proc/interrupts",
    "/proc/iomem",
    "/proc/ioports",
    "/proc/irq",
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/key-users",
    "/proc/keys",
    "/proc/kmsg",
    "/proc/latency_stats",
    "/proc/loadavg",
    "/proc/locks",
    "/proc/meminfo",
    "/proc/misc",
    "/proc/modules",
    "/proc/pagetypeinfo",
    "/proc/partitions",
    "/proc/pressure",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/slabinfo",
    "/proc/softirqs",
    "/proc/stat",
    "/proc/swaps",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/uptime",
    "/proc/vmstat",
    "/proc/zoneinfo",
    "/sys",
];

/// Files of /proc that nobody changes.
const READ_ONLY: [&str; 2] = ["/proc/sys", "/proc/sysrq-trigger"];

/// The name of an order's container.
pub fn name(order: &Order) -> String {
    semla_sandbox::engine::container(&order.site, &order.fence)
}

/// The name under which the engine has an image.
pub fn image(order: &Order) -> String {
    format!("semla:{}", order.image.hex())
}

/// The whole of what is asked for.
pub fn body(order: &Order, profile: &str) -> ContainerCreateBody {
    let user = format!("{0}:{0}", order.user);
    ContainerCreateBody {
        image: Some(image(order)),
        user: Some(user),
        // As in the sandbox: a host's name tells where it runs.
        hostname: Some("semla".into()),
        domainname: Some(String::new()),
        entrypoint: Some(Vec::new()),
        cmd: Some(order.command.clone()),
        env: Some(order.env.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        working_dir: Some(order.cwd.clone()),
        tty: Some(false),
        open_stdin: Some(false),
        attach_stdin: Some(false),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        network_disabled: Some(true),
        labels: Some(HashMap::from([("semla.fence".into(), order.fence.to_string())])),
        host_config: Some(host(order, profile)),
        ..ContainerCreateBody::default()
    }
}

fn host(order: &Order, profile: &str) -> HostConfig {
    let all = |paths: &[&str]| Some(paths.iter().map(|path| (*path).to_owned()).collect());
    let filter = if order.runtime.shared_kernel { profile } else { "unconfined" };
    HostConfig {
        runtime: Some(order.runtime.name.clone()),
        privileged: Some(false),
        cap_drop: all(&["ALL"]),
        cap_add: Some(Vec::new()),
        security_opt: Some(vec!["no-new-privileges".into(), format!("seccomp={filter}")]),
        readonly_rootfs: Some(true),
        network_mode: Some("none".into()),
        ipc_mode: Some("private".into()),
        pid_mode: Some(String::new()),
        uts_mode: Some(String::new()),
        userns_mode: Some(String::new()),
        cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
        masked_paths: Some(MASKED.iter().filter(|path| !shows(order, path)).map(|path| (*path).to_owned()).collect()),
        readonly_paths: all(&READ_ONLY),
        mounts: Some(order.mounts.iter().map(mount).collect()),
        tmpfs: Some(HashMap::from([("/tmp".into(), memory(order.limits.tmp, order.user))])),
        shm_size: Some(count(order.limits.shm.bytes)),
        binds: None,
        devices: Some(Vec::new()),
        log_config: Some(HostConfigLogConfig { typ: Some("none".into()), config: Some(HashMap::new()) }),
        restart_policy: Some(RestartPolicy { name: Some(RestartPolicyNameEnum::NO), maximum_retry_count: Some(0) }),
        auto_remove: Some(false),
        ..limits(&order.limits, order.runtime.limited)
    }
}

/// Whether something of the order's own lies there already.
fn shows(order: &Order, path: &str) -> bool {
    order.mounts.iter().any(|mount| mount.at == path)
}

/// Limits that a runtime without cgroups would only look as if it had aren't asked of it.
fn limits(limits: &Limits, held: bool) -> HostConfig {
    let one = |name: &str, most: u64| ResourcesUlimits {
        name: Some(name.into()),
        soft: Some(count(most)),
        hard: Some(count(most)),
    };
    let mine = vec![one("core", 0), one("fsize", limits.file_size), one("nofile", limits.open_files)];
    let rest = HostConfig { ulimits: Some(mine), oom_kill_disable: Some(false), ..HostConfig::default() };
    match held {
        false => rest,
        true => HostConfig {
            memory: Some(count(limits.memory)),
            // Memory and swap together: there is no swap beyond it.
            memory_swap: Some(count(limits.memory)),
            pids_limit: Some(limits.pids.into()),
            cpu_period: Some(PERIOD),
            cpu_quota: Some(i64::from(limits.cpu_milli) * PERIOD / 1000),
            ..rest
        },
    }
}

fn mount(shown: &Shown) -> Mount {
    Mount {
        typ: Some(MountType::BIND),
        source: Some(shown.from.to_string_lossy().into_owned()),
        target: Some(shown.at.clone()),
        read_only: Some(!shown.writable),
        bind_options: Some(MountBindOptions {
            propagation: Some(MountBindOptionsPropagationEnum::RPRIVATE),
            non_recursive: Some(true),
            ..MountBindOptions::default()
        }),
        ..Mount::default()
    }
}

/// The options of a directory in memory, which is the job's and holds no programs.
fn memory(space: Space, user: u32) -> String {
    let Space { bytes, inodes } = space;
    format!("rw,noexec,nosuid,nodev,size={bytes},nr_inodes={inodes},mode=0700,uid={user},gid={user}")
}

fn count(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
