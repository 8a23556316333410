//! Blocks: what they keep back, and which may be excused by whom.

use super::*;

#[test]
fn rule_6_a_block_is_excused_by_more_reviewers_who_all_excuse_exactly_that() {
    let site = site();
    let release = request(&site, named(&["T1"]), named(&[]));
    assert_eq!((state(&release, "a.csv"), release.needed(&release.files["a.csv"])), (FileState::Open, 3));
    assert_eq!(release.needed(&release.files["b.csv"]), 2);
    let plain = vote(&site, "a.csv", Decision::Approve);
    for wrong in [plain.clone(), excusing(&["T4"], plain.clone()), excusing(&["T1", "T4"], plain.clone())] {
        assert!(cast(&site, &release, "checker-1", &wrong).is_err(), "{:?}", wrong.excuses);
    }
    assert!(cast(&site, &release, "checker-1", &excusing(&["T1"], vote(&site, "b.csv", Decision::Approve))).is_err());
    let mut next = release;
    for by in THREE {
        assert_eq!(state(&next, "a.csv"), FileState::Open);
        next = cast(&site, &next, by, &excusing(&["T1"], plain.clone())).unwrap();
    }
    assert_eq!(state(&next, "a.csv"), FileState::Approved);
}

#[test]
fn rule_6_some_blocks_are_never_excused() {
    let site = site();
    let release = request(&site, named(&["T1", "T4"]), named(&["T1", "T5"]));
    assert_eq!((state(&release, "a.csv"), state(&release, "b.csv")), (FileState::Open, FileState::Blocked));
    let release = request(&site, Blocks::Unnamed, named(&["C1"]));
    assert_eq!(release.state, State::Rejected, "no answer isn't excused");
    // Not even where a policy named them.
    let all = Excuse { checks: ["C1", "C5", "F4", "T1"].map(str::to_owned).into(), reviewers: 3 };
    for never in ["C1", "C5", "F4"] {
        assert_eq!(named(&[never]).excusable(Some(&all)), None, "{never}");
        let mut policy = policy();
        policy.releases[0].excuse = Some(Excuse { checks: vec![never.into()], reviewers: 3 });
        assert!(!policy.faults().is_empty(), "{never}");
    }
    assert!(named(&["T1"]).excusable(Some(&all)).is_some(), "the control");
    assert_eq!(named(&["T1"]).excusable(None), None);
    assert!(named(&[]).excusable(None).is_some());
}

#[test]
fn rule_8_what_was_not_checked_or_not_answered_is_no_pass() {
    let [one, other] = [b"one", b"two"].map(|text| Digest::of(text));
    let judged = |policy: Digest, verdict, blocks: &[&str]| Judged {
        policy,
        verdict,
        blocks: blocks.iter().map(|check| (*check).to_owned()).collect(),
    };
    let under = |judged: &[Judged]| Blocks::under([&one, &other], judged);
    let pass = |policy| judged(policy, Verdict::Pass, &[]);
    assert_eq!(under(&[pass(one), pass(other)]), Some(named(&[])));
    assert_eq!(under(&[pass(one)]), None);
    assert_eq!(under(&[pass(one), judged(other, Verdict::Block, &[])]), Some(Blocks::Unnamed));
    assert_eq!(under(&[judged(one, Verdict::Block, &["T1"]), pass(other)]), Some(named(&["T1"])));
    let both = [judged(one, Verdict::Block, &["T1"]), judged(other, Verdict::Block, &["T4"])];
    assert_eq!(under(&both), Some(named(&["T1", "T4"])));
    // One answer that can't be read isn't made up for by another that can.
    let twice = [both[0].clone(), judged(one, Verdict::Block, &[]), pass(other)];
    assert_eq!(under(&twice), Some(Blocks::Unnamed));
    // Whatever its last word is: a check that blocks blocks.
    assert_eq!(under(&[judged(one, Verdict::Pass, &["C1"]), pass(other)]), Some(named(&["C1"])));
}

