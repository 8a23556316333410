//! One attempt from its first descriptor to its last output.

use super::intake;
use super::stage::{RunError, Stage, environment, host, mount, run};
use super::workers::{UNPACK, checks, unpack};
use super::{Bind, Done, Kind, Task, log, traceback, verdict};
use crate::cdi::Given;
use crate::confine::{self, Disk, Ground, Mount, Program, Root, Slot, What};
use crate::house::House;
use crate::limits::Space;
use crate::pages::until_the_beat;
use crate::protocol::Id;
use semla_policy::Ending;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

/// Without a disk `/out` counts against the attempt's memory; it may fill half of it.
const OUT_INODES: u64 = 16 << 10;

/// A disk has room for so many more files.
const BYTES_PER_INODE: u64 = 64 << 10;

/// An attempt, and what its keeper needs for it.
pub(super) struct Run<'a> {
    pub(super) house: &'a House,
    pub(super) fence: &'a Id,
    pub(super) task: &'a Task,
    pub(super) ground: &'a Ground,
    /// When its time is over: how long unpacking and taking in last is the job's own doing, too.
    pub(super) until: Instant,
}

/// Sees to it that an attempt can be told nothing by what others have read. That isn't of its time: how long it takes is of others'
/// doing.
pub(super) fn apart(house: &House, fence: &Id, task: &Task) -> Result<(), RunError> {
    let begun = Instant::now();
    let copied = match &task.kind {
        Kind::Job { image, copy: Some(copy), .. } => copy.make(image, &house.stop(fence))?,
        _ => false,
    };
    let unread = task.pages.let_go(&house.let_go(fence)).map_err(host("let go of pages that others have read"))?;
    if copied || unread {
        until_the_beat(begun);
    }
    Ok(())
}

