//! Votes on a file, and what its author is told.

use super::*;

#[test]
fn rule_6_votes_that_agree_decide_and_others_are_disputed_until_they_do() {
    let site = site();
    let release = request(&site, named(&[]), named(&["C1"]));
    assert_eq!((state(&release, "a.csv"), state(&release, "b.csv")), (FileState::Open, FileState::Blocked));
    let say = |release: &Release, by: &str, decision| cast(&site, release, by, &vote(&site, "a.csv", decision));
    for (decision, decided) in [
        (Decision::Approve, FileState::Approved),
        (Decision::RequestChanges, FileState::ChangesRequested),
        (Decision::Reject, FileState::Rejected),
    ] {
        let one = say(&release, "checker-1", decision).unwrap();
        assert_eq!(state(&one, "a.csv"), FileState::Open, "one vote decides nothing");
        assert_eq!(state(&say(&one, "checker-2", decision).unwrap(), "a.csv"), decided);
    }
    // Blind: a vote isn't changed before the others are seen.
    let one = say(&release, "checker-1", Decision::Approve).unwrap();
    assert!(say(&one, "checker-1", Decision::Reject).unwrap_err().what.contains("has voted"));
    let disputed = say(&one, "checker-2", Decision::Reject).unwrap();
    assert_eq!((state(&disputed, "a.csv"), disputed.state), (FileState::Disputed, State::InReview));
    // Now those who voted may vote again, and others may join; one who joins doesn't outvote anybody.
    let joined = say(&disputed, "checker-4", Decision::Approve).unwrap();
    assert_eq!(state(&joined, "a.csv"), FileState::Disputed);
    let agreed = say(&joined, "checker-2", Decision::Approve).unwrap();
    assert_eq!((state(&agreed, "a.csv"), agreed.state), (FileState::Approved, State::Approved));
    assert!(say(&agreed, "checker-2", Decision::Reject).is_err(), "what is decided is decided");
    let rejected = say(&disputed, "checker-1", Decision::Reject).unwrap();
    assert_eq!(rejected.state, State::Rejected);
}

#[test]
fn rule_6_a_vote_is_about_this_request_this_way_and_this_content() {
    let site = site();
    let release = request(&site, named(&[]), named(&["C1"]));
    let plain = vote(&site, "a.csv", Decision::Approve);
    let given = |vote: &Vote| cast(&site, &release, "checker-1", vote).map(drop).map_err(|refusal| refusal.what);
    assert_eq!(given(&plain), Ok(()));
    for other in [
        Vote { release: "r-2".into(), ..plain.clone() },
        Vote { requester: "stranger".into(), ..plain.clone() },
        Vote { from: "internal".into(), ..plain.clone() },
        Vote { to: "internal".into(), ..plain.clone() },
        Vote { digest: Digest::of(b"older"), ..plain.clone() },
    ] {
        assert!(given(&other).unwrap_err().contains("the vote is about another content of `a.csv`"), "{other:?}");
    }
    assert!(given(&Vote { file: "c.csv".into(), ..plain.clone() }).unwrap_err().contains("such file"));
    // The last approval has the approved files lowered, and no other.
    let one = cast(&site, &release, "checker-1", &plain).unwrap();
    let last = site.registry.vote(&site.sign(&plain, &["checker-2"]), &marking(&site)).unwrap();
    let (approved, effects) = one.step(Event::Vote(Box::new(last))).unwrap();
    assert_eq!((approved.state, effects), (State::Approved, vec![Effect::Lower(vec!["a.csv".into()])]));
    let words = [Decision::Approve, Decision::RequestChanges, Decision::Reject];
    for decision in words {
        assert_eq!(serde_json::to_value(decision).unwrap(), decision.word());
    }
    assert_eq!(words.map(Decision::word), ["approve", "request-changes", "reject"]);
}

