//! What happens next with a request, for the one who looks at it.

use crate::output::{counted, plain};
use semla_daemon::api::ReleaseView;

/// Whether a file waits for the vote of the one who looks: while it is open, the one vote that they see is their own.
pub(super) fn awaits_vote(view: &ReleaseView) -> bool {
    view.reviewable
        && view.files.values().any(|file| match file.state.as_deref() {
            Some("open") => file.votes.is_empty(),
            state => state == Some("disputed"),
        })
}

/// The next step, and whose it is.
pub(super) fn step(view: &ReleaseView) -> Option<String> {
    let id = &view.id;
    let whose = match view.about {
        Some(_) => "other reviewers than its author",
        None => "independent reviewers",
    };
    Some(match (view.state.as_str(), view.reviewable) {
        ("checking", _) => format!("the checks answer: semla release show {id}"),
        ("submitted", _) if view.meaning.is_none() => {
            format!("the checks begin when the host has a place for them: semla release show {id}")
        }
        ("in-review", true) if awaits_vote(view) => format!(
            "semla release show {id} --file NAME, then semla release review {id} --approve, or --request-changes --reply N, or --reject"
        ),
        ("in-review", true) => "the others vote".to_owned(),
        ("submitted" | "in-review", false) => {
            let needed = counted((view.reviewers.into(), "approval"));
            format!("each file takes {needed} of {whose}; once it is released: semla release download {id} -D DIR")
        }
        ("changes-requested", false) => answer(view),
        ("changes-requested", true) => "its author answers".to_owned(),
        ("approved", false) => format!("the bundle is being made; then: semla release download {id} -D DIR"),
        ("approved", true) => "the bundle is being made".to_owned(),
        ("released", false) if view.files.is_empty() => format!("to take it back: semla release revoke {id}"),
        ("released", false) => format!("semla release download {id} -D DIR"),
        ("rejected", false) if unexplained(view) => {
            "nothing may be told of why: see that the job writes each file that you ask for, run it again, and ask anew"
                .to_owned()
        }
        ("rejected", false) => "mend what is named above, run the job again, and ask anew".to_owned(),
        ("expired", false) => "ask for it anew".to_owned(),
        _ => return None,
    })
}

/// Whether the checks keep every file, and say of none why.
fn unexplained(view: &ReleaseView) -> bool {
    view.files.values().all(|file| file.state.as_deref() == Some("blocked") && file.notice.is_none())
}

/// What an author can answer to those who want files changed.
fn answer(view: &ReleaseView) -> String {
    let id = &view.id;
    if view.about.is_some() {
        return format!("semla release withdraw {id}, and write another note");
    }
    let awaits = |state: Option<&str>| matches!(state, Some("changes-requested" | "returned"));
    let files = view.files.iter().filter(|(_, file)| awaits(file.state.as_deref())).map(|(name, _)| plain(name));
    let files = files.collect::<Vec<_>>().join(" ");
    if view.moved {
        return format!(
            "another policy is in force, so what a later job leaves is a request of its own; to go on without: semla release leave-out \
             {id} {files}"
        );
    }
    format!(
        "mend your code, run the job again, then: semla release replace {id} {files} --job JOB; to go on without: semla release \
         leave-out {id} {files}; a file of another name is a request of its own"
    )
}
