//! Unpacking a fetched bundle: plain files in plain folders, into a new folder, or nothing at all.

use crate::fail::{Fail, trying};
use semla_policy::is_relative_path;
use std::fs::{DirBuilder, OpenOptions};
use std::io::copy;
use std::path::Path;

/// Unpacks the tar into a folder that isn't there yet.
pub(super) fn into(tar: &[u8], target: &Path) -> Result<(), Fail> {
    let shown = target.display();
    if target.symlink_metadata().is_ok() {
        return Err(Fail::new(format!("`{shown}` is there already; name a new folder")));
    }
    let aside = target.with_added_extension("part");
    // What an earlier try left; there may be nothing.
    drop(std::fs::remove_dir_all(&aside));
    let unpacked = write(tar, &aside);
    if unpacked.is_err() {
        drop(std::fs::remove_dir_all(&aside));
    }
    unpacked?;
    std::fs::rename(&aside, target).map_err(trying(format!("make `{shown}`")))
}

fn write(tar: &[u8], folder: &Path) -> Result<(), Fail> {
    DirBuilder::new().create(folder).map_err(trying("make the bundle's folder"))?;
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
    use super::into;
    use std::path::Path;

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
}
