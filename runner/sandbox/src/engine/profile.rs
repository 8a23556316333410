//! The two system call filters of the sandbox as one profile for an engine (OCI runtime specification, `linux.seccomp`).

use crate::seccomp::{ABSENT, ALLOWED, FilterError, RUNTIME, rules};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The low half of an argument: a filter's `dword` looks at nothing else.
const LOW: u64 = 0xffff_ffff;

/// The profile: what isn't allowed, and isn't what the engine's runtime does between the filter and the job's program, fails with EPERM, and
/// what is to look absent with ENOSYS.
pub fn profile() -> Result<Value, FilterError> {
    let allowed = [rules("allowed", ALLOWED)?, rules("runtime", RUNTIME)?].concat();
    let absent = rules("absent", ABSENT)?;
    let named = |rule: &Value| rule.get("syscall").and_then(Value::as_str).map(str::to_owned);
    let gone: BTreeSet<String> = absent.iter().filter_map(named).collect();
    // A name can't stand on both sides: of two refusals it was the later filter's that counted.
    let allowed = allowed.iter().filter(|rule| !named(rule).is_some_and(|name| gone.contains(&name)));
    let mut calls: Vec<Value> = allowed
        .map(|rule| json!({ "names": [rule.get("syscall")], "action": "SCMP_ACT_ALLOW", "args": conditions(rule) }))
        .collect();
    calls.push(json!({ "names": gone, "action": "SCMP_ACT_ERRNO", "errnoRet": libc::ENOSYS }));
    Ok(json!({
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": libc::EPERM,
        "architectures": ["SCMP_ARCH_X86_64"],
        "syscalls": calls,
    }))
}

/// What a rule asks of the arguments.
fn conditions(rule: &Value) -> Vec<Value> {
    let conditions = rule.get("args").and_then(Value::as_array).into_iter().flatten();
    conditions.map(condition).collect()
}

fn condition(of: &Value) -> Value {
    let whole = if of.get("type").and_then(Value::as_str) == Some("qword") { u64::MAX } else { LOW };
    let mask = of.get("op").and_then(|op| op.get("masked_eq")).and_then(Value::as_u64).unwrap_or(u64::MAX);
    json!({ "index": of.get("index"), "op": "SCMP_CMP_MASKED_EQ", "value": whole & mask, "valueTwo": of.get("val") })
}

#[cfg(test)]
mod tests;
