//! A disk of a job's own: it holds more than the job's memory, no more than was asked for, and nothing of it outlasts the attempt.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use serde_json::Value;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

const NEEDS: &str = "[needs]\nmemory = \"256M\"\ndisk = \"640M\"\n";
const OUTPUT: &str = "[[output]]\npath = \"large.bin\"\nkind = \"data\"\n";

/// The files that loop devices of the host are made of, as far as they lie in this site's folder.
fn loops(cast: &Cast) -> Vec<String> {
    let devices = fs::read_dir("/sys/block").expect("block devices").filter_map(Result::ok);
    let files = devices.filter_map(|device| fs::read_to_string(device.path().join("loop/backing_file")).ok());
    let place = cast.site.state().display().to_string();
    files.filter(|file| file.contains(&place)).collect()
}

fn ended(cast: &Cast, name: &str, python: &str, more: &str) -> (String, String, Value) {
    let file = cast.line(name, PERMIT, python, more);
    let ran = cast.site.semla("scientist-1", &["-o", "json", "submit", &file, "--wait"]).json();
    let attempt = cast.site.state().join(format!("attempts/{}-1", ran["id"].as_str().expect("an id")));
    let read = |name: &str| fs::read_to_string(attempt.join(name)).expect("what the keeper wrote");
    let left = ["disk", "scratch"].map(|part| attempt.join(part).exists());
    assert_eq!(left, [false; 2], "nothing of it is left");
    until(cast, "its device is free", || loops(cast).is_empty());
    let end: Value = serde_json::from_str(&read("end.json")).expect("an end");
    (end["ending"].as_str().expect("a word").to_owned(), read("log"), end)
}

fn until(cast: &Cast, what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < end, "it never came that {what}\n{}", cast.site.log());
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_job_writes_to_its_disk_what_its_memory_does_not_hold_and_leaves_nothing_of_it() {
    let cast = Cast::assemble(&mut Told::default());
    let large = "import os\n\
                 for part in range(300):\n    open('/out/large.bin', 'ab').write(os.urandom(1 << 20))\n";
    let (ending, log, _) = ended(&cast, "memory", large, &format!("{OUTPUT}[needs]\nmemory = \"256M\"\n"));
    assert!(
        ["out-of-disk", "out-of-memory"].contains(&ending.as_str()),
        "the control: without a disk, {ending}\n{log}"
    );

    let code = format!(
        "{large}\
         mine, other = os.stat('/out'), os.stat('/scratch')\n\
         print(mine.st_dev == other.st_dev != os.stat('/tmp').st_dev, oct(mine.st_mode), mine.st_uid, other.st_uid)\n\
         print(os.listdir('/scratch'), os.listdir('/out'))\n\
         space = os.statvfs('/scratch')\n\
         print(500 < space.f_blocks * space.f_frsize >> 20 <= 640, 16384 <= space.f_files <= 65536)\n\
         mount = [line for line in open('/proc/self/mountinfo') if ' /scratch ' in line][0]\n\
         print('nosuid' in mount, 'nodev' in mount, ' - ext4 ' in mount)\n"
    );
    let (ending, log, end) = ended(&cast, "disk", &code, &format!("{OUTPUT}{NEEDS}"));
    let said = ["True 0o40700 1000 1000", "[] ['large.bin']", "True True", "True True True"];
    assert_eq!((ending.as_str(), log.lines().collect::<Vec<_>>()), ("succeeded", said.to_vec()), "{}", cast.site.log());
    assert_eq!(end["outputs"][0]["content"]["size"], 300 << 20, "{end}");

    let full = "with open('/scratch/full', 'wb') as file:\n    while True:\n        file.write(bytes(1 << 20))\n";
    let (ending, log, _) = ended(&cast, "full", full, NEEDS);
    assert!(ending == "out-of-disk" && log.contains("No space left on device"), "{ending} {log}");
    let many = "import itertools\nfor number in itertools.count():\n    open(f'/out/{number}', 'w').close()\n";
    let (ending, log, _) = ended(&cast, "many", many, NEEDS);
    assert!(ending == "out-of-disk" && log.contains("No space left on device"), "{ending} {log}");

    let asked = |disk: &str| {
        let file = cast.line("asks", PERMIT, "pass", &format!("[needs]\ndisk = \"{disk}\"\n"));
        cast.site.semla("scientist-1", &["submit", &file])
    };
    let (huge, tiny) = (asked("900T"), asked("1M"));
    assert!(
        huge.code == 1
            && huge.err.contains("the job asks for 921600 GiB of disk, and the most that this host gives is"),
        "{huge:?}"
    );
    assert!(tiny.code == 2 && tiny.err.contains("a disk has at least `64M`"), "{tiny:?}");
}

