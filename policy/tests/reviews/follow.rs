//! Records change under a request.

use super::*;

#[test]
fn rule_6_another_policy_begins_anew_whatever_could_still_leave() {
    let site = site();
    let mut release = request(&site, named(&[]), named(&["C1"]));
    for by in ["checker-1", "checker-2"] {
        release = cast(&site, &release, by, &vote(&site, "a.csv", Decision::Approve)).unwrap();
    }
    assert_eq!(release.state, State::Approved);
    let stricter = three(&site);
    let changed = |release: &Release| release.step(Event::PolicyChanged(Box::new(stricter.clone())));
    let (next, effects) = changed(&release).unwrap();
    assert_eq!(effects, [Effect::Check { file: "a.csv".into(), digest: Digest::of(b"a.csv") }]);
    assert_eq!((next.state, next.panels.reviewers(), next.excuse.as_ref()), (State::Checking, 3, None));
    assert!(next.files["a.csv"].votes.is_empty());
    assert_eq!(next.round, release.round + 1, "the checks begin anew, and there is another answer to be told");
    assert_eq!(state(&next, "b.csv"), FileState::Blocked, "what left the request stays out");
    // What waits for its author goes on waiting, and nothing begins.
    let mut waiting = request(&site, named(&[]), named(&["C1"]));
    for by in ["checker-1", "checker-2"] {
        waiting = cast(&site, &waiting, by, &vote(&site, "a.csv", Decision::RequestChanges)).unwrap();
    }
    let (still, effects) = changed(&waiting).unwrap();
    assert_eq!((still.state, still.round, effects), (State::ChangesRequested, waiting.round, vec![]));
    // What comes in its place is judged by nothing that was said under the old policy, even if it is the same content.
    let same = BTreeMap::from([("a.csv".to_owned(), Digest::of(b"a.csv"))]);
    let again = |release: &Release| {
        let (next, _) = release.step(Event::Replace(same.clone())).unwrap();
        let checked = Event::Checked { file: "a.csv".into(), digest: Digest::of(b"a.csv"), blocks: named(&[]) };
        let file = next.step(checked).unwrap().0.files["a.csv"].clone();
        (file.state, file.votes.len())
    };
    assert_eq!(again(&still), (FileState::Open, 0));
    assert_eq!(again(&waiting), (FileState::Disputed, 2), "the control: under one policy it is");
    // Nor by what was said of it before something else had its place.
    let newer = Digest::of(b"newer");
    let (mut second, _) = waiting.step(Event::Replace([("a.csv".to_owned(), newer)].into())).unwrap();
    let checked = Event::Checked { file: "a.csv".into(), digest: newer, blocks: named(&[]) };
    second = second.step(checked).unwrap().0;
    for by in ["checker-1", "checker-2"] {
        let said = Vote { digest: newer, ..vote(&site, "a.csv", Decision::RequestChanges) };
        second = cast(&site, &second, by, &said).unwrap();
    }
    assert_eq!(again(&second), (FileState::Disputed, 2), "the control");
    assert_eq!(again(&changed(&second).unwrap().0), (FileState::Open, 0));
    // Of what is out it stays on record what was said.
    let mut rejected = request(&site, named(&[]), named(&[]));
    for (file, said) in [("a.csv", Decision::Approve), ("b.csv", Decision::Reject)] {
        for by in ["checker-1", "checker-2"] {
            rejected = cast(&site, &rejected, by, &vote(&site, file, said)).unwrap();
        }
    }
    let (next, _) = changed(&rejected).unwrap();
    assert_eq!((state(&next, "b.csv"), next.files["b.csv"].votes.len()), (FileState::Rejected, 2));
    assert_eq!((state(&next, "a.csv"), next.files["a.csv"].votes.len()), (FileState::Unchecked, 0), "the control");
    let released = release.step(Event::Lowered).unwrap().0;
    assert!(changed(&released).is_err(), "what was lowered was lowered under the policy of its day");
    let draft = Release { state: State::Draft, ..release };
    assert_eq!(changed(&draft).unwrap().1, []);
}

