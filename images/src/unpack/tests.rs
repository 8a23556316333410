//! What each hostile archive would do is shown beside it by `naive`, an unpacker without defences.

mod broken;
mod containers;
mod hostile;
mod plain;

use super::*;
use crate::scratch::Scratch;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;
use tar::{Builder, EntryType, Header};

/// A directory that goes when the test ends: `archive`, `out/` and whatever lies beside them.
pub(super) struct Place(Scratch);

impl Place {
    pub(super) fn new() -> Self {
        let scratch = Scratch::new();
        fs::create_dir(scratch.path().join("out")).unwrap();
        Self(scratch)
    }

    pub(super) fn out(&self, name: &str) -> PathBuf {
        self.beside("out").join(name)
    }

    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn unpack(&self, archive: &[u8]) -> Result<Report, UnpackError> {
        self.unpack_as(archive, Content::Image, Limits::of(Content::Image))
    }

    pub(super) fn unpack_as(&self, archive: &[u8], content: Content, limits: Limits) -> Result<Report, UnpackError> {
        let path = self.beside("archive");
        fs::write(&path, archive).unwrap();
        unpack(&path, &self.beside("out"), content, limits)
    }

    /// What a careless unpacker does: joins names and follows links.
    pub(super) fn naive(&self, archive: &[u8]) {
        members(archive, &mut |member, data| {
            let path = self.out(std::str::from_utf8(&member.name).unwrap_or("?"));
            match member.body {
                Body::Directory => drop(fs::create_dir_all(path)),
                Body::File(_) => {
                    let mut bytes = Vec::new();
                    data.read_to_end(&mut bytes).unwrap();
                    fs::write(&path, bytes).unwrap();
                    fs::set_permissions(path, fs::Permissions::from_mode(member.mode)).unwrap();
                }
                Body::Link(target) => symlink(std::str::from_utf8(&target).unwrap(), path).unwrap(),
                Body::HardLink(target) => fs::hard_link(self.out(std::str::from_utf8(&target).unwrap()), path).unwrap(),
                Body::Special => {}
            }
            Ok(())
        })
        .unwrap();
    }
}

/// An archive that is put together entry by entry, with names that a decent builder would refuse.
#[derive(Default)]
pub(super) struct Tar(Vec<u8>);

impl Tar {
    pub(super) fn entry(mut self, kind: EntryType, name: &[u8], link: &[u8], mode: u32, content: &[u8]) -> Self {
        let mut header = Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name);
        header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link);
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_mtime(1_000_000_000);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.0.extend(header.as_bytes());
        self.0.extend(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(super) fn file(self, name: &str, content: &str) -> Self {
        self.entry(EntryType::Regular, name.as_bytes(), b"", 0o644, content.as_bytes())
    }

    pub(super) fn blob(self, name: &str, content: &[u8]) -> Self {
        self.entry(EntryType::Regular, name.as_bytes(), b"", 0o644, content)
    }

    pub(super) fn directory(self, name: &str) -> Self {
        self.entry(EntryType::Directory, name.as_bytes(), b"", 0o755, b"")
    }

    pub(super) fn link(self, name: &str, target: &str) -> Self {
        self.entry(EntryType::Symlink, name.as_bytes(), target.as_bytes(), 0o777, b"")
    }

    pub(super) fn hard_link(self, name: &str, target: &str) -> Self {
        self.entry(EntryType::Link, name.as_bytes(), target.as_bytes(), 0o644, b"")
    }

    pub(super) fn done(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn read(path: PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}

pub(super) fn builder() -> Builder<Vec<u8>> {
    Builder::new(Vec::new())
}
