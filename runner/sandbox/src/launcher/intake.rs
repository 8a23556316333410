//! Bytes that the daemon must not see: datasets, and archives of images. Whoever on this machine has a signature for them may
//! hand them over; each connection is served by a process of its own.

use super::desk::Desk;
use super::{LauncherError, file, system};
use crate::confine::End;
use crate::durable;
use crate::house::House;
use crate::keeper::workers::{UNPACK, describe, staging, unpack};
use crate::objects;
use crate::protocol::{Archive, Id, Offer, Taking};
use crate::wire;
use nix::sys::signal::SigSet;
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, UnixAddr, accept4, bind, listen, setsockopt, socket, sockopt,
};
use nix::sys::time::TimeVal;
use nix::unistd::{ForkResult, Pid, fork};
use semla_policy::{Digest, Record, Refusal, Role, Signed};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

/// Most bytes of an image's archive.
const ARCHIVE: u64 = 64 << 30;

/// Most connections that are served at once; whoever comes later waits.
const AT_ONCE: usize = 8;
/// How long somebody who connected may take to say what for.
const PATIENCE: TimeVal = TimeVal::new(10, 0);

/// The listening socket, and the processes that serve.
pub(super) struct Intake {
    socket: OwnedFd,
    serving: BTreeSet<Pid>,
}

impl Intake {
    pub(super) fn listen(house: &House) -> Result<Self, LauncherError> {
        let path = house.intake();
        drop(std::fs::remove_file(&path));
        let fd = socket(AddressFamily::Unix, SockType::SeqPacket, SockFlag::SOCK_CLOEXEC, None);
        let fd = fd.map_err(system("open the intake"))?;
        let address = UnixAddr::new(&path).map_err(system("name the intake"))?;
        bind(fd.as_raw_fd(), &address).map_err(system("bind the intake"))?;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o666)).map_err(file("open the intake to all"))?;
        listen(&fd, Backlog::new(16).map_err(system("listen at the intake"))?)
            .map_err(system("listen at the intake"))?;
        Ok(Self { socket: fd, serving: BTreeSet::new() })
    }

    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Whether one more can be served.
    pub(super) fn has_room(&self) -> bool {
        self.serving.len() < AT_ONCE
    }

    /// A process ended.
    pub(super) fn ended(&mut self, pid: Pid) {
        self.serving.remove(&pid);
    }

    /// Serves one connection aside. A caller who went away is nobody's loss.
    pub(super) fn accept(&mut self, desk: &Desk) {
        let Ok(raw) = accept4(self.socket.as_raw_fd(), SockFlag::SOCK_CLOEXEC) else { return };
        // SAFETY: the kernel has just made this descriptor, and nothing else knows it.
        let caller = unsafe { OwnedFd::from_raw_fd(raw) };
        // SAFETY: the launcher has one thread, so that the child may do whatever the parent may.
        match unsafe { fork() } {
            Ok(ForkResult::Child) => {
                // The launcher holds signals back to read them; nobody reads this process's.
                let _ = SigSet::all().thread_unblock();
                let served = serve(desk, &caller);
                std::process::exit(if served.is_ok() { 0 } else { 1 });
            }
            Ok(ForkResult::Parent { child }) => drop(self.serving.insert(child)),
            // Without a process there is no service: the caller sees the connection end.
            Err(_) => {}
        }
    }
}

fn serve(desk: &Desk, caller: &OwnedFd) -> Result<(), wire::WireError> {
    wire::prepare(caller)?;
    setsockopt(caller, sockopt::ReceiveTimeout, &PATIENCE)?;
    let (offer, fd) = wire::receive::<Offer>(caller)?;
    let taking: Taking = match fd {
        None => Err(Refusal::new(8, "no descriptor came along", "send one")),
        Some(fd) => plain(File::from(fd)).and_then(|file| match offer {
            Offer::Dataset { record, file: number } => dataset(desk, &record, number, file),
            Offer::Archive(signed) => archive(desk, &signed, file),
        }),
    };
    wire::send(caller, &taking, None)
}

/// A pipe or a device could keep its reader for ever.
pub(super) fn plain(file: File) -> Result<File, Refusal> {
    match file.metadata().is_ok_and(|data| data.is_file()) {
        true => Ok(file),
        false => Err(Refusal::new(8, "only plain files are taken in", "copy it to a file first")),
    }
}

fn disk(error: std::io::Error) -> Refusal {
    Refusal::new(8, format!("it couldn't be written: {error}"), "free some disk, and try again")
}

/// Keeps one file of a dataset that a steward has proposed; it can be used once another one has approved.
fn dataset(desk: &Desk, record: &Signed, number: usize, mut from: File) -> Taking {
    let (read, _) = desk.facts.registry().judge(record)?;
    let Record::Dataset(dataset) = read else {
        return Err(Refusal::new(8, "the record isn't one of a dataset", "send the dataset's record"));
    };
    let file = dataset
        .files
        .get(number)
        .ok_or_else(|| Refusal::new(8, "the record has no such file", "send its own files"))?;
    let folder = desk.house.dataset(&Digest::of(record.payload.as_bytes()));
    std::fs::DirBuilder::new().recursive(true).mode(0o755).create(&folder).map_err(disk)?;
    let path = folder.join(&file.name);
    let aside = folder.join(format!(".{}", std::process::id()));
    let content = objects::copy(&aside, &mut from, file.size).map_err(disk)?;
    if content.digest != file.digest || content.size != file.size {
        drop(std::fs::remove_file(&aside));
        return Err(Refusal::new(
            8,
            format!("`{}` isn't the file of the record", file.name),
            "propose the dataset again",
        ));
    }
    std::fs::rename(&aside, &path).map_err(disk)?;
    Ok(content.digest)
}

