//! What the keeper prepares for the child: detached mounts, C strings, descriptors.

use std::ffi::{CStr, CString};
use std::os::fd::OwnedFd;

use nix::errno::Errno;
use nix::libc;
use nix::sys::stat::fstat;

use super::devices::{self, Devices, Nodes};
use super::layers::{Layer, Layers};
use super::proc::Machine;
use super::sys::{self, attr};
use super::{Ground, Link, MountPoint, Program, Root, Spec, What, c_string};
use crate::error::{At, LaunchError, Step};
use crate::limits::{Limits, Space};

/// Everything that the child needs, so that it has to look up nothing on the host.
pub(super) struct Plan {
    /// The image as a detached mount; none for an empty root.
    pub(super) image: Option<OwnedFd>,
    pub(super) devices: Devices,
    pub(super) mounts: Vec<Prepared>,
    pub(super) links: Vec<Link>,
    /// Whether there are devices of the host's, which take system calls that nothing else needs.
    pub(super) drives: bool,
    pub(super) program: Executable,
    pub(super) argv: Vec<CString>,
    pub(super) env: Vec<CString>,
    pub(super) cwd: CString,
    pub(super) limits: Limits,
    pub(super) machine: Machine,
    /// Whether a cgroup limits the attempt as a whole.
    pub(super) bounded: bool,
    pub(super) stdio: [OwnedFd; 3],
    pub(super) layers: Layers,
}

/// A mount that waits for its place.
pub(super) struct Prepared {
    pub(super) at: MountPoint,
    pub(super) source: Source,
    pub(super) writable: bool,
}

/// What there is to mount.
pub(super) enum Source {
    Directory(OwnedFd),
    File(OwnedFd),
    Memory(Space),
}

/// What there is to execute.
pub(super) enum Executable {
    /// Where to try, in this order.
    Paths(Vec<CString>),
    Fd(OwnedFd),
}

impl Plan {
    pub(super) fn prepare(spec: Spec, ground: &Ground, layers: Layers) -> Result<Self, LaunchError> {
        apart(&spec).at(Step::Mount)?;
        let read_only = if layers.has(Layer::ReadOnly) { attr::RDONLY } else { 0 };
        let image = match &spec.root {
            Root::Image(fd) => {
                // An image needs its symbolic links: /bin is one. It is cut off from the host by being the root.
                let mount = sys::clone_mount(fd, c"").at(Step::Image)?;
                sys::seal_mount(&mount, read_only | attr::NOSUID | attr::NODEV).at(Step::Image)?;
                Some(mount)
            }
            Root::Empty => None,
        };
        let mounts = spec.mounts.into_iter().map(|mount| {
            let (source, writable) = source(mount.what, read_only).at(Step::Data)?;
            Ok(Prepared { at: mount.at, source, writable })
        });
        let mounts = mounts.collect::<Result<_, LaunchError>>()?;
        let (program, argv) = match spec.program {
            Program::Path(argv) => (Executable::Paths(candidates(&argv, &spec.env)?), argv),
            Program::Fd(fd, argv) => (Executable::Fd(fd), argv),
        };
        let env = spec.env.iter().map(|(name, value)| c_string(&format!("{name}={value}")));
        let own = if ground.slots.are_hosts() { Nodes::Own } else { Nodes::Hosts };
        Ok(Self {
            image,
            devices: devices::make(own, &spec.devices).at(Step::Devices)?,
            mounts,
            links: spec.links,
            drives: !spec.devices.is_empty(),
            program,
            argv: argv.iter().map(|word| c_string(word)).collect::<Result<_, _>>()?,
            env: env.collect::<Result<_, _>>()?,
            cwd: c_string(&spec.cwd)?,
            limits: spec.limits,
            machine: ground.machine.clone(),
            bounded: ground.limits(),
            stdio: [spec.stdin, spec.stdout, spec.stderr],
            layers,
        })
    }
}

/// Refuses a mount point within another: its path would lead through what the other brings, which may be hostile.
fn apart(spec: &Spec) -> nix::Result<()> {
    let points: Vec<_> = spec.mounts.iter().map(|mount| &mount.at).collect();
    let clash = |(n, one): (usize, &&MountPoint)| {
        let others = points.iter().enumerate().filter(move |(m, _)| *m != n);
        others.into_iter().any(|(_, other)| one.is_within(other.as_str()))
    };
    if points.iter().enumerate().any(clash) { Err(Errno::EEXIST) } else { Ok(()) }
}

fn source(what: What, read_only: u64) -> nix::Result<(Source, bool)> {
    Ok(match what {
        What::ReadOnly(fd) => {
            let mount = sys::clone_mount(&fd, c"")?;
            sys::seal_mount(&mount, read_only | attr::NOSUID | attr::NODEV | attr::NOSYMFOLLOW)?;
            (by_kind(mount)?, false)
        }
        What::Tree(mount) => {
            sys::seal_mount(&mount, attr::NOSUID | attr::NODEV)?;
            (by_kind(mount)?, true)
        }
        What::Tmpfs(space) => (Source::Memory(space), true),
    })
}

fn by_kind(mount: OwnedFd) -> nix::Result<Source> {
    match fstat(&mount)?.st_mode & libc::S_IFMT {
        libc::S_IFDIR => Ok(Source::Directory(mount)),
        libc::S_IFREG => Ok(Source::File(mount)),
        _ => Err(Errno::EINVAL),
    }
}

/// The files that a command's name may mean, by the PATH that the job is given.
fn candidates(argv: &[String], env: &[(String, String)]) -> Result<Vec<CString>, LaunchError> {
    let name = argv.first().ok_or(Errno::EINVAL).at(Step::Arguments)?;
    if name.contains('/') {
        return Ok(vec![c_string(name)?]);
    }
    let path = env.iter().find(|(key, _)| key == "PATH").map(|(_, value)| value.as_str());
    let path = path.unwrap_or("/usr/local/bin:/usr/bin:/bin");
    let absolute = path.split(':').filter(|dir| dir.starts_with('/'));
    absolute.map(|dir| c_string(&format!("{dir}/{name}"))).collect()
}

/// A filesystem in memory.
pub(super) fn memory(space: Space, owner: u32, mode: u32, attrs: u64) -> nix::Result<OwnedFd> {
    let number = |value: u64| CString::new(value.to_string()).map_err(|_| Errno::EINVAL);
    let (size, inodes) = (number(space.bytes.max(4096))?, number(space.inodes.max(1))?);
    let (owner, mode) = (number(owner.into())?, CString::new(format!("{mode:o}")).map_err(|_| Errno::EINVAL)?);
    let options: [(&CStr, &CStr); 5] =
        [(c"size", &size), (c"nr_inodes", &inodes), (c"uid", &owner), (c"gid", &owner), (c"mode", &mode)];
    sys::new_mount(c"tmpfs", &options, attrs)
}