/// What the launcher says of a file with these blocks and these votes.
fn lowers(site: &Site, blocks: &[&str], votes: &[(&str, Vote)]) -> Result<(), String> {
    let (digest, marking) = (Digest::of(b"a.csv"), marking(site));
    let file = Candidate { release: "r-1", file: "a.csv", digest: &digest, marking: &marking, to: "public" };
    let blocks: BTreeSet<String> = blocks.iter().map(|check| (*check).to_owned()).collect();
    let verdict = if blocks.is_empty() { Verdict::Pass } else { Verdict::Block };
    let judged = Judged { policy: *site.registry.policy_digest(), verdict, blocks };
    let votes: Vec<_> = votes.iter().map(|(by, vote)| site.sign(vote, &[*by])).collect();
    site.registry.lowering(&file, &[judged], &votes, today()).map(drop).map_err(|refusal| refusal.what)
}

#[test]
fn rule_6_the_launcher_decides_on_excuses_by_itself() {
    let site = site();
    let plain = vote(&site, "a.csv", Decision::Approve);
    let of = |by: &[&'static str], vote: &Vote| by.iter().map(|by| (*by, vote.clone())).collect::<Vec<_>>();
    let t1 = excusing(&["T1"], plain.clone());
    assert_eq!(lowers(&site, &["T1"], &of(&THREE, &t1)), Ok(()));
    let refused = |blocks: &[&str], votes: &[(&str, Vote)], words: &str| {
        let why = lowers(&site, blocks, votes).unwrap_err();
        assert!(why.contains(words), "{why}");
    };
    refused(&["T1"], &of(&THREE[..2], &t1), "2 distinct approvals of 3");
    refused(&["T1"], &of(&THREE, &plain), "excuses other checks");
    refused(&["T1", "T4"], &of(&THREE, &t1), "excuses other checks");
    refused(&["T1", "C1"], &of(&THREE, &excusing(&["T1", "C1"], plain.clone())), "the checks block");
    // An excuse for nothing isn't what the file needs either.
    refused(&[], &of(&THREE, &t1), "excuses other checks");
    assert_eq!(lowers(&site, &[], &of(&THREE[..2], &plain)), Ok(()));
    // Two who approve don't make up for a third who doesn't.
    let mut split = of(&THREE, &plain);
    split[2].1.decision = Decision::Reject;
    refused(&[], &split, "doesn't approve");
    // The pinned policy excused nothing: then nothing is excused, whatever the one in force says.
    let mut changed = Site::new();
    let pinned = marking(&changed);
    let third = changed.newcomer("checker-4", &[Role::Checker]);
    changed.enact(Record::Person(third), &["officer-1", "officer-2"]).unwrap();
    let mut excuses = policy();
    excuses.releases[0].excuse = Some(Excuse { checks: vec!["T1".into()], reviewers: 3 });
    changed.enact(Record::Policy(Box::new(excuses)), &["officer-1", "officer-2"]).unwrap();
    let vote = Vote { policy: *changed.registry.policy_digest(), ..t1 };
    let votes: Vec<_> = THREE.iter().map(|by| changed.sign(&vote, &[by])).collect();
    let judged = |policy| Judged { policy, verdict: Verdict::Block, blocks: ["T1".to_owned()].into() };
    let digest = Digest::of(b"a.csv");
    let with = |marking: &Marking| {
        let file = Candidate { release: "r-1", file: "a.csv", digest: &digest, marking, to: "public" };
        let judged = [judged(pinned.policy), judged(*changed.registry.policy_digest())];
        changed.registry.lowering(&file, &judged, &votes, today()).is_ok()
    };
    assert!(!with(&pinned));
    assert!(with(&marking(&changed)), "the control: a job submitted under the policy that excuses");
}

#[test]
fn a_copy_that_the_checks_block_is_blocked_for_nobody_said_anything_of_what_it_stands_for() {
    let site = site();
    let files = BTreeMap::from([("a.csv".to_owned(), Digest::of(b"a.csv"))]);
    let labels = (HIGH.to_owned(), "public".to_owned());
    let draft = Release::draft("r-1".into(), "colleague".into(), labels, &terms(&site), files);
    let copy = Digest::of(b"copy");
    let mended = Event::Mended { file: "a.csv".into(), digest: Digest::of(b"a.csv"), copy };
    let asked = draft.step(Event::Submit).unwrap().0.step(mended).unwrap().0;
    let blocked = Event::Checked { file: "a.csv".into(), digest: copy, blocks: named(&["C1"]) };
    let blocked = asked.step(blocked).unwrap().0;
    assert_eq!((state(&blocked, "a.csv"), blocked.state), (FileState::Blocked, State::Rejected));
}
