//! One attempt from its first descriptor to its last output.

use super::intake::{self, Missed};
use super::{Bind, Done, Kind, Task, log, verdict};
use crate::confine::{self, Fence, Ground, Mount, MountPoint, Program, Root, Running, Slot, Spec, What};
use crate::error::{LaunchError, Step};
use crate::house::House;
use crate::launcher::beside;
use crate::limits::{Limits, Space};
use crate::protocol::Id;
use nix::errno::Errno;
use nix::unistd::pipe2;
use semla_policy::Ending;
use std::fs::{File, OpenOptions};
use std::io::{Error, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `/out` counts against the attempt's memory; it may fill half of it.
const OUT_INODES: u64 = 16 << 10;
/// Most bytes of the list of an image's packages.
const VERSIONS: u64 = 4 << 20;
/// What unpacking the code may use.
const UNPACK: Duration = Duration::from_secs(600);

/// Why an attempt came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// The sandbox couldn't be made.
    #[error("{0}")]
    Launch(#[from] LaunchError),
    /// Something on the host failed.
    #[error("failed to {what}")]
    Host {
        /// What was tried.
        what: &'static str,
        /// Why.
        source: Error,
    },
    /// The code's archive couldn't be unpacked.
    #[error("the code couldn't be unpacked: {0:?}")]
    Code(log::Watched),
    /// Every range of user ids is taken.
    #[error("too many attempts run at once")]
    Slots,
}

impl RunError {
    /// The word for people.
    pub(super) fn ending(&self) -> Ending {
        match self {
            Self::Launch(LaunchError { step: Step::Exec | Step::Image | Step::Overlay | Step::Directory, .. }) => {
                Ending::ImageError
            }
            _ => Ending::Lost,
        }
    }
}

fn host<E: Into<Error>>(what: &'static str) -> impl Fn(E) -> RunError {
    move |source| RunError::Host { what, source: source.into() }
}

/// An attempt, and what its keeper needs for it.
pub(super) struct Run<'a> {
    pub(super) house: &'a House,
    pub(super) fence: &'a Id,
    pub(super) task: &'a Task,
    pub(super) ground: &'a Ground,
}

