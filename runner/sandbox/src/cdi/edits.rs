//! What a specification asks of a container, read as things that a sandbox makes by itself.

use super::CdiError;
use crate::confine::{DevicePath, MountPoint};
use nix::libc;
use nix::sys::stat::{lstat, major, minor};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

/// A character device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Where, below `/dev`.
    pub at: String,
    /// The driver.
    pub major: u64,
    /// The device.
    pub minor: u64,
    /// Who may do what with it.
    pub mode: u32,
}

/// A file or a folder of the driver's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// Where it lies on the host.
    pub from: PathBuf,
    /// Where the job sees it.
    pub at: String,
}

/// A symbolic link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Where.
    pub at: String,
    /// To what.
    pub to: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Edits {
    env: Vec<String>,
    device_nodes: Vec<DeviceNode>,
    mounts: Vec<Mount>,
    hooks: Vec<Hook>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeviceNode {
    path: String,
    host_path: Option<String>,
    r#type: Option<String>,
    major: Option<u64>,
    minor: Option<u64>,
    file_mode: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mount {
    host_path: PathBuf,
    container_path: String,
}

#[derive(Deserialize)]
struct Hook {
    #[serde(default)]
    args: Vec<String>,
}

/// Where the linker looks anyway.
const SEARCHED: [&str; 4] = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/local/lib"];

impl Edits {
    pub(super) fn nodes(&self) -> Result<Vec<Node>, CdiError> {
        self.device_nodes.iter().map(DeviceNode::node).collect()
    }

    /// Files and folders alone: a socket would be a way out of the sandbox.
    pub(super) fn libraries(&self) -> Result<Vec<Library>, CdiError> {
        let mut libraries = Vec::new();
        for mount in &self.mounts {
            let kind =
                fs::metadata(&mount.host_path).map_err(|error| CdiError::File(mount.host_path.clone(), error))?;
            if kind.is_file() || kind.is_dir() {
                libraries.push(Library { from: mount.host_path.clone(), at: place(&mount.container_path)? });
            }
        }
        Ok(libraries)
    }

    /// What the hook that makes links would link.
    pub(super) fn links(&self) -> Result<Vec<Link>, CdiError> {
        let asked = self.arguments("create-symlinks", "--link").map(|link| {
            let wrong = || CdiError::Link(link.to_owned());
            let (to, at) = link.split_once("::").ok_or_else(wrong)?;
            Ok(Link { at: place(at)?, to: to.to_owned() })
        });
        asked.collect()
    }

    /// The variables that it asks for, and the folders that the hook for the linker's cache would add to it: an image can't be written.
    pub(super) fn env(&self) -> Vec<(String, String)> {
        let pairs = self.env.iter().filter_map(|pair| pair.split_once('='));
        let mut env: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let folders = self.arguments("update-ldcache", "--folder").map(merged);
        let folders: Vec<_> = folders.filter(|folder| !SEARCHED.contains(&folder.as_str())).collect();
        if !folders.is_empty() {
            env.push(("LD_LIBRARY_PATH".to_owned(), folders.join(":")));
        }
        env
    }

    /// What follows each such flag of such a hook.
    fn arguments<'a>(&'a self, hook: &'a str, flag: &'a str) -> impl Iterator<Item = &'a str> {
        let hooks = self.hooks.iter().filter(move |each| each.args.iter().any(|word| word == hook));
        hooks.flat_map(move |hook| {
            hook.args
                .iter()
                .zip(hook.args.iter().skip(1))
                .filter(move |(word, _)| *word == flag)
                .map(|(_, next)| next.as_str())
        })
    }
}

impl DeviceNode {
    fn node(&self) -> Result<Node, CdiError> {
        let path = DevicePath::parse(&self.path)?;
        let wrong = || CdiError::NoDevice(self.path.clone());
        if self.r#type.as_deref().is_some_and(|kind| !matches!(kind, "c" | "u")) {
            return Err(wrong());
        }
        let (number, mode) = match (self.major, self.minor) {
            (Some(major), Some(minor)) => ((major, minor), self.file_mode.unwrap_or(0o666)),
            _ => {
                let host = self.host_path.as_deref().unwrap_or(&self.path);
                let there = lstat(host).map_err(|error| CdiError::File(host.into(), error.into()))?;
                if there.st_mode & libc::S_IFMT != libc::S_IFCHR {
                    return Err(wrong());
                }
                ((major(there.st_rdev), minor(there.st_rdev)), self.file_mode.unwrap_or(there.st_mode))
            }
        };
        // The job stands for a member of the group that may use it; what is root's alone stays so.
        let mode = (mode & 0o660) | ((mode | mode >> 3) & 0o006);
        Ok(Node { at: path.relative().to_owned(), major: number.0, minor: number.1, mode })
    }
}

fn place(path: &str) -> Result<String, CdiError> {
    Ok(MountPoint::parse(&merged(path))?.as_str().to_owned())
}

/// The path where `/usr` is merged: a mount point in the place of the image's link `/lib` would hide all that it leads to.
fn merged(path: &str) -> String {
    let moved = ["/lib/", "/lib64/", "/bin/", "/sbin/"].iter().any(|old| path.starts_with(old));
    if moved { format!("/usr{path}") } else { path.to_owned() }
}
