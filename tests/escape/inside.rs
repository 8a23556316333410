//! One probe as a job in the sandbox.

use crate::stage::{SLOT, limits};
use semla_sandbox::confine::{End, Fence, Ground, Layers, Mount, MountPoint, Program, Root, Slot, Spec, What, tmpfs};
use semla_sandbox::limits::Space;
use semla_sandbox::rootless;
use std::fs::File;
use std::io::{PipeReader, Read, pipe};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The argument by which this program runs one probe as the ordinary user that it was started as.
pub(crate) const AS_USER: &str = "--as-user";

/// The sandbox, and what the host has in it.
pub(crate) struct Inside<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) slot: Slot,
    pub(crate) root: &'a Path,
    pub(crate) probes: &'a Path,
    pub(crate) fence: String,
}

impl Inside<'_> {
    /// Runs it, and says what came of it.
    pub(crate) fn run(&self, layers: Layers, probe: &str, env: Vec<(String, String)>) -> String {
        let words = ["semla-probes", "run", probe].map(str::to_owned).into();
        let mount = |at: &str, what| Mount { at: MountPoint::parse(at).unwrap(), what };
        let (hear, speak) = pipe().unwrap();
        let folder = |name: &str| OwnedFd::from(File::open(self.root.join(name)).unwrap());
        let out = tmpfs(Space::new(32 << 20, 1000), self.slot).unwrap();
        let spec = Spec {
            fence: Fence::parse(&self.fence).unwrap(),
            slot: self.slot,
            root: Root::Image(folder("image")),
            mounts: vec![
                mount("/data", What::ReadOnly(folder("data"))),
                mount("/in/own", What::ReadOnly(folder("own"))),
                mount("/out", What::Tree(out)),
            ],
            devices: Vec::new(),
            links: Vec::new(),
            program: Program::Fd(File::open(self.probes).unwrap().into(), words),
            env,
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

/// The same for an ordinary user, who is told of the host by the environment.
pub(crate) fn as_user(root: &str, number: &str, probe: &str) -> ExitCode {
    rootless::enter().expect("a namespace");
    let ground = Ground::prepare().expect("what attempts stand on");
    let inside = Inside {
        slot: ground.slots().slot(SLOT).unwrap(),
        ground: &ground,
        root: Path::new(root),
        probes: &probes(),
        fence: format!("escape-user-{number}"),
    };
    let env = std::env::vars().filter(|(name, _)| name.starts_with("PROBE_")).collect();
    println!("{}", inside.run(Layers::ALL, probe, env));
    ExitCode::SUCCESS
}

/// The program with the probes, which lies beside this one.
pub(crate) fn probes() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let probes = here.ancestors().map(|folder| folder.join("semla-probes")).find(|path| path.is_file());
    probes.expect("semla-probes beside this program: run `cargo build` first")
}

fn heard(mut pipe: PipeReader) -> String {
    let mut said = String::new();
    pipe.read_to_string(&mut said).unwrap();
    said.trim().to_owned()
}
