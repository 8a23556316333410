//! A site of its own: a state folder, a launcher, and people with homes.

use crate::ordinary::Ordinary;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use serde_json::Value;
use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The user that the daemon runs as: one that no account has.
pub const SERVICE: u32 = 61_000;
/// Where images are kept between runs.
pub const CACHE: &str = "/var/cache/semla/images";

/// A running site; it is stopped and removed when this goes.
pub struct Site {
    root: PathBuf,
    programs: PathBuf,
    /// Those that serve it, where they aren't the same.
    serving: Option<PathBuf>,
    launcher: Option<Child>,
    port: u16,
    engine: Vec<String>,
    /// Whose it is, where it isn't root's.
    ordinary: Option<Ordinary>,
}

/// What a command brought.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Insists on success.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Both outputs.
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

impl Site {
    /// A new, empty place, with the programs that lie beside this one.
    pub fn new(name: &str) -> Self {
        Self::on(name, |_| ())
    }

    /// The same in a filesystem of its own, which holds so many MiB.
    pub fn small(name: &str, mebibytes: u32) -> Self {
        let size = format!("size={mebibytes}m,mode=755");
        Self::on(name, |root| {
            mount(Some("tmpfs"), root, Some("tmpfs"), MsFlags::empty(), Some(size.as_str())).expect("a small disk");
        })
    }

    /// The same with a daemon that leaves one of its rules out: a control.
    pub fn without(name: &str, rule: &str) -> Self {
        let mut site = Self::new(name);
        let programs = site.root.join("programs");
        fs::create_dir_all(&programs).expect("a folder");
        let copy = |from: &str, to: &str| {
            let from = site.programs.join(from);
            fs::copy(&from, programs.join(to)).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        };
        for program in ["semla-launcher", "semla-unpack", "semla-checks-worker"] {
            copy(program, program);
        }
        copy("semla-without", "semla");
        fs::write(programs.join("without"), rule).expect("the rule's name");
        site.serving = Some(programs);
        site
    }

    /// The same, which belongs to an ordinary user.
    pub fn rootless(name: &str, cgroups: bool) -> Self {
        let mut site = Self::new(name);
        let user = Ordinary::new(&site.root);
        site.ordinary = Some(if cgroups { user.with_cgroups(name) } else { user });
        site
    }

    fn on(name: &str, disk: impl FnOnce(&Path)) -> Self {
        assert!(nix::unistd::geteuid().is_root(), "sandboxes are made by root: run this as root");
        let root = PathBuf::from(format!("/var/tmp/semla-{name}-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder in /var/tmp");
        disk(&root);
        fs::create_dir_all(root.join("home")).expect("a folder in /var/tmp");
        let here = std::env::current_exe().expect("the path of this program");
        let folder = here.ancestors().find(|folder| folder.join("semla-launcher").is_file());
        let programs = folder.expect("semla-launcher beside this program: run `cargo build` first").to_owned();
        Self { root, programs, serving: None, launcher: None, port: 0, engine: Vec::new(), ordinary: None }
    }

    /// The same, which listens on a loopback port as well.
    pub fn listening(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The same, with this engine and its runtime gVisor.
    pub fn with_engine(mut self, socket: &Path) -> Self {
        let socket = socket.display().to_string();
        self.engine = ["--engine", &socket, "--gvisor", "runsc", "--gvisor-unlimited"].map(str::to_owned).into();
        self
    }

    /// The state folder.
    pub fn state(&self) -> PathBuf {
        self.root.join("state")
    }

    /// A folder for files of people.
    pub fn desk(&self) -> PathBuf {
        self.root.clone()
    }

    /// A program of semla's.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Founds the site on a preset and starts it. The officers' codes.
    pub fn found(&mut self, preset: &str) -> Value {
        self.founded(&["--preset", preset])
    }

    /// Founds the site on a policy of its own.
    pub fn found_on(&mut self, policy: &str) -> Value {
        let file = self.write("policy.toml", policy);
        self.founded(&["--policy", &file])
    }

    fn founded(&mut self, on: &[&str]) -> Value {
        let keys = self.root.join("keys");
        let state = self.state();
        // One's own images are kept where one may write.
        let images = if self.ordinary.is_some() { self.root.join("images") } else { PathBuf::from(CACHE) };
        let made = self
            .of_owner(&self.program("semla"))
            .env("SEMLA_STATE", &state)
            .args(["-o", "json", "init", "--service-uid", &SERVICE.to_string()])
            .args(on)
            .args(["--port", &self.port.to_string()])
            .args(&self.engine)
            .arg("--cdi")
            .arg(self.root.join("cdi"))
            .arg("--images")
            .arg(images)
            .arg("--keys")
            .arg(&keys)
            .output()
            .expect("semla");
        let made = ran(made).ok();
        assert!(state.join("registry/genesis.json").is_file());
        for officer in ["officer-1", "officer-2"] {
            let home = self.home(officer);
            fs::create_dir_all(&home).expect("a home");
            fs::copy(keys.join(format!("{officer}.key")), home.join("key")).expect("the officer's key");
        }
        self.start();
        made.json()
    }

    /// Starts the launcher, and waits until the daemon answers.
    pub fn start(&mut self) {
        let programs = self.serving.as_ref().unwrap_or(&self.programs).clone();
        self.start_from(&programs);
    }

    /// Starts the launcher that lies in this folder, with whatever lies beside it.
    pub fn start_from(&mut self, programs: &Path) {
        let log = fs::File::options().append(true).create(true).open(self.root.join("log")).expect("a log");
        let child = self
            .of_owner(&programs.join("semla-launcher"))
            .arg("--state")
            .arg(self.state())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("semla-launcher");
        self.launcher = Some(child);
    }

    /// A program as the site's owner runs it.
    fn of_owner(&self, program: &Path) -> Command {
        self.ordinary.as_ref().map_or_else(|| Command::new(program), |user| user.command(program))
    }

    /// Stops the launcher as a service manager would.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.launcher.take() {
            let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
            // One that ended by itself is found out by the wait.
            let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
            let _ = child.wait();
        }
    }

