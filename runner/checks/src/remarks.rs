//! F3, F4, F5, F6: what the readers of formats found amiss.
//!
//! A reader knows its format, and a check knows whose matter something is. So readers note what they find under the check's id, and
//! here it becomes that check's word.

use crate::anatomy::Body;
use crate::finding::Finding;
use crate::subject::Subject;

/// F3: archives and streams.
pub(crate) fn archives(subject: &Subject<'_>) -> Vec<Finding> {
    of("F3", subject)
}

/// F4: pickles.
pub(crate) fn pickles(subject: &Subject<'_>) -> Vec<Finding> {
    of("F4", subject)
}

/// F5: the structure of model files.
pub(crate) fn structure(subject: &Subject<'_>) -> Vec<Finding> {
    of("F5", subject)
}

/// F6: active and hidden content. A figure is the copy that holds nothing else, or that copy takes its place.
pub(crate) fn hidden(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = of("F6", subject);
    if findings.is_empty() {
        findings.extend(subject.plain().iter().filter_map(|part| match &part.body {
            // The same pixels can be packed in many ways, and the choice can carry a message.
            Body::Figure(figure) if !figure.canonical => Some(Finding::block(
                "the figure isn't packed as its copy is",
                "release the re-encoded copy, which holds nothing else",
            )),
            Body::Figure(_) => Some(Finding::pass("pixels, in the one packing that a figure may have")),
            _ => None,
        }));
    }
    findings
}

/// What was noted under a check's id.
pub(crate) fn of(check: &str, subject: &Subject<'_>) -> Vec<Finding> {
    subject.anatomy.remarks.iter().filter(|remark| remark.check == check).cloned().collect()
}
