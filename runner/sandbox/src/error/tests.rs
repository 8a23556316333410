use std::collections::BTreeSet;
use std::error::Error;

use super::*;

#[test]
fn every_step_survives_the_pipe() {
    for step in Step::ALL {
        assert_eq!(Step::from_code(step.code()), Some(*step));
    }
    assert_eq!(Step::from_code(u8::MAX), None);
}

#[test]
fn no_two_steps_share_a_name() {
    let names: BTreeSet<_> = Step::ALL.iter().map(|step| step.name()).collect();
    assert_eq!(names.len(), Step::ALL.len());
}

#[test]
fn a_message_names_the_step_and_leaves_the_cause_to_the_source() {
    let error = LaunchError { step: Step::Exec, cause: Errno::ENOENT };
    assert_eq!(error.to_string(), "failed to execute the program");
    assert_eq!(error.source().unwrap().to_string(), Errno::ENOENT.to_string());
}