impl Run<'_> {
    /// Runs it, and takes in what it left.
    pub(super) fn through(&self, disk: Option<&File>) -> Result<Done, RunError> {
        let (_held, slot) = self.slot()?;
        let folder = self.house.attempt(self.fence);
        // Whatever a kill that somebody ordered broke off: a step of the launch, too.
        let done =
            self.within(&folder, slot, disk).map_err(|error| if self.stopped() { RunError::Stopped } else { error });
        // The unpacked code was only ever for this attempt; there may be none, and what failed for once is tried again.
        let code = folder.join("code");
        drop(std::fs::remove_dir_all(&code).or_else(|_| std::fs::remove_dir_all(&code)));
        done
    }

    fn within(&self, folder: &Path, slot: Slot, disk: Option<&File>) -> Result<Done, RunError> {
        let (out, scratch) = self.room(folder, slot, disk)?;
        let mut mounts = self.inputs(folder)?;
        if let Kind::Job { code, runtime, .. } = &self.task.kind {
            let code = self.unpack(code, folder, slot)?;
            if let Some(runtime) = runtime {
                let watched = self.contained(runtime, slot, (&out, scratch.as_ref()))?;
                return self.conclude(watched, &out, slot);
            }
            mounts.push(mount("/code", What::ReadOnly(code))?);
        }
        let view = out.try_clone().map_err(host("hold on to `/out`"))?;
        mounts.push(mount("/out", What::Tree(out))?);
        if let Some(scratch) = scratch {
            mounts.push(mount("/scratch", What::Tree(scratch))?);
        }
        let watched = self.attempt(slot, mounts)?;
        self.conclude(watched, &view, slot)
    }

    /// Where it writes: its `/out`, and its `/scratch` where it has a disk.
    fn room(&self, folder: &Path, slot: Slot, disk: Option<&File>) -> Result<(OwnedFd, Option<OwnedFd>), RunError> {
        let Some(file) = disk else {
            let room = Space::new(self.task.memory / 2, OUT_INODES);
            return Ok((confine::tmpfs(room, slot)?, None));
        };
        let inodes = OUT_INODES + self.task.disk / BYTES_PER_INODE;
        let disk = Disk::make(&folder.join("disk"), file, inodes, slot).map_err(host("make the job's disk"))?;
        Ok((disk.out, Some(disk.scratch)))
    }

    /// A range of user ids that no other attempt has while this one runs.
    fn slot(&self) -> Result<(File, Slot), RunError> {
        for number in 0..self.ground.slots().count() {
            let path = self.house.slot(number);
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
            let file = file.map_err(host("open a slot"))?;
            if file.try_lock().is_ok() {
                return Ok((file, self.ground.slots().slot(number)?));
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
        let fence = (self.fence, Some(self.house.stop(self.fence)));
        let watched = unpack(self.ground, fence, slot, archive, &to, &["--code"], self.left().min(UNPACK))?;
        match watched.end {
            _ if self.stopped() => Err(RunError::Stopped),
            None if self.left().is_zero() => Err(RunError::Late),
            Some(confine::End::Exited(0)) => Ok(File::open(&to).map_err(host("open the code"))?.into()),
            _ => Err(RunError::Code(watched)),
        }
    }

    fn attempt(&self, slot: Slot, mut mounts: Vec<Mount>) -> Result<log::Watched, RunError> {
        let gpus = Given::with(&self.task.gpus)?;
        mounts.extend(gpus.mounts);
        let (root, program, env, cwd) = match &self.task.kind {
            Kind::Job { plan, image, .. } => {
                let root = Root::Image(File::open(image).map_err(host("open the image"))?.into());
                let env = plan.env.iter().map(|(name, value)| (name.clone(), value.clone()));
                // Of two values of one variable that stands which the job asked for.
                let env: BTreeMap<_, _> = environment().into_iter().chain(gpus.env).chain(env).collect();
                (root, Program::Path(plan.run.clone()), env.into_iter().collect(), "/code")
            }
            Kind::Check { .. } => (Root::Empty, checks(&[])?, environment(), "/"),
        };
        let log = self.log()?;
        let limits = self.task.limits();
        let (devices, links) = (gpus.devices, gpus.links);
        let stop = Some(self.house.stop(self.fence));
        let spec = Stage { fence: self.fence, stop, slot, root, mounts, devices, links, program, env, cwd, limits };
        run(self.ground, spec, log, self.left())
    }

    /// How much of its time is left.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    pub(super) fn log(&self) -> Result<File, RunError> {
        let path = self.house.attempt(self.fence).join("log");
        OpenOptions::new().append(true).create(true).open(path).map_err(host("open the log"))
    }

    pub(super) fn stopped(&self) -> bool {
        self.house.stop(self.fence).exists()
    }

    fn conclude(&self, watched: log::Watched, out: &OwnedFd, slot: Slot) -> Result<Done, RunError> {
        let ending = match watched.end {
            _ if self.stopped() => Ending::Stopped,
            None => Ending::OutOfTime,
            _ if watched.oom_kills > 0 => Ending::OutOfMemory,
            Some(confine::End::Exited(0)) => Ending::Succeeded,
            _ if intake::full(out) => Ending::OutOfDisk,
            _ => Ending::NonzeroExit,
        };
        if let Kind::Check { object, policy, to } = &self.task.kind {
            let checked = verdict::read(self, out, ending == Ending::Succeeded, (object, policy, to));
            return Ok(Done { ending, step: None, outputs: Vec::new(), traceback: None, checked: Some(checked) });
        }
        let (outputs, missed) = intake::take(self, out, &self.task.wanted, self.log()?);
        let ending = match (ending, missed) {
            (Ending::Succeeded, Some(missed)) => missed.ending(),
            (ending, _) => ending,
        };
        // A program that failed by itself may have said where.
        let traceback = (ending == Ending::NonzeroExit).then(|| traceback::take(self, slot)).flatten();
        Ok(Done { ending, step: None, outputs, traceback, checked: None })
    }
}
