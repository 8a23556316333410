//! Workers that a keeper or the launcher runs beside a job: each in a sandbox that sees nothing but what it works on.

use super::intake;
use super::log;
use super::stage::{RunError, Stage, environment, host, limits, mount, run, start};
use crate::confine::{self, End, Ground, Mount, Program, Root, Running, Slot, What};
use crate::house::House;
use crate::launcher::beside;
use crate::limits::Space;
use crate::protocol::Id;
use nix::unistd::pipe2;
use std::fs::{File, OpenOptions};
use std::io::{Error, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Most bytes of the list of an image's packages.
const VERSIONS: u64 = 4 << 20;
/// What unpacking may take.
pub(crate) const UNPACK: Duration = Duration::from_secs(600);

/// Unpacks an archive in a sandbox that sees nothing but the archive and the new folder. With its name goes where an order to stop would
/// lie, where one can be given.
pub(crate) fn unpack(
    ground: &Ground,
    fence: (&Id, Option<PathBuf>),
    slot: Slot,
    archive: &Path,
    to: &Path,
    options: &[&str],
    time: Duration,
) -> Result<log::Watched, RunError> {
    std::fs::DirBuilder::new().mode(0o755).create(to).map_err(host("make a folder to unpack into"))?;
    chown(to, Some(slot.host_job()), Some(slot.host_job())).map_err(host("hand the folder over"))?;
    let archive = File::open(archive).map_err(host("open the archive"))?;
    let folder = confine::bind(File::open(to).map_err(host("open the folder"))?)?;
    let mounts = vec![mount("/in/archive", What::ReadOnly(archive.into()))?, mount("/out", What::Tree(folder))?];
    let log = OpenOptions::new().append(true).create(true).open(to.with_extension("log"));
    images_worker(ground, fence, slot, mounts, options, (log.map_err(host("open the unpacking's log"))?, time))
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
    images_worker(ground, (fence, None), slot, mounts, &["--digest"], (nowhere()?, UNPACK))?;
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
    fence: (&Id, Option<PathBuf>),
    slot: Slot,
    mounts: Vec<Mount>,
    options: &[&str],
    (log, time): (File, Duration),
) -> Result<log::Watched, RunError> {
    run(ground, stage(fence, slot, mounts, options)?, log, time)
}

fn stage<'a>(
    (fence, stop): (&'a Id, Option<PathBuf>),
    slot: Slot,
    mounts: Vec<Mount>,
    options: &[&str],
) -> Result<Stage<'a>, RunError> {
    Ok(Stage {
        fence,
        stop,
        slot,
        root: Root::Empty,
        mounts,
        devices: Vec::new(),
        links: Vec::new(),
        program: ours("semla-unpack", options)?,
        env: environment(),
        cwd: "/",
        limits: limits(1 << 30, 2000),
    })
}

/// Packs an unpacked tree: the archive comes out of a pipe, and whether all of it came is asked afterwards.
pub(crate) fn pack(
    ground: &Ground,
    fence: &Id,
    slot: Slot,
    tree: &Path,
) -> Result<(OwnedFd, impl FnOnce() -> Result<(), Error> + use<>), Error> {
    let tree = File::open(tree)?;
    let (archive, speak) = pipe2(nix::fcntl::OFlag::O_CLOEXEC)?;
    let begun = || -> Result<Running, RunError> {
        let mounts = vec![mount("/in/tree", What::ReadOnly(tree.into()))?];
        start(ground, stage((fence, None), slot, mounts, &["--pack"])?, speak, nowhere()?.into())
    };
    let running = begun().map_err(Error::other)?;
    let whole = || match running.wait() {
        Ok((End::Exited(0), _)) => Ok(()),
        ended => Err(Error::other(format!("its packing ended: {ended:?}"))),
    };
    Ok((archive, whole))
}

/// The program that runs the checks.
pub(super) fn checks(arguments: &[&str]) -> Result<Program, RunError> {
    ours("semla-checks-worker", arguments)
}

/// A program that lies beside this one.
fn ours(name: &str, arguments: &[&str]) -> Result<Program, RunError> {
    let path = beside(name).map_err(host("find a program of semla"))?;
    let program = File::open(path).map_err(host("open a program of semla"))?;
    let arguments = [name].iter().chain(arguments).map(|word| (*word).to_owned()).collect();
    Ok(Program::Fd(program.into(), arguments))
}

/// Where goes what nobody reads.
pub(super) fn nowhere() -> Result<File, RunError> {
    OpenOptions::new().write(true).open("/dev/null").map_err(host("open /dev/null"))
}

/// Where an image is unpacked before it has a name.
pub(crate) fn staging(house: &House, id: &Id) -> PathBuf {
    house.settings().images.join(format!("unpacking-{id}"))
}