/// Unpacks an archive that an operator vouches for, in a sandbox, and names the tree by its digest.
fn archive(desk: &Desk, signed: &Signed, mut from: File) -> Taking {
    let registry = desk.facts.registry();
    let signers = registry.signers::<Archive>(signed)?;
    let operator = |name: &String| registry.person(name).is_some_and(|person| person.roles.contains(&Role::Operator));
    if !signers.iter().any(operator) {
        return Err(Refusal::new(10, "only an operator brings in images", "have an operator import it"));
    }
    let wanted: Archive = signed.read().map_err(|error| {
        Refusal::new(8, format!("the offer can't be read: {error}"), "use the `semla` of this version")
    })?;
    if let Some(digest) = imported(&desk.house, &wanted.archive) {
        return Ok(digest);
    }
    let id = Id::try_from(format!("image-{}", std::process::id()))
        .map_err(|error| Refusal::new(8, error.to_string(), ""))?;
    let staging = staging(&desk.house, &id);
    let unpacked = unpacked(desk, &id, &wanted.archive, &staging, &mut from);
    // Whatever is left of it, unless it has got its name.
    drop(std::fs::remove_dir_all(&staging));
    let digest = unpacked?;
    remember(&desk.house, &wanted.archive, &digest).map_err(disk)?;
    Ok(digest)
}

/// The tree that came out of this archive before, if it is still here.
fn imported(house: &House, archive: &Digest) -> Option<Digest> {
    let digest = Digest::parse(&std::fs::read_to_string(house.archive(archive)).ok()?).ok()?;
    (house.image(&digest).is_dir() && house.versions(&digest).is_file()).then_some(digest)
}

fn remember(house: &House, archive: &Digest, digest: &Digest) -> std::io::Result<()> {
    let path = house.archive(archive);
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    durable::write(&path, digest.to_string().as_bytes(), 0o600)
}

fn unpacked(desk: &Desk, id: &Id, wanted: &Digest, staging: &std::path::Path, from: &mut File) -> Taking {
    std::fs::DirBuilder::new().mode(0o700).create(staging).map_err(disk)?;
    let copy = staging.join("archive");
    let content = objects::copy(&copy, from, ARCHIVE).map_err(disk)?;
    if content.digest != *wanted {
        return Err(Refusal::new(8, "the archive isn't the one that was signed", "import it again"));
    }
    let slots = desk.ground.slots();
    let last = slots.count().saturating_sub(1);
    let slot = OpenOptions::new().write(true).create(true).truncate(false).open(desk.house.slot(last));
    let slot_lock = slot.map_err(disk)?;
    slot_lock.lock().map_err(disk)?;
    let slot = slots.slot(last).map_err(|error| Refusal::new(8, error.to_string(), "see `semla doctor`"))?;
    let root = staging.join("root");
    let watched = unpack(&desk.ground, (id, None), slot, &copy, &root, &[], UNPACK)
        .map_err(|error| Refusal::new(8, format!("the archive couldn't be unpacked: {error}"), "see `semla doctor`"))?;
    if !matches!(watched.end, Some(End::Exited(0))) {
        let said = std::fs::read_to_string(root.with_extension("log")).unwrap_or_default();
        let said: String =
            said.lines().last().unwrap_or_default().chars().filter(|c| !c.is_control()).take(300).collect();
        return Err(Refusal::new(
            8,
            format!("the archive can't be unpacked as a root filesystem: {said}"),
            "give a tar of a root filesystem, a `docker save` archive or an OCI layout",
        ));
    }
    drop(std::fs::remove_file(&copy));
    let described = describe(&desk.ground, id, slot, &root)
        .map_err(|error| Refusal::new(8, format!("the tree couldn't be digested: {error}"), "see `semla doctor`"))?
        .ok_or_else(|| Refusal::new(8, "the tree couldn't be digested", "import it again"))?;
    let digest =
        Digest::parse(&described.digest).map_err(|error| Refusal::new(8, error.to_string(), "import it again"))?;
    let versions = desk.house.versions(&digest);
    let list = staging.join(versions.file_name().unwrap_or_default());
    durable::write(&list, &described.versions, 0o600).map_err(disk)?;
    let place = desk.house.image(&digest);
    let folder = place.parent().unwrap_or(&place);
    match std::fs::rename(staging, folder) {
        Ok(()) => Ok(digest),
        // The same tree is there already, and the same list says what is in it.
        Err(_) if place.is_dir() => std::fs::rename(&list, &versions).map(|()| digest).map_err(disk),
        Err(error) => Err(disk(error)),
    }
}
