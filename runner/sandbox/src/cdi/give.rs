//! From GPUs to what a sandbox is made of.

use super::{Gpu, Library};
use crate::confine::{Device, DevicePath, Link, Mount, MountPoint, NameError, What};
use crate::error::{At, LaunchError, Step};
use nix::errno::Errno;
use std::fs::File;

/// What a sandbox gets with its GPUs.
#[derive(Debug, Default)]
pub struct Given {
    /// Nodes in its /dev.
    pub devices: Vec<Device>,
    /// The driver's files.
    pub mounts: Vec<Mount>,
    /// Links among them.
    pub links: Vec<Link>,
    /// Variables.
    pub env: Vec<(String, String)>,
}

impl Given {
    /// What these GPUs have, each thing once. The driver's files are opened here, so that nobody has to look for them again.
    pub fn with(gpus: &[Gpu]) -> Result<Self, LaunchError> {
        let mut given = Self::default();
        for node in once(gpus.iter().flat_map(|gpu| gpu.common.iter().chain(&gpu.own)), |node| &node.at) {
            let at = named(DevicePath::parse(&format!("/dev/{}", node.at))).at(Step::Devices)?;
            given.devices.push(Device { at, major: node.major, minor: node.minor, mode: node.mode });
        }
        for Library { from, at } in once(gpus.iter().flat_map(|gpu| &gpu.libraries), |library| &library.at) {
            let what = What::ReadOnly(File::open(from).at(Step::Data)?.into());
            given.mounts.push(Mount { at: named(MountPoint::parse(at)).at(Step::Mount)?, what });
        }
        for link in once(gpus.iter().flat_map(|gpu| &gpu.links), |link| &link.at) {
            // A specification may ask for a link where it has put a file.
            if gpus.iter().flat_map(|gpu| &gpu.libraries).all(|library| library.at != link.at) {
                given.links.push(Link { at: named(MountPoint::parse(&link.at)).at(Step::Mount)?, to: link.to.clone() });
            }
        }
        given.env = once(gpus.iter().flat_map(|gpu| &gpu.env), |(name, _)| name).into_iter().cloned().collect();
        Ok(given)
    }
}

fn named<T>(checked: Result<T, NameError>) -> Result<T, Errno> {
    checked.map_err(|_| Errno::EINVAL)
}

/// The first of each name.
fn once<'a, T>(all: impl Iterator<Item = &'a T>, name: impl Fn(&T) -> &String) -> Vec<&'a T> {
    let mut kept: Vec<&T> = Vec::new();
    for each in all {
        if kept.iter().all(|other| name(other) != name(each)) {
            kept.push(each);
        }
    }
    kept
}