#[test]
fn every_state_of_a_request_has_a_word_of_its_own() {
    let every = [
        State::Draft,
        State::Checking,
        State::InReview,
        State::ChangesRequested,
        State::Approved,
        State::Released,
        State::Rejected,
        State::Withdrawn,
        State::Expired,
        State::Revoked,
    ];
    let words: BTreeSet<&str> = every.iter().map(|state| state.word()).collect();
    assert_eq!(words.len(), every.len());
    assert!(words.contains("waiting for changes") && words.contains("being checked"));
}

#[test]
fn rule_6_an_answer_counts_for_what_was_asked_and_once() {
    let site = site();
    let files = BTreeMap::from(["a.csv", "b.csv"].map(|name| (name.to_owned(), Digest::of(name.as_bytes()))));
    let labels = (HIGH.to_owned(), "public".to_owned());
    let draft = Release::draft("r-1".into(), "colleague".into(), labels, &terms(&site), files);
    let asked = draft.step(Event::Submit).unwrap().0;
    let answer = |release: &Release, content: &[u8], blocks: Blocks| {
        let event = Event::Checked { file: "a.csv".into(), digest: Digest::of(content), blocks };
        release.step(event).unwrap().0
    };
    assert_eq!(state(&answer(&asked, b"older", named(&[])), "a.csv"), FileState::Unchecked, "of another content");
    let open = answer(&asked, b"a.csv", named(&[]));
    assert_eq!((state(&open, "a.csv"), open.state), (FileState::Open, State::Checking), "the other file is awaited");
    assert_eq!(state(&answer(&open, b"a.csv", named(&["C1"])), "a.csv"), FileState::Open, "a second answer is none");
    assert_eq!(state(&answer(&open, b"older", named(&["C1"])), "a.csv"), FileState::Open);
    // A mended copy takes the place of what was asked about, and is asked about anew.
    let mend = |release: &Release, content: &[u8]| {
        let (digest, copy) = (Digest::of(content), Digest::of(b"copy"));
        release.step(Event::Mended { file: "a.csv".into(), digest, copy }).unwrap()
    };
    let (mended, effects) = mend(&asked, b"a.csv");
    assert_eq!(effects, [Effect::Check { file: "a.csv".into(), digest: Digest::of(b"copy") }]);
    let copy = &mended.files["a.csv"];
    assert_eq!((copy.digest, copy.state), (Digest::of(b"copy"), FileState::Unchecked));
    assert_eq!(state(&answer(&mended, b"a.csv", named(&[])), "a.csv"), FileState::Unchecked, "what was mended is gone");
    for (release, content) in [(&asked, &b"older"[..]), (&open, b"a.csv"), (&open, b"older")] {
        assert_eq!(mend(release, content), (release.clone(), vec![]), "nothing is mended that isn't awaited");
    }
}

#[test]
fn rule_6_what_is_decided_is_decided_while_another_file_is_open() {
    let site = site();
    let mut release = request(&site, named(&[]), named(&[]));
    for by in ["checker-1", "checker-2"] {
        release = cast(&site, &release, by, &vote(&site, "a.csv", Decision::Approve)).unwrap();
    }
    assert_eq!((state(&release, "a.csv"), release.state), (FileState::Approved, State::InReview));
    let again = cast(&site, &release, "checker-4", &vote(&site, "a.csv", Decision::Reject)).unwrap_err();
    assert!(again.what.contains("`a.csv` is no longer open for votes"), "{again}");
    let blocked = request(&site, named(&["C1", "T5"]), named(&[]));
    let refused = cast(&site, &blocked, "checker-1", &vote(&site, "a.csv", Decision::Approve)).unwrap_err();
    assert!(refused.what.contains("the checks block `a.csv`"), "{refused}");
    // Who excuses something else is told what there is to excuse.
    let excusable = request(&site, named(&["T1", "T4"]), named(&[]));
    let said = |file: &str| {
        let wrong = excusing(&["T1"], vote(&site, file, Decision::Approve));
        cast(&site, &excusable, "checker-1", &wrong).unwrap_err().what
    };
    assert!(said("a.csv").contains("`a.csv` is blocked by T1, T4"), "{}", said("a.csv"));
    assert!(said("b.csv").contains("nothing blocks `b.csv`"), "{}", said("b.csv"));
}

