//! Which hierarchy limits what on this machine, from /proc/self/mountinfo and /proc/self/cgroup.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{CgroupError, HOUSE, PARENT, write};
use crate::confine::Fence;

/// The controllers that limit an attempt.
pub(crate) const LIMITING: [&str; 3] = ["memory", "pids", "cpu"];

/// The parents of the leafs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// In the v2 hierarchy: a process can be born in its leafs, and a leaf can be killed whole.
    pub(crate) unified: Option<PathBuf>,
    /// In v1 hierarchies: the controller, and the parent.
    pub(crate) split: Vec<(&'static str, PathBuf)>,
}

impl Layout {
    /// Reads the two files' text. What v1 mounts is taken from there; the rest has to come from v2.
    pub(crate) fn detect(mountinfo: &str, membership: &str) -> Result<Self, CgroupError> {
        let mounts: Vec<_> = mountinfo.lines().filter_map(Hierarchy::parse).collect();
        let unified = mounts.iter().find(|mount| mount.kind == "cgroup2").map(|mount| mount.own(membership, ""));
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
        let unified = unified.map(|own| own.join(PARENT));
        Ok(Self { unified, split })
    }

    /// Makes the parents, and on v2 hands them the controllers that v1 doesn't have.
    pub(super) fn prepare(&self) -> Result<(), CgroupError> {
        let wrap = |path: &Path| {
            let path = path.to_owned();
            move |error| CgroupError::File(path, error)
        };
        for (_, dir) in &self.split {
            make(dir).map_err(wrap(dir))?;
        }
        let Some(parent) = &self.unified else { return Ok(()) };
        make(parent).map_err(wrap(parent))?;
        let wanted: Vec<_> =
            LIMITING.into_iter().filter(|name| !self.split.iter().any(|(has, _)| has == name)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let own = parent.parent().unwrap_or(parent);
        let list = own.join("cgroup.controllers");
        let offered = fs::read_to_string(&list).map_err(wrap(&list))?;
        if let Some(missing) = wanted.iter().find(|name| !offered.split_whitespace().any(|has| has == **name)) {
            return Err(CgroupError::Missing(missing));
        }
        // The kernel refuses controllers to the children of a cgroup that holds processes, so the launcher steps aside.
        let house = own.join(HOUSE);
        make(&house).map_err(wrap(&house))?;
        write(&house, "cgroup.procs", "0").map_err(wrap(&house))?;
        let enable = wanted.iter().map(|name| format!("+{name}")).collect::<Vec<_>>().join(" ");
        for dir in [own, parent] {
            write(dir, "cgroup.subtree_control", &enable).map_err(wrap(dir))?;
        }
        Ok(())
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

fn make(dir: &Path) -> io::Result<()> {
    match fs::create_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
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
