//! A case: one probe, in a sandbox that differs from the usual one in what the test is about.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use nix::fcntl::OFlag;
use nix::unistd::pipe2;
use semla_sandbox::confine::{
    End, Fence, Ground, Layer, Layers, Mount, MountPoint, Program, Root, Running, Slot, Spec, Usage, What,
};
use semla_sandbox::error::LaunchError;
use semla_sandbox::limits::{Limits, Space};

use crate::probe;

/// What all cases share.
pub(crate) struct Lab {
    pub(crate) ground: Ground,
    count: Cell<u32>,
    dir: PathBuf,
}

/// What came of a case.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) end: End,
    pub(crate) usage: Usage,
    pub(crate) said: String,
}

/// One probe in its sandbox.
pub(crate) struct Case<'a> {
    lab: &'a Lab,
    pub(crate) fence: Fence,
    pub(crate) root: Root,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) program: Program,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) cwd: String,
    pub(crate) limits: Limits,
    layers: Layers,
}

impl Lab {
    pub(crate) fn open() -> Self {
        let dir = std::env::temp_dir().join(format!("semla-confinement-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        Self { ground: Ground::prepare().unwrap(), count: Cell::new(0), dir }
    }

    pub(crate) fn fence(&self) -> Fence {
        self.count.set(self.count.get() + 1);
        Fence::parse(&format!("test-{}-{}", std::process::id(), self.count.get())).unwrap()
    }

    /// A fresh directory on the host.
    pub(crate) fn directory(&self) -> PathBuf {
        self.count.set(self.count.get() + 1);
        let dir = self.dir.join(self.count.get().to_string());
        fs::create_dir(&dir).unwrap();
        dir
    }

    /// This program, started as a probe.
    pub(crate) fn probe(&self, words: &[&str]) -> Case<'_> {
        let argv = [&[probe::NAME], words].concat().iter().map(|word| (*word).to_owned()).collect();
        let program = Program::Fd(File::open("/proc/self/exe").unwrap().into(), argv);
        let limits = Limits {
            memory: 256 << 20,
            pids: 64,
            tmp: Space::new(1 << 20, 64),
            shm: Space::new(1 << 20, 64),
            ..Limits::default()
        };
        Case {
            lab: self,
            fence: self.fence(),
            root: Root::Empty,
            mounts: Vec::new(),
            program,
            env: Vec::new(),
            cwd: "/".to_owned(),
            limits,
            layers: Layers::ALL,
        }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.dir).unwrap();
    }
}

impl Case<'_> {
    pub(crate) fn without(mut self, off: &[Layer]) -> Self {
        self.layers = Layers::without(off);
        self
    }

    pub(crate) fn mount(mut self, at: &str, what: What) -> Self {
        self.mounts.push(Mount { at: MountPoint::parse(at).unwrap(), what });
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Starts the probe; the pipe brings what it says.
    pub(crate) fn start(self) -> Result<(Running, File), LaunchError> {
        let (start, pipe) = self.prepare();
        Ok((start()?, pipe))
    }

    /// What starts the probe, and the pipe that brings what it says.
    pub(crate) fn prepare<'a>(self) -> (impl FnOnce() -> Result<Running, LaunchError> + 'a, File)
    where
        Self: 'a,
    {
        let (read, write) = pipe2(OFlag::O_CLOEXEC).unwrap();
        let spec = Spec {
            fence: self.fence,
            slot: Slot::new(7).unwrap(),
            root: self.root,
            mounts: self.mounts,
            devices: Vec::new(),
            links: Vec::new(),
            program: self.program,
            env: self.env,
            cwd: self.cwd,
            limits: self.limits,
            stdin: null(),
            stdout: write.try_clone().unwrap(),
            stderr: write,
        };
        let (ground, layers) = (&self.lab.ground, self.layers);
        (move || ground.spawn_with(spec, layers), read.into())
    }

    /// Runs the probe to its end.
    pub(crate) fn run(self) -> Outcome {
        let (running, mut pipe) = self.start().unwrap();
        let (end, usage) = running.wait().unwrap();
        let mut said = String::new();
        pipe.read_to_string(&mut said).unwrap();
        Outcome { end, usage, said: said.trim().to_owned() }
    }

    /// Runs a probe that must end well, and returns what it said.
    pub(crate) fn says(self) -> String {
        let outcome = self.run();
        assert_eq!(outcome.end, End::Exited(0), "{outcome:?}");
        outcome.said
    }

    /// The error of a probe that can't be started.
    pub(crate) fn refusal(self) -> LaunchError {
        match self.start() {
            Ok(_) => panic!("started"),
            Err(error) => error,
        }
    }
}

pub(crate) fn null() -> OwnedFd {
    File::options().read(true).write(true).open("/dev/null").unwrap().into()
}
