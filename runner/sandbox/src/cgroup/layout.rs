//! Which hierarchy limits what on this machine, from /proc/self/mountinfo and /proc/self/cgroup.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

use super::{CgroupError, HOUSE, PARENT, write};
use crate::confine::Fence;

/// The controllers that limit an attempt.
pub(crate) const LIMITING: [&str; 3] = ["memory", "pids", "cpu"];

/// The parents of the leafs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// In the v2 hierarchy: a process can be born in its leafs, and a leaf can be killed whole.
    pub(crate) unified: Option<PathBuf>,
    /// Where the v2 hierarchy begins.
    top: Option<PathBuf>,
    /// In v1 hierarchies: the controller, and the parent.
    pub(crate) split: Vec<(&'static str, PathBuf)>,
}

impl Layout {
    /// Reads the two files' text. What v1 mounts is taken from there; the rest has to come from v2.
    pub(crate) fn detect(mountinfo: &str, membership: &str) -> Result<Self, CgroupError> {
        let mounts: Vec<_> = mountinfo.lines().filter_map(Hierarchy::parse).collect();
        let unified = mounts.iter().find(|mount| mount.kind == "cgroup2");
        let top = unified.map(|mount| PathBuf::from(&mount.at));
        let unified = unified.map(|mount| mount.own(membership, "").join(PARENT));
        let find = |controller: &'static str| {
            let mount = mounts.iter().find(|mount| mount.has(controller))?;
            Some((controller, mount.own(membership, controller).join(PARENT)))
        };
        let mut split: Vec<_> = LIMITING.into_iter().filter_map(find).collect();
        if unified.is_none() {
            // Without v2 nothing can be killed whole; a freezer at least holds it still.
            split.extend(find("freezer"));
            if let Some(missing) = LIMITING.iter().find(|name| !split.iter().any(|(has, _)| has == *name)) {
                return Err(CgroupError::Missing(missing));
            }
        }
        Ok(Self { unified, top, split })
    }

    /// Makes the parents, and on v2 hands them the controllers that v1 doesn't have: below the launcher's own cgroup if that was
    /// delegated to it, as to a service; else, as after a start from a shell, at the top, which is root's to divide.
    pub(super) fn prepare(mut self) -> Result<Self, CgroupError> {
        for (_, dir) in &self.split {
            make(dir).map_err(at(dir))?;
        }
        let Some(parent) = &self.unified else { return Ok(self) };
        let wanted: Vec<_> =
            LIMITING.into_iter().filter(|name| !self.split.iter().any(|(has, _)| has == name)).collect();
        let own = parent.parent().unwrap_or(parent).to_owned();
        let delegated =
            offers(&own, &wanted).and_then(|()| step_aside(&own, &wanted)).and_then(|()| hand_down(&own, &wanted));
        let Err(refused) = delegated else { return Ok(self) };
        let Some(top) = self.top.clone().filter(|top| *top != own) else { return Err(refused) };
        offers(&top, &wanted).and_then(|()| hand_down(&top, &wanted)).map_err(|_| refused)?;
        self.unified = Some(top.join(PARENT));
        Ok(self)
    }

    /// The directories that hold leafs.
    pub(super) fn parents(&self) -> Vec<&PathBuf> {
        self.unified.iter().chain(self.split.iter().map(|(_, dir)| dir)).collect()
    }

    /// The directories of an attempt's leafs, the one that can be killed whole or held still first.
    pub(super) fn leafs(&self, fence: &Fence) -> Vec<PathBuf> {
        let freezer = self.split.iter().filter(|(name, _)| *name == "freezer");
        let others = self.split.iter().filter(|(name, _)| *name != "freezer");
        let split = freezer.chain(others).map(|(_, dir)| dir);
        let mut leafs: Vec<_> = self.unified.iter().chain(split).map(|dir| dir.join(fence.as_str())).collect();
        leafs.dedup();
        leafs
    }
}

