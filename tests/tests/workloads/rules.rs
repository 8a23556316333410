//! The rules of the filter, each compiled by itself, and which of them some call needed.

use seccompiler::{BpfProgram, TargetArch, compile_from_json};
use serde_json::{Value, json};

const ALLOWED: &str = include_str!("../../../runner/sandbox/seccomp/allowed.json");

/// AUDIT_ARCH_X86_64 of the kernel.
const X86_64: u32 = 0xc000_003e;

/// SECCOMP_RET_ALLOW of the kernel.
const ALLOW: u32 = 0x7fff_0000;

/// A call: its number and its arguments.
pub type Call = (u32, [u64; 6]);

/// One rule.
pub struct Rule {
    call: String,
    program: BpfProgram,
}

impl Rule {
    /// All of them, in the file's order.
    pub fn all() -> Vec<Self> {
        let file: Value = serde_json::from_str(ALLOWED).expect("JSON");
        let rules = file["allowed"]["filter"].as_array().expect("rules").clone();
        rules.into_iter().map(Self::of).collect()
    }

    fn of(rule: Value) -> Self {
        let conditions = rule["args"].as_array().into_iter().flatten().map(|arg| format!(" {}", arg["val"]));
        let call = rule["syscall"].as_str().expect("a name").to_owned() + &conditions.collect::<String>();
        let alone = json!({ "one": { "mismatch_action": { "errno": 1 }, "match_action": "allow", "filter": [rule] } });
        let programs = compile_from_json(alone.to_string().as_bytes(), TargetArch::x86_64).expect("a filter");
        Self { call, program: programs.into_values().next().expect("the one") }
    }

    /// The call that it is about, and the value that its argument has to have.
    pub fn call(&self) -> &str {
        &self.call
    }

    /// Whether it lets a call pass. The program is run as bpf(4) and seccomp(2) define it, as far as filters are made of it.
    pub fn allows(&self, (number, args): &Call) -> bool {
        let word = |at: u32| match (at, at.checked_sub(16).map(|at| ((at / 8) as usize, at % 8))) {
            (0, _) => *number,
            (4, _) => X86_64,
            (_, Some((arg, 0))) => args[arg] as u32,
            (_, Some((arg, 4))) => (args[arg] >> 32) as u32,
            _ => panic!("nothing lies at {at}"),
        };
        let (mut at, mut value) = (0, 0);
        loop {
            let step = &self.program[at];
            let jump = |holds: bool| usize::from(if holds { step.jt } else { step.jf });
            at += 1;
            match step.code {
                0x20 => value = word(step.k),
                0x54 => value &= step.k,
                0x05 => at += step.k as usize,
                0x15 => at += jump(value == step.k),
                0x25 => at += jump(value > step.k),
                0x35 => at += jump(value >= step.k),
                0x06 => return step.k == ALLOW,
                code => panic!("filters have no {code:#x}"),
            }
        }
    }
}