#[test]
fn a_request_ends_when_what_it_rests_on_is_gone_and_an_officer_stops_it_anywhere() {
    let site = site();
    let open = request(&site, named(&[]), named(&[]));
    let blocked = request(&site, named(&["C1"]), named(&["C1"]));
    let mut approved = request(&site, named(&[]), named(&["C1"]));
    for by in ["checker-1", "checker-2"] {
        approved = cast(&site, &approved, by, &vote(&site, "a.csv", Decision::Approve)).unwrap();
    }
    let after = |release: &Release, event| release.step(event).map(|(next, _)| next.state).ok();
    for pending in [&open, &approved] {
        assert_eq!(after(pending, Event::Lapsed), Some(State::Expired));
        assert_eq!(after(pending, Event::Withdraw), Some(State::Withdrawn));
        assert_eq!(pending.step(Event::Revoke).unwrap().1, [Effect::Withhold]);
    }
    assert_eq!((after(&open, Event::Expire), after(&approved, Event::Expire)), (Some(State::Expired), None));
    let released = approved.step(Event::Lowered).unwrap().0;
    assert_eq!(after(&released, Event::Revoke), Some(State::Revoked));
    for over in [Event::Lapsed, Event::Withdraw, Event::Expire] {
        assert_eq!(after(&released, over), None);
    }
    assert_eq!(after(&blocked, Event::Revoke), None, "nothing of it can leave");
}

/// For each state that a file of a sent request can be in, one in which `a.csv` is in it, and `b.csv` could still leave.
fn each_state(site: &Site) -> Vec<(FileState, Release)> {
    let agreed = |release: Release, file: &str, decision| {
        let vote = vote(site, file, decision);
        ["checker-1", "checker-2"].iter().fold(release, |now, by| cast(site, &now, by, &vote).unwrap())
    };
    let open = request(site, named(&[]), named(&[]));
    let disputed = cast(site, &open, "checker-1", &vote(site, "a.csv", Decision::Approve)).unwrap();
    let disputed = cast(site, &disputed, "checker-2", &vote(site, "a.csv", Decision::Reject)).unwrap();
    let wanted = agreed(agreed(open.clone(), "b.csv", Decision::Approve), "a.csv", Decision::RequestChanges);
    let digest = Digest::of(b"new");
    let unchecked = wanted.step(Event::Replace([("a.csv".to_owned(), digest)].into())).unwrap().0;
    let blocked = Event::Checked { file: "a.csv".into(), digest, blocks: named(&["C1"]) };
    let each = vec![
        (FileState::Open, open.clone()),
        (FileState::Disputed, disputed),
        (FileState::Blocked, request(site, named(&["C1"]), named(&[]))),
        (FileState::Approved, agreed(open.clone(), "a.csv", Decision::Approve)),
        (FileState::Rejected, agreed(open, "a.csv", Decision::Reject)),
        (FileState::Returned, unchecked.step(blocked).unwrap().0),
        (FileState::LeftOut, wanted.step(Event::LeaveOut(["a.csv".to_owned()].into())).unwrap().0),
        (FileState::Unchecked, unchecked),
        (FileState::ChangesRequested, wanted),
    ];
    for (expected, release) in &each {
        assert_eq!(state(release, "a.csv"), *expected);
    }
    each
}

