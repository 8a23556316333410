//! A job in a container of the engine: the same inputs, the same `/out` and the same log as in the sandbox; only what holds it is
//! another.

use super::log::{Watched, watch};
use super::run::Run;
use super::stage::{RunError, environment, host};
use super::workers::pack;
use super::{Bind, Kind, standing};
use crate::confine::{Cover, Slot, attach, disk};
use crate::engine::{Contained, Order, Runtime, Shown, container};
use crate::house::House;
use crate::protocol::Id;
use nix::fcntl::{AtFlags, OFlag};
use nix::mount::{MntFlags, umount2};
use nix::unistd::{Gid, Uid, fchownat, pipe2};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, ErrorKind};
use std::iter;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// What the job writes at a place of the host, where the engine finds it. Dropping it takes it away again; whoever has it open still reads it.
struct Attached(PathBuf);

impl Attached {
    fn at(path: PathBuf, out: &OwnedFd) -> Result<Self, RunError> {
        std::fs::create_dir(&path).map_err(host("make a place for what it writes"))?;
        let attached = Self(path);
        attach(out, &attached.0)?;
        Ok(attached)
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        detach(&self.0);
    }
}

/// Takes away what was attached there; nothing may be.
fn detach(path: &Path) {
    let _ = umount2(path, MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW);
    drop(std::fs::remove_dir(path));
}

/// What a job reads, and where the engine finds it: a directory has a cover of this attempt's own.
struct Input {
    at: String,
    from: PathBuf,
    _cover: Option<Cover>,
}

impl Input {
    fn of(bind: &Bind, attempt: &Path, number: usize) -> Result<Self, RunError> {
        let input = File::open(&bind.from).map_err(host("open an input"))?;
        let directory = input.metadata().map_err(host("look at an input"))?.is_dir();
        let cover = directory.then(|| Cover::lay(place(attempt, number), &input)).transpose()?;
        let from = cover.as_ref().map_or_else(|| bind.from.clone(), Cover::path);
        Ok(Self { at: bind.at.clone(), from, _cover: cover })
    }
}

/// Where the cover of an input is.
fn place(attempt: &Path, number: usize) -> PathBuf {
    attempt.join(format!("input-{number}"))
}

/// What programs read of the machine, at a place of the host. Dropping it takes it away.
struct Facts {
    folder: PathBuf,
    names: Vec<&'static str>,
}

