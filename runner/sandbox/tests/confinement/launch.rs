//! Starting: what the job gets, and errors that name the step.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;

use nix::errno::Errno;
use semla_sandbox::confine::{End, Program, Root, What};
use semla_sandbox::error::Step;
use semla_sandbox::limits::Space;

use crate::case::Lab;

crate::tests!(
    an_exit_code_comes_back,
    a_death_by_signal_comes_back,
    the_environment_is_exactly_what_was_given,
    the_working_directory_is_what_was_given,
    every_host_has_the_same_name,
    a_program_runs_by_descriptor_in_an_empty_root_and_can_run_itself_again,
    a_program_is_found_by_the_path_inside,
    a_missing_program_is_an_error_of_the_exec_step,
    a_program_that_may_not_be_executed_says_so,
    a_missing_directory_is_an_error_of_the_directory_step,
    a_nul_byte_is_an_error_of_the_arguments_step,
    a_mount_within_another_is_an_error_of_the_mount_step,
    a_fence_in_use_is_an_error_of_the_cgroup_step_and_keeps_its_leaf,
    too_little_memory_to_start_is_an_error_and_no_hang,
    a_slot_out_of_range_is_refused,
);

fn an_exit_code_comes_back(lab: &Lab) {
    for code in ["0", "1", "7", "125", "255"] {
        assert_eq!(lab.probe(&["exit", code]).run().end, End::Exited(code.parse().unwrap()));
    }
}

fn a_death_by_signal_comes_back(lab: &Lab) {
    for signal in [6, 9, 15] {
        assert_eq!(lab.probe(&["die", &signal.to_string()]).run().end, End::Signaled(signal));
    }
}

fn the_environment_is_exactly_what_was_given(lab: &Lab) {
    let case = lab.probe(&["env"]).with(|case| case.env = vec![("A".into(), "x=y z".into())]);
    assert_eq!(case.says(), "A=x=y z");
    assert_eq!(lab.probe(&["env"]).says(), "");
}

fn the_working_directory_is_what_was_given(lab: &Lab) {
    assert_eq!(lab.probe(&["where"]).with(|case| case.cwd = "/tmp".into()).says(), "/tmp");
}

fn every_host_has_the_same_name(lab: &Lab) {
    assert_ne!(nix::unistd::gethostname().unwrap(), "semla");
    assert_eq!(lab.probe(&["host"]).says(), "semla");
}

fn a_program_runs_by_descriptor_in_an_empty_root_and_can_run_itself_again(lab: &Lab) {
    assert_eq!(lab.probe(&["list", "/"]).says(), "dev proc tmp");
    assert_eq!(lab.probe(&["again"]).run().end, End::Exited(3));
}

/// An image that holds this program as /bin/probe.
fn image(lab: &Lab, mode: u32) -> Root {
    let dir = lab.directory();
    fs::create_dir(dir.join("bin")).unwrap();
    fs::copy("/proc/self/exe", dir.join("bin/probe")).unwrap();
    fs::set_permissions(dir.join("bin/probe"), fs::Permissions::from_mode(mode)).unwrap();
    Root::Image(File::open(dir).unwrap().into())
}

fn by_name(words: &[&str]) -> Program {
    Program::Path(words.iter().map(|word| (*word).to_owned()).collect())
}

fn a_program_is_found_by_the_path_inside(lab: &Lab) {
    let case = lab.probe(&[]).with(|case| {
        case.root = image(lab, 0o755);
        case.program = by_name(&["probe", "list", "/"]);
        case.env = vec![("PATH".into(), "/nowhere:/bin".into())];
    });
    assert_eq!(case.says(), "bin dev proc tmp");
}

fn a_missing_program_is_an_error_of_the_exec_step(lab: &Lab) {
    for name in ["nothing", "/bin/nothing"] {
        let error = lab.probe(&[]).with(|case| case.program = by_name(&[name])).refusal();
        assert_eq!((error.step, error.cause), (Step::Exec, Errno::ENOENT));
    }
}

fn a_program_that_may_not_be_executed_says_so(lab: &Lab) {
    let case = lab.probe(&[]).with(|case| {
        case.root = image(lab, 0o644);
        case.program = by_name(&["probe"]);
    });
    let error = case.refusal();
    assert_eq!((error.step, error.cause), (Step::Exec, Errno::EACCES));
}

fn a_missing_directory_is_an_error_of_the_directory_step(lab: &Lab) {
    let error = lab.probe(&["exit", "0"]).with(|case| case.cwd = "/work".into()).refusal();
    assert_eq!((error.step, error.cause), (Step::Directory, Errno::ENOENT));
}

fn a_nul_byte_is_an_error_of_the_arguments_step(lab: &Lab) {
    let error = lab.probe(&["exit", "0\0"]).refusal();
    assert_eq!(error.step, Step::Arguments);
}

fn a_mount_within_another_is_an_error_of_the_mount_step(lab: &Lab) {
    let space = Space::new(4096, 8);
    for (one, other) in [("/in", "/in/x"), ("/in/x", "/in"), ("/in", "/in")] {
        let case = lab.probe(&["exit", "0"]).mount(one, What::Tmpfs(space)).mount(other, What::Tmpfs(space));
        assert_eq!(case.refusal().step, Step::Mount);
    }
    let case = lab.probe(&["exit", "0"]).mount("/in", What::Tmpfs(space)).mount("/inx", What::Tmpfs(space));
    assert_eq!(case.run().end, End::Exited(0));
}

fn a_fence_in_use_is_an_error_of_the_cgroup_step_and_keeps_its_leaf(lab: &Lab) {
    let case = lab.probe(&["sleep"]);
    let fence = case.fence.clone();
    let (running, _pipe) = case.start().unwrap();
    let error = lab.probe(&["exit", "0"]).with(|case| case.fence = fence).refusal();
    assert_eq!((error.step, error.cause), (Step::Cgroup, Errno::EEXIST));
    running.kill_all().unwrap();
    assert_eq!(running.wait().unwrap().0, End::Killed);
}

fn too_little_memory_to_start_is_an_error_and_no_hang(lab: &Lab) {
    let error = lab.probe(&["exit", "0"]).with(|case| case.limits.memory = 64 << 10).refusal();
    assert_eq!((error.step, error.cause), (Step::Memory, Errno::ENOMEM));
}

fn a_slot_out_of_range_is_refused(lab: &Lab) {
    let slots = lab.ground.slots();
    assert_eq!(slots.slot(slots.count()).unwrap_err().step, Step::Slot);
    assert!(slots.slot(slots.count() - 1).unwrap().host_job() < 0xffff_0000);
}
