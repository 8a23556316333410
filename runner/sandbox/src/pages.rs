//! Letting go of pages in memory that others have read, before an attempt that could be told something by them.

use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Error;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// However many pages there were: the attempt begins so many of these after its keeper did. How long it took tells almost nothing.
const BEAT: Duration = Duration::from_millis(500);

/// What is let go of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Pages {
    /// Nothing: whoever read it may tell this attempt.
    #[default]
    Kept,
    /// The pages of these files, and of all files in these folders.
    Of(BTreeSet<PathBuf>),
    /// All that the kernel can do without: where an engine keeps its copies is its own business.
    All,
}

impl Pages {
    /// Lets go of them, and notes that it was done; whether there was anything to let go of.
    pub(crate) fn let_go(&self, note: &Path) -> Result<bool, Error> {
        match self {
            Self::Kept => return Ok(false),
            Self::Of(paths) => paths.iter().try_for_each(|path| forget(path))?,
            Self::All => all()?,
        }
        fs::write(note, b"").map(|()| true)
    }
}

/// Waits until a whole multiple of [`BEAT`] after this.
pub(crate) fn until_the_beat(begun: Instant) {
    let beats = begun.elapsed().as_millis() / BEAT.as_millis() + 1;
    let until = BEAT.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX));
    sleep(until.saturating_sub(begun.elapsed()));
}

/// Lets go of the pages of a file, or of each file of a tree, none of which is followed out of it. Nobody writes there: all pages are
/// clean.
pub fn forget(path: &Path) -> Result<(), Error> {
    let kind = fs::symlink_metadata(path)?.file_type();
    if kind.is_dir() {
        return fs::read_dir(path)?.try_for_each(|entry| forget(&entry?.path()));
    }
    if kind.is_file() {
        let file = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NOATIME).open(path)?;
        posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)?;
    }
    Ok(())
}

/// proc_sys_vm(5), drop_caches: pages, and what is known of names.
fn all() -> Result<(), Error> {
    fs::write("/proc/sys/vm/drop_caches", b"3")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_let_go_of_is_noted_and_an_attempt_begins_on_a_beat() {
        let folder = std::env::temp_dir().join(format!("semla-pages-{}", std::process::id()));
        fs::create_dir_all(folder.join("in")).expect("folders");
        fs::write(folder.join("in/file"), [1; 4096]).expect("a file");
        std::os::unix::fs::symlink("/nowhere", folder.join("in/link")).expect("a link");
        let note = folder.join("note");
        for late in [Duration::ZERO, Duration::from_millis(600)] {
            let begun = Instant::now();
            sleep(late);
            until_the_beat(begun);
            let over = begun.elapsed().as_millis() % BEAT.as_millis();
            assert!(over < 250 && begun.elapsed() > late, "{over} ms after a beat");
        }
        assert!(Pages::Of([folder.join("in")].into()).let_go(&note).expect("to let go") && note.exists());
        assert!(!Pages::Kept.let_go(&folder.join("other")).expect("nothing to do"));
        assert!(Pages::Of([folder.join("absent")].into()).let_go(&folder.join("other")).is_err());
        assert!(!folder.join("other").exists());
        fs::remove_dir_all(folder).expect("to remove it");
    }
}
