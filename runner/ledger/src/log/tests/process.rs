//! Processes that end in the middle of it.

use super::*;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Runs one test of this program in a process of its own, through a shell that prepares it.
fn child(test: &str, prepare: &str, folder: &Folder) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{prepare} exec \"$0\" --exact log::tests::process::{test} --nocapture")]);
    command.arg(std::env::current_exe().unwrap()).env("SEMLA_LEDGER_TEST", folder.path());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// The log of the parent's folder, if there is a parent.
fn parent() -> Option<Log> {
    let folder = PathBuf::from(std::env::var_os("SEMLA_LEDGER_TEST")?);
    let key = SigningKey::load(&folder.join("key")).unwrap();
    Some(Log::open(folder.join("log"), ORIGIN, key).unwrap())
}

#[test]
fn appends_until_killed() {
    let Some(mut log) = parent() else { return };
    for round in 0.. {
        fill(&mut log, 1 + round % 5);
        writeln!(std::io::stdout(), "\nrecorded {}", log.size()).unwrap();
        if round % 7 == 0 {
            log.checkpoint().unwrap();
        }
    }
}

#[test]
fn a_killed_process_has_lost_nothing_that_it_said_is_recorded() {
    let folder = Folder::new();
    for rounds in [1, 10, 40, 90] {
        let mut process = child("appends_until_killed", "", &folder).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut recorded = 0;
        let mut see = |line: std::io::Result<String>| {
            let number = line.unwrap().strip_prefix("recorded ").map(|number| number.parse().unwrap());
            recorded = number.unwrap_or(recorded);
            number.is_some()
        };
        (0..rounds).for_each(|_| while !see(lines.next().unwrap()) {});
        process.kill().unwrap();
        process.wait().unwrap();
        lines.for_each(|line| {
            see(line);
        });
        let log = folder.log();
        assert!(log.size() >= recorded && recorded > 0, "{} of {recorded}", log.size());
        verify(&log).unwrap();
        assert_eq!(log.opening(recorded - 1).unwrap().entry, entry(recorded - 1));
    }
}

#[test]
fn appends_until_the_disk_is_full() {
    let Some(mut log) = parent() else { return };
    let whole = loop {
        let size = log.size();
        match log.append(&[vec![7; 1000]]) {
            Ok(_) => continue,
            Err(LogError::Journal(JournalError::File(_))) => break size,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(log.size(), whole);
    verify(&log).unwrap();
    assert_eq!(log.append(&[b"a little still fits"]).unwrap(), whole..whole + 1);
    verify(&log).unwrap();
    println!("\nfull at {whole}");
}

#[test]
fn an_append_that_fails_halfway_leaves_nothing_and_the_log_goes_on() {
    let folder = Folder::new();
    // A limit on the size of files that is no multiple of what is appended, and the signal for it ignored.
    let output = child("appends_until_the_disk_is_full", "trap '' XFSZ; ulimit -f 64;", &folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let text = String::from_utf8(output.stdout).unwrap();
    let whole: u64 = text.lines().find_map(|line| line.strip_prefix("full at ")).unwrap().parse().unwrap();
    assert!(whole > 10);
    let log = folder.log();
    assert_eq!((log.size(), log.recovery().dropped), (whole + 1, 0));
}