#[test]
fn rule_6_the_parts_of_a_vote_fit_each_other() {
    let site = site();
    let marking = marking(&site);
    let taken = |vote: &Vote| site.registry.vote(&site.sign(vote, &["checker-1"]), &marking).is_ok();
    let [approve, reject] = [Decision::Approve, Decision::Reject].map(|decision| vote(&site, "a.csv", decision));
    assert!(taken(&approve) && taken(&reject) && taken(&excusing(&["T1"], approve.clone())));
    assert!(!taken(&excusing(&["T1"], reject.clone())), "a rejection that excuses");
    assert!(!taken(&Vote { reason: None, ..excusing(&["T1"], approve.clone()) }), "an excuse without a reason");
    assert!(!taken(&Vote { excuses: [].into(), ..excusing(&["T1"], approve.clone()) }), "a reason for nothing");
    let last = u8::try_from(site.registry.policy().replies.len()).unwrap();
    let replying = |numbers: &[u8]| taken(&Vote { replies: numbers.iter().copied().collect(), ..reject.clone() });
    assert!(replying(&[1]) && replying(&[last]) && replying(&[1, 2, 3]));
    assert!(!replying(&[0]) && !replying(&[last + 1]) && !replying(&[1, 2, 3, 4]));
    // Replies have one order: another one could tell something.
    let mut signed = site.sign(&Vote { replies: [1, 2].into(), ..reject }, &[]);
    assert!(signed.read::<Vote>().is_ok());
    signed.payload = signed.payload.replace("[1,2]", "[2,1]");
    assert!(signed.read::<Vote>().is_err());
}

#[test]
fn a_reason_is_named_by_its_text_and_a_salt() {
    let reason = |salt: &str, text: &str| Reason { salt: salt.into(), text: text.into() }.digest();
    let salt = "00112233445566778899aabbccddeeff";
    let digest = reason(salt, "known totals").unwrap();
    assert_eq!(digest, Digest::of(format!("{salt}:known totals").as_bytes()));
    assert_ne!(reason(&salt.replace('0', "1"), "known totals"), Some(digest));
    for (salt, text) in
        [(salt, " "), ("", "x"), (&salt[1..], "x"), (&salt.to_uppercase(), "x"), (salt, &"x".repeat(2001))]
    {
        assert_eq!(reason(salt, text), None);
    }
    assert!(reason(salt, &"x".repeat(2000)).is_some());
}

#[test]
fn rule_4_an_author_is_told_at_most_three_replies_and_pays_for_what_they_can_tell() {
    let site = site();
    let with =
        |numbers: &[u8]| Vote { replies: numbers.iter().copied().collect(), ..vote(&site, "a.csv", Decision::Reject) };
    assert_eq!(replies(&[with(&[2, 5]), with(&[5])]), [2, 5].into());
    assert_eq!(replies(&[with(&[1, 2, 9]), with(&[7, 8, 9])]), [1, 2, 9].into(), "the most chosen, then the first");
    // Approved, to be changed, rejected or undecided, with none to three of nine replies: 4 x 130 answers; and one of four of the whole.
    let bits = |feedback: Feedback| feedback.decided(9, 1);
    assert_eq!([Feedback::Notices, Feedback::Verdict, Feedback::Nothing].map(bits), [12, 4, 0]);
    assert_eq!(Feedback::Notices.decided(0, 1), 4);
    assert_eq!(Feedback::Notices.decided(1, 1), 5);
    // Two files.
    assert_eq!(Feedback::Verdict.decided(9, 2), 2 * 2 + 2);
}
