//! The main job, end to end.

#[test]
fn the_main_job_runs_and_nothing_else_does() {
    semla_tests::demo::run();
}
