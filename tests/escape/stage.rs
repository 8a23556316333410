//! The host around a probe: data, an image, a secret, and somebody else who has a process, sockets, IPC objects and locks.

use crate::cells::Runs;
use crate::contained::Engine;
use crate::inside::{AS_USER, Inside, probes};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use semla_sandbox::confine::{Ground, Layers, Slot};
use semla_sandbox::limits::{Limits, Space};
use semla_tests::ordinary::Ordinary;
use std::cell::Cell;
use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The ids that the probes have.
pub(crate) const SLOT: u32 = 7;
/// Where a job finds data, a file of its own, its outputs and its image.
const INSIDE: [&str; 4] = ["/data", "/in/own", "/out", "/"];

/// The host as it is set for the probes.
pub(crate) struct Stage {
    root: PathBuf,
    pub(crate) probes: PathBuf,
    ground: Ground,
    engine: Option<Engine>,
    user: Ordinary,
    other: Child,
    port: String,
    key: u32,
    count: Cell<u32>,
    /// A directory that a runtime forgot to close.
    _forgotten: File,
}

/// Where a probe runs.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// On the host, as root.
    Bare,
    /// In the sandbox, with these layers.
    Sandbox(Layers),
    /// Where it isn't root's sandbox.
    Elsewhere(Runs),
}

impl Stage {
    pub(crate) fn set() -> Self {
        let ground = Ground::prepare().expect("root, cgroups and seccomp");
        let probes = probes();
        let root = PathBuf::from(format!("/var/tmp/semla-escape-{}", std::process::id()));
        for folder in ["data", "out", "image/bin", "image/etc", "forgotten"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for file in ["image/bin/program", "image/bin/other", "image/etc/file", "secret", "own"] {
            fs::write(root.join(file), "of the host\n").unwrap();
        }
        let job = Slot::new(SLOT).unwrap().host_job();
        chown(root.join("own"), Some(job), Some(job)).unwrap();
        // Whatever the modes of files would hold, they don't: everybody may read and write them.
        for open in [
            "",
            "data",
            "out",
            "image",
            "image/bin",
            "image/etc",
            "image/bin/program",
            "image/bin/other",
            "image/etc/file",
        ] {
            fs::set_permissions(root.join(open), Permissions::from_mode(0o777)).unwrap();
        }
        rows(&root);
        let key = 0x5e_0000 + std::process::id() % 0xffff;
        let forgotten = File::open(root.join("forgotten")).unwrap();
        let user = Ordinary::new(&root.join("user"));
        let mut stage = Self {
            other: Command::new("/bin/true").stdin(Stdio::piped()).spawn().unwrap(),
            root,
            probes,
            ground,
            engine: None,
            user,
            port: String::new(),
            key,
            count: Cell::new(0),
            _forgotten: forgotten,
        };
        stage.other.wait().unwrap();
        stage.engine = Some(Engine::start(&stage.root, job));
        let mut other =
            stage.command("hold").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("somebody else");
        let mut port = String::new();
        BufReader::new(other.stdout.as_mut().unwrap()).read_line(&mut port).unwrap();
        (stage.port, stage.other) = (port.trim().to_owned(), other);
        assert!(!stage.port.is_empty(), "somebody else holds what the probes look for");
        // Left open from here on: whatever is started inherits it.
        fcntl(&stage._forgotten, FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
        stage
    }

    /// What a probe is told of the host, under these paths.
    fn told(&self, [data, own, out, image]: [String; 4]) -> Vec<(String, String)> {
        let path = |name: &str| self.root.join(name).display().to_string();
        [
            ("DATA", data),
            ("OWN", own),
            ("OUT", out),
            ("IMAGE", image),
            ("VICTIM", self.other.id().to_string()),
            ("SECRET", path("secret")),
            ("PORT", self.port.clone()),
            ("ABSTRACT", format!("semla-{}", self.key)),
            ("SOCKET", path("socket")),
            ("IPC", self.key.to_string()),
        ]
        .map(|(key, value)| (format!("PROBE_{key}"), value))
        .into()
    }

    fn command(&self, what: &str) -> Command {
        let path = |name: &str| self.root.join(name).display().to_string();
        let mut command = Command::new(&self.probes);
        command
            .arg(what)
            .envs(self.told(["data", "own", "out", "image"].map(path)))
            .current_dir(self.root.join("forgotten"));
        command
    }

    /// Runs a probe, and says what came of it.
    pub(crate) fn run(&self, place: Place, probe: &str) -> String {
        rows(&self.root);
        match place {
            Place::Bare => {
                let mut command = self.command("bare");
                if probe.starts_with("data-") {
                    command.env("PROBE_WRITABLE", "1");
                }
                let said = command.arg(probe).stdin(Stdio::null()).output().unwrap();
                let _ = fs::remove_dir_all(self.root.join("out"));
                fs::create_dir(self.root.join("out")).unwrap();
                String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).trim().to_owned()
            }
            Place::Sandbox(layers) => self.sandboxed(layers, probe),
            Place::Elsewhere(Runs::Rootless) => self.rootless(probe),
            Place::Elsewhere(runs) => {
                let number = self.count.replace(self.count.get() + 1);
                let env = self.told(INSIDE.map(str::to_owned));
                let engine = self.engine.as_ref().expect("an engine");
                engine.run(runs, &format!("{probe}-{number}"), &self.probes, probe, env)
            }
        }
    }

    fn sandboxed(&self, layers: Layers, probe: &str) -> String {
        let number = self.count.replace(self.count.get() + 1);
        let inside = Inside {
            ground: &self.ground,
            slot: Slot::new(SLOT).unwrap(),
            root: &self.root,
            probes: &self.probes,
            fence: format!("escape-{}-{number}", std::process::id()),
        };
        inside.run(layers, probe, self.told(INSIDE.map(str::to_owned)))
    }

    /// The same, by an ordinary user. Their jobs have other ids, and so other files of their own.
    fn rootless(&self, probe: &str) -> String {
        let number = self.count.replace(self.count.get() + 1);
        let own = |id| chown(self.root.join("own"), Some(id), Some(id)).unwrap();
        own(Ordinary::host(1024 + 2 * SLOT + 1));
        let mut command = self.user.command(&std::env::current_exe().unwrap());
        command.arg(AS_USER).arg(&self.root).args([&number.to_string(), probe]);
        command.envs(self.told(INSIDE.map(str::to_owned))).current_dir(self.root.join("forgotten"));
        let said = command.stdin(Stdio::null()).output().unwrap();
        own(Slot::new(SLOT).unwrap().host_job());
        String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).trim().to_owned()
    }
}

/// What a probe may use, wherever it runs.
pub(crate) fn limits() -> Limits {
    let space = Space::new(16 << 20, 1000);
    Limits { memory: 256 << 20, pids: 64, tmp: space, shm: space, ..Limits::default() }
}

/// The data as it was.
fn rows(root: &std::path::Path) {
    let data = root.join("data");
    for stale in ["new", "folder", "link", "moved.csv", "linked"] {
        let path = data.join(stale);
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
    }
    for file in ["rows.csv", "spare.csv", "gone.csv"] {
        if !data.join(file).exists() {
            fs::write(data.join(file), "id,age\n1,40\n").unwrap();
        }
        fs::set_permissions(data.join(file), Permissions::from_mode(0o666)).unwrap();
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.other.stdin.take());
        let _ = self.other.wait();
        drop(self.engine.take());
        let _ = fs::remove_dir_all(&self.root);
    }
}
