//! An engine of a test's own: Debian's `dockerd`, with a socket, folders and containers that nobody else has.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use semla_sandbox::engine::Access;
use std::fs::{self, Permissions};
use std::io::{Error, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running engine. Dropping it ends it and removes all that it has.
pub struct Dockerd {
    root: PathBuf,
    child: Child,
}

/// The user that brokers run as.
const BROKER: u32 = 0x6fff_0000;

/// gVisor as the engine's second runtime. Its kernel needs neither KVM nor cgroups here.
const RUNTIMES: &str = r#"{ "runtimes": { "runsc": {
    "path": "/usr/bin/runsc", "runtimeArgs": ["--platform=ptrace", "--ignore-cgroups", "--network=none"] } } }"#;

impl Dockerd {
    /// Starts one. Networks and firewalls of the host are left alone.
    pub fn start(name: &str) -> Self {
        Self::start_with(name, &[])
    }

    /// Starts one that has containers in a user namespace of its own: those ids are the engine's user's, whom it makes if there is none.
    pub fn remapping(name: &str) -> Self {
        Self::start_with(name, &["--userns-remap=default"])
    }

    fn start_with(name: &str, more: &[&str]) -> Self {
        let root = PathBuf::from(format!("/var/tmp/semla-engine-{name}-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder");
        let path = |of: &str| root.join(of).display().to_string();
        fs::write(root.join("daemon.json"), RUNTIMES).expect("a configuration");
        let child = Command::new("dockerd")
            .args(["--config-file", &path("daemon.json"), "--host", &format!("unix://{}", path("socket"))])
            .args(["--data-root", &path("data"), "--exec-root", &path("exec"), "--pidfile", &path("pid")])
            .args(["--bridge=none", "--iptables=false", "--ip6tables=false"])
            .args(more)
            .stdin(Stdio::null())
            .stdout(fs::File::create(root.join("log")).expect("a log"))
            .stderr(fs::File::options().append(true).open(root.join("log")).expect("a log"))
            .spawn()
            .expect("dockerd: `apt-get install docker.io`");
        let engine = Self { root, child };
        let end = Instant::now() + Duration::from_secs(60);
        while engine.docker(&["version"]).is_none() {
            assert!(Instant::now() < end, "{}", fs::read_to_string(engine.root.join("log")).unwrap_or_default());
            std::thread::sleep(Duration::from_millis(100));
        }
        engine
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.root.join("socket")
    }

    /// How a broker gets to it: its socket is root's, with a group of the broker's.
    pub fn access(&self) -> Access {
        let broker = std::env::current_exe().expect("this program");
        let broker = broker.ancestors().map(|folder| folder.join("semla-broker")).find(|path| path.is_file());
        chown(self.socket(), Some(0), Some(BROKER)).expect("to give it a group");
        fs::set_permissions(self.socket(), Permissions::from_mode(0o660)).expect("to open it to the group");
        Access {
            broker: broker.expect("semla-broker beside this program: run `make build`"),
            socket: self.socket(),
            user: BROKER,
        }
    }

    /// What its own client says, if it succeeds.
    pub fn docker(&self, arguments: &[&str]) -> Option<String> {
        let ran = self.client(arguments).output().expect("docker");
        ran.status.success().then(|| String::from_utf8_lossy(&ran.stdout).into_owned())
    }

    /// Takes in a folder as an image.
    pub fn import(&self, folder: &Path, name: &str) {
        let tar = Command::new("tar").arg("-C").arg(folder).args(["-c", "."]).output().expect("tar").stdout;
        let mut import =
            self.client(&["import", "-", name]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("docker");
        import.stdin.take().expect("a pipe").write_all(&tar).expect("an archive");
        assert!(import.wait().expect("docker").success());
    }

    fn client(&self, arguments: &[&str]) -> Command {
        let mut client = Command::new("/usr/bin/docker");
        client.arg("--host").arg(format!("unix://{}", self.socket().display())).args(arguments).stdin(Stdio::null());
        client
    }
}

impl Drop for Dockerd {
    fn drop(&mut self) {
        let pid = i32::try_from(self.child.id()).expect("a pid");
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        drop(self.child.wait());
        drop(fs::remove_dir_all(&self.root));
    }
}

/// A folder as an archive that an engine takes in.
pub fn pack(folder: &Path) -> Result<OwnedFd, Error> {
    let mut tar = Command::new("tar").arg("-C").arg(folder).args(["-c", "."]).stdout(Stdio::piped()).spawn()?;
    tar.stdout.take().map(OwnedFd::from).ok_or_else(|| Error::other("tar has no pipe"))
}

/// The process whose command line begins like this, if there is one.
pub fn process(begins: &[&str]) -> Option<Pid> {
    let line = begins.join("\0");
    let all = fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let ran = |entry: &fs::DirEntry| {
        fs::read(entry.path().join("cmdline")).is_ok_and(|read| read.starts_with(line.as_bytes()))
    };
    all.filter(ran).find_map(|entry| entry.file_name().to_str()?.parse().ok()).map(Pid::from_raw)
}
