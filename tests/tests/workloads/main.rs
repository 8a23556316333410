//! What data scientists run runs in the sandbox, and its filter has no rule that nothing of it needs.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod rules;
mod watch;

use rules::Rule;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::site::CACHE;
use semla_tests::told::Told;
use watch::Watch;

/// What they run: a program, its file, and what that prints last.
const PROGRAMS: [(&str, &str, &str, &str); 6] = [
    ("python3", "learn.py", include_str!("learn.py"), "400"),
    ("python3", "network.py", include_str!("network.py"), "trained"),
    ("python3", "machine.py", include_str!("machine.py"), "it slept on"),
    ("python3", "talk.py", include_str!("talk.py"), "all of it is said"),
    ("Rscript", "study.R", include_str!("study.R"), "said TRUE"),
    ("sh", "tools.sh", include_str!("tools.sh"), "100000 apart/numbers"),
];

/// Rules that none of these needs, and that others do: each rule says who. A condition follows its call.
const FOR_OTHERS: [&str; 9] =
    ["readv", "open", "stat", "lstat", "fstat", "pipe", "nanosleep", "gettimeofday", "prctl 15"];

#[test]
fn what_data_scientists_run_runs_and_no_rule_is_there_that_nothing_of_it_needs() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let recipe = concat!(env!("CARGO_MANIFEST_DIR"), "/../images/science.toml");
    site.semla("officer-1", &["image", "build", recipe, "--cache", CACHE]).ok();
    let watch = Watch::over(site.launcher(), Rule::all());
    for (program, file, text, last) in PROGRAMS {
        let folder = file.replace('.', "-");
        site.write(&format!("{folder}/{file}"), text);
        let job = format!(
            "permit = \"{PERMIT}\"\nimage = \"science\"\nrun = [\"{program}\", \"{file}\"]\ndata = {{ train = \"wdbc@1\" }}\n"
        );
        let job = site.write(&format!("{folder}/job.toml"), &job);
        let ran = site.semla("scientist-1", &["-o", "json", "submit", &job, "--dummy", "--wait"]);
        let log = site.semla("scientist-1", &["job", "logs", ran.json()["id"].as_str().expect("an id")]);
        assert!(ran.code == 0 && log.out.trim_end().lines().last() == Some(last), "{file}: {ran:?}\n{}", log.out);
    }
    let unneeded = watch.unneeded();
    let unneeded: Vec<_> = unneeded.iter().map(Rule::call).filter(|call| !FOR_OTHERS.contains(call)).collect();
    assert!(unneeded.is_empty(), "nothing needs {unneeded:?}");
}
