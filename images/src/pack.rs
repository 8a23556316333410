//! A tree as a tar archive, for engines that take images in no other form.

use crate::walk::{self, Node, WalkError};
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use tar::{Builder, EntryType, Header};

/// A tree that can't be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It can't be read.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// The archive can't be written.
    #[error("failed to write the archive")]
    Write(#[from] std::io::Error),
}

/// Writes all of a tree that a job may read: everything is root's and of no time, so that one tree is one archive. What isn't open to
/// everybody is left out, as are devices, fifos and sockets.
pub fn of_path(tree: &Path, to: impl Write) -> Result<(), PackError> {
    let mut archive = Builder::new(to);
    walk::walk(walk::open(tree)?, &|_, stat| walk::is_open(stat), &mut |path, node| {
        let path = Path::new(OsStr::from_bytes(path));
        let mut header = Header::new_gnu();
        header.set_size(0);
        header.set_mode(0o777);
        match node {
            Node::Directory(mode) => {
                header.set_entry_type(EntryType::Directory);
                header.set_mode(mode);
                archive.append_data(&mut header, path, std::io::empty())?;
            }
            Node::File(mode, file) => {
                header.set_mode(mode);
                header.set_size(file.metadata()?.len());
                archive.append_data(&mut header, path, file)?;
            }
            Node::Link(target) => {
                header.set_entry_type(EntryType::Symlink);
                archive.append_link(&mut header, path, OsStr::from_bytes(&target))?;
            }
            Node::Special => {}
        }
        Ok::<(), PackError>(())
    })?;
    archive.into_inner()?.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::io::Read;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_tree_comes_out_of_its_archive_as_it_was() {
        let tree = crate::scratch::Scratch::new();
        let long = "d".repeat(120);
        std::fs::create_dir_all(tree.path().join(&long).join("bin")).unwrap();
        let program = tree.path().join(&long).join("bin/program");
        std::fs::write(&program, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::write(tree.path().join("shadow"), "closed").unwrap();
        std::fs::set_permissions(tree.path().join("shadow"), PermissionsExt::from_mode(0o640)).unwrap();
        symlink("/nowhere/at/all", tree.path().join("link")).unwrap();
        let mut bytes = Vec::new();
        of_path(tree.path(), &mut bytes).unwrap();
        let mut again = Vec::new();
        of_path(tree.path(), &mut again).unwrap();
        assert!(bytes == again, "one tree is one archive");

        let mut found = BTreeMap::new();
        for entry in tar::Archive::new(bytes.as_slice()).entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let link = entry.link_name().unwrap().map(|to| to.display().to_string());
            let (kind, mode) = (entry.header().entry_type(), entry.header().mode().unwrap());
            found.insert(entry.path().unwrap().display().to_string(), (kind, mode & 0o111, link.unwrap_or(text)));
        }
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[&format!("{long}/bin/program")], (EntryType::Regular, 0o111, "#!/bin/sh\n".to_owned()));
        assert_eq!(found["link"], (EntryType::Symlink, 0o111, "/nowhere/at/all".to_owned()));
        assert!(found.contains_key(&long) || found.contains_key(&format!("{long}/")), "{found:?}");
    }
}
