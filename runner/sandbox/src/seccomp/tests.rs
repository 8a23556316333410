use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

/// The system calls of x86_64 in Linux 6.18.
const ALL: usize = 381;

fn rules(name: &'static str, json: &str) -> Vec<Value> {
    super::rules(name, json).unwrap()
}

fn calls(rules: &[Value]) -> BTreeSet<&str> {
    rules.iter().map(|rule| rule["syscall"].as_str().unwrap()).collect()
}

#[test]
fn both_filters_compile() {
    Filters::load().unwrap();
}

#[test]
fn a_rule_that_names_no_call_is_refused() {
    let broken = ALLOWED.replacen("\"read\"", "\"raed\"", 1);
    assert!(matches!(compile("allowed", &broken), Err(FilterError::Rule("allowed", _))));
    assert!(matches!(compile("absent", ALLOWED), Err(FilterError::Missing("absent"))));
}

#[test]
fn every_rule_says_why_it_is_there() {
    for rule in [rules("allowed", ALLOWED), rules("devices", DEVICES), rules("absent", ABSENT), rules("reader", READER)]
        .concat()
    {
        let why = rule["comment"].as_str().unwrap_or_default();
        assert!(why.len() > 10, "{rule}");
    }
}

#[test]
fn at_least_250_calls_are_denied() {
    let (allowed, absent) = (rules("allowed", ALLOWED), rules("absent", ABSENT));
    let usable = calls(&allowed).difference(&calls(&absent)).count();
    assert!(ALL - usable >= 250, "{usable} are allowed");
}

#[test]
fn an_attempt_with_devices_may_do_so_much_more_and_no_more() {
    let (allowed, more) = (rules("allowed", ALLOWED), rules("devices", DEVICES));
    let new: Vec<_> = calls(&more).difference(&calls(&allowed)).copied().collect();
    assert_eq!(new, ["eventfd2", "get_mempolicy", "mbind"]);
    assert_eq!(rules("allowed", &joined("allowed", ALLOWED, "devices", DEVICES).unwrap()), [allowed, more].concat());
    assert!(matches!(joined("allowed", ALLOWED, "others", DEVICES), Err(FilterError::Missing("others"))));
}

#[test]
fn calls_that_reach_beyond_the_job_are_not_allowed() {
    let allowed = rules("allowed", ALLOWED);
    let allowed = calls(&allowed);
    for call in [
        "add_key",
        "bpf",
        "chroot",
        "clone3",
        "io_uring_setup",
        "kexec_load",
        "keyctl",
        "mknodat",
        "mount",
        "move_mount",
        "name_to_handle_at",
        "open_by_handle_at",
        "open_tree",
        "perf_event_open",
        "pidfd_getfd",
        "pivot_root",
        "process_vm_readv",
        "ptrace",
        "setns",
        "shmget",
        "msgget",
        "mq_open",
        "unshare",
        "userfaultfd",
        "inotify_init1",
    ] {
        assert!(!allowed.contains(call), "{call}");
    }
}

#[test]
fn what_depends_on_an_argument_is_never_allowed_whole() {
    for rule in [rules("allowed", ALLOWED), rules("devices", DEVICES)].concat() {
        let call = rule["syscall"].as_str().unwrap();
        if ["clone", "fcntl", "ioctl", "prctl", "socket", "socketpair", "personality"].contains(&call) {
            assert!(rule["args"].as_array().is_some_and(|args| !args.is_empty()), "{rule}");
        }
    }
}
