//! Opening a log: the journal is believed as far as the last checkpoint confirms it, and everything public follows from it.

use super::publish::full;
use super::{Log, LogError, Recovery};
use crate::audit::{AuditError, CHECKPOINT, OPENINGS, PUBLIC, compare};
use crate::checkpoint::Checkpoint;
use crate::durable::{at, clear, make_folder, place};
use crate::hash::Hash;
use crate::journal::{self, Journal};
use crate::key::SigningKey;
use crate::merkle::{Nodes, Tree, root};
use crate::note::Signer;
use crate::tiles::between;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

impl Log {
    /// Opens the log in a folder, or starts one. `origin` is the name that its checkpoints carry. Takes time and memory (about
    /// 72 bytes an entry) that grow with the log.
    pub fn open(folder: impl AsRef<Path>, origin: &str, key: SigningKey) -> Result<Self, LogError> {
        let folder = folder.as_ref().to_owned();
        let signer = Signer::new(origin, key)?;
        make_folder(&folder)?;
        let lock = lock(&folder)?;
        // What a crash left unfinished.
        let aside = folder.join("aside");
        clear(&aside)?;
        make_folder(&aside)?;
        let published = published(&folder.join(PUBLIC).join(CHECKPOINT), &signer)?;
        let covered = published.as_ref().map_or(0, |(last, _)| last.size);

        let path = folder.join(OPENINGS);
        if !path.exists() {
            if covered > 0 {
                return Err(LogError::Lost { have: 0, covered });
            }
            journal::create(&path, &aside)?;
        }
        let (mut tree, mut pending) = (Tree::default(), Vec::new());
        let (journal, dropped) = Journal::open(&path, covered, |record| {
            let commitment = record.commitment();
            pending.push(commitment);
            tree.push(Hash::leaf(commitment.as_bytes()));
        })?;

        let recovery = Recovery { dropped, rewritten: Vec::new() };
        let mut log = Self { folder, signer, journal, tree, published, pending, recovery, _lock: lock };
        log.confirm()?;
        log.heal()?;
        log.pending.drain(..usize::try_from(full(covered)).unwrap_or_default());
        Ok(log)
    }

    /// Holds the journal against what was signed.
    fn confirm(&self) -> Result<(), LogError> {
        let Some((last, _)) = &self.published else { return Ok(()) };
        if self.size() < last.size {
            return Err(LogError::Lost { have: self.size(), covered: last.size });
        }
        if root(&self.tree, last.size)? == last.root {
            return Ok(());
        }
        // The public files know which entry it is.
        compare(&self.public(), last, |index| self.tree.node(0, index))?;
        Err(AuditError::Root(last.size).into())
    }

    /// Derives again what is missing or changed in public. Called while `pending` still has every commitment.
    fn heal(&mut self) -> Result<(), LogError> {
        let mut files = Vec::new();
        for tile in between(0, self.covered()) {
            let path = self.public().join(tile.path());
            let commitments = usize::try_from(tile.start()).ok().and_then(|start| self.pending.get(start..));
            let bytes = tile.bytes(&self.tree, commitments.unwrap_or_default()).unwrap_or_default();
            if std::fs::read(&path).ok().as_ref() != Some(&bytes) {
                files.push((path, bytes));
            }
        }
        place(&self.aside(), 0o644, &files)?;
        self.recovery.rewritten = files.into_iter().map(|(path, _)| path).collect();
        Ok(())
    }
}

/// How long a lock is waited for.
const PASSING: Duration = Duration::from_millis(500);

fn lock(folder: &Path) -> Result<File, LogError> {
    let path = folder.join("lock");
    let file = File::options().write(true).create(true).truncate(false).open(&path).map_err(at("open", &path))?;
    // A child that was forked while the log was open holds the lock until it executes its own program: that passes.
    let until = Instant::now() + PASSING;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(PASSING / 50),
            Err(TryLockError::WouldBlock) => return Err(LogError::Busy(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(at("lock", &path)(error).into()),
        }
    }
}

/// The last checkpoint, if there was one, and its note.
fn published(path: &Path, signer: &Signer) -> Result<Option<(Checkpoint, String)>, LogError> {
    match std::fs::read_to_string(path) {
        Ok(note) => Ok(Some((Checkpoint::open(&note, signer.verifier())?, note))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at("read", path)(error).into()),
    }
}
