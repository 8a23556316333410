//! Rule 5: a host that isn't shown to be empty of what ran before serves nobody else.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_tests::Site;
use semla_tests::demo::{Cast, OTHER, PERMIT};
use semla_tests::told::Told;
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The launcher's word about one try.
const KEPT_BACK: &str = "semla-launcher: the host is kept back";

/// Submits a rehearsal under the other permit, and says whether it ends within some seconds.
fn turns(cast: &Cast, name: &str) -> bool {
    let file = cast.line(name, OTHER, "print('my turn')", "");
    let job = cast.site.json("scientist-2", &["submit", &file, "--dummy"])["id"].as_str().expect("an id").to_owned();
    let state =
        || cast.site.json("scientist-2", &["job", "show", &job])["state"].as_str().unwrap_or_default().to_owned();
    let end = Instant::now() + Duration::from_secs(8);
    while Instant::now() < end {
        if state() == "succeeded" {
            return true;
        }
        sleep(Duration::from_millis(100));
    }
    assert_eq!(state(), "queued", "{}", cast.site.log());
    cast.site.semla("scientist-2", &["job", "cancel", &job]).ok();
    false
}

/// Lets the first permit use the host, at a label that doesn't share it; the fence of its attempt.
fn used(cast: &Cast, name: &str) -> String {
    let file = cast.line(name, PERMIT, "print('first')", "");
    let ran = cast.site.json("scientist-1", &["submit", &file, "--wait"]);
    format!("{}-1", ran["id"].as_str().expect("an id"))
}

#[test]
fn what_is_left_of_an_attempt_keeps_the_host_back_until_it_is_gone() {
    let cast = Cast::assemble_at(Site::new("scrub"), &mut Told::default());
    let site = &cast.site;
    used(&cast, "clean");
    assert!(turns(&cast, "control"), "the control: nothing is left\n{}", site.log());

    // A mount that its keeper didn't take away.
    let fence = used(&cast, "mounted");
    let place = site.state().join("attempts").join(&fence).join("left");
    fs::create_dir(&place).expect("a folder");
    mount(Some("tmpfs"), &place, Some("tmpfs"), MsFlags::empty(), None::<&str>).expect("a mount");
    assert!(!turns(&cast, "behind-a-mount"));
    assert!(site.log().contains("the host is kept back") && site.log().contains("is still mounted"), "{}", site.log());
    // It is looked at now and then: each try is an entry of the ledger.
    let tries = |log: &str| log.lines().filter(|line| line.starts_with(KEPT_BACK)).count();
    assert!((1..=2).contains(&tries(&site.log())), "{}", site.log());
    umount2(&place, MntFlags::MNT_DETACH).expect("to unmount it");
    assert!(turns(&cast, "after-a-mount"), "{}", site.log());

    // A process with a job's ids, beside the launcher.
    used(&cast, "stray");
    let mut stray =
        Command::new("sleep").arg("60").uid(0x6000_0000 + 1000).gid(0x6000_0000 + 1000).spawn().expect("a process");
    assert!(!turns(&cast, "behind-a-process"));
    assert!(site.log().contains("has a job's user, and belongs to no attempt"), "{}", site.log());
    kill(Pid::from_raw(stray.id().cast_signed()), Signal::SIGKILL).expect("to end it");
    stray.wait().expect("its end");
    assert!(turns(&cast, "after-a-process"), "{}", site.log());

    // What can be ended is: a cgroup with a process that outlived its keeper.
    let fence = used(&cast, "held");
    let parent = ["pids/semla", "semla"]
        .map(|name| format!("/sys/fs/cgroup/{name}"))
        .into_iter()
        .find(|dir| fs::exists(dir).unwrap_or(false));
    let leaf = format!("{}/{fence}", parent.expect("where leafs are"));
    fs::create_dir(&leaf).expect("a leaf");
    let mut held = Command::new("sleep").arg("60").spawn().expect("a process");
    fs::write(format!("{leaf}/cgroup.procs"), held.id().to_string()).expect("to move it");
    assert!(turns(&cast, "swept"), "{}", site.log());
    assert!(!fs::exists(&leaf).unwrap_or(true) && held.try_wait().expect("its state").is_some());
}
