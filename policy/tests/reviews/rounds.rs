//! What a requester changes or leaves out, and what is said of it then.

use super::*;

#[test]
fn rule_6_a_file_that_changes_loses_its_votes_and_the_others_keep_theirs() {
    let site = site();
    let mut release = request(&site, named(&[]), named(&[]));
    for (by, file, decision) in [
        ("checker-1", "a.csv", Decision::RequestChanges),
        ("checker-2", "a.csv", Decision::RequestChanges),
        ("checker-1", "b.csv", Decision::Approve),
        ("checker-2", "b.csv", Decision::Approve),
    ] {
        release = cast(&site, &release, by, &vote(&site, file, decision)).unwrap();
    }
    assert_eq!(release.state, State::ChangesRequested);
    let replaced = |files: &[(&str, &str)]| {
        files.iter().map(|(file, content)| ((*file).into(), Digest::of(content.as_bytes()))).collect()
    };
    let replace = |files| release.step(Event::Replace(replaced(files)));
    assert!(replace(&[("b.csv", "new")]).is_err(), "nobody asked for it");
    assert!(replace(&[("a.csv", "new"), ("b.csv", "new")]).is_err(), "all or none");
    assert!(replace(&[("c.csv", "new")]).is_err(), "there is no such file");
    assert!(replace(&[]).is_err(), "nothing is replaced");
    let (same, effects) = replace(&[("a.csv", "a.csv")]).unwrap();
    assert_eq!(effects, [Effect::Check { file: "a.csv".into(), digest: Digest::of(b"a.csv") }]);
    assert_eq!(
        (same.state, same.files["a.csv"].votes.len()),
        (State::Checking, 0),
        "whether it is what it was isn't seen yet"
    );
    let checked = |release: &Release, content: &str| {
        let digest = Digest::of(content.as_bytes());
        release.step(Event::Checked { file: "a.csv".into(), digest, blocks: named(&[]) }).unwrap().0
    };
    let same = checked(&same, "a.csv");
    assert_eq!((same.state, state(&same, "a.csv")), (State::InReview, FileState::Disputed));
    assert_eq!(
        same.files["a.csv"].votes, release.files["a.csv"].votes,
        "what was said of this content is said of it still"
    );
    // Nobody approves it against those who said so, who may think again.
    let approve = vote(&site, "a.csv", Decision::Approve);
    let against = cast(&site, &same, "checker-4", &approve).unwrap();
    assert_eq!(state(&against, "a.csv"), FileState::Disputed);
    let agreed = ["checker-1", "checker-2"].iter().fold(against, |now, by| cast(&site, &now, by, &approve).unwrap());
    assert_eq!(agreed.state, State::Approved);
    let (next, effects) = replace(&[("a.csv", "new")]).unwrap();
    assert_eq!(effects, [Effect::Check { file: "a.csv".into(), digest: Digest::of(b"new") }]);
    assert!(next.files["a.csv"].votes.is_empty());
    assert_eq!((next.files["b.csv"].votes.len(), state(&next, "b.csv")), (2, FileState::Approved));
    assert_eq!((next.state, next.round), (State::Checking, release.round + 1));
    assert!(next.step(Event::Replace(replaced(&[("a.csv", "newer")]))).is_err(), "nobody asked for more yet");
    // A detour makes no difference, and neither does a copy that the checks make of it.
    let mut next = checked(&next, "new");
    assert_eq!((next.state, next.files["a.csv"].votes.len()), (State::InReview, 0));
    for by in ["checker-1", "checker-2"] {
        let vote = Vote { digest: Digest::of(b"new"), ..vote(&site, "a.csv", Decision::RequestChanges) };
        next = cast(&site, &next, by, &vote).unwrap();
    }
    let raw = next.step(Event::Replace(replaced(&[("a.csv", "raw")]))).unwrap().0;
    let mended = Event::Mended { file: "a.csv".into(), digest: Digest::of(b"raw"), copy: Digest::of(b"a.csv") };
    let back = checked(&raw.step(mended).unwrap().0, "a.csv");
    assert_eq!((state(&back, "a.csv"), back.files["a.csv"].votes.len()), (FileState::Disputed, 2));
    // What the checks block comes back to its author, and what was approved beside it waits for that.
    let digest = Digest::of(b"raw");
    let blocked = raw.step(Event::Checked { file: "a.csv".into(), digest, blocks: named(&["C1"]) }).unwrap().0;
    assert_eq!((blocked.state, state(&blocked, "a.csv")), (State::ChangesRequested, FileState::Returned));
    assert_eq!(blocked.step(Event::Replace(replaced(&[("a.csv", "newer")]))).unwrap().0.state, State::Checking);
    let changed = raw.step(Event::PolicyChanged(Box::new(terms(&site)))).unwrap().0;
    let blocks = named(&["C1"]);
    let again = changed.step(Event::Checked { file: "a.csv".into(), digest, blocks }).unwrap().0;
    assert_eq!(state(&again, "a.csv"), FileState::Returned, "under another policy, too");
    let without = blocked.step(Event::LeaveOut(["a.csv".to_owned()].into())).unwrap().0;
    assert_eq!(without.state, State::Approved);
}

