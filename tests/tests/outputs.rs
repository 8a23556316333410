//! What a job leaves is hostile: whatever isn't a plain file of its own is left out, the job's log says of each why, and nothing else of
//! the tree is looked at. The corpus itself is in the launcher's own tests.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use serde_json::Value;

/// Most that the daemon may ever have taken, in KiB.
const MEMORY: u64 = 64 << 10;

/// Makes each output by the line that goes with it.
const CODE: &str = r#"
import os, socket, subprocess
os.chdir("/out")
def own(path, text="computed"):
    os.makedirs(os.path.dirname("/out/" + path), exist_ok=True)
    open(path, "w").write(text)
def sock(path):
    socket.socket(socket.AF_UNIX).bind(path)
def pipe(path):
    try:
        os.mkfifo(path)
    except PermissionError as error:
        print(path, error, flush=True)
def many():
    # As many entries as there can be, with names that nobody should print.
    os.mkdir("crowd")
    try:
        for number in range(1_000_000):
            open(f"crowd/{number}\n\x1b[2J", "w").close()
    except OSError as error:
        print("room for", number, error, flush=True)
    for number in range(100):
        os.remove(f"crowd/{number}\n\x1b[2J")
def holes(path, size):
    try:
        with open(path, "wb") as file:
            file.truncate(size)
    except OSError as error:
        print(path, error, flush=True)
def swaps(path):
    # Goes on for as long as it may, and that is until the job's first process ends.
    own(path)
    subprocess.Popen(["python3", "-c", f"""
import os
while True:
    os.symlink('/data/train', 'next'); os.rename('next', '{path}')
    open('next', 'w').write('computed'); os.rename('next', '{path}')
"""], start_new_session=True)
MADE
"#;

/// The path, how it is made, and what becomes of it: its content's size, or words.
const CASES: [(&str, &str, Result<u64, &str>); 17] = [
    ("good.txt", "own('good.txt')", Ok(8)),
    ("sub/good.txt", "own('sub/good.txt')", Ok(8)),
    ("closed.txt", "own('closed.txt'); os.chmod('closed.txt', 0)", Ok(8)),
    ("passwd", "os.symlink('/etc/passwd', 'passwd')", Err("it is a symbolic link, or lies behind one")),
    ("rows", "os.symlink('/data/train/wdbc.csv', 'rows')", Err("it is a symbolic link, or lies behind one")),
    ("fd", "os.symlink('/proc/self/fd/1', 'fd')", Err("it is a symbolic link, or lies behind one")),
    ("data/wdbc.csv", "os.symlink('/data/train', 'data')", Err("it is a symbolic link, or lies behind one")),
    ("root/etc/passwd", "os.symlink('/', 'root')", Err("it is a symbolic link, or lies behind one")),
    ("twice", "own('once'); os.link('once', 'twice')", Err("it is a hard link: the file has another name")),
    ("setuid", "own('setuid'); os.chmod('setuid', 0o4755)", Err("it is setuid, setgid or sticky")),
    ("folder", "os.mkdir('folder')", Err("it is a folder")),
    // Pipes can't be made at all.
    ("pipe", "pipe('pipe')", Err("nothing is there")),
    ("socket", "sock('socket')", Err("it is a socket or a device")),
    ("file/own", "own('file')", Err("what should be its folder is none")),
    ("absent", "pass", Err("nothing is there")),
    // What is longer than the job may write isn't made.
    ("huge", "holes('huge', 1 << 40)", Ok(0)),
    ("holes", "holes('holes', 256 << 20)", Err("it and those before it are larger than what the job may write")),
];

#[test]
fn an_odd_output_is_left_out_and_the_log_says_why() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let outputs: String = CASES
        .iter()
        .map(|(path, ..)| *path)
        .chain(["swapped"])
        .map(|path| format!("[[output]]\npath = \"{path}\"\nkind = \"text\"\n"))
        .collect();
    let made: Vec<&str> = CASES.iter().map(|(_, made, _)| *made).chain(["many()", "swaps('swapped')"]).collect();
    let code = CODE.replace("MADE", &made.join("\n"));
    let needs = "[needs]\nmemory = \"256M\"\ntime = \"120s\"\n";
    let file = cast.line("odd", PERMIT, &code, &format!("{needs}{outputs}"));
    let job = site.semla("scientist-1", &["-o", "json", "submit", &file, "--dummy", "--wait"]).json();
    let id = job["id"].as_str().expect("an id");
    let log = site.semla("scientist-1", &["job", "logs", id]).ok().out;
    assert_eq!(job["state"], "output-refused", "{log}");
    assert!(log.contains("room for"), "the control: there were as many entries as there can be\n{log}");

    let artifacts = site.json("scientist-1", &["artifact", "ls", id]);
    let size = |path: &str| {
        let all: &Vec<Value> = artifacts.as_array().expect("a list");
        all.iter().find(|one| one["path"] == path).and_then(|one| one["size"].as_u64())
    };
    for (path, _, expected) in CASES {
        let line = log.lines().find_map(|line| line.strip_prefix(&format!("[semla left out `{path}`: ")));
        match expected {
            Ok(bytes) => assert_eq!((size(path), line), (Some(bytes), None), "{path}"),
            Err(why) => assert_eq!((size(path), line), (None, Some(format!("{why}]").as_str())), "{path}\n{log}"),
        }
    }
    // The swapped one is what it was at the end: a file of its own, or a link.
    match size("swapped") {
        None => assert!(log.contains("[semla left out `swapped`: it is a symbolic link, or lies behind one]"), "{log}"),
        Some(_) => {
            let text = site.semla("scientist-1", &["artifact", "cat", id, "swapped"]).ok().out;
            assert!(["", "computed"].contains(&text.as_str()), "{text:?}");
        }
    }
    let others = artifacts.as_array().map_or(0, Vec::len) - CASES.iter().filter(|case| case.2.is_ok()).count();
    assert!(others <= 1, "nothing that wasn't declared: {artifacts}");

    let daemon = site.daemon().expect("a daemon");
    let status = std::fs::read_to_string(format!("/proc/{daemon}/status")).expect("a process");
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a size");
    let most: u64 = most.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(most < MEMORY, "the daemon took {most} KiB");
}

#[test]
fn a_flood_of_words_is_cut_and_counted_on_a_line_of_its_own() {
    const LOG: usize = 16 << 20;
    let cast = Cast::assemble(&mut Told::default());
    let logged = |name: &str, bytes: usize| {
        let code = format!("print('x' * {bytes}, end='')\n");
        let file = cast.line(name, PERMIT, &code, "[[output]]\npath = \"absent\"\nkind = \"text\"\n");
        let job = cast.site.semla("scientist-1", &["-o", "json", "submit", &file, "--dummy", "--wait"]).json();
        cast.site.semla("scientist-1", &["job", "logs", job["id"].as_str().expect("an id")]).ok().out
    };
    let absent = "[semla left out `absent`: nothing is there]\n";
    assert!(logged("full", LOG) == format!("{}\n{absent}", "x".repeat(LOG)), "the control: it just fits");
    let cut = format!("[semla cut 7 bytes: a log holds {LOG}]\n");
    assert!(logged("flood", LOG + 7) == format!("{}\n{cut}{absent}", "x".repeat(LOG)));
}
