//! What tests share: folders that go away, and keys.

use crate::key::SigningKey;
use crate::log::Log;
use crate::note::Signer;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) const ORIGIN: &str = "log.example/semla";

/// A folder of its own for each test, removed at its end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("semla-ledger-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        SigningKey::generate().unwrap().save(&path.join("key")).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn key(&self) -> SigningKey {
        SigningKey::load(&self.at("key")).unwrap()
    }

    /// The log in this folder.
    pub(crate) fn log(&self) -> Log {
        Log::open(self.at("log"), ORIGIN, self.key()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A new key under this name.
pub(crate) fn signer(name: &str) -> Signer {
    Signer::new(name, SigningKey::generate().unwrap()).unwrap()
}

/// Every regular file below a folder, with its bytes.
pub(crate) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![root.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => left.push(path),
                false => drop(found.insert(path.clone(), std::fs::read(&path).unwrap())),
            }
        }
    }
    found
}

/// Makes a folder have exactly these files.
pub(crate) fn restore(root: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) {
    drop(std::fs::remove_dir_all(root));
    for (path, bytes) in files {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
