//! Each system call of a keeper fails once, from its attempt's first step to its end.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::libc;
use semla_policy::Ending;
use semla_sandbox::house::{House, Settings};
use semla_sandbox::trial::Trial;

use crate::case::Lab;
use crate::ends::State;
use crate::probe;
use crate::tracer::{Fault, Traced, Who, mark, trace};

crate::tests!(whichever_call_of_a_keeper_fails_its_end_says_at_what_and_nothing_is_left);

/// To close a folder, to sleep, to wait for a program of the host, which goes on if nobody does; and to take something away: of what stays a
/// mount keeps the host back.
const SPARED: [i64; 7] = [
    libc::SYS_close,
    libc::SYS_clock_nanosleep,
    libc::SYS_wait4,
    libc::SYS_umount2,
    libc::SYS_rmdir,
    libc::SYS_unlink,
    libc::SYS_unlinkat,
];

/// What an attempt's folder may hold when it is over.
const KEPT: [&str; 5] = ["code.log", "end.json", "in-0", "let-go", "log"];

fn whichever_call_of_a_keeper_fails_its_end_says_at_what_and_nothing_is_left(lab: &Lab) {
    let site = Site::make(lab);
    let mut steps = BTreeSet::new();
    // Which calls an end tells of, and of which there is none.
    let (mut told, mut ends) = (Vec::new(), Vec::new());
    // To copy an image and to let go of pages takes half a second: it is done as long as what fails comes before.
    let mut apart = true;
    let mut number = 0;
    loop {
        let before = (State::now(), loops(&site.root));
        let trial = site.trial(number, apart);
        let keep = || {
            mark();
            let ended = trial.keep(&site.house, &lab.ground);
            mark();
            match ended {
                Ok(end) => format!("{}: {}", end.ending.word(), end.step.unwrap_or_default()),
                Err(error) => format!("no end: {error}"),
            }
        };
        let fault = Fault { who: Who::Keeper, number, why: Errno::EIO, spared: &SPARED };
        let Traced { failed, said } = trace(fault, keep);
        before.0.is_now();
        // Whoever looks at new devices of the host may have it open for a moment.
        let soon = Instant::now() + Duration::from_secs(2);
        while loops(&site.root) != before.1 && Instant::now() < soon {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(loops(&site.root), before.1, "call {failed:?}, the {number}th");
        let log = fs::read_to_string(site.attempt(&trial).join("log")).unwrap_or_default();
        let made_room = !site.root.join("site/copies/P-0").exists();
        site.holds_nothing_of(&trial, &said);
        let Some(call) = failed else {
            assert_eq!(said, WELL, "control");
            break;
        };
        let (word, step) = said.split_once(": ").unwrap();
        match step.split(": ").next() {
            // An output that couldn't be kept: the log says so.
            None | Some("") if word == Ending::OutputRefused.word() => {
                assert!(
                    log.contains("[semla left out `file`: it couldn't be kept"),
                    "call {call}, the {number}th: {log}"
                );
            }
            // What it can do without: to look at something again.
            None | Some("") => assert_eq!(word, Ending::Succeeded.word(), "call {call}, the {number}th"),
            // What can't be begun, or written down at the end, is no attempt, or one that was lost.
            Some(_) if word == "no end" => ends.push(number),
            Some(step) => {
                let why = step.starts_with("failed to ") || step == "the code couldn't be unpacked";
                assert!(why, "call {call}, the {number}th: {said}");
                told.push(number);
                steps.insert(step.to_owned());
            }
        }
        number += 1;
        if apart && step.contains("make the job's disk") {
            assert!(made_room, "what is over is gone");
            (told, ends) = (Vec::new(), Vec::new());
            (apart, number) = (false, 0);
        }
    }
    let (first, last) = (told.first().unwrap(), told.last().unwrap());
    assert!(
        ends.iter().all(|number| number < first || number > last),
        "{ends:?}, and an end told from {first} to {last}"
    );
    for step in STEPS {
        assert!(steps.iter().any(|said| said.contains(step)), "`{step}` never failed: {steps:?}");
    }
}

/// What a keeper does by itself, beside launching.
const STEPS: [&str; 12] = [
    "open a slot",
    "copy the image",
    "let go of pages",
    "make the job's disk",
    "open an input",
    "write an input",
    "open the archive",
    "open the code",
    "open the image",
    "open the log",
    "open a pipe",
    "watch the attempt",
];

/// What is said of a keeper of which nothing failed.
const WELL: &str = "succeeded: ";

/// A site with what an attempt takes.
struct Site {
    house: House,
    root: PathBuf,
}

impl Site {
    fn make(lab: &Lab) -> Self {
        // The workers lie beside the program that starts them.
        let here = std::env::current_exe().unwrap();
        let worker = here.with_file_name("semla-unpack");
        let built = here.parent().unwrap().parent().unwrap().join("semla-unpack");
        assert!(built.exists(), "`make build` first: there is no {}", built.display());
        let _ = fs::remove_file(&worker);
        std::os::unix::fs::symlink(built, worker).unwrap();
        let root = lab.directory();
        let folders = ["image/bin", "data", "code"].map(|name| root.join(name));
        folders.iter().for_each(|folder| fs::create_dir_all(folder).unwrap());
        fs::copy(here, root.join("image/bin").join(probe::NAME)).unwrap();
        fs::write(root.join("data/rows.csv"), "id\n1\n").unwrap();
        fs::write(root.join("code/main.py"), "pass\n").unwrap();
        let mut tar = Command::new("tar");
        tar.arg("-C").arg(root.join("code")).arg("-cf").arg(root.join("code.tar")).arg("main.py");
        assert!(tar.status().unwrap().success());
        let settings =
            Settings { service: 61_000, images: root.join("images"), port: 0, cdi: root.join("cdi"), engine: None };
        Self { house: House::build(&root.join("site"), settings).unwrap(), root }
    }

    fn trial(&self, number: usize, apart: bool) -> Trial {
        // One that is over makes room.
        fs::create_dir_all(self.root.join("site/copies/P-0")).unwrap();
        Trial {
            fence: format!("test-{}-k{number}", std::process::id()),
            image: self.root.join("image"),
            code: self.root.join("code.tar"),
            input: self.root.join("data"),
            apart,
            run: [probe::NAME, "write", "/out/file"].map(str::to_owned).into(),
            output: "file".to_owned(),
        }
    }

    fn attempt(&self, trial: &Trial) -> PathBuf {
        self.root.join("site/attempts").join(&trial.fence)
    }

    /// What was begun is whole or not there; then the next one finds nothing of it.
    fn holds_nothing_of(&self, trial: &Trial, said: &str) {
        let site = self.root.join("site");
        let left: Vec<_> =
            names(&self.attempt(trial)).into_iter().filter(|name| !KEPT.contains(&name.as_str())).collect();
        assert_eq!(left, Vec::<String>::new(), "{said}");
        let copy = site.join("copies/P-1").join(&trial.fence);
        assert!(!copy.exists() || copy.join("bin").join(probe::NAME).exists(), "{said}");
        assert!(!copy.with_extension("begun").exists(), "{said}");
        let objects = names(&site.join("objects"));
        assert!(objects.is_empty() || objects.len() == 2, "{objects:?} of {said}");
        assert!(said != WELL || objects.len() == 2, "its output is kept");
        for folder in ["objects", "copies", "attempts"] {
            fs::remove_dir_all(site.join(folder)).unwrap();
            fs::create_dir(site.join(folder)).unwrap();
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The files of this folder that loop devices are made of.
fn loops(root: &Path) -> Vec<String> {
    let devices = fs::read_dir("/sys/block").unwrap().flatten();
    let files = devices.filter_map(|device| fs::read_to_string(device.path().join("loop/backing_file")).ok());
    files.filter(|file| file.contains(&*root.to_string_lossy())).collect()
}
