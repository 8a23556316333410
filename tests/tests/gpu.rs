//! GPUs from the job file to the sandbox, by a specification of one harmless node: /dev/full, which nothing else here has open.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use std::fs::File;
use std::time::{Duration, Instant};

const SPECIFICATION: &str = r#"{ "cdiVersion": "0.5.0", "kind": "vendor.com/gpu",
    "containerEdits": { "env": ["GPUS=all", "DRIVER=1"] }, "devices": [
    { "name": "0", "containerEdits": { "deviceNodes": [{ "path": "/dev/gpu0", "hostPath": "/dev/full" }] } } ] }"#;

/// Lists the devices, and holds the GPU for as long as it is told.
const CODE: &str = "import os, sys, time\nprint(sorted(os.listdir('/dev')), flush=True)\n\
                    print([os.environ.get(name) for name in ('GPUS', 'DRIVER', 'LANG')], flush=True)\n\
                    held = open('/dev/gpu0') if os.path.exists('/dev/gpu0') else None\ntime.sleep(SECONDS)\n";

#[test]
fn a_gpu_serves_one_job_at_a_time_and_is_kept_back_while_somebody_has_it_open() {
    let site = Site::new("gpu");
    site.write("cdi/gpu.json", SPECIFICATION);
    let cast = Cast::assemble_at(site, &mut Told::default());
    let site = &cast.site;
    let submit = |name: &str, seconds: u32, gpus: u32| {
        let code = CODE.replace("SECONDS", &seconds.to_string());
        let file = cast.line(
            name,
            PERMIT,
            &code,
            &format!(
                "env = {{ GPUS = \"mine\", LANG = \"C\" }}\n[needs]\ngpus = {gpus}\nmemory = \"200M\"\ncpus = 0.1\n"
            ),
        );
        site.semla("scientist-1", &["-o", "json", "job", "submit", &file, "--dummy"])
    };
    let started = |name: &str, seconds: u32, gpus: u32| {
        submit(name, seconds, gpus).ok().json()["id"].as_str().expect("an id").to_owned()
    };
    let state =
        |id: &str| site.json("scientist-1", &["job", "show", id])["state"].as_str().unwrap_or_default().to_owned();
    let log = |id: &str| site.semla("scientist-1", &["job", "logs", id]).ok().out;

    // Two that want the one GPU run one after the other; one that wants none runs beside them, and has none.
    let (first, second, none) = (started("first", 4, 1), started("second", 0, 1), started("none", 0, 0));
    until("the first job runs", || state(&first) == "running" && log(&first).contains("gpu0"));
    assert_eq!(state(&second), "queued");
    until("the others ended", || state(&second) == "succeeded" && state(&none) == "succeeded");
    assert_eq!(state(&first), "succeeded");
    assert!(log(&second).contains("'gpu0'"), "{}", log(&second));
    assert!(!log(&none).contains("gpu0"), "{}", log(&none));

    // Of two values of one variable that stands which the job asked for.
    assert!(log(&second).contains("['mine', '1', 'C']"), "{}", log(&second));
    assert!(log(&none).contains("['mine', None, 'C']"), "{}", log(&none));

    // More than there are is refused when it is asked for.
    let refused = submit("many", 0, 2);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("the job asks for 2 GPUs, and this host has 1"), "{}", refused.err);

    // What is only called like a GPU keeps none back: here a program, which is mapped while it runs.
    let namesake = site.desk().join("gpu0");
    std::fs::copy("/bin/sleep", &namesake).expect("a program");
    let mut sleeper = std::process::Command::new(&namesake).arg("300").spawn().expect("a program");
    let free = started("namesake", 0, 1);
    until("the GPU is given out", || state(&free) == "succeeded");
    sleeper.kill().expect("to end it");
    sleeper.wait().expect("its end");

    // A GPU that somebody has open isn't idle: who wants it waits, and nobody waits behind them.
    let open = File::open("/dev/full").expect("a device");
    let (kept, other) = (started("kept", 0, 1), started("other", 0, 0));
    until("the other job ended", || state(&other) == "succeeded");
    assert_eq!(state(&kept), "queued");
    let doctor = site.semla("root", &["doctor"]).all();
    let me = format!("process {} ", std::process::id());
    assert!(doctor.lines().any(|line| line.contains("vendor.com/gpu=0") && line.contains(&me)), "{doctor}");
    drop(open);
    until("the GPU is given out again", || state(&kept) == "succeeded");
}

fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
