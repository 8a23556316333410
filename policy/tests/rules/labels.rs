//! Rules 2, 3 and 7: what a thing's label is, and what it may come from.

use crate::changed;
use crate::common::*;
use semla_policy::*;

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
    site.enact(Record::Dataset(Box::new(dataset("low@1", "internal"))), &["steward-1", "steward-2"]).unwrap();
    let low =
        Permit { up_to: "internal".into(), datasets: ["low@1".to_owned()].into(), ..permit("P-2", &["scientist"]) };
    site.enact(Record::Permit(low), &["officer-1", "steward-1"]).unwrap();
    let rehearsal = |image| JobPlan { image, permit: "P-2".into(), data: [].into(), dummy: true, ..plan("scientist") };
    assert_eq!(site.registry.admit(rehearsal(crate::common::image()), today()).unwrap().label_text(), "internal");
    let refusal = site.registry.admit(rehearsal(high), today()).unwrap_err();
    assert_eq!((refusal.rule, refusal.labels), (3, Some(("internal".to_owned(), "confidential".to_owned()))));
}

#[test]
fn rule_1_an_image_that_somebody_may_not_see_is_none() {
    let mut site = Site::new();
    let high = Digest::of(b"an image made from data");
    let rehearsal = |name: &str, image| JobPlan { image, dummy: true, ..plan(name) };
    let told = |site: &Site, name: &str| {
        let plan = rehearsal(name, high);
        let explained = site.registry.explain_job(&plan, today());
        (site.registry.admit(plan, today()).map(|admitted| admitted.label_text()), explained)
    };
    let before = told(&site, "colleague");
    let image = Image { name: "tuned".into(), digest: high, label: "confidential".into() };
    site.enact(Record::Image(image.clone()), &["officer-1"]).unwrap();
    assert_eq!(told(&site, "colleague"), before, "it is as if there were none");
    assert_eq!(told(&site, "scientist").0.unwrap(), HIGH, "the control: who sees it runs it");
    // Nor is an operator told where a tree is on record that they may not see.
    let operator = Person { clearance: "internal".into(), ..site.newcomer("operator-1", &[Role::Operator]) };
    let cleared = site.newcomer("operator-2", &[Role::Operator, Role::Steward]);
    for person in [operator, cleared] {
        site.enact(Record::Person(person), &["officer-1", "officer-2"]).unwrap();
    }
    let lower = Record::Image(Image { name: "mine".into(), label: "internal".into(), ..image });
    let refusal = |by| site.registry.judge(&site.sign(&site.change(lower.clone()), &[by])).unwrap_err().to_string();
    assert!(!refusal("operator-1").contains("confidential"), "{}", refusal("operator-1"));
    assert!(refusal("operator-2").contains("import it at `confidential`"), "the control: {}", refusal("operator-2"));
    // Nor are those told who sign with one who may not see it.
    let signed = site.sign(&site.change(lower.clone()), &["operator-1", "operator-2"]);
    let refusal = site.registry.judge(&signed).unwrap_err().to_string();
    assert!(!refusal.contains("confidential"), "{refusal}");
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
    let both = [(mount("x"), "a@1".to_owned()), (mount("y"), "b@1".to_owned())].into();
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
    let job = JobPlan { data: [(mount("train"), "low@1".to_owned())].into(), ..rehearsal() };
    assert_eq!(site.registry.admit(job, today()).unwrap().label_text(), HIGH);
}
