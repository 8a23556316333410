//! The host around a probe: data, an image, a secret, and somebody else who has a process, sockets, IPC objects and locks.

use crate::contained::{Engine, Runs};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use semla_sandbox::confine::{End, Fence, Ground, Layers, Mount, MountPoint, Program, Root, Slot, Spec, What, tmpfs};
use semla_sandbox::limits::{Limits, Space};
use std::cell::Cell;
use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, PipeReader, Read, pipe};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The ids that the probes have.
const SLOT: u32 = 7;

/// The host as it is set for the probes.
pub(crate) struct Stage {
    root: PathBuf,
    pub(crate) probes: PathBuf,
    ground: Ground,
    engine: Option<Engine>,
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
    /// In a container of an engine.
    Container(Runs),
}

impl Stage {
    pub(crate) fn set() -> Self {
        let ground = Ground::prepare().expect("root, cgroups and seccomp");
        let here = std::env::current_exe().unwrap();
        let probes = here.ancestors().map(|folder| folder.join("semla-probes")).find(|path| path.is_file());
        let probes = probes.expect("semla-probes beside this program: run `cargo build` first");
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
        let mut stage = Self {
            other: Command::new("/bin/true").stdin(Stdio::piped()).spawn().unwrap(),
            root,
            probes,
            ground,
            engine: None,
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
            Place::Container(runs) => {
                let number = self.count.replace(self.count.get() + 1);
                let env = self.told(["/data", "/in/own", "/out", "/"].map(str::to_owned));
                let engine = self.engine.as_ref().expect("an engine");
                engine.run(runs, &format!("{probe}-{number}"), &self.probes, probe, env)
            }
        }
    }

    fn sandboxed(&self, layers: Layers, probe: &str) -> String {
        let number = self.count.replace(self.count.get() + 1);
        let slot = Slot::new(SLOT).unwrap();
        let words = ["semla-probes", "run", probe].map(str::to_owned).into();
        let mount = |at: &str, what| Mount { at: MountPoint::parse(at).unwrap(), what };
        let (hear, speak) = pipe().unwrap();
        let folder = |name: &str| OwnedFd::from(File::open(self.root.join(name)).unwrap());
        let out = tmpfs(Space::new(32 << 20, 1000), slot).unwrap();
        let spec = Spec {
            fence: Fence::parse(&format!("escape-{}-{number}", std::process::id())).unwrap(),
            slot,
            root: Root::Image(folder("image")),
            mounts: vec![
                mount("/data", What::ReadOnly(folder("data"))),
                mount("/in/own", What::ReadOnly(folder("own"))),
                mount("/out", What::Tree(out)),
            ],
            devices: Vec::new(),
            links: Vec::new(),
            program: Program::Fd(File::open(&self.probes).unwrap().into(), words),
            env: self.told(["/data", "/in/own", "/out", "/"].map(str::to_owned)),
            cwd: "/".to_owned(),
            limits: limits(),
            stdin: File::open("/dev/null").unwrap().into(),
            stdout: speak.try_clone().unwrap().into(),
            stderr: speak.into(),
        };
        let running = match self.ground.spawn_with(spec, layers) {
            Ok(running) => running,
            Err(error) => return format!("failed {error}"),
        };
        match running.wait() {
            Ok((End::Exited(0), _)) => heard(hear),
            Ok((end, _)) => format!("held it ended: {end:?} {}", heard(hear)),
            Err(error) => format!("failed {error}"),
        }
    }
}

/// What a probe may use, wherever it runs.
pub(crate) fn limits() -> Limits {
    let space = Space::new(16 << 20, 1000);
    Limits { memory: 256 << 20, pids: 64, tmp: space, shm: space, ..Limits::default() }
}

fn heard(mut pipe: PipeReader) -> String {
    let mut said = String::new();
    pipe.read_to_string(&mut said).unwrap();
    said.trim().to_owned()
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
