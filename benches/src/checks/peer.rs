//! What else looks at pickles and texts, and what writes models: Python's packages, in a virtual environment under `target/`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const PACKAGES: [&str; 4] = ["picklescan==1.0.5", "presidio-analyzer==2.2.366", "scikit-learn==1.9.1", "joblib==1.6.0"];

/// The environment.
pub(super) struct Peers(PathBuf);

/// A program that answers each line with a line.
pub(super) struct Peer {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peers {
    /// Installs them, unless exactly these are there already.
    pub(super) fn install() -> Self {
        let folder = target("bench-peers");
        once(&folder, &PACKAGES.join(" "), |folder| {
            finish(Command::new("python3").args(["-m", "venv"]).arg(folder));
            finish(Command::new(folder.join("bin/pip")).args(["install", "--quiet"]).args(PACKAGES));
        });
        Self(folder)
    }

    fn python(&self, script: &str) -> Command {
        let mut command = Command::new(self.0.join("bin/python"));
        // One core for each side.
        command.args(["-c", script]).env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
        command
    }

    /// A folder of what a script makes, which is kept until the script says something else.
    pub(super) fn made(&self, name: &str, script: &str) -> PathBuf {
        let folder = target(name);
        once(&folder, script, |folder| finish(self.python(script).current_dir(folder)));
        folder
    }

    /// Starts a script that answers.
    pub(super) fn start(&self, script: &str) -> Peer {
        let mut child =
            self.python(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the peers' Python");
        let (asked, answers) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Peer { child, asked, answers: BufReader::new(answers) }
    }
}

impl Peer {
    pub(super) fn ask(&mut self, question: &str) -> String {
        writeln!(self.asked, "{question}").expect("a peer that listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("an answer");
        assert!(answer.ends_with('\n'), "no answer to `{question}`");
        answer.trim_end().to_owned()
    }

    /// Asks for seconds.
    pub(super) fn seconds(&mut self, question: &str) -> f64 {
        self.ask(question).parse().expect("seconds")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop((self.child.kill(), self.child.wait()));
    }
}

pub(super) fn target(name: &str) -> PathBuf {
    std::env::current_dir().expect("a folder").join("target").join(name)
}

/// Makes a folder, unless it was made to the end in this very way.
fn once(folder: &Path, way: &str, make: impl FnOnce(&Path)) {
    let mark = folder.join("made");
    if fs::read_to_string(&mark).is_ok_and(|made| made == way) {
        return;
    }
    drop(fs::remove_dir_all(folder));
    fs::create_dir_all(folder).expect("a folder");
    make(folder);
    fs::write(mark, way).expect("a mark");
}

fn finish(command: &mut Command) {
    let status = command.stdin(Stdio::null()).status().expect("python3 with venv");
    assert!(status.success(), "{command:?}");
}
