//! Each rule of the design that is decided here, with what shows that it decides.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::*;
use semla_policy::release::{Candidate, Decision, Judged, Verdict, Vote};
use semla_policy::*;

fn at<'a>(label: &'a Label, site: &'a Site) -> At<'a> {
    At { label, policy: site.registry.policy_digest() }
}

fn reads(site: &Site, name: &str, label: &str, need: Need<'_>) -> bool {
    let label = site.registry.label(label).unwrap();
    site.registry.may_read(name, Some(at(&label, site)), need, today()).is_ok()
}

#[test]
fn rule_1_a_reader_needs_clearance_and_a_permit_or_a_duty() {
    let site = Site::new();
    assert!(reads(&site, "scientist", HIGH, Need::Member(PERMIT)));
    assert!(!reads(&site, "colleague", HIGH, Need::Member(PERMIT)), "a member who isn't cleared");
    assert!(reads(&site, "colleague", "internal", Need::Member(PERMIT)));
    assert!(!reads(&site, "stranger", "public", Need::Member(PERMIT)), "cleared, but no member");
    assert!(!reads(&site, "steward-1", HIGH, Need::Member(PERMIT)), "cleared, but no member");
    assert!(reads(&site, "checker-1", HIGH, Need::Reviewer(PERMIT)));
    assert!(!reads(&site, "checker-3", HIGH, Need::Reviewer(PERMIT)), "a checker who isn't cleared");
    assert!(!reads(&site, "scientist", HIGH, Need::Reviewer(PERMIT)), "a checker who is a member");
}

#[test]
fn rule_1_what_does_not_exist_and_what_may_not_be_seen_are_told_alike() {
    let site = Site::new();
    let high = site.registry.label(HIGH).unwrap();
    let hidden = site.registry.may_read("stranger", Some(at(&high, &site)), Need::Member(PERMIT), today()).unwrap_err();
    let absent = site.registry.may_read("stranger", None, Need::Member(PERMIT), today()).unwrap_err();
    assert_eq!(hidden, absent);
    let not_mine = site.registry.admit(plan("stranger"), today()).unwrap_err();
    let unknown = site.registry.admit(JobPlan { permit: "P-2".into(), ..plan("stranger") }, today()).unwrap_err();
    assert_eq!(not_mine, unknown);
}

#[test]
fn rule_1_a_permit_ends_on_its_last_day() {
    let site = Site::new();
    let until: Date = "2027-06-30".parse().unwrap();
    assert!(site.registry.admit(plan("colleague"), until).is_ok());
    assert_eq!(site.registry.admit(plan("colleague"), until.tomorrow().unwrap()).unwrap_err().rule, 1);
}

#[test]
fn rule_1_a_reading_is_signed_by_its_reader_for_exactly_what_they_asked_for() {
    let site = Site::new();
    let label = |text| site.registry.label(text).unwrap();
    assert_eq!(site.registry.signed_for(&label(HIGH)), Ok(true));
    assert_eq!(site.registry.signed_for(&label("internal")), Ok(false));
    let wanted = Wanted { reader: "checker-1", object: "j-1-1-o0", name: "metrics.csv", job: "j-1" };
    let reading = Reading {
        reader: "checker-1".into(),
        objects: ["j-1-1-o0".to_owned()].into(),
        job: "j-1".into(),
        name: "metrics.csv".into(),
        day: today(),
    };
    let judged = |reading: &Reading, by: &[&str]| site.registry.reading(&site.sign(reading, by), wanted, today());
    assert_eq!(judged(&reading, &["checker-1"]), Ok(()));
    let day = |text: &str| Reading { day: text.parse().unwrap(), ..reading.clone() };
    for near in ["2026-11-22", "2026-11-24"] {
        assert_eq!(judged(&day(near), &["checker-1"]), Ok(()), "{near}");
    }
    for far in ["2026-11-21", "2026-11-25", "2025-11-23", "2027-11-23"] {
        assert!(judged(&day(far), &["checker-1"]).is_err(), "{far}");
    }
    for others in [&[][..], &["checker-2"], &["checker-1", "checker-2"]] {
        assert!(judged(&reading, others).is_err(), "{others:?}");
    }
    assert!(judged(&Reading { reader: "checker-2".into(), ..reading.clone() }, &["checker-1"]).is_err());
    assert!(judged(&Reading { name: "rows.csv".into(), ..reading.clone() }, &["checker-1"]).is_err());
    assert!(judged(&Reading { job: "j-2".into(), ..reading.clone() }, &["checker-1"]).is_err());
    let objects = |of: &[&str]| Reading { objects: of.iter().map(|id| (*id).to_owned()).collect(), ..reading.clone() };
    assert!(judged(&objects(&["j-1-1-o1"]), &["checker-1"]).is_err());
    // One for each policy that something was checked under, and no heap of objects.
    assert_eq!(judged(&objects(&["j-1-1-o0", "j-1-1-o1"]), &["checker-1"]), Ok(()));
    assert!(judged(&objects(&["j-1-1-o0", "j-1-1-o1", "j-1-1-o2"]), &["checker-1"]).is_err());
}