    /// Ends the launcher as no service manager would.
    pub fn kill(&mut self) {
        let mut child = self.launcher.take().expect("a launcher");
        child.kill().expect("to kill the launcher");
        child.wait().expect("its end");
    }

    /// The launcher's process.
    pub fn launcher(&self) -> u32 {
        self.launcher.as_ref().map_or(0, Child::id)
    }

    /// The launcher's processes.
    pub fn children(&self) -> Vec<i32> {
        let launcher = self.launcher();
        let children = fs::read_to_string(format!("/proc/{launcher}/task/{launcher}/children")).unwrap_or_default();
        children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
    }

    /// The daemon's process.
    pub fn daemon(&self) -> Option<i32> {
        self.children().into_iter().find(|pid: &i32| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            status.lines().any(|line| line.starts_with("Uid:") && line.contains(&SERVICE.to_string()))
        })
    }

    /// What the launcher and the daemon said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.root.join("log")).unwrap_or_default()
    }

    /// A person's home.
    pub fn home(&self, who: &str) -> PathBuf {
        self.root.join("home").join(who)
    }

    fn command(&self, who: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program("semla"));
        command
            .env("SEMLA_STATE", self.state())
            .env("SEMLA_HOME", self.home(who))
            .env("SEMLA_PASSWORD", "correct horse battery");
        command.args(arguments).stdin(Stdio::null()).current_dir(&self.root);
        command
    }

    /// Has a person type a command.
    pub fn semla(&self, who: &str, arguments: &[&str]) -> Ran {
        ran(self.command(who, arguments).output().expect("semla"))
    }

    /// The same, with the answer as JSON.
    pub fn json(&self, who: &str, arguments: &[&str]) -> Value {
        let arguments: Vec<_> = ["-o", "json"].iter().chain(arguments).copied().collect();
        self.semla(who, &arguments).ok().json()
    }

    /// What the daemon answers a person who is signed in.
    pub fn get(&self, who: &str, path: &str) -> String {
        let token = fs::read_to_string(self.home(who).join("token")).expect("a token");
        let socket = UnixStream::connect(self.state().join("api.sock")).expect("the daemon's socket");
        let (status, body) = crate::http::ask(socket, path, token.trim());
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Signs a person in for the first time.
    pub fn enrol(&self, who: &str, code: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let ran = self.semla(who, &["login", who, "--code", code]);
            if ran.code == 0 {
                return;
            }
            assert!(ran.code != 2 && Instant::now() < until, "{who} can't sign in: {ran:?}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Adds a person: the officers sign, and the person signs in.
    pub fn person(&self, who: &str, roles: &str, clearance: &str, ceiling: &str) {
        fs::create_dir_all(self.home(who)).expect("a home");
        let key = self.semla(who, &["key", "new"]).ok().out.trim().to_owned();
        let text =
            format!("roles = [{roles}]\nclearance = \"{clearance}\"\nceiling = \"{ceiling}\"\nkey = \"{key}\"\n");
        let file = self.write(&format!("people/{who}.toml"), &text);
        let proposed = self.json("officer-1", &["user", "add", &file]);
        let id = proposed["id"].as_str().expect("an id").to_owned();
        let approved = self.json("officer-2", &["user", "approve", &id]);
        self.enrol(who, approved["code"].as_str().expect("a code"));
    }

    /// Writes a file on the desk; its path.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path.to_str().expect("a plain path").to_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop();
        if std::env::var_os("SEMLA_KEEP").is_some() {
            eprintln!("kept: {}", self.root.display());
        } else {
            // A small disk goes with all that is on it; most sites have none. A job that still ends may hold a file for a moment.
            let _ = umount2(&self.root, MntFlags::MNT_DETACH);
            // A keeper that outlives its launcher may still copy an image into it.
            let end = Instant::now() + Duration::from_secs(20);
            while fs::remove_dir_all(&self.root).is_err() && self.root.exists() && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

/// What a program brought that has ended.
pub fn ran(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
