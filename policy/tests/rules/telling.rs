//! Rule 4: blind submission, and what it tells.

use crate::common::*;
use semla_policy::*;

#[test]
fn rule_4_a_submitter_goes_up_to_the_ceiling_and_only_to_data_whose_card_they_may_read() {
    let mut site = Site::with_cleared_officer();
    assert!(site.registry.admit(plan("colleague"), today()).is_ok(), "above their clearance, below their ceiling");
    let low = Person { ceiling: "internal".into(), ..site.registry.person("colleague").unwrap().clone() };
    let mut secret = dataset("secret@1", HIGH);
    secret.card_label = HIGH.into();
    site.enact(Record::Dataset(Box::new(secret)), &["steward-1", "steward-2"]).unwrap();
    let with_secret = Permit {
        datasets: [DATA.to_owned(), "secret@1".to_owned()].into(),
        ..permit(PERMIT, &["scientist", "colleague"])
    };
    site.enact(Record::Permit(with_secret), &["officer-3", "steward-1"]).unwrap();
    let data = [(mount("train"), "secret@1".to_owned())];
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
    let bits = |sees: OwnerSees| sees.bits();
    assert!(bits(OwnerSees::Nothing) < bits(OwnerSees::State) && bits(OwnerSees::Outcome) < bits(OwnerSees::Reason));
}

#[test]
fn rule_4_a_notice_costs_what_it_can_tell() {
    // No finding, or a review or a block of each of four checks: nine. Beside each the file is blocked or not, with or without a copy.
    let bits = |feedback: Feedback| feedback.bits(4, 1);
    assert_eq!([Feedback::Notices, Feedback::Verdict, Feedback::Nothing].map(bits), [6, 2, 0]);
    // Three files are answered at one of eighteen moments: 1, 2, 4, … seconds up to a day.
    assert_eq!(Feedback::Verdict.bits(4, 3) + Ends::Doubling.bits(CHECKED), 3 * 2 + 5);
    // Of three checks: 28 answers, which are five bits still. Of eight: 68.
    assert_eq!([3, 7, 8].map(|checks| Feedback::Notices.bits(checks, 1)), [5, 6, 7]);
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
    assert_eq!(OwnerSees::Reason.bits() + Ends::Doubling.bits(3600), 8);
    assert_eq!(OwnerSees::Reason.bits() + Ends::Fixed.bits(3600), 4);
    assert_eq!([0, 1, 2, 6, 7, 120, 86_400].map(|asked| Ends::Doubling.bits(asked)), [1, 2, 2, 2, 3, 3, 5]);
    assert_eq!(Ends::AtOnce.bits(3600), 0, "it tells what it tells, and the policy's author knows");
    let seen = |ends: Ends| [0, 1, 5, 64, 65, 3600].map(|took| ends.seen(took, 3600));
    assert_eq!(seen(Ends::Fixed), [3602; 6], "what is killed is over a little later");
    assert_eq!(seen(Ends::Doubling), [1, 1, 8, 64, 128, 4096]);
    assert_eq!(seen(Ends::AtOnce), [0, 1, 5, 64, 65, 3600]);
}

#[test]
fn rule_4_what_is_told_and_on_what_proof_needs_the_policy_of_its_day_and_the_one_in_force() {
    let mut site = Site::new();
    let label = site.registry.label(HIGH).unwrap();
    let now = site.registry.level(&label).unwrap().clone();
    let (strict, lax) = (
        LevelRules { owner_sees: OwnerSees::State, feedback: Feedback::Verdict, ends: Ends::Fixed, ..now.clone() },
        LevelRules { ends: Ends::AtOnce, proof: Proof::Session, ..now },
    );
    assert!(lax.owner_sees > strict.owner_sees && lax.feedback > strict.feedback && lax.proof < strict.proof);
    let mut enact = |rules: &LevelRules| {
        let mut policy = site.registry.policy().clone();
        policy.levels[usize::from(label.level())] = rules.clone();
        site.enact(Record::Policy(Box::new(policy)), &["officer-1", "officer-2"]).unwrap();
        (*site.registry.policy_digest(), site.registry.clone())
    };
    let (first, _) = enact(&strict);
    let (second, registry) = enact(&lax);
    let told = |registry: &Registry, policy: &Digest| registry.told_at(At { label: &label, policy }).unwrap();
    assert_eq!(told(&registry, &first), strict, "what was submitted before keeps what it was promised");
    assert_eq!(told(&registry, &second), lax);
    // Each point for itself.
    let (_, registry) = enact(&LevelRules { owner_sees: OwnerSees::Nothing, ..lax.clone() });
    assert_eq!(told(&registry, &first), LevelRules { owner_sees: OwnerSees::Nothing, ..strict });
    assert_eq!(told(&registry, &second), LevelRules { owner_sees: OwnerSees::Nothing, ..lax });
    assert!(registry.told_at(At { label: &label, policy: &Digest::of(b"none") }).is_err(), "rule 8");
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
