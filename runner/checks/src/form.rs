//! F1: the content is what the name says, of a type that may leave and that a check here can read.

use crate::anatomy::Body;
use crate::finding::Finding;
use crate::formats::Kind;
use crate::remarks;
use crate::say::quoted;
use crate::subject::Subject;
use semla_policy::OutputKind;

/// Compares name, content and the profile's `types`.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = vec![content(subject)];
    findings.extend(remarks::of("F1", subject));
    findings.extend(traceback(subject));
    findings.extend(allowed(subject));
    let is_figure = |body: &Body| matches!(body, Body::Figure(_));
    let figures = subject.plain().iter().filter(|part| is_figure(&part.body)).count();
    match subject.evidence.declaration.kind {
        OutputKind::Model => findings.push(Finding::review("no machine clears a model alone", "")),
        OutputKind::Figure if figures == 0 && !subject.kind.as_ref().is_ok_and(|kind| kind.name == "pdf") => {
            findings.push(Finding::review("it was declared a figure and is none", "mend `kind` in the job file"));
        }
        _ if figures > 0 => findings.push(Finding::review("no machine clears a figure alone", "")),
        _ => {}
    }
    findings
}

fn allowed(subject: &Subject<'_>) -> Option<Finding> {
    let types = &subject.evidence.profile.types;
    (!types.contains(&subject.ending)).then(|| {
        let message = match subject.ending.as_str() {
            "" => "the name has no ending that says what the file is".to_owned(),
            ending => format!("the policy lets no file of type {} leave", quoted(ending)),
        };
        Finding::block(message, remedy(subject))
    })
}

/// The types that the policy lets leave and that a check reads: no other one can pass.
fn remedy(subject: &Subject<'_>) -> String {
    let types = &subject.evidence.profile.types;
    let read = Kind::all().filter(|kind| kind.is_read()).flat_map(|kind| kind.endings);
    let mut both: Vec<&str> = read.copied().filter(|ending| types.iter().any(|kind| kind == ending)).collect();
    both.sort_unstable();
    both.dedup();
    format!("write {}", both.join(", "))
}

fn content(subject: &Subject<'_>) -> Finding {
    match &subject.kind {
        Ok(kind) => Finding::pass(format!("plain {}", kind.name)),
        Err(fault) => {
            let message = format!("the file isn't plainly what its name says: {}", fault.what);
            let finding = Finding::block(message, fault.remedy.unwrap_or("write it with an ordinary library"));
            let finding = fault.kind.map_or(finding.clone(), |kind| finding.with("type", kind));
            let finding = fault.offset.map_or(finding.clone(), |offset| finding.with("offset", offset));
            finding.at_lines(fault.line)
        }
    }
}

fn traceback(subject: &Subject<'_>) -> Option<Finding> {
    let nameable = subject.evidence.traceback.as_ref()?;
    let is_allowed = |body: &Body| matches!(body, Body::Words(text) if nameable.allows(text));
    Some(match subject.plain().iter().all(|part| is_allowed(&part.body)) {
        true => Finding::review("the job chose the class and the line: see that they say no more", ""),
        false => {
            let message = "the traceback names something else than a class of the policy's list and a line of the code";
            Finding::block(message, "nothing to mend: ask for declared outputs instead")
        }
    })
}
