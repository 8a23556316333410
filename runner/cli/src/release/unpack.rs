//! Unpacking a fetched bundle: plain files in plain folders, into a new folder, or nothing at all.

use crate::fail::{Fail, trying};
use semla_policy::is_relative_path;
use std::fs::{DirBuilder, OpenOptions};
use std::io::copy;
use std::path::{Path, PathBuf};

/// A new folder, made before there is anything to put into it: a fetch is recorded, and one that has no place would be for nothing. It gets
/// its name once it is full, and goes with all it holds if it never is.
pub(super) struct Folder<'a> {
    target: &'a Path,
    aside: PathBuf,
}

impl<'a> Folder<'a> {
    /// Makes the folder, where nothing has its name yet.
    pub(super) fn make(target: &'a Path) -> Result<Self, Fail> {
        let shown = target.display();
        if target.symlink_metadata().is_ok() {
            return Err(Fail::new(format!("`{shown}` is there already; name a new folder")));
        }
        let aside = target.with_added_extension("part");
        // What an earlier try left; there may be nothing.
        drop(std::fs::remove_dir_all(&aside));
        DirBuilder::new().create(&aside).map_err(|error| {
            Fail::new(format!("`{shown}` can't be made: {error}; name a new folder where you may make one"))
        })?;
        Ok(Self { target, aside })
    }

    /// Unpacks the tar into it, and gives it its name.
    pub(super) fn fill(self, tar: &[u8]) -> Result<(), Fail> {
        write(tar, &self.aside)?;
        std::fs::rename(&self.aside, self.target).map_err(trying(format!("make `{}`", self.target.display())))
    }
}

impl Drop for Folder<'_> {
    fn drop(&mut self) {
        // Once it has its name there is nothing to remove.
        drop(std::fs::remove_dir_all(&self.aside));
    }
}

fn write(tar: &[u8], folder: &Path) -> Result<(), Fail> {
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().map_err(trying("read the bundle"))? {
        let mut entry = entry.map_err(trying("read the bundle"))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.trim_start_matches("./").trim_end_matches('/');
        let kind = entry.header().entry_type();
        if name.is_empty() || name == "." {
            continue;
        }
        if !is_relative_path(name) || !(kind.is_dir() || kind.is_file()) {
            return Err(Fail::new(format!("the bundle holds `{}`, which isn't a plain file", name.escape_default())));
        }
        let path = folder.join(name);
        if kind.is_dir() {
            DirBuilder::new().recursive(true).create(&path).map_err(trying("make a folder"))?;
            continue;
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        file.and_then(|mut file| copy(&mut entry, &mut file)).map_err(trying(format!("write `{name}`")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Fail, Folder};
    use std::path::Path;

    fn into(tar: &[u8], target: &Path) -> Result<(), Fail> {
        Folder::make(target)?.fill(tar)
    }

    fn tar(name: &str, kind: tar::EntryType) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(if kind.is_file() { 2 } else { 0 });
        let bytes = header.as_gnu_mut().unwrap();
        bytes.name[..name.len()].copy_from_slice(name.as_bytes());
        if !kind.is_file() {
            bytes.linkname[..4].copy_from_slice(b"/etc");
        }
        header.set_cksum();
        let mut builder = tar::Builder::new(Vec::new());
        builder.append(&header, &b"hi"[..if kind.is_file() { 2 } else { 0 }]).unwrap();
        builder.into_inner().unwrap()
    }

    #[test]
    fn only_plain_files_inside_are_taken_and_nothing_is_left_half_made() {
        let root = std::env::temp_dir().join(format!("semla-unpack-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        let target = root.join("bundle");
        let hostile = [
            ("../x", tar::EntryType::Regular),
            ("/x", tar::EntryType::Regular),
            ("a/../x", tar::EntryType::Regular),
            ("link", tar::EntryType::Symlink),
            ("hard", tar::EntryType::Link),
            ("fifo", tar::EntryType::Fifo),
        ];
        for (name, kind) in hostile {
            assert!(into(&tar(name, kind), &target).is_err(), "{name}");
            assert!(!target.exists() && !Path::new(&root).join("x").exists(), "{name}");
        }
        into(&tar("x", tar::EntryType::Regular), &target).unwrap();
        assert_eq!(std::fs::read(target.join("x")).unwrap(), b"hi");
        assert!(into(&tar("y", tar::EntryType::Regular), &target).is_err(), "it is there already");
        std::fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_folder_without_a_place_is_refused_at_once_and_one_that_is_never_filled_goes() {
        let root = std::env::temp_dir().join(format!("semla-folder-{}", std::process::id()));
        let target = root.join("bundle");
        assert!(Folder::make(&target).err().unwrap().text.contains("can't be made"), "there is no folder around it");
        std::fs::create_dir_all(&root).unwrap();
        drop(Folder::make(&target).unwrap());
        assert_eq!(std::fs::read_dir(&root).unwrap().count(), 0);
        std::fs::write(&target, "").unwrap();
        assert!(Folder::make(&target).err().unwrap().text.contains("is there already"));
        std::fs::remove_dir_all(&root).unwrap();
    }
}
