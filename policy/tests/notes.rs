//! Rule 6 for what reviewers write to authors: a note is a file like any other, and its author is the reviewer.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use semla_policy::release::Note;
use semla_policy::*;

fn marking(site: &Site) -> Marking {
    let policy = *site.registry.policy_digest();
    Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy }
}

/// Another statement that a reviewer signs.
fn another(site: &Site) -> Change {
    site.change(Record::Halt(Halt { scope: "all".into(), lifted: false }))
}

#[test]
fn rule_6_a_note_is_one_reviewers_about_exactly_one_content_and_its_author_votes_on_no_note_of_theirs() {
    let site = Site::new();
    let digest = Digest::of(b"a.csv");
    let note = Note {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: "a.csv".into(),
        digest,
        from: HIGH.into(),
        text: "leave the second column out".into(),
    };
    let judge = |note: &Note, by: &[&str]| site.registry.note(&site.sign(note, by), &marking(&site), &digest);
    assert_eq!(judge(&note, &["checker-1"]).unwrap().0, "checker-1");
    let words = |text: String| Note { text, ..note.clone() };
    assert!(judge(&words("é".repeat(1000)), &["checker-1"]).is_ok());
    let elsewhere = Note { digest: Digest::of(b"b.csv"), ..note.clone() };
    let lower = Note { from: "public".into(), ..note.clone() };
    for wrong in [elsewhere, lower, words(" \n".into()), words("é".repeat(1001))] {
        assert_eq!(judge(&wrong, &["checker-1"]).unwrap_err().rule, 6, "{wrong:?}");
    }
    for by in [&[][..], &["checker-1", "checker-2"], &["colleague"], &["scientist"], &["officer-1"], &["steward-1"]] {
        assert_eq!(judge(&note, by).unwrap_err().rule, 6, "{by:?}");
    }
    assert!(judge(&Note { requester: "checker-1".into(), ..note.clone() }, &["checker-1"]).is_err());
    // A signature over something else doesn't count as one over a note.
    let signed = site.sign(&another(&site), &["checker-1"]);
    let forged = Signed { payload: serde_json::to_string(&note).unwrap(), ..signed };
    assert_eq!(site.registry.note(&forged, &marking(&site), &digest).unwrap_err().rule, 10);
    // What becomes of it belongs to the one who wrote it.
    let of_note = Marking { submitter: "checker-1".into(), ..marking(&site) };
    assert!(site.registry.independent("checker-1", &of_note, "public", "checker-1").is_err());
    assert!(
        site.registry.independent("checker-1", &of_note, "public", "checker-2").is_err(),
        "whoever the daemon says asked"
    );
    assert!(site.registry.independent("checker-2", &of_note, "public", "checker-1").is_ok());
}
