//! What each layer is for: with it the probe fails, without it the same probe succeeds.

use std::fs::File;
use std::net::TcpListener;
use std::os::fd::AsRawFd;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::libc;
use semla_sandbox::confine::Layer;

use crate::case::Lab;

crate::tests!(
    the_job_has_no_privilege_of_any_kind,
    only_unix_sockets_can_be_made,
    nothing_listens_and_nothing_can_be_reached,
    no_namespace_can_be_made,
    calls_with_a_fallback_are_absent_and_the_others_denied,
    a_terminal_cannot_be_typed_into,
    what_python_needs_is_there,
    landlock_denies_what_the_mounts_would_allow,
    the_process_table_shows_only_processes_of_its_own,
    no_descriptor_is_inherited,
    resource_limits_are_set,
    the_cgroup_is_the_root_of_what_is_seen,
);

fn status(lab: &Lab, off: &[Layer]) -> impl Fn(&str) -> String {
    let text = lab.probe(&["read", "/proc/self/status"]).without(off).says();
    move |key| {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn the_job_has_no_privilege_of_any_kind(lab: &Lab) {
    let field = status(lab, &[]);
    assert_eq!(field("Uid"), "1000 1000 1000 1000");
    assert_eq!(field("Gid"), "1000 1000 1000 1000");
    assert_eq!(field("Groups"), "");
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(field(set), "0000000000000000", "{set}");
    }
    assert_eq!(field("NoNewPrivs"), "1");
    assert_eq!(field("Seccomp"), "2");
    assert_eq!(field("Seccomp_filters"), "2");
    assert_eq!(field("Threads"), "1");
    assert_eq!(field("SigBlk"), "0000000000000000");
    // The probe's own runtime ignores SIGPIPE, and nothing else is ignored.
    assert_eq!(field("SigIgn"), "0000000000001000");

    let open = status(lab, &[Layer::User, Layer::Capabilities, Layer::Privileges, Layer::Landlock, Layer::Seccomp]);
    assert_eq!(open("Uid"), "0 0 0 0");
    assert_ne!(open("CapEff"), "0000000000000000");
    assert_ne!(open("CapBnd"), "0000000000000000");
    assert_eq!(open("NoNewPrivs"), "0");
    assert_eq!(open("Seccomp"), "0");
}

fn only_unix_sockets_can_be_made(lab: &Lab) {
    assert_eq!(lab.probe(&["families"]).says(), "done EPERM EPERM EPERM EPERM EPERM");
    let open = lab.probe(&["families"]).without(&[Layer::Seccomp]).says();
    assert!(open.starts_with("done done"), "{open}");
}

fn nothing_listens_and_nothing_can_be_reached(lab: &Lab) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let connect = |off: &[Layer]| lab.probe(&["connect", &address]).without(off).says();
    assert_eq!(connect(&[]), "EPERM");
    assert_eq!(connect(&[Layer::Seccomp]), "EACCES", "Landlock alone denies it");
    assert_eq!(connect(&[Layer::Seccomp, Layer::Landlock]), "ENETUNREACH", "an interface that is down");
    assert_eq!(connect(&[Layer::Seccomp, Layer::Landlock, Layer::Network]), "done", "control");
    assert_eq!(lab.probe(&["interfaces"]).without(&[Layer::Proc]).says(), "lo");
}

fn no_namespace_can_be_made(lab: &Lab) {
    assert_eq!(lab.probe(&["unshare"]).says(), "EPERM");
    assert_eq!(lab.probe(&["unshare"]).without(&[Layer::Seccomp]).says(), "done");
}

fn calls_with_a_fallback_are_absent_and_the_others_denied(lab: &Lab) {
    let call = |number: i64, off: &[Layer]| lab.probe(&["syscall", &number.to_string()]).without(off).says();
    assert_eq!(call(libc::SYS_seccomp, &[]), "ENOSYS");
    for absent in [libc::SYS_clone3, libc::SYS_io_uring_setup, libc::SYS_preadv2] {
        assert_eq!(call(absent, &[]), "ENOSYS", "{absent}");
        assert_ne!(call(absent, &[Layer::Seccomp]), "ENOSYS", "{absent}");
    }
    for denied in [libc::SYS_keyctl, libc::SYS_ptrace, libc::SYS_mount, libc::SYS_bpf, libc::SYS_userfaultfd] {
        assert_eq!(call(denied, &[]), "EPERM", "{denied}");
    }
    assert_ne!(call(libc::SYS_keyctl, &[Layer::Seccomp]), "EPERM", "control");
}

fn a_terminal_cannot_be_typed_into(lab: &Lab) {
    assert_eq!(lab.probe(&["push"]).says(), "EPERM");
    assert_eq!(lab.probe(&["push"]).without(&[Layer::Seccomp]).says(), "ENOTTY", "/dev/null is no terminal");
}

fn what_python_needs_is_there(lab: &Lab) {
    assert_eq!(lab.probe(&["unix"]).says(), "done");
    assert_eq!(lab.probe(&["thread"]).says(), "done");
    assert_eq!(lab.probe(&["forks", "3"]).says(), "3");
}

fn landlock_denies_what_the_mounts_would_allow(lab: &Lab) {
    assert_eq!(lab.probe(&["write", "/proc/self/comm"]).says(), "EACCES");
    assert_eq!(lab.probe(&["write", "/proc/self/comm"]).without(&[Layer::Landlock]).says(), "done");
}

fn the_process_table_shows_only_processes_of_its_own(lab: &Lab) {
    let (seen, all) =
        (lab.probe(&["list", "/proc"]).says(), lab.probe(&["list", "/proc"]).without(&[Layer::Proc]).says());
    assert_eq!(seen, "2 self thread-self", "init is hidden, and so is everything about the machine");
    assert!(all.contains("meminfo") && all.starts_with("1 2 "), "{all}");
    assert_eq!(lab.probe(&["read", "/proc/1/status"]).says(), "ENOENT");
}

fn no_descriptor_is_inherited(lab: &Lab) {
    let leak = File::open("/etc/passwd").unwrap();
    fcntl(&leak, FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
    // The fourth is the listing itself.
    assert_eq!(lab.probe(&["descriptors"]).says(), "0 1 2 3");
    let open = lab.probe(&["descriptors"]).without(&[Layer::Descriptors]).says();
    assert!(open.split(' ').any(|fd| fd == leak.as_raw_fd().to_string()), "{open}");
}

fn resource_limits_are_set(lab: &Lab) {
    let read = |off: &[Layer]| lab.probe(&["read", "/proc/self/limits"]).without(off).says();
    let value = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    };
    let limits = read(&[]);
    assert_eq!(value(&limits, "Max core file size"), "0 0");
    assert_eq!(value(&limits, "Max open files"), "4096 4096");
    assert_eq!(value(&limits, "Max msgqueue size"), "0 0");
    assert_ne!(value(&read(&[Layer::Rlimits]), "Max msgqueue size"), "0 0");
}

fn the_cgroup_is_the_root_of_what_is_seen(lab: &Lab) {
    let text = lab.probe(&["read", "/proc/self/cgroup"]).says();
    for line in text.lines().filter(|line| ["memory", "pids", "cpu:", "0::"].iter().any(|part| line.contains(part))) {
        assert!(line.ends_with(":/"), "{line}");
    }
    assert!(!text.contains("semla"), "{text}");
}
