//! A process that examines files alone: what it may still do, and what it could do before.
#![allow(clippy::unwrap_used)]

use semla_sandbox::alone::{Bounds, with};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

const BOUNDS: Bounds = Bounds { memory: 256 << 20, seconds: 60 };
/// What a child is told by: the folder with its file, and whether it confines itself.
const FOLDER: &str = "ALONE_FOLDER";
const CONFINED: &str = "ALONE_CONFINED";

/// What somebody who took the process over would try; each says whether it went well.
fn attempts(folder: &Path) -> Vec<(&'static str, bool)> {
    let read = |path: &Path| File::open(path).and_then(|mut file| file.read(&mut [0; 8])).is_ok();
    vec![
        ("read the given file", read(&folder.join("given/file"))),
        ("list the given folder", fs::read_dir(folder.join("given")).is_ok()),
        ("keep what is unpacked", nix::sys::memfd::memfd_create(c"x", nix::sys::memfd::MFdFlags::empty()).is_ok()),
        ("read another file", read(&folder.join("other"))),
        ("read a system file", read(Path::new("/etc/passwd"))),
        ("list another folder", fs::read_dir(folder).is_ok()),
        ("write into the given folder", File::create(folder.join("given/new")).is_ok()),
        ("write elsewhere", File::create(folder.join("new")).is_ok()),
        ("open a socket", TcpListener::bind("127.0.0.1:0").is_ok()),
        ("start a program", Command::new("/bin/true").status().is_ok()),
        ("start a thread", std::thread::Builder::new().spawn(|| ()).is_ok()),
        ("signal its parent", nix::sys::signal::kill(nix::unistd::getppid(), None).is_ok()),
        ("take much memory", Vec::<u8>::new().try_reserve_exact(1 << 30).is_ok()),
    ]
}

/// Runs the attempts in a process of its own.
fn child(confined: bool) -> Vec<String> {
    let folder = std::env::temp_dir().join(format!("semla-alone-{}-{confined}", std::process::id()));
    fs::create_dir_all(folder.join("given")).unwrap();
    fs::write(folder.join("given/file"), "given").unwrap();
    fs::write(folder.join("other"), "other").unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "the_child", "--nocapture", "--test-threads=1"]).env(FOLDER, &folder);
    let output = if confined { command.env(CONFINED, "1") } else { &mut command }.output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.lines().filter_map(|line| line.strip_prefix("could ")).map(str::to_owned).collect()
}

/// What the other tests start; alone it does nothing.
#[test]
fn the_child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    if std::env::var_os(CONFINED).is_some() {
        let given = folder.join("given");
        let missing = with(&[&given], BOUNDS);
        missing.iter().for_each(|what| println!("could do without {what}"));
    }
    let mut out = std::io::stdout();
    // A first line of its own: the harness has begun one.
    writeln!(out).unwrap();
    for (what, _) in attempts(folder).into_iter().filter(|(_, went_well)| *went_well) {
        writeln!(out, "could {what}").unwrap();
    }
    out.flush().unwrap();
    // The harness itself does more than a confined process may.
    std::process::exit(0);
}

#[test]
fn it_reads_what_it_was_given_and_does_nothing_else() {
    assert_eq!(child(true), ["read the given file", "list the given folder", "keep what is unpacked"]);
}

#[test]
fn before_that_it_could_do_all_of_it() {
    let all: Vec<&str> = attempts(Path::new("/nowhere")).into_iter().map(|(what, _)| what).collect();
    assert_eq!(child(false), all);
}