impl Run<'_> {
    /// Runs it, and takes in what it left.
    pub(super) fn through(&self) -> Result<Done, RunError> {
        let (_held, slot) = self.slot()?;
        let folder = self.house.attempt(self.fence);
        let done = self.within(&folder, slot);
        // The unpacked code was only ever for this attempt; there may be none.
        drop(std::fs::remove_dir_all(folder.join("code")));
        done
    }

    fn within(&self, folder: &Path, slot: Slot) -> Result<Done, RunError> {
        let room = Space::new(self.task.memory / 2, OUT_INODES);
        let out = confine::tmpfs(room, slot)?;
        let mut mounts = self.inputs(folder)?;
        if let Kind::Job { code, .. } = &self.task.kind {
            let code = self.unpack(code, folder, slot)?;
            mounts.push(mount("/code", What::ReadOnly(code))?);
        }
        let view = out.try_clone().map_err(host("hold on to `/out`"))?;
        mounts.push(mount("/out", What::Tree(out))?);
        let watched = self.attempt(folder, slot, mounts)?;
        self.conclude(watched, &view)
    }

    /// A range of user ids that no other attempt has while this one runs.
    fn slot(&self) -> Result<(File, Slot), RunError> {
        for number in 0..Slot::COUNT {
            let path = self.house.slot(number);
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
            let file = file.map_err(host("open a slot"))?;
            if file.try_lock().is_ok() {
                return Ok((file, Slot::new(number)?));
            }
        }
        Err(RunError::Slots)
    }

    fn inputs(&self, folder: &Path) -> Result<Vec<Mount>, RunError> {
        let mut mounts = Vec::new();
        for Bind { at, from } in &self.task.binds {
            let input = File::open(from).map_err(host("open an input"))?;
            mounts.push(mount(at, What::ReadOnly(input.into()))?);
        }
        for (number, (at, text)) in self.task.files.iter().enumerate() {
            let path = folder.join(format!("in-{number}"));
            std::fs::write(&path, text).map_err(host("write an input"))?;
            let input = File::open(&path).map_err(host("open an input"))?;
            mounts.push(mount(at, What::ReadOnly(input.into()))?);
        }
        Ok(mounts)
    }

    /// Unpacks the code's archive in a sandbox of its own, into a folder that the job then sees read-only.
    fn unpack(&self, archive: &Path, folder: &Path, slot: Slot) -> Result<OwnedFd, RunError> {
        let to = folder.join("code");
        let watched = unpack(self.ground, self.fence, slot, archive, &to, &["--code"])?;
        match watched.end {
            Some(confine::End::Exited(0)) => Ok(File::open(&to).map_err(host("open the code"))?.into()),
            _ => Err(RunError::Code(watched)),
        }
    }

    fn attempt(&self, folder: &Path, slot: Slot, mounts: Vec<Mount>) -> Result<log::Watched, RunError> {
        let (root, program, env, cwd) = match &self.task.kind {
            Kind::Job { plan, image, .. } => {
                let root = Root::Image(File::open(image).map_err(host("open the image"))?.into());
                let env = plan.env.iter().map(|(name, value)| (name.clone(), value.clone()));
                (root, Program::Path(plan.run.clone()), environment().into_iter().chain(env).collect(), "/code")
            }
            Kind::Check { .. } => {
                let program = File::open(beside("semla-checks-worker").map_err(host("find the checks"))?);
                let program = program.map_err(host("open the checks"))?;
                (Root::Empty, Program::Fd(program.into(), vec!["semla-checks-worker".into()]), environment(), "/")
            }
        };
        let log =
            OpenOptions::new().append(true).create(true).open(folder.join("log")).map_err(host("open the log"))?;
        let limits = limits(self.task.memory, self.task.millicpus);
        let spec = Stage { fence: self.fence, slot, root, mounts, program, env, cwd, limits };
        run(self.ground, spec, log, Duration::from_secs(self.task.seconds.into()))
    }

    fn conclude(&self, watched: log::Watched, out: &OwnedFd) -> Result<Done, RunError> {
        let stopped = self.house.attempt(self.fence).join("stop").exists();
        let ending = match watched.end {
            None => Ending::OutOfTime,
            _ if stopped => Ending::Stopped,
            _ if watched.oom_kills > 0 => Ending::OutOfMemory,
            Some(confine::End::Exited(0)) => Ending::Succeeded,
            _ if intake::full(out) => Ending::OutOfDisk,
            _ => Ending::NonzeroExit,
        };
        if let Kind::Check { object, policy, to } = &self.task.kind {
            let checked = verdict::read(self, out, ending == Ending::Succeeded, (object, policy, to));
            return Ok(Done { ending, step: None, outputs: Vec::new(), checked: Some(checked) });
        }
        let (outputs, missed) = intake::take(self, out, &self.task.wanted);
        let ending = match (ending, missed) {
            (Ending::Succeeded, Some(Missed::Refused)) => Ending::OutputRefused,
            (Ending::Succeeded, Some(Missed::Absent)) => Ending::OutputMissing,
            (ending, _) => ending,
        };
        Ok(Done { ending, step: None, outputs, checked: None })
    }
}

/// A sandbox about to run.
struct Stage<'a> {
    fence: &'a Id,
    slot: Slot,
    root: Root,
    mounts: Vec<Mount>,
    program: Program,
    env: Vec<(String, String)>,
    cwd: &'a str,
    limits: Limits,
}

/// Unpacks an archive in a sandbox that sees nothing but the archive and the new folder.
pub(crate) fn unpack(
    ground: &Ground,
    fence: &Id,
    slot: Slot,
    archive: &Path,
    to: &Path,
    options: &[&str],
) -> Result<log::Watched, RunError> {
    std::fs::DirBuilder::new().mode(0o755).create(to).map_err(host("make a folder to unpack into"))?;
    chown(to, Some(slot.host_job()), Some(slot.host_job())).map_err(host("hand the folder over"))?;
    let archive = File::open(archive).map_err(host("open the archive"))?;
    let folder = confine::bind(File::open(to).map_err(host("open the folder"))?)?;
    let mounts = vec![mount("/in/archive", What::ReadOnly(archive.into()))?, mount("/out", What::Tree(folder))?];
    let log = OpenOptions::new().append(true).create(true).open(to.with_extension("log"));
    images_worker(ground, fence, slot, mounts, options, log.map_err(host("open the unpacking's log"))?)
}

