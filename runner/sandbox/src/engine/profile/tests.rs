use super::*;
use crate::seccomp::rules;

fn call<'p>(profile: &'p Value, name: &str) -> Vec<&'p Value> {
    let calls = profile["syscalls"].as_array().unwrap();
    calls.iter().filter(|call| call["names"].as_array().unwrap().iter().any(|named| named == name)).collect()
}

#[test]
fn the_profile_says_what_both_filters_say() {
    let profile = profile().unwrap();
    let (allowed, absent) = (rules("allowed", ALLOWED).unwrap(), rules("absent", ABSENT).unwrap());
    for rule in &absent {
        let name = rule["syscall"].as_str().unwrap();
        let found = call(&profile, name);
        assert!(found.len() == 1 && found[0]["action"] == "SCMP_ACT_ERRNO" && found[0]["errnoRet"] == 38, "{name}");
    }
    for rule in &allowed {
        let name = rule["syscall"].as_str().unwrap();
        let gone = absent.iter().any(|other| other["syscall"] == name);
        let ways = allowed.iter().filter(|other| other["syscall"] == name).count();
        assert_eq!(call(&profile, name).len(), if gone { 1 } else { ways }, "{name}");
    }
    let calls = profile["syscalls"].as_array().unwrap().len();
    let left = allowed.iter().filter(|rule| !absent.iter().any(|other| other["syscall"] == rule["syscall"]));
    assert_eq!(
        (calls, call(&profile, "fstatfs").len()),
        (left.count() + 2, 1),
        "the runtime's own call, and those that are absent"
    );
    assert_eq!(profile["defaultErrnoRet"], 1);
    assert!(call(&profile, "mount").is_empty());
}

#[test]
fn conditions_look_at_as_much_of_an_argument_as_the_filters_do() {
    let profile = profile().unwrap();
    let family = &call(&profile, "socket")[0]["args"][0];
    assert_eq!((&family["value"], &family["valueTwo"], &family["index"]), (&LOW.into(), &1.into(), &0.into()));
    let flags = &call(&profile, "clone")[0]["args"][0];
    assert_eq!((&flags["value"], &flags["valueTwo"]), (&2_114_060_288_u64.into(), &0.into()));
    // There are no other comparisons, which this would take for equality.
    for rule in rules("allowed", ALLOWED).unwrap() {
        for of in rule["args"].as_array().into_iter().flatten() {
            assert!(of["op"] == "eq" || of["op"]["masked_eq"].is_u64(), "{rule}");
        }
    }
}
