//! Rule 6 as reviewers meet it: votes that are blind until they are given, blocks that may be excused, replies to an author, and
//! records that change under a request.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::*;
use semla_policy::release::{
    Blocks, Candidate, Decision, Effect, Event, FileState, Judged, Reason, Release, State, Verdict, Vote, replies,
};
use semla_policy::*;
use std::collections::{BTreeMap, BTreeSet};

const THREE: [&str; 3] = ["checker-1", "checker-2", "checker-4"];

/// A site with three independent checkers, whose policy excuses T1 and T4 with three approvals. There is another way, with other terms.
fn site() -> Site {
    let mut policy = policy();
    policy.releases[0].excuse = Some(Excuse { checks: vec!["T1".into(), "T4".into()], reviewers: 3 });
    policy.releases.push(ReleaseRule { to: "internal".into(), excuse: None, ..policy.releases[0].clone() });
    let mut site = Site::with(policy);
    let third = site.newcomer("checker-4", &[Role::Checker]);
    site.enact(Record::Person(third), &["officer-1", "officer-2"]).unwrap();
    site
}

fn terms(site: &Site) -> Terms {
    let label = |text| site.registry.label(text).unwrap();
    site.registry.both(site.registry.policy_digest(), &label(HIGH), &label("public")).unwrap()
}

fn named(checks: &[&str]) -> Blocks {
    Blocks::Named(checks.iter().map(|check| (*check).to_owned()).collect())
}

/// Two files that the checks answered for.
fn request(site: &Site, a: Blocks, b: Blocks) -> Release {
    let files = BTreeMap::from(["a.csv", "b.csv"].map(|name| (name.to_owned(), Digest::of(name.as_bytes()))));
    let labels = (HIGH.to_owned(), "public".to_owned());
    let draft = Release::draft("r-1".into(), "colleague".into(), labels, &terms(site), files);
    let (mut release, effects) = draft.step(Event::Submit).unwrap();
    assert_eq!(effects.len(), 2);
    for (file, blocks) in [("a.csv", a), ("b.csv", b)] {
        let digest = release.files[file].digest;
        release = release.step(Event::Checked { file: file.into(), digest, blocks }).unwrap().0;
    }
    release
}

fn vote(site: &Site, file: &str, decision: Decision) -> Vote {
    Vote {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: file.into(),
        digest: Digest::of(file.as_bytes()),
        from: HIGH.into(),
        to: "public".into(),
        policy: *site.registry.policy_digest(),
        until: "2026-12-01".parse().unwrap(),
        decision,
        excuses: [].into(),
        reason: None,
        replies: [].into(),
    }
}

fn excusing(checks: &[&str], vote: Vote) -> Vote {
    let reason = Reason { salt: "0".repeat(32), text: "the cells are of published totals".into() };
    Vote { excuses: checks.iter().map(|check| (*check).to_owned()).collect(), reason: reason.digest(), ..vote }
}

fn marking(site: &Site) -> Marking {
    let policy = *site.registry.policy_digest();
    Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy }
}

fn cast(site: &Site, release: &Release, by: &str, vote: &Vote) -> Result<Release, Refusal> {
    let cast = site.registry.vote(&site.sign(vote, &[by]), &marking(site))?;
    Ok(release.step(Event::Vote(Box::new(cast)))?.0)
}

fn state(release: &Release, file: &str) -> FileState {
    release.files[file].state
}

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
    let stricter = Terms { reviewers: 3, excuse: None, ..terms(&site) };
    let changed = next.step(Event::PolicyChanged(Box::new(stricter))).unwrap().0;
    assert_eq!((state(&changed, "a.csv"), changed.state), (FileState::LeftOut, State::Checking), "it stays out");
    // One of two is left out: the other still waits for an answer.
    let (one, effects) = leave(&both, &["a.csv"]).unwrap();
    assert_eq!((one.state, effects), (State::ChangesRequested, vec![]));
    let (none, effects) = leave(&both, &["a.csv", "b.csv"]).unwrap();
    assert_eq!((none.state, effects), (State::Rejected, vec![]), "no file is left");
}

#[test]
fn rule_6_another_policy_begins_anew_whatever_could_still_leave() {
    let site = site();
    let mut release = request(&site, named(&[]), named(&["C1"]));
    for by in ["checker-1", "checker-2"] {
        release = cast(&site, &release, by, &vote(&site, "a.csv", Decision::Approve)).unwrap();
    }
    assert_eq!(release.state, State::Approved);
    let stricter = Terms { reviewers: 3, excuse: None, ..terms(&site) };
    let changed = |release: &Release| release.step(Event::PolicyChanged(Box::new(stricter.clone())));
    let (next, effects) = changed(&release).unwrap();
    assert_eq!(effects, [Effect::Check { file: "a.csv".into(), digest: Digest::of(b"a.csv") }]);
    assert_eq!((next.state, next.reviewers, next.excuse.as_ref()), (State::Checking, 3, None));
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