/// What a worker says of an unpacked tree.
pub(crate) struct Described {
    /// Its digest.
    pub(crate) digest: String,
    /// The packages in it, as JSON. Nobody here reads it.
    pub(crate) versions: Vec<u8>,
}

/// Computes the digest of an unpacked tree and lists its packages, in a sandbox that never saw the archive.
pub(crate) fn describe(ground: &Ground, fence: &Id, slot: Slot, tree: &Path) -> Result<Option<Described>, RunError> {
    let tree = File::open(tree).map_err(host("open the tree"))?;
    let out = confine::tmpfs(Space::new(2 * VERSIONS, 16), slot)?;
    let view = out.try_clone().map_err(host("hold on to `/out`"))?;
    let mounts = vec![mount("/in/tree", What::ReadOnly(tree.into()))?, mount("/out", What::Tree(out))?];
    let log = OpenOptions::new().write(true).open("/dev/null").map_err(host("open /dev/null"))?;
    images_worker(ground, fence, slot, mounts, &["--digest"], log)?;
    let answer = |name: &str, most: u64| {
        let mut bytes = Vec::new();
        let read = intake::open(&view, name).ok()?.take(most).read_to_end(&mut bytes);
        read.ok().map(|_| bytes)
    };
    let digest = answer("digest", 128).and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(digest.map(|digest| Described { digest, versions: answer("versions", VERSIONS).unwrap_or_default() }))
}

fn images_worker(
    ground: &Ground,
    fence: &Id,
    slot: Slot,
    mounts: Vec<Mount>,
    options: &[&str],
    log: File,
) -> Result<log::Watched, RunError> {
    let program = File::open(beside("semla-unpack").map_err(host("find `semla-unpack`"))?);
    let program = program.map_err(host("open `semla-unpack`"))?;
    let arguments = ["semla-unpack"].iter().chain(options).map(|word| (*word).to_owned()).collect();
    let stage = Stage {
        fence,
        slot,
        root: Root::Empty,
        mounts,
        program: Program::Fd(program.into(), arguments),
        env: environment(),
        cwd: "/",
        limits: limits(1 << 30, 2000),
    };
    run(ground, stage, log, UNPACK)
}

fn run(ground: &Ground, stage: Stage<'_>, log: File, time: Duration) -> Result<log::Watched, RunError> {
    let (hear, speak) = pipe2(nix::fcntl::OFlag::O_CLOEXEC).map_err(host("open a pipe"))?;
    let nothing = File::open("/dev/null").map_err(host("open /dev/null"))?;
    let spec = Spec {
        fence: Fence::parse(stage.fence.as_str()).map_err(|error| host("name the cgroup")(Error::other(error)))?,
        slot: stage.slot,
        root: stage.root,
        mounts: stage.mounts,
        program: stage.program,
        env: stage.env,
        cwd: stage.cwd.to_owned(),
        limits: stage.limits,
        stdin: nothing.into(),
        // One pipe for both: what was said first stands first.
        stdout: speak.try_clone().map_err(host("copy a descriptor"))?,
        stderr: speak,
    };
    let running: Running = ground.spawn(spec)?;
    log::watch(running, hear.as_fd(), log, time).map_err(host("watch the attempt"))
}

fn mount(at: &str, what: What) -> Result<Mount, RunError> {
    let at = MountPoint::parse(at).map_err(|_| LaunchError { step: Step::Mount, cause: Errno::EINVAL })?;
    Ok(Mount { at, what })
}

fn environment() -> Vec<(String, String)> {
    [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8"), ("TMPDIR", "/tmp")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

fn limits(memory: u64, millicpus: u32) -> Limits {
    Limits {
        memory,
        pids: 512,
        cpu_milli: millicpus,
        open_files: 4096,
        file_size: memory,
        tmp: Space::new(memory / 2, 64 << 10),
        shm: Space::new(memory / 2, 16 << 10),
    }
}

/// Where an image is unpacked before it has a name.
pub(crate) fn staging(house: &House, id: &Id) -> PathBuf {
    house.settings().images.join(format!("unpacking-{id}"))
}