#[test]
fn what_the_host_has_no_room_for_waits_and_holds_nobody_up() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let space = nix::sys::statvfs::statvfs(&site.state()).expect("the disk");
    let free = space.blocks_available() * space.fragment_size();
    // Twice so much fits now, and not beside another one.
    assert!(free > 4 << 30, "the host has {free} bytes for this");
    let disk = (free - (1 << 30)) / 2 - (512 << 20);
    let needs = format!("[needs]\ncpus = 0.2\nmemory = \"200M\"\ndisk = \"{}M\"\n", disk >> 20);
    let submit = |name: &str, code: &str, more: &str| {
        let file = cast.line(name, PERMIT, code, more);
        site.json("scientist-1", &["submit", &file, "--dummy"])["id"].as_str().expect("an id").to_owned()
    };
    let state = |id: &str| site.json("scientist-1", &["job", "show", id])["state"].as_str().expect("a word").to_owned();
    let first = submit("first", "import time\ntime.sleep(15)", &needs);
    until(&cast, "it runs", || state(&first) == "running");
    let second = submit("second", "open('/scratch/x', 'w').write('x')", &needs);
    let small = submit("small", "pass", "[needs]\ncpus = 0.2\nmemory = \"200M\"\n");
    until(&cast, "the small one ends", || state(&small) == "succeeded");
    assert_eq!((state(&first).as_str(), state(&second).as_str()), ("running", "queued"), "{}", site.log());
    until(&cast, "the first one ends", || state(&first) == "succeeded");
    until(&cast, "the second one ends", || state(&second) == "succeeded");
    let tail = site.semla("officer-1", &["ledger", "tail"]).ok().out;
    let launched = tail.lines().filter(|line| line.contains(&second) && line.contains("launching")).count();
    assert_eq!(launched, 1, "no entry for each try: {tail}");
}

#[test]
fn a_keeper_that_is_killed_leaves_no_disk_behind() {
    let cast = Cast::assemble(&mut Told::default());
    let code = "import time\nopen('/scratch/begun', 'w').write('x')\nprint('begun', flush=True)\ntime.sleep(60)\n";
    let file = cast.line("killed", PERMIT, code, NEEDS);
    let id = cast.site.json("scientist-1", &["submit", &file, "--dummy"])["id"].as_str().expect("an id").to_owned();
    until(&cast, "it runs", || cast.site.semla("scientist-1", &["job", "logs", &id]).out.contains("begun"));
    assert_eq!(loops(&cast).len(), 1, "the control: it has a device");
    let lock = cast.site.state().join(format!("attempts/{id}-1/lock"));
    let holds = |process: &fs::DirEntry| {
        let fds = fs::read_dir(process.path().join("fd")).into_iter().flatten().filter_map(Result::ok);
        fds.filter_map(|fd| fs::read_link(fd.path()).ok()).any(|to| to == lock)
    };
    let processes = fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let keeper = processes.filter(holds).find_map(|process| process.file_name().to_str()?.parse().ok());
    kill(Pid::from_raw(keeper.expect("its keeper")), Signal::SIGKILL).expect("to kill it");
    until(&cast, "its device is free", || loops(&cast).is_empty());
    until(&cast, "it is lost", || {
        cast.site.json("scientist-1", &["job", "show", &id])["state"].as_str() == Some("lost")
    });
}