#[test]
fn rule_2_what_a_job_makes_carries_the_jobs_label_exactly() {
    let site = Site::new();
    let admitted = site.registry.admit(plan("colleague"), today()).unwrap();
    let marking = admitted.marking();
    assert_eq!(site.registry.label(&marking.label).unwrap(), *admitted.label());
    assert_eq!((marking.permit.as_str(), marking.submitter.as_str()), (PERMIT, "colleague"));
    let rehearsal = site.registry.admit(JobPlan { dummy: true, ..plan("colleague") }, today()).unwrap();
    assert_eq!(rehearsal.marking().label, "internal", "the label is the job's, and not always the highest");
}

#[test]
fn rule_3_a_jobs_label_is_the_join_of_its_inputs_or_above() {
    let site = Site::new();
    let label = |asked: Option<&str>| {
        let plan = JobPlan { label: asked.map(str::to_owned), ..plan("colleague") };
        site.registry.admit(plan, today()).map(|admitted| admitted.label_text().to_owned())
    };
    assert_eq!(label(None).unwrap(), HIGH);
    assert_eq!(label(Some(HIGH)).unwrap(), HIGH);
    for low in ["public", "internal", "confidential"] {
        let refusal = label(Some(low)).unwrap_err();
        assert_eq!((refusal.rule, refusal.labels), (3, Some((low.to_owned(), HIGH.to_owned()))));
    }
}

#[test]
fn rule_3_what_an_author_may_have_read_counts_as_written_into_the_code() {
    let site = Site::new();
    let rehearsal = |name: &str| {
        let plan = JobPlan { dummy: true, ..plan(name) };
        site.registry.admit(plan, today()).unwrap().label_text().to_owned()
    };
    assert_eq!(rehearsal("colleague"), "internal");
    assert_eq!(rehearsal("scientist"), HIGH);
}

#[test]
fn rule_3_the_image_counts_too() {
    let mut site = Site::new();
    let high = Digest::of(b"an image made from data");
    let image = Image { name: "tuned".into(), digest: high, label: "confidential".into() };
    site.enact(Record::Image(image), &["officer-1"]).unwrap();
    let rehearsal = |image| JobPlan { image, dummy: true, ..plan("colleague") };
    let label = |image| site.registry.admit(rehearsal(image), today()).unwrap().label_text().to_owned();
    assert_eq!(label(common::image()), "internal");
    assert_eq!(label(high), "confidential");
}

