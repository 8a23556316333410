//! What must hold of any text whatever: readers take it or say why not and where, and never panic.
#![allow(dead_code, clippy::expect_used)]

use semla_policy::release::{Note, Vote};
use semla_policy::text::{self, Problem, Problems};
use semla_policy::{Change, Digest, Genesis, PublicKey, Reading, Registry, Scheme, Signed, Submission};

/// What a reader makes of a file: what it read, as text, or what is wrong.
pub type Reader = fn(&str) -> Result<String, Problems>;

/// The readers of what people write: permits, people, cards, jobs, policies.
pub const READERS: [Reader; 5] = [
    |source| text::permit("P", source).map(|read| format!("{read:?}")),
    |source| text::person("p", source).map(|read| format!("{read:?}")),
    |source| text::card(source).map(|read| format!("{read:?}")),
    |source| text::job(source).map(|read| format!("{read:?}")),
    |source| {
        text::policy(source).map(|read| {
            assert!(read.faults().is_empty(), "a policy that was taken has no faults: {source}");
            format!("{read:?}")
        })
    },
];

/// Reads a file twice: one file has one answer, and a refusal has reasons.
pub fn judge(source: &str, read: Reader) -> Result<(), String> {
    let answer = read(source);
    if answer != read(source) {
        return Err(format!("one file, two answers: {source}"));
    }
    answer.err().map_or(Ok(()), |Problems(problems)| reasons(source, &problems))
}

/// Whether a refusal says something, once, about places that the file has.
pub fn reasons(source: &str, problems: &[Problem]) -> Result<(), String> {
    let lines: Vec<&str> = source.split('\n').collect();
    let within = |problem: &Problem| {
        let line = problem.line.checked_sub(1).and_then(|line| lines.get(line));
        line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&problem.column))
    };
    let said = |problem: &Problem| !problem.what.is_empty() && !problem.what.contains('\n');
    let twice = |problem: &&Problem| problems.iter().filter(|other| other == problem).count() > 1;
    match problems.iter().find(|problem| !within(problem) || !said(problem) || twice(problem)) {
        Some(problem) => Err(format!("{problem:?} of {source}")),
        None if problems.is_empty() => Err(format!("refused without a reason: {source}")),
        None => Ok(()),
    }
}

/// Any text as each of the files that people write.
pub fn policy_file(source: &str) {
    for read in READERS {
        assert_eq!(judge(source, read), Ok(()));
    }
}

/// Any text as a label and as a clearance: what is read is written as it is read again.
pub fn scheme_label(text: &str) {
    let names = |prefix: &str, count: usize| (0..count).map(|number| format!("{prefix}{number}")).collect();
    let scheme = Scheme { levels: names("l", 4), categories: names("c", 70), audiences: names("A", 70) };
    if let Ok(label) = scheme.label(text) {
        assert_eq!(scheme.label(&scheme.show(&label)).as_ref(), Ok(&label), "{text}");
        assert!(label.dominates(&label) && label.join(&label).as_ref() == Some(&label), "{text}");
    }
    if let Ok(clearance) = scheme.clearance(text) {
        assert_eq!(scheme.clearance(&scheme.show_clearance(&clearance)).as_ref(), Ok(&clearance), "{text}");
        assert!(clearance.within(&scheme.everything()), "{text}");
    }
    // The same text as a scheme's names: one that has no faults writes labels that it reads.
    let names: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let scheme = Scheme { levels: names.clone(), categories: names.clone(), audiences: names };
    if scheme.faults().is_empty() {
        let all = scheme.show_clearance(&scheme.everything());
        assert!(scheme.label(&all).is_ok(), "{all}");
    }
}

/// Any text as what people sign, and as a line of kept records.
pub fn signed_record(text: &str) {
    let signed = Signed { payload: text.to_owned(), signatures: Vec::new() };
    if let Ok(change) = signed.read::<Change>() {
        assert_eq!(Signed::unsigned(&change).map(|signed| signed.payload).ok().as_deref(), Some(text));
    }
    drop((signed.read::<Vote>(), signed.read::<Note>(), signed.read::<Submission>(), signed.read::<Reading>()));
    drop((Digest::parse(text), PublicKey::parse(text), serde_json::from_str::<Signed>(text)));
    // No text founds a site or changes one by itself.
    let mut site = Registry::found(founding()).expect("a site");
    assert!(site.judge(&signed).is_err());
    drop(site.restore(text));
}

fn founding() -> Genesis {
    let policy = text::policy("preset = \"ehds\"\n").expect("the preset");
    let officer = |number: u8| semla_policy::Person {
        name: format!("officer-{number}"),
        roles: [semla_policy::Role::Officer].into(),
        clearance: "internal".into(),
        ceiling: "public".into(),
        key: Some(PublicKey::from_bytes(&[number; 32])),
        disabled: false,
    };
    Genesis { policy, officers: vec![officer(1), officer(2)] }
}