#[test]
fn rule_6_another_policy_begins_anew_with_each_file_that_is_under_way_and_with_no_other() {
    let site = site();
    for (before, release) in each_state(&site) {
        let digest = release.files["a.csv"].digest;
        let (next, effects) = release.step(Event::PolicyChanged(Box::new(terms(&site)))).unwrap();
        let again = effects.contains(&Effect::Check { file: "a.csv".into(), digest });
        use FileState::{Approved, Disputed, Open, Unchecked};
        let under_way = matches!(before, Unchecked | Open | Disputed | Approved);
        assert_eq!(again, under_way, "{before:?}");
        assert_eq!(state(&next, "a.csv"), if under_way { Unchecked } else { before });
        assert_eq!((state(&next, "b.csv"), next.state), (Unchecked, State::Checking), "{before:?}");
        if !under_way {
            continue;
        }
        // Of what was said before, nothing is said any more; what answers reviewers goes on answering them.
        let blocked = if before == Unchecked { FileState::Returned } else { FileState::Blocked };
        for (blocks, after) in [(named(&[]), Open), (named(&["C1"]), blocked)] {
            let checked = next.step(Event::Checked { file: "a.csv".into(), digest, blocks }).unwrap().0;
            assert_eq!((state(&checked, "a.csv"), checked.files["a.csv"].votes.len()), (after, 0), "{before:?}");
        }
    }
}

#[test]
fn rule_6_votes_are_counted_once_more_while_they_can_decide_and_in_no_other_state() {
    let site = site();
    let recounted = |release: &Release| release.step(Event::Recounted { file: "b.csv".into(), votes: vec![] });
    let agreed = |release: &Release, file: &str, decision| {
        let vote = vote(&site, file, decision);
        ["checker-1", "checker-2"].iter().fold(release.clone(), |now, by| cast(&site, &now, by, &vote).unwrap())
    };
    let review = agreed(&request(&site, named(&[]), named(&[])), "b.csv", Decision::Approve);
    let wanted = agreed(&review, "a.csv", Decision::RequestChanges);
    let checking = wanted.step(Event::Replace([("a.csv".to_owned(), Digest::of(b"new"))].into())).unwrap().0;
    let approved = agreed(&review, "a.csv", Decision::Approve);
    let released = approved.step(Event::Lowered).unwrap().0;
    for release in [&review, &approved] {
        let next = recounted(release).unwrap().0;
        assert_eq!((state(&next, "b.csv"), next.state), (FileState::Open, State::InReview));
    }
    let withdrawn = review.step(Event::Withdraw).unwrap().0;
    let expired = review.step(Event::Expire).unwrap().0;
    let revoked = released.step(Event::Revoke).unwrap().0;
    for release in [wanted, checking, released, withdrawn, expired, revoked] {
        assert_eq!(state(&release, "b.csv"), FileState::Approved);
        assert!(recounted(&release).is_err(), "{:?}", release.state);
    }
}

#[test]
fn rule_6_what_is_decided_otherwise_is_not_counted_once_more_and_votes_on_an_open_file_are() {
    let site = site();
    let recounted =
        |release: &Release, file: &str| release.step(Event::Recounted { file: file.into(), votes: vec![] }).unwrap();
    for (before, release) in each_state(&site) {
        use FileState::{Approved, Disputed, Open};
        // Where a request waits for its author, or for the checks, nothing is counted.
        if !matches!(release.state, State::InReview | State::Approved) {
            continue;
        }
        let (next, effects) = recounted(&release, "a.csv");
        if matches!(before, Approved | Disputed | Open) {
            assert_eq!((state(&next, "a.csv"), next.files["a.csv"].votes.len()), (Open, 0), "{before:?}");
        } else {
            assert_eq!((next, effects), (release, vec![]), "{before:?}");
        }
    }
    let wanted = ["checker-1", "checker-2"].iter().fold(request(&site, named(&[]), named(&[])), |now, by| {
        cast(&site, &now, by, &vote(&site, "a.csv", Decision::RequestChanges)).unwrap()
    });
    assert_eq!((recounted(&wanted, "a.csv").0, wanted.state), (wanted, State::InReview));
    let open = request(&site, named(&[]), named(&[]));
    let one = cast(&site, &open, "checker-1", &vote(&site, "a.csv", Decision::Reject)).unwrap();
    assert_eq!(
        recounted(&one, "a.csv").0,
        open,
        "a vote that doesn't count any more is gone before anything is decided"
    );
}
