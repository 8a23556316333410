//! F1: the content is what the name says, of a type that may leave and that a check here can read.

use crate::figure::Figure;
use crate::finding::Finding;
use crate::magic::{Kind, PNG};
use crate::say::quoted;
use crate::subject::{Content, Subject};
use semla_policy::OutputKind;

/// The types that the checks of this battery read.
const READ: [&str; 6] = ["csv", "tsv", "json", "txt", "md", "png"];

/// The types that the policy lets leave and that a check reads: no other one can pass.
fn remedy(subject: &Subject<'_>) -> String {
    let types = &subject.evidence.profile.types;
    let both: Vec<_> = READ.into_iter().filter(|ending| types.iter().any(|kind| kind == ending)).collect();
    format!("write {}", both.join(", "))
}

/// Compares name, content and the profile's `types`.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = vec![content(subject)];
    findings.extend(allowed(subject));
    if let OutputKind::Model = subject.evidence.declaration.kind {
        findings.push(Finding::review("no machine clears a model alone", ""));
    } else if let OutputKind::Figure = subject.evidence.declaration.kind
        && !matches!(subject.content, Content::Figure(_))
    {
        findings.push(Finding::review("it was declared a figure and is none", "mend `kind` in the job file"));
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

fn content(subject: &Subject<'_>) -> Finding {
    let ending = &subject.ending;
    match &subject.content {
        Content::Binary(kind) => unread(*kind, subject),
        Content::Unread => Finding::block(format!("no check reads {} yet", quoted(ending)), remedy(subject)),
        Content::Large(what) => Finding::block(format!("{what}: what it is wasn't looked at"), "write less"),
        Content::Faulty(line, what) => {
            let message = format!("the file isn't plain {}: {what}", quoted(ending));
            Finding::block(message, "write it with an ordinary writer, such as pandas' or Python's own").at_lines(*line)
        }
        Content::Figure(_) if !PNG.endings.contains(&ending.as_str()) => disagree(PNG, ending),
        Content::Figure(figure) => self::figure(figure),
        Content::Words(text) => words(subject, text),
        Content::Tables(_) | Content::Tree(_) => Finding::pass(format!("plain {ending}")),
    }
}

fn words(subject: &Subject<'_>, text: &str) -> Finding {
    match &subject.evidence.traceback {
        Some(nameable) if !nameable.allows(text) => {
            let message = "the traceback names something else than a class of the policy's list and a line of the code";
            Finding::block(message, "nothing to mend: ask for declared outputs instead")
        }
        Some(_) => Finding::review("the job chose the class and the line: see that they say no more", ""),
        None => Finding::pass(format!("plain {}", subject.ending)),
    }
}

/// A type with a signature that no check reads; joblib's files are pickles, plain or compressed.
fn unread(kind: Kind, subject: &Subject<'_>) -> Finding {
    let ending = subject.ending.as_str();
    if !kind.endings.contains(&ending) {
        return disagree(kind, ending);
    }
    let name = if ending == "joblib" { ending } else { kind.name };
    Finding::block(
        format!("no check reads {name} yet"),
        format!("keep it inside; what can leave is a summary: {}", remedy(subject)),
    )
    .with("type", name)
}

fn disagree(kind: Kind, ending: &str) -> Finding {
    let message = format!("the file is called {} and holds {}", quoted(ending), kind.name);
    Finding::block(message, "give it the name of what it is").with("type", kind.name)
}

fn figure(figure: &Figure) -> Finding {
    if figure.trailing > 0 {
        let message = format!("{} bytes follow the figure's end", figure.trailing);
        return Finding::block(message, "write the figure with an ordinary plotting library");
    }
    let remedy = "release the re-encoded copy, which holds nothing else";
    match (figure.foreign.is_empty(), figure.canonical) {
        (false, _) => {
            let names = figure.foreign.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
            Finding::block(format!("the figure holds more than pixels: {names}"), remedy)
        }
        // The same pixels can be packed in many ways, and the choice can carry a message.
        (true, false) => Finding::block("the figure isn't packed as its copy is", remedy),
        (true, true) => Finding::review("a figure of plain pixels; no machine clears a figure alone", ""),
    }
}