impl Facts {
    fn write(attempt: &Path, files: impl IntoIterator<Item = (&'static str, String)>) -> Result<Self, RunError> {
        let mut facts = Self { folder: facts(attempt), names: Vec::new() };
        std::fs::create_dir(&facts.folder).map_err(host("make a place for what is told of the machine"))?;
        for (name, text) in files {
            std::fs::write(facts.folder.join(name), text).map_err(host("write what is told of the machine"))?;
            facts.names.push(name);
        }
        Ok(facts)
    }
}

impl Drop for Facts {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn facts(attempt: &Path) -> PathBuf {
    attempt.join("facts")
}

impl Run<'_> {
    /// Runs the job, whose code lies in the attempt's folder, until it ends or its time is over.
    pub(super) fn contained(
        &self,
        runtime: &Runtime,
        slot: Slot,
        (out, scratch): (&OwnedFd, Option<&OwnedFd>),
    ) -> Result<Watched, RunError> {
        let Kind::Job { plan, image, .. } = &self.task.kind else { return Err(RunError::Slots) };
        let access = self.house.access().ok_or_else(|| host("find the engine")(Error::other("there is none")))?;
        let access = access.map_err(host("find the broker"))?;
        let folder = self.house.attempt(self.fence);
        let writable: Vec<&OwnedFd> = iter::once(out).chain(scratch).collect();
        let out = Attached::at(folder.join("out"), out)?;
        let scratch = scratch.map(|scratch| Attached::at(folder.join("scratch"), scratch)).transpose()?;
        let shown = |at: &str, from: PathBuf, writable| Shown { at: at.to_owned(), from, writable };
        let inputs = self.task.binds.iter().enumerate();
        let inputs: Vec<Input> =
            inputs.map(|(number, bind)| Input::of(bind, &folder, number)).collect::<Result<_, _>>()?;
        let mut mounts: Vec<Shown> = inputs.iter().map(|input| shown(&input.at, input.from.clone(), false)).collect();
        mounts.extend([shown("/code", folder.join("code"), false), shown("/out", out.0.clone(), true)]);
        mounts.extend(scratch.iter().map(|scratch| shown("/scratch", scratch.0.clone(), true)));
        // A kernel of the job's own tells of itself.
        let facts = runtime.shared_kernel.then(|| Facts::write(&folder, self.ground.facts(self.task.memory)));
        let facts = facts.transpose()?;
        if let Some(facts) = &facts {
            mounts
                .extend(facts.names.iter().map(|name| shown(&format!("/proc/{name}"), facts.folder.join(name), false)));
        }
        let mine = plan.env.iter().map(|(name, value)| (name.clone(), value.clone()));
        // Of two values of one variable that stands which the job asked for.
        let env: BTreeMap<_, _> = environment().into_iter().chain(mine).collect();
        let order = Order {
            fence: self.fence.clone(),
            site: self.house.sign(),
            image: plan.image,
            runtime: runtime.clone(),
            user: slot.host_job(),
            command: plan.run.clone(),
            env: env.into_iter().collect(),
            cwd: "/code".into(),
            mounts,
            limits: self.task.limits(),
        };
        let (hear, speak) = pipe2(OFlag::O_CLOEXEC).map_err(host("open a pipe"))?;
        // As late as can be: an order that comes after this is carried out by whoever looks how the attempt stands.
        if self.stopped() {
            return Err(RunError::Stopped);
        }
        let remapped = |first| hand_over(&writable, first, slot);
        let packed = || pack(self.ground, self.fence, slot, image);
        let ran =
            Contained::start(&access, &order, speak.as_fd(), self.left(), remapped, packed).map_err(RunError::from);
        drop(speak);
        let ran = ran.and_then(|contained| {
            watch(contained, hear.as_fd(), self.log()?, self.left(), Some(&self.house.stop(self.fence)))
                .map_err(host("watch the container"))
        });
        if ran.is_err() {
            // A broker that died by itself left the container running: its attempt isn't over before that is gone.
            access.clear(&[container(&order.site, self.fence)])?;
        }
        ran
    }
}

/// An engine maps no id of the system's own.
const LEAST_REMAPPED: u32 = 1 << 16;

/// Gives what a job writes to whoever it is in the engine's user namespace: one user for each attempt that runs at a time.
fn hand_over(writable: &[&OwnedFd], first: u32, slot: Slot) -> Result<u32, Error> {
    let user = slot.shared_job();
    let host = first.checked_add(user).filter(|_| first >= LEAST_REMAPPED).ok_or(ErrorKind::InvalidData)?;
    for folder in writable {
        let (user, group) = (Uid::from_raw(host), Gid::from_raw(host));
        fchownat(folder, c"", Some(user), Some(group), AtFlags::AT_EMPTY_PATH)?;
    }
    Ok(user)
}

/// Has the container of an attempt removed that nobody holds any more, or that was ordered to stop. Nobody waits for the engine.
pub(crate) fn clear(house: &House, fence: &Id) {
    if !is_contained(house, fence) {
        return;
    }
    if let Some(Ok(access)) = house.access() {
        // Whoever looks again tries again.
        drop(access.clear_later(&container(&house.sign(), fence)));
    }
}

/// As [`clear`], of one whose keeper is gone, with what it left of its mounts.
pub(crate) fn clear_away(house: &House, fence: &Id) {
    clear(house, fence);
    let attempt = house.attempt(fence);
    ["out", "scratch"].iter().for_each(|name| detach(&attempt.join(name)));
    disk::take_away(&attempt.join("disk"));
    let inputs = standing::task(house, fence).map_or(0, |task| task.binds.len());
    (0..inputs).for_each(|number| Cover::lift(&place(&attempt, number)));
    drop(std::fs::remove_dir_all(facts(&attempt)));
}

fn is_contained(house: &House, fence: &Id) -> bool {
    let kind = standing::task(house, fence).map(|task| task.kind);
    matches!(kind, Some(Kind::Job { runtime: Some(_), .. }))
}
