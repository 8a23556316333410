//! Becoming more than it is.

use crate::probe::{Outcome, Probe, call};
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const CAP_SYS_ADMIN: usize = 21;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("root-id", "becomes root by setresuid", |_| {
        let root = Uid::from_raw(0);
        setresuid(root, root, root).into()
    }),
    Probe::new("is-root", "is root already, if only in a namespace of its own", |_| {
        Outcome::when(Uid::effective().is_root(), Uid::effective())
    }),
    Probe::new("root-group", "becomes the root group by setresgid", |_| {
        let root = Gid::from_raw(0);
        setresgid(root, root, root).into()
    }),
    Probe::new("groups", "joins a supplementary group", |_| setgroups(&[Gid::from_raw(0)]).into()),
    Probe::new("capability-effective", "has the capability that opens all others", |_| {
        let set = capabilities("CapEff");
        Outcome::when(set & (1 << CAP_SYS_ADMIN) != 0, format!("{set:x}"))
    }),
    Probe::new("capability-bounding", "could get that capability by a program", |_| {
        let set = capabilities("CapBnd");
        Outcome::when(set & (1 << CAP_SYS_ADMIN) != 0, format!("{set:x}"))
    }),
    Probe::new("capability-raise", "raises a capability that it dropped", |_| {
        let header: [u32; 2] = [0x2008_0522, 0];
        let sets: [u32; 6] = [1 << CAP_SYS_ADMIN, 1 << CAP_SYS_ADMIN, 0, 0, 0, 0];
        call(libc::SYS_capset, [header.as_ptr() as usize, sets.as_ptr() as usize]).into()
    }),
    Probe::new("ambient", "hands a capability on to what it starts", |_| {
        const PR_CAP_AMBIENT: usize = 47;
        let raise = call(libc::SYS_prctl, [PR_CAP_AMBIENT, 2, CAP_SYS_ADMIN, 0, 0]);
        // One that is permitted but not inheritable isn't raised; that much privilege is enough to say.
        let permitted = capabilities("CapBnd") & (1 << CAP_SYS_ADMIN) != 0;
        Outcome::when(raise.is_ok() || permitted, format!("{raise:?}"))
    }),
    Probe::new("new-privileges", "can gain by a setuid program", |_| {
        const PR_GET_NO_NEW_PRIVS: usize = 39;
        let held = call(libc::SYS_prctl, [PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0]);
        Outcome::when(held == Ok(0), format!("{held:?}"))
    }),
    Probe::new("setuid-own", "runs a file of its own that is setuid root", |stage| {
        let path = stage.out.join("setuid");
        let copied = fs::copy("/proc/self/exe", &path).and_then(|_| std::os::unix::fs::chown(&path, Some(0), Some(0)));
        let marked = copied.and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o4755)));
        match marked {
            Err(error) => Err::<(), _>(error).into(),
            Ok(()) => Command::new(&path).arg("list").output().map(drop).into(),
        }
    }),
    Probe::new("user-namespace", "makes a user namespace, where it is root", |_| {
        unshare(CloneFlags::CLONE_NEWUSER).into()
    }),
    Probe::new("user-namespace-clone", "makes one by clone3", |_| {
        // struct clone_args with flags and exit signal alone.
        let arguments: [u64; 11] = [0x1000_0000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0];
        match call(libc::SYS_clone3, [arguments.as_ptr() as usize, 88]) {
            // The child.
            Ok(0) => std::process::exit(0),
            answer => answer.into(),
        }
    }),
    Probe::new("mount-namespace", "makes a mount namespace", |_| unshare(CloneFlags::CLONE_NEWNS).into()),
    Probe::new("network-namespace", "makes a network namespace, which loads code in the kernel", |_| {
        unshare(CloneFlags::CLONE_NEWNET).into()
    }),
    Probe::new("enter-namespace", "enters the namespace of a process of the host", |stage| {
        let namespace = File::open(stage.of_victim("ns/mnt"));
        match namespace {
            Ok(namespace) => nix::sched::setns(namespace, CloneFlags::CLONE_NEWNS).into(),
            Err(error) => Err::<(), _>(error).into(),
        }
    }),
    Probe::new("host-name", "renames the host", |_| nix::unistd::sethostname("probe").into()),
    Probe::new("domain-name", "renames its domain", |_| {
        call(libc::SYS_setdomainname, [c"probe".as_ptr() as usize, 5]).into()
    }),
    Probe::new("hard-limit", "raises a hard limit", |_| {
        let (_, hard) = getrlimit(Resource::RLIMIT_SIGPENDING).unwrap_or((0, 0));
        setrlimit(Resource::RLIMIT_SIGPENDING, hard.saturating_add(1), hard.saturating_add(1)).into()
    }),
    Probe::new("priority", "runs before everybody else", |_| {
        call(libc::SYS_setpriority, [0, 0, (-20_isize).cast_unsigned()]).into()
    }),
    Probe::new("real-time", "runs in real time", |_| {
        let parameter = 1_i32;
        call(libc::SYS_sched_setscheduler, [0, 1, std::ptr::from_ref(&parameter) as usize]).into()
    }),
    Probe::new("oom-score", "has others killed in its place when memory ends", |_| {
        fs::write("/proc/self/oom_score_adj", "-1000").into()
    }),
    Probe::new("personality", "turns off what makes addresses hard to guess", |_| {
        const ADDR_NO_RANDOMIZE: usize = 0x0004_0000;
        call(libc::SYS_personality, [ADDR_NO_RANDOMIZE]).into()
    }),
    Probe::new("login-id", "takes the audit identity of another", |_| {
        let outcome: Outcome = fs::write("/proc/self/loginuid", "0").into();
        match outcome {
            // A kernel without audit has no such file: then there is nothing to take.
            Outcome::Held(why) if why == Errno::ENOENT.to_string() => Outcome::Held(why),
            other => other,
        }
    }),
];

/// A set of capabilities of this process, as a word of bits.
fn capabilities(set: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(set)?.strip_prefix(":\t"));
    line.and_then(|bits| u64::from_str_radix(bits, 16).ok()).unwrap_or_default()
}
