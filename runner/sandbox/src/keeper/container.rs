//! A job in a container of the engine: the same inputs, the same `/out` and the same log as in the sandbox; only what holds it is
//! another.

use super::log::{Watched, watch};
use super::run::Run;
use super::stage::{RunError, environment, host, limits};
use super::workers::pack;
use super::{Bind, Kind, standing};
use crate::confine::{Slot, attach};
use crate::engine::{Contained, Order, Runtime, Shown, container};
use crate::house::House;
use crate::protocol::Id;
use nix::fcntl::OFlag;
use nix::mount::{MntFlags, umount2};
use nix::unistd::pipe2;
use std::collections::BTreeMap;
use std::io::Error;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// `/out` at a place of the host, where the engine finds it. Dropping it takes it away again; whoever has it open still reads it.
struct Attached(PathBuf);

impl Attached {
    fn at(path: PathBuf, out: &OwnedFd) -> Result<Self, RunError> {
        std::fs::create_dir(&path).map_err(host("make a place for `/out`"))?;
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

impl Run<'_> {
    /// Runs the job, whose code lies in the attempt's folder, until it ends or its time is over.
    pub(super) fn contained(&self, runtime: &Runtime, slot: Slot, out: &OwnedFd) -> Result<Watched, RunError> {
        let Kind::Job { plan, image, .. } = &self.task.kind else { return Err(RunError::Slots) };
        let access = self.house.access().ok_or_else(|| host("find the engine")(Error::other("there is none")))?;
        let access = access.map_err(host("find the broker"))?;
        let folder = self.house.attempt(self.fence);
        let attached = Attached::at(folder.join("out"), out)?;
        let shown = |at: &str, from: PathBuf, writable| Shown { at: at.to_owned(), from, writable };
        let mut mounts: Vec<Shown> =
            self.task.binds.iter().map(|Bind { at, from }| shown(at, from.clone(), false)).collect();
        mounts.extend([shown("/code", folder.join("code"), false), shown("/out", attached.0.clone(), true)]);
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
            limits: limits(self.task.memory, self.task.millicpus),
        };
        let (hear, speak) = pipe2(OFlag::O_CLOEXEC).map_err(host("open a pipe"))?;
        // As late as can be: an order that comes after this is carried out by whoever looks how the attempt stands.
        if self.stopped() {
            return Err(RunError::Stopped);
        }
        let packed = || pack(self.ground, self.fence, slot, image);
        let ran = Contained::start(&access, &order, speak.as_fd(), self.left(), packed).map_err(RunError::from);
        drop(speak);
        let ran = ran.and_then(|contained| {
            watch(contained, hear.as_fd(), self.log()?, self.left()).map_err(host("watch the container"))
        });
        if ran.is_err() {
            // A broker that died by itself left the container running: its attempt isn't over before that is gone.
            access.clear(&[container(&order.site, self.fence)])?;
        }
        ran
    }
}

/// Has the container of an attempt removed that nobody holds any more, or that was ordered to stop. Nobody waits for the engine.
pub(crate) fn clear(house: &House, fence: &Id) {
    let Some(Kind::Job { runtime: Some(_), .. }) = standing::task(house, fence).map(|task| task.kind) else { return };
    if let Some(Ok(access)) = house.access() {
        // Whoever looks again tries again.
        drop(access.clear_later(&container(&house.sign(), fence)));
    }
}

/// As [`clear`], of one whose keeper is gone, with what it left of its mounts.
pub(crate) fn clear_away(house: &House, fence: &Id) {
    clear(house, fence);
    detach(&house.attempt(fence).join("out"));
}
