//! What a job has to look like, and what stays with it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::*;
use semla_policy::*;

fn output(path: &str) -> Output {
    Output {
        path: path.into(),
        kind: OutputKind::Text,
        counts: vec![],
        data: None,
        about: String::new(),
        controls: String::new(),
    }
}

#[test]
fn a_job_runs_something_and_declares_plain_paths_once() {
    let site = Site::new();
    let of = |paths: &[&str]| JobPlan { outputs: paths.iter().map(|path| output(path)).collect(), ..plan("scientist") };
    let many = |count: usize| {
        let names: Vec<_> = (0..count).map(|number| format!("{number}.txt")).collect();
        of(&names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let mounted = |name: &str| JobPlan { data: [(mount(name), DATA.to_owned())].into(), ..plan("scientist") };
    let mounts = |count: usize| {
        let data = (0..count).map(|number| (mount(&format!("m{number}")), DATA.to_owned())).collect();
        JobPlan { data, ..plan("scientist") }
    };
    let run =
        |words: &[&str]| JobPlan { run: words.iter().map(|word| (*word).to_owned()).collect(), ..plan("scientist") };
    for sound in
        [of(&["a.txt", "b/a.txt"]), many(128), mounted("rows"), mounted("Zeilen ä"), mounts(64), run(&["true", ""])]
    {
        site.registry.admit(sound, today()).unwrap();
    }
    for (wrong, words) in [
        (run(&[]), "runs nothing"),
        (run(&["", "x"]), "runs nothing"),
        (many(129), "more than 128"),
        (mounts(65), "mounts more than 64 datasets"),
        (of(&["../a"]), "can't be an output's path"),
        (of(&["a.txt", "a.txt"]), "declared twice"),
    ] {
        let refusal = site.registry.admit(wrong, today()).unwrap_err();
        assert!(refusal.rule == 8 && refusal.what.contains(words), "{refusal}");
    }
}

#[test]
fn a_plan_whose_mounts_lead_elsewhere_cannot_be_read() {
    let text = serde_json::to_string(&plan("scientist")).unwrap();
    let named = |name: &str| serde_json::from_str::<JobPlan>(&text.replace("\"train\"", &format!("{name:?}")));
    assert_eq!(named("Zeilen ä").unwrap().data.into_keys().collect::<Vec<_>>(), [mount("Zeilen ä")]);
    for wrong in ["", ".", "..", "../x", "a/b", "/data"] {
        let refused = named(wrong).unwrap_err().to_string();
        assert!(refused.contains(&format!("`{wrong}` can't name a mount")), "{refused}");
    }
}

#[test]
fn a_job_that_asks_for_nothing_gets_a_core_two_gibibytes_and_an_hour() {
    assert_eq!(Needs::DEFAULT, Needs { millicpus: 1000, memory: 2_147_483_648, seconds: 3600, gpus: 0, disk: 0 });
}

#[test]
fn rule_6_a_job_goes_under_the_policy_in_force_and_under_none_that_its_submitter_chose() {
    let mut site = Site::new();
    let first = *site.registry.policy_digest();
    let named = |site: &Site, policy: Digest| {
        let submission = Submission { plan: plan("scientist"), policy, nonce: "1".into() };
        let signed = site.sign(&submission, &["scientist"]);
        site.registry.submitted(&signed, today()).map(|admitted| (*admitted.policy(), admitted.marking().policy))
    };
    assert_eq!(named(&site, first), Ok((first, first)));
    // A laxer one once, and a stricter one since.
    let mut changed = policy();
    changed.profiles[0].min_people += 10;
    site.enact(Record::Policy(Box::new(changed)), &["officer-1", "officer-2"]).unwrap();
    let second = *site.registry.policy_digest();
    assert_ne!(second, first);
    assert_eq!(named(&site, second), Ok((second, second)), "the control");
    let refused = named(&site, first).unwrap_err();
    assert!(refused.rule == 8 && refused.what.contains("another policy than the one in force"), "{refused}");
}

#[test]
fn rule_1_a_permit_holds_until_its_last_day_and_until_it_is_withdrawn() {
    let mut site = Site::new();
    let until = site.registry.permit(PERMIT).unwrap().until;
    let holds = |site: &Site, day| site.registry.holds_permit(PERMIT, day).map_err(|refusal| refusal.rule);
    assert_eq!((holds(&site, today()), holds(&site, until)), (Ok(()), Ok(())));
    assert_eq!(holds(&site, until.tomorrow().unwrap()), Err(1));
    assert!(site.registry.holds_permit("P-0", today()).is_err());
    site.enact(Record::Withdrawal(Withdrawal { permit: PERMIT.into() }), &["officer-1"]).unwrap();
    assert_eq!(holds(&site, today()), Err(1));
}