/// Whether a cgroup has these controllers to hand down.
fn offers(own: &Path, wanted: &[&'static str]) -> Result<(), CgroupError> {
    let list = own.join("cgroup.controllers");
    let offered = fs::read_to_string(&list).map_err(at(&list))?;
    match wanted.iter().find(|name| !offered.split_whitespace().any(|has| has == **name)) {
        Some(missing) => Err(CgroupError::Missing(missing)),
        None => Ok(()),
    }
}

/// Leaves a cgroup that shall have children with controllers: the kernel refuses them to one that holds processes, but to the topmost.
fn step_aside(own: &Path, wanted: &[&str]) -> Result<(), CgroupError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let list = own.join("cgroup.procs");
    let here = fs::read_to_string(&list).map_err(at(&list))?;
    let me = std::process::id().to_string();
    if here.lines().all(|pid| pid == me) {
        let house = own.join(HOUSE);
        make(&house).map_err(at(&house))?;
        write(&house, "cgroup.procs", "0").map_err(at(&house))?;
    }
    Ok(())
}

/// Makes the parent of the leafs in a cgroup, and gives it these controllers.
fn hand_down(own: &Path, wanted: &[&str]) -> Result<(), CgroupError> {
    let parent = own.join(PARENT);
    make(&parent).map_err(at(&parent))?;
    if wanted.is_empty() {
        return Ok(());
    }
    let enable = wanted.iter().map(|name| format!("+{name}")).collect::<Vec<_>>().join(" ");
    [own, &parent].into_iter().try_for_each(|dir| {
        write(dir, "cgroup.subtree_control", &enable).map_err(|error| match error.kind() {
            io::ErrorKind::ResourceBusy => CgroupError::Shared(dir.to_owned()),
            _ => CgroupError::File(dir.to_owned(), error),
        })
    })
}

fn at(path: &Path) -> impl Fn(io::Error) -> CgroupError {
    move |error| CgroupError::File(path.to_owned(), error)
}

/// Makes a directory, or makes sure that the one that is there may be used: it may be another user's.
fn make(dir: &Path) -> io::Result<()> {
    match fs::create_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(access(dir, AccessFlags::W_OK)?),
        other => other,
    }
}

/// One mounted hierarchy.
struct Hierarchy<'a> {
    kind: &'a str,
    root: String,
    at: String,
    options: &'a str,
}

impl<'a> Hierarchy<'a> {
    /// A line of mountinfo: id, parent, device, root, mount point, options, optional fields, `-`, type, source, options.
    fn parse(line: &'a str) -> Option<Self> {
        let (mount, filesystem) = line.split_once(" - ")?;
        let mut filesystem = filesystem.split(' ');
        let kind = filesystem.next().filter(|kind| matches!(*kind, "cgroup" | "cgroup2"))?;
        let mut mount = mount.split(' ').skip(3);
        Some(Self { kind, root: plain(mount.next()?), at: plain(mount.next()?), options: filesystem.nth(1)? })
    }

    fn has(&self, controller: &str) -> bool {
        self.kind == "cgroup" && self.options.split(',').any(|option| option == controller)
    }

    /// The directory of the process's own cgroup, from its membership lines: `4:cpu,cpuacct:/path`, on v2 `0::/path`.
    fn own(&self, membership: &str, controller: &str) -> PathBuf {
        let path = membership.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (names, path) = rest.split_once(':')?;
            names.split(',').any(|name| name == controller).then_some(path)
        });
        let path = path.unwrap_or("/");
        let below = Path::new(path).strip_prefix(&self.root).unwrap_or(Path::new(""));
        let below = if below.ends_with(HOUSE) { below.parent().unwrap_or(below) } else { below };
        Path::new(&self.at).join(below)
    }
}

/// Undoes mountinfo's octal escapes of space, tab, newline and backslash.
fn plain(field: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(field.to_owned(), |text, (from, to)| text.replace(from, to))
}