#[test]
fn what_its_requester_leaves_out_is_out_and_the_rest_goes_on() {
    let site = site();
    let mut release = request(&site, named(&[]), named(&[]));
    let ask = |release: &Release, file: &str, decision| {
        ["checker-1", "checker-2"]
            .iter()
            .fold(release.clone(), |release, by| cast(&site, &release, by, &vote(&site, file, decision)).unwrap())
    };
    let leave = |release: &Release, files: &[&str]| {
        release.step(Event::LeaveOut(files.iter().map(|file| (*file).to_owned()).collect()))
    };
    assert!(leave(&release, &["a.csv"]).is_err(), "nobody asked for changes yet");
    release = ask(&release, "a.csv", Decision::RequestChanges);
    let both = ask(&release, "b.csv", Decision::RequestChanges);
    release = ask(&release, "b.csv", Decision::Approve);
    assert!(leave(&release, &["a.csv", "b.csv"]).is_err(), "nobody asked for changes of one of them");
    assert!(leave(&release, &[]).is_err() && leave(&release, &["c.csv"]).is_err());
    let (next, effects) = leave(&release, &["a.csv"]).unwrap();
    assert_eq!((next.state, state(&next, "a.csv")), (State::Approved, FileState::LeftOut));
    assert_eq!(effects, [Effect::Lower(vec!["b.csv".into()])]);
    assert_eq!(next.round, release.round + 1, "what comes of it is another answer");
    let stricter = three(&site);
    let changed = next.step(Event::PolicyChanged(Box::new(stricter))).unwrap().0;
    assert_eq!((state(&changed, "a.csv"), changed.state), (FileState::LeftOut, State::Checking), "it stays out");
    // One of two is left out: the other still waits for an answer.
    let (one, effects) = leave(&both, &["a.csv"]).unwrap();
    assert_eq!((one.state, effects), (State::ChangesRequested, vec![]));
    let (none, effects) = leave(&both, &["a.csv", "b.csv"]).unwrap();
    assert_eq!((none.state, effects), (State::Rejected, vec![]), "no file is left");
}

#[test]
fn a_requester_answers_once_all_is_said_and_for_no_file_that_is_out_or_under_way() {
    let site = site();
    let answers = |release: &Release, file: &str| {
        let new = Event::Replace([(file.to_owned(), Digest::of(b"newer"))].into());
        [new, Event::LeaveOut([file.to_owned()].into())].map(|event| release.step(event).is_ok())
    };
    let agreed = |release: &Release, file: &str, decision| {
        let vote = vote(&site, file, decision);
        ["checker-1", "checker-2"].iter().fold(release.clone(), |now, by| cast(&site, &now, by, &vote).unwrap())
    };
    // Beside one that is to be changed, files that are out stay out.
    let open = request(&site, named(&[]), named(&[]));
    let both = agreed(&agreed(&open, "a.csv", Decision::RequestChanges), "b.csv", Decision::RequestChanges);
    let blocked = agreed(&request(&site, named(&["C1"]), named(&[])), "b.csv", Decision::RequestChanges);
    let rejected = agreed(&agreed(&open, "a.csv", Decision::Reject), "b.csv", Decision::RequestChanges);
    let left = both.step(Event::LeaveOut(["a.csv".to_owned()].into())).unwrap().0;
    for (out, release) in [(FileState::Blocked, blocked), (FileState::Rejected, rejected), (FileState::LeftOut, left)] {
        assert_eq!((state(&release, "a.csv"), release.state), (out, State::ChangesRequested));
        assert_eq!(answers(&release, "a.csv"), [false; 2], "{out:?}");
        assert_eq!(answers(&release, "b.csv"), [true; 2], "the control");
        let both = ["a.csv", "b.csv"].map(|file| (file.to_owned(), Digest::of(b"newer")));
        assert!(release.step(Event::Replace(both.into())).is_err(), "all or none, {out:?}");
        assert!(release.step(Event::LeaveOut(["a.csv", "b.csv"].map(str::to_owned).into())).is_err());
    }
    // While the other file is voted on, or checked, nobody answers yet.
    let voting = agreed(&open, "a.csv", Decision::RequestChanges);
    let checking = both.step(Event::Replace([("b.csv".to_owned(), Digest::of(b"new"))].into())).unwrap().0;
    for (release, now) in [(voting, State::InReview), (checking, State::Checking)] {
        assert_eq!((release.state, state(&release, "a.csv")), (now, FileState::ChangesRequested));
        assert_eq!(answers(&release, "a.csv"), [false; 2], "{now:?}");
    }
}