#[test]
fn rule_3_no_job_goes_above_its_permit() {
    let mut site = Site::new();
    site.enact(Record::Dataset(Box::new(dataset("low@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    let low =
        Permit { up_to: "internal".into(), datasets: ["low@1".to_owned()].into(), ..permit("P-2", &["colleague"]) };
    site.enact(Record::Permit(low), &["officer-1", "steward-1"]).unwrap();
    let asked = |label: &str| JobPlan {
        permit: "P-2".into(),
        data: [].into(),
        label: Some(label.to_owned()),
        ..plan("colleague")
    };
    assert!(site.registry.admit(asked("internal"), today()).is_ok());
    let refusal = site.registry.admit(asked("confidential"), today()).unwrap_err();
    assert_eq!((refusal.rule, refusal.labels), (3, Some(("internal".to_owned(), "confidential".to_owned()))));
}

#[test]
fn rule_3_data_that_nobody_may_receive_together_is_not_combined() {
    let mut policy = policy();
    policy.scheme.audiences = vec!["LU".into(), "DE".into()];
    for role in [Role::Scientist, Role::Steward] {
        policy.roles.get_mut(&role).unwrap().ceiling = "confidential/health rel:LU,DE".into();
    }
    let mut site = Site::with(policy);
    for (name, label) in [("a@1", "confidential/health rel:LU"), ("b@1", "confidential/health rel:DE")] {
        site.enact(Record::Dataset(Box::new(dataset(name, label))), &["steward-1", "steward-2"]).unwrap();
    }
    let both = [("x".to_owned(), "a@1".to_owned()), ("y".to_owned(), "b@1".to_owned())].into();
    let wide = Permit {
        datasets: ["a@1".to_owned(), "b@1".to_owned()].into(),
        up_to: "confidential/health rel:LU".into(),
        ..permit("P-9", &["colleague"])
    };
    // No permit can name both: nothing dominates both.
    assert!(site.enact(Record::Permit(wide), &["officer-1", "steward-1"]).is_err());
    let refusal = site.registry.admit(JobPlan { data: both, ..plan("colleague") }, today()).unwrap_err();
    assert_eq!(refusal.rule, 1);
    let (lu, de) = (site.registry.label("internal rel:LU").unwrap(), site.registry.label("internal rel:DE").unwrap());
    assert_eq!(lu.join(&de), None);
    assert!(lu.join(&site.registry.label("internal rel:LU,DE").unwrap()).is_some());
}

#[test]
fn rule_4_a_submitter_goes_up_to_the_ceiling_and_only_to_data_whose_card_they_may_read() {
    let mut site = Site::new();
    assert!(site.registry.admit(plan("colleague"), today()).is_ok(), "above their clearance, below their ceiling");
    let low = Person { ceiling: "internal".into(), ..site.registry.person("colleague").unwrap().clone() };
    let mut secret = dataset("secret@1", HIGH);
    secret.card_label = HIGH.into();
    site.enact(Record::Dataset(Box::new(secret)), &["steward-1", "steward-2"]).unwrap();
    let with_secret = Permit {
        datasets: [DATA.to_owned(), "secret@1".to_owned()].into(),
        ..permit(PERMIT, &["scientist", "colleague"])
    };
    site.enact(Record::Permit(with_secret), &["officer-1", "steward-1"]).unwrap();
    let data = [("train".to_owned(), "secret@1".to_owned())];
    let refusal = site.registry.admit(JobPlan { data: data.into(), ..plan("colleague") }, today()).unwrap_err();
    assert_eq!(refusal.rule, 1, "the card is above their clearance");
    assert!(site.registry.admit(plan("colleague"), today()).is_ok(), "the other dataset still is theirs");
    site.enact(Record::Person(low), &["officer-1", "officer-2"]).unwrap();
    assert_eq!(site.registry.admit(plan("colleague"), today()).unwrap_err().rule, 4);
}

#[test]
fn rule_4_the_answers_are_a_function_of_the_declared_bits() {
    use Progress::{Ended, Queued, Running};
    let every = [Queued, Running, Ended(Ending::Succeeded), Ended(Ending::OutOfMemory), Ended(Ending::NonzeroExit)];
    let views = |sees: OwnerSees| every.map(|progress| sees.view(progress));
    assert_eq!(views(OwnerSees::Nothing), [None; 5]);
    assert_eq!(views(OwnerSees::State)[2..], [Some("ended"); 3]);
    assert_eq!(views(OwnerSees::Outcome)[2..], [Some("succeeded"), Some("failed"), Some("failed")]);
    assert_eq!(views(OwnerSees::Reason)[2..], [Some("succeeded"), Some("out-of-memory"), Some("nonzero-exit")]);
    let bits = |sees: OwnerSees| sees.bits(Ends::Fixed, 3600);
    assert!(bits(OwnerSees::Nothing) < bits(OwnerSees::State) && bits(OwnerSees::Outcome) < bits(OwnerSees::Reason));
}

#[test]
fn rule_4_a_notice_costs_what_it_can_tell() {
    // Nothing, no answer, a review or a block of each of four checks: ten answers, each with or without a copy.
    let bits = |feedback: Feedback| feedback.bits(4, 1, Ends::Fixed);
    assert_eq!([Feedback::Notices, Feedback::Verdict, Feedback::Nothing].map(bits), [5, 2, 0]);
    // Three files are answered at one of eighteen moments: 1, 2, 4, … seconds up to a day.
    assert_eq!(Feedback::Verdict.bits(4, 3, Ends::Doubling), 3 * 2 + 5);
    // Of five checks: twelve answers.
    assert_eq!(Feedback::Notices.bits(5, 1, Ends::Fixed), 5);
}

#[test]
fn rule_4_every_end_has_a_word_and_says_what_to_do() {
    let every = [
        Ending::Succeeded,
        Ending::OutOfMemory,
        Ending::OutOfTime,
        Ending::OutOfDisk,
        Ending::NonzeroExit,
        Ending::OutputMissing,
        Ending::OutputRefused,
        Ending::ImageError,
        Ending::Stopped,
        Ending::Lost,
    ];
    let words: std::collections::BTreeSet<_> = every.iter().map(|ending| ending.word()).collect();
    let meanings: std::collections::BTreeSet<_> = every.iter().map(|ending| ending.meaning(false)).collect();
    assert_eq!((words.len(), meanings.len()), (every.len(), every.len()));
    for ending in every {
        assert_eq!(serde_json::to_value(ending).unwrap(), ending.word(), "one word for people and programs");
        let cleared = ending.meaning(true) != ending.meaning(false);
        assert_eq!(cleared, ending == Ending::NonzeroExit, "who may read the log is told of it: {ending:?}");
    }
    assert!(Ending::NonzeroExit.meaning(true).contains("semla job logs"));
}

#[test]
fn rule_4_the_moment_of_an_end_tells_nothing_or_is_charged() {
    // Succeeded or one of nine reasons, at one of thirteen moments: 1, 2, 4, … 4096 seconds.
    assert_eq!(OwnerSees::Reason.bits(Ends::Doubling, 3600), 8);
    assert_eq!(OwnerSees::Reason.bits(Ends::Fixed, 3600), 4);
    let seen = |ends: Ends| [0, 1, 5, 64, 65, 3600].map(|took| ends.seen(took, 3600));
    assert_eq!(seen(Ends::Fixed), [3600; 6]);
    assert_eq!(seen(Ends::Doubling), [1, 1, 8, 64, 128, 4096]);
    assert_eq!(seen(Ends::AtOnce), [0, 1, 5, 64, 65, 3600]);
}

/// A file at the high label with two approvals and clean checks, changed by `spoil`.
fn lowered(spoil: impl Fn(&mut Attempt)) -> Result<std::collections::BTreeSet<String>, Refusal> {
    let site = Site::new();
    let policy = *site.registry.policy_digest();
    let vote = |by: &'static str| (by, vote(&policy));
    let mut attempt = Attempt {
        verdict: Verdict::Review,
        to: "public".into(),
        submitter: "colleague".into(),
        judged: vec![policy],
        votes: vec![vote("checker-1"), vote("checker-2")],
        digest: Digest::of(b"table"),
        today: today(),
    };
    spoil(&mut attempt);
    let marking = Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: attempt.submitter.clone(), policy };
    let file = Candidate { release: "r-1", file: "a.csv", digest: &attempt.digest, marking: &marking, to: &attempt.to };
    let judged: Vec<_> = attempt.judged.iter().map(|policy| judged(policy, attempt.verdict)).collect();
    let votes: Vec<_> = attempt.votes.iter().map(|(by, vote)| site.sign(vote, &[*by])).collect();
    site.registry.lowering(&file, &judged, &votes, attempt.today).map(|lowering| lowering.approvals().clone())
}

/// What the checks said without naming one.
fn judged(policy: &Digest, verdict: Verdict) -> Judged {
    Judged { policy: *policy, verdict, blocks: [].into() }
}

struct Attempt {
    verdict: Verdict,
    to: String,
    submitter: String,
    judged: Vec<Digest>,
    votes: Vec<(&'static str, Vote)>,
    digest: Digest,
    today: Date,
}

fn vote(policy: &Digest) -> Vote {
    Vote {
        release: "r-1".into(),
        requester: "colleague".into(),
        file: "a.csv".into(),
        digest: Digest::of(b"table"),
        from: HIGH.into(),
        to: "public".into(),
        policy: *policy,
        until: "2026-12-01".parse().unwrap(),
        decision: Decision::Approve,
        excuses: [].into(),
        reason: None,
        replies: [].into(),
    }
}

/// What the launcher knows of the file.
fn marking(site: &Site) -> Marking {
    let policy = *site.registry.policy_digest();
    Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy }
}

#[test]
fn rule_6_two_independent_approvals_and_clean_checks_lower_a_label() {
    let approvals = lowered(|_| {}).unwrap();
    assert_eq!(approvals.into_iter().collect::<Vec<_>>(), ["checker-1", "checker-2"]);
}

#[test]
fn rule_6_anything_less_does_not() {
    type Spoil = fn(&mut Attempt);
    let spoils: [(&str, Spoil); 16] = [
        ("a vote that never ends", |a| a.votes[1].1.until = "2026-12-09".parse().unwrap()),
        ("a block", |a| a.verdict = Verdict::Block),
        ("no checks", |a| a.judged.clear()),
        ("checks under another policy", |a| a.judged = vec![Digest::of(b"other")]),
        ("one approval", |a| a.votes.truncate(1)),
        ("one person twice", |a| a.votes[1].0 = "checker-1"),
        ("a reviewer who isn't cleared", |a| a.votes[1].0 = "checker-3"),
        ("a reviewer who is a member of the permit", |a| a.votes[1].0 = "scientist"),
        ("somebody who is no checker", |a| a.votes[1].0 = "steward-2"),
        ("a vote under another policy", |a| a.votes[1].1.policy = Digest::of(b"other")),
        ("a changed file", |a| a.digest = Digest::of(b"other table")),
        ("a vote for another name", |a| a.votes[1].1.file = "b.csv".into()),
        ("a vote for another target", |a| a.votes[1].1.to = "internal".into()),
        ("a vote for another request", |a| a.votes[1].1.release = "r-2".into()),
        ("votes that are too old", |a| a.today = "2026-12-02".parse().unwrap()),
        ("a rejection", |a| a.votes[1].1.decision = Decision::Reject),
    ];
    for (what, spoil) in spoils {
        assert_eq!(lowered(spoil).map_err(|refusal| refusal.rule), Err(6), "{what}");
    }
    assert!(lowered(|a| a.to = "internal".into()).is_err(), "a way that the policy doesn't have");
    assert!(lowered(|a| a.submitter = "checker-1".into()).is_err(), "the submitter as a reviewer");
}

#[test]
fn rule_6_the_policy_of_submission_and_the_one_in_force_both_count() {
    let mut site = Site::new();
    let old = *site.registry.policy_digest();
    let marking = Marking { label: HIGH.into(), permit: PERMIT.into(), submitter: "colleague".into(), policy: old };
    let mut stricter = policy();
    stricter.profiles[0].min_people += 1;
    stricter.releases[1].reviewers = 3;
    site.enact(Record::Policy(Box::new(stricter)), &["officer-1", "officer-2"]).unwrap();
    let new = *site.registry.policy_digest();
    assert_ne!(old, new);

    let votes = ["checker-1", "checker-2"].map(|by| site.sign(&vote(&new), &[by]));
    let digest = Digest::of(b"table");
    let file = Candidate { release: "r-1", file: "a.csv", digest: &digest, marking: &marking, to: "public" };
    let lowered = |judged: &[(&Digest, Verdict)]| {
        let judged = judged.iter().map(|(policy, verdict)| self::judged(policy, *verdict));
        site.registry.lowering(&file, &judged.collect::<Vec<_>>(), &votes, today()).is_ok()
    };
    assert!(lowered(&[(&old, Verdict::Pass), (&new, Verdict::Pass)]));
    assert!(!lowered(&[(&old, Verdict::Pass)]), "nobody checked under the policy in force");
    assert!(!lowered(&[(&new, Verdict::Pass)]), "nobody checked under the policy of the submission");
    assert!(!lowered(&[(&old, Verdict::Block), (&new, Verdict::Pass)]));
    assert!(!lowered(&[(&old, Verdict::Pass), (&new, Verdict::Block)]));
    // And the number of reviewers is the larger one, whichever policy has it.
    let labels = ["internal", "public"].map(|label| site.registry.label(label).unwrap());
    let reviewers = |pinned: &Digest| site.registry.both(pinned, &labels[0], &labels[1]).unwrap().reviewers;
    assert_eq!((reviewers(&old), reviewers(&new)), (3, 3));
    site.enact(Record::Policy(Box::new(policy())), &["officer-1", "officer-2"]).unwrap();
    let reviewers = |pinned: &Digest| site.registry.both(pinned, &labels[0], &labels[1]).unwrap().reviewers;
    assert_eq!((reviewers(&old), reviewers(&new)), (2, 3));
    // So is everybody who has to be among them.
    let mut officers = policy();
    officers.releases[1].who.insert(Role::Officer);
    site.enact(Record::Policy(Box::new(officers)), &["officer-1", "officer-2"]).unwrap();
    let who = site.registry.both(&old, &labels[0], &labels[1]).unwrap().who;
    assert_eq!(who, [Role::Checker, Role::Officer].into());
}

#[test]
fn rule_6_a_forged_signature_spoils_a_vote() {
    let site = Site::new();
    let mut signed = site.sign(&vote(site.registry.policy_digest()), &["checker-1"]);
    let file = marking(&site);
    assert!(site.registry.vote(&signed, &file).is_ok());
    signed.signatures[0].by = "checker-2".into();
    assert!(site.registry.vote(&signed, &file).is_err());
}

#[test]
fn rule_9_an_effect_needs_the_receipt_of_exactly_its_decision() {
    let receipt = |text: &str| Receipt { index: 7, digest: Digest::of(entry(&text).unwrap().as_bytes()) };
    assert!(Recorded::after("lower a", receipt("lower a")).is_ok());
    assert_eq!(Recorded::after("lower a", receipt("lower b")).unwrap_err().rule, 9);
}

#[test]
fn rule_10_records_need_two_whose_duty_it_is() {
    let mut site = Site::new();
    let person =
        |site: &Site| Person { clearance: "public".into(), ..site.registry.person("colleague").unwrap().clone() };
    let record = Record::Person(person(&site));
    for by in
        [&["officer-1"][..], &["officer-1", "officer-1"], &["checker-1", "checker-2"], &["steward-1", "officer-1"], &[]]
    {
        assert!(site.enact(record.clone(), by).is_err(), "{by:?}");
    }
    assert!(site.enact(record, &["officer-1", "officer-2"]).is_ok());
    let own = Record::Person(site.registry.person("officer-1").unwrap().clone());
    assert!(site.enact(own, &["officer-1", "officer-2"]).is_err(), "one's own account");
    let grand = Person { clearance: "confidential/health".into(), ..person(&site) };
    assert!(site.enact(Record::Person(grand), &["officer-1", "officer-2"]).is_err(), "above the role's bounds");
    let permit = Record::Permit(permit("P-3", &["stranger"]));
    assert!(site.enact(permit.clone(), &["officer-1", "officer-2"]).is_err(), "no steward");
    assert!(site.enact(permit.clone(), &["steward-1", "steward-2"]).is_err(), "no officer");
    assert!(site.enact(permit, &["officer-2", "steward-2"]).is_ok());
}

#[test]
fn rule_10_a_record_that_was_replaced_is_not_put_in_force_again() {
    let mut site = Site::new();
    let high = site.registry.person("colleague").unwrap().clone();
    let low = Person { ceiling: "internal".into(), ..high.clone() };
    let officers = ["officer-1", "officer-2"];
    let lowering = site.sign(&site.change(Record::Person(low.clone())), &officers);
    site.registry.enact(&lowering).unwrap();
    let raising = site.sign(&site.change(Record::Person(high)), &officers);
    site.registry.enact(&raising).unwrap();
    site.enact(Record::Person(low.clone()), &officers).unwrap();
    for old in [&lowering, &raising] {
        assert_eq!(site.registry.enact(old).unwrap_err().rule, 10);
    }
    assert_eq!(site.registry.person("colleague"), Some(&low));
    // Nor at another site, where the same people may have the same keys.
    let other = Registry::found(Genesis { policy: policy(), officers: genesis_officers(&site) }).unwrap();
    let enrolment = site.sign(
        &site.change(Record::Person(Person {
            name: "new".into(),
            key: None,
            clearance: "public".into(),
            ceiling: "public".into(),
            ..low
        })),
        &officers,
    );
    assert!(site.registry.judge(&enrolment).is_ok());
    assert_eq!(other.judge(&enrolment).unwrap_err().rule, 10);
}

/// The same officers, found anew with one of them at a lower clearance.
fn genesis_officers(site: &Site) -> Vec<Person> {
    let officer = |name: &str| site.registry.person(name).unwrap().clone();
    vec![officer("officer-1"), Person { clearance: "public".into(), ..officer("officer-2") }]
}

#[test]
fn rule_10_who_vouched_for_a_permits_data_is_asked_when_it_changes() {
    let mut site = Site::new();
    let steward = site.newcomer("steward-3", &[Role::Steward]);
    site.enact(Record::Person(steward), &["officer-1", "officer-2"]).unwrap();
    let others = Record::Dataset(Box::new(dataset("other@1", HIGH)));
    assert!(site.enact(others.clone(), &["steward-2", "officer-1"]).is_err(), "an officer is no steward");
    site.enact(others, &["steward-2", "steward-3"]).unwrap();
    let swapped = Permit { datasets: ["other@1".to_owned()].into(), ..permit(PERMIT, &["colleague", "stranger"]) };
    let record = || Record::Permit(swapped.clone());
    assert!(site.enact(record(), &["officer-1", "steward-3"]).is_err(), "what was made from the first data is in it");
    site.enact(record(), &["officer-1", "steward-2"]).unwrap();
}

#[test]
fn rule_10_a_record_does_not_lower_an_images_label() {
    let mut site = Site::new();
    let image = |name: &str, label: &str| {
        Record::Image(Image { name: name.into(), digest: Digest::of(b"tuned"), label: label.into() })
    };
    site.enact(image("tuned", "confidential"), &["officer-1"]).unwrap();
    assert_eq!(site.enact(image("renamed", "public"), &["officer-1"]).unwrap_err().rule, 3);
    site.enact(image("renamed", "confidential"), &["officer-1"]).unwrap();
    assert_eq!(site.registry.images().filter(|image| image.digest == Digest::of(b"tuned")).count(), 2);
}

#[test]
fn rule_10_one_key_is_one_person() {
    let mut site = Site::new();
    let twin = Person { name: "checker-4".into(), ..site.registry.person("checker-1").unwrap().clone() };
    assert_eq!(site.enact(Record::Person(twin), &["officer-1", "officer-2"]).unwrap_err().rule, 10);
}

#[test]
fn rule_10_a_policy_keeps_the_schemes_names_in_their_places() {
    let officers = ["officer-1", "officer-2"];
    let with = |change: fn(&mut Scheme)| {
        let mut next = policy();
        change(&mut next.scheme);
        Site::new().enact(Record::Policy(Box::new(next)), &officers)
    };
    assert!(with(|scheme| scheme.categories.push("genomics".into())).is_ok());
    assert_eq!(with(|scheme| scheme.categories.insert(0, "genomics".into())).unwrap_err().rule, 10);
}

#[test]
fn rule_6_who_signed_a_permit_reviews_nothing_made_under_it() {
    let mut site = Site::new();
    let both = site.newcomer("officer-3", &[Role::Officer, Role::Checker]);
    site.enact(Record::Person(both), &["officer-1", "officer-2"]).unwrap();
    let file = marking(&site);
    let permitted = permit(PERMIT, &["colleague"]);
    assert!(site.registry.independent("officer-3", &file, "colleague").is_ok());
    site.enact(Record::Permit(permitted.clone()), &["officer-3", "steward-1"]).unwrap();
    assert_eq!(site.registry.independent("officer-3", &file, "colleague").unwrap_err().rule, 6);
    // Nor after somebody else signed the next version.
    site.enact(Record::Permit(permitted.clone()), &["officer-1", "steward-1"]).unwrap();
    assert_eq!(site.registry.independent("officer-3", &file, "colleague").unwrap_err().rule, 6);
}

#[test]
fn rule_7_what_a_file_may_come_from_is_all_that_its_permit_ever_named() {
    let mut site = Site::new();
    site.enact(Record::Dataset(Box::new(dataset("other@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    let swapped = Permit { datasets: ["other@1".to_owned()].into(), ..permit(PERMIT, &["colleague"]) };
    site.enact(Record::Permit(swapped), &["officer-1", "steward-1"]).unwrap();
    let sources = |label: &str| {
        let label = site.registry.label(label).unwrap();
        site.registry.sources(PERMIT, &label).into_iter().map(|data| data.dataset.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(sources(HIGH), ["other@1", DATA]);
    assert_eq!(sources("internal"), ["other@1"], "a rehearsal's file can't come from what is above it");
}

/// Somebody as they are on record, changed.
fn changed(site: &mut Site, name: &str, change: impl FnOnce(&mut Person)) {
    let mut person = site.registry.person(name).unwrap().clone();
    change(&mut person);
    site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
}

#[test]
fn rule_3_what_an_author_once_could_read_stays_in_what_they_write() {
    let mut site = Site::new();
    let rehearsal = || JobPlan { dummy: true, ..plan("scientist") };
    let label = |site: &Site| site.registry.admit(rehearsal(), today()).map(|admitted| admitted.label_text());
    assert_eq!(label(&site).unwrap(), HIGH, "a cleared author's code is as high as the data");
    changed(&mut site, "scientist", |person| person.clearance = "internal".into());
    assert_eq!(label(&site).unwrap(), HIGH, "a lowered clearance takes nothing back");
    // Nor does a permit that goes less high by now: what would be written under it is above it.
    site.enact(Record::Dataset(Box::new(dataset("low@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    let mut lower = permit(PERMIT, &["scientist"]);
    (lower.up_to, lower.datasets) = (HIGH.into(), ["low@1".to_owned()].into());
    site.enact(Record::Permit(lower), &["officer-1", "steward-1"]).unwrap();
    let job = JobPlan { data: [("train".to_owned(), "low@1".to_owned())].into(), ..rehearsal() };
    assert_eq!(site.registry.admit(job, today()).unwrap().label_text(), HIGH);
}

#[test]
fn rule_4_a_job_is_signed_by_its_submitter_where_the_level_asks_for_it() {
    let site = Site::new();
    let policy = *site.registry.policy_digest();
    let of = |plan: JobPlan| Submission { plan, policy, nonce: "n".into() };
    let judged = |submission: &Submission, by: &[&str]| {
        site.registry.submitted(&site.sign(submission, by), today()).map(|admitted| admitted.label_text())
    };
    let real = of(plan("colleague"));
    assert_eq!(judged(&real, &["colleague"]).unwrap(), HIGH);
    for others in [&[][..], &["scientist"], &["colleague", "scientist"]] {
        assert_eq!(judged(&real, others).unwrap_err().rule, 4, "{others:?}");
    }
    let rehearsal = of(JobPlan { dummy: true, ..plan("colleague") });
    assert_eq!(judged(&rehearsal, &[]).unwrap(), "internal", "a rehearsal goes on the daemon's word");
    let mut rewritten = site.sign(&real, &["colleague"]);
    rewritten.payload = rewritten.payload.replace("true", "cat");
    assert_eq!(site.registry.submitted(&rewritten, today()).unwrap_err().rule, 10);
    let unknown = Submission { policy: Digest::of(b"other"), ..real.clone() };
    assert_eq!(judged(&unknown, &["colleague"]).unwrap_err().rule, 8);
    let job = |submission: &Submission| Submission::job(&site.sign(submission, &[]));
    assert_ne!(job(&real), job(&Submission { nonce: "m".into(), ..real.clone() }), "two submissions are two jobs");
}

#[test]
fn rule_10_a_steward_who_is_one_no_more_grants_nothing() {
    let mut site = Site::new();
    changed(&mut site, "steward-1", |person| {
        (person.roles, person.clearance) = ([Role::Auditor].into(), "public".into());
    });
    let granted = Record::Permit(permit("P-9", &["colleague"]));
    assert!(site.enact(granted.clone(), &["officer-1", "steward-1"]).is_err());
    assert!(site.enact(granted, &["officer-1", "steward-2"]).is_ok(), "the other one still is one");
}

#[test]
fn rule_1_a_record_says_nothing_to_whoever_may_not_sign_it() {
    let site = Site::new();
    let said = |record: Record, by: &str| {
        let signed = site.sign(&Change { replaces: Digest::of(b""), record }, &[by]);
        site.registry.judge(&signed).unwrap_err().what
    };
    let permits = ["nobody-such", "colleague"].map(|name| Record::Permit(permit("P-9", &[name])));
    let [absent, there] = permits.map(|permit| said(permit, "scientist"));
    assert_eq!(absent, there);
    let datasets = [DATA, "nothing@1"].map(|name| Record::Dataset(Box::new(dataset(name, HIGH))));
    let [there, absent] = datasets.map(|dataset| said(dataset, "officer-1"));
    assert_eq!(absent, there);
    // An officer whose clearance doesn't admit a card learns nothing of its dataset by a permit for it.
    let mut hidden = Site::new();
    let data = Dataset { card_label: HIGH.into(), ..dataset("hidden@1", HIGH) };
    hidden.enact(Record::Dataset(Box::new(data)), &["steward-1", "steward-2"]).unwrap();
    let named = |name: &str| Permit { datasets: [name.to_owned()].into(), ..permit("P-9", &["colleague"]) };
    let said = |name: &str| {
        let signed = hidden.sign(&hidden.change(Record::Permit(named(name))), &["officer-1"]);
        hidden.registry.judge(&signed).map_err(|refusal| refusal.what.replace(name, "it"))
    };
    assert_eq!(said("hidden@1"), said("nothing@1"));
    assert!(said(DATA).is_ok(), "the control: one whose card they may read");
}

#[test]
fn rule_6_a_former_member_and_whoever_asked_review_nothing() {
    let mut site = Site::new();
    site.enact(Record::Permit(permit(PERMIT, &["colleague"])), &["officer-1", "steward-1"]).unwrap();
    let file = marking(&site);
    assert_eq!(site.registry.independent("scientist", &file, "colleague").unwrap_err().rule, 6, "a member once");
    assert!(site.registry.independent("checker-1", &file, "colleague").is_ok());
    assert_eq!(site.registry.independent("checker-1", &file, "checker-1").unwrap_err().rule, 6, "whoever asked");
    let label = site.registry.label(HIGH).unwrap();
    let read = |name| site.registry.may_read(name, Some(at(&label, &site)), Need::Reviewer(PERMIT), today());
    assert!(read("scientist").is_err() && read("checker-1").is_ok());
}

#[test]
fn rule_10_an_account_that_sees_or_submits_anything_has_a_key() {
    let mut site = Site::new();
    let mut person = site.newcomer("newcomer", &[Role::Scientist]);
    person.key = None;
    person.clearance = "internal".into();
    let add = |site: &mut Site, person: &Person| {
        site.enact(Record::Person(person.clone()), &["officer-1", "officer-2"])
            .map(drop)
            .map_err(|refusal| refusal.rule)
    };
    assert_eq!(add(&mut site, &person), Err(10));
    person.clearance = "public".into();
    assert_eq!(add(&mut site, &person), Ok(()));
}
