//! Makes a root filesystem from a recipe, by running `mmdebstrap` as the person who asked for it.

mod cache;
mod command;
mod finish;
mod progress;

pub use cache::CacheError;
pub use progress::{Progress, Silent};

use crate::recipe::Recipe;
use cache::Cache;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// Time of everything in an image, in seconds since 1970 (14 November 2023). It has no part in the image's digest.
const EPOCH: &str = "1700000000";

/// Makes root filesystems and keeps them.
#[derive(Clone, Debug)]
pub struct Builder {
    /// Where the made tars are kept, one for each recipe.
    pub cache: PathBuf,
    /// A file in the form of apt's sources, for a site with a mirror of its own; else mmdebstrap's own default.
    pub sources: Option<PathBuf>,
    /// The program that makes the tree.
    pub mmdebstrap: PathBuf,
    /// The Python whose pip fetches the wheels of a lock file.
    pub python: PathBuf,
}

/// What was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The tar.
    pub tar: PathBuf,
    /// False if it was already there.
    pub fresh: bool,
}

/// A root filesystem that wasn't made. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The cache can't be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A program isn't there.
    #[error("`{program}` isn't installed; install the package `{package}`, as with `apt install {package}`")]
    Missing {
        /// What was looked for.
        program: String,
        /// The Debian package that has it.
        package: &'static str,
    },
    /// A program can't be started.
    #[error("failed to start `{program}`")]
    Start {
        /// Which one.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program's output can't be read.
    #[error("failed to follow `{program}`")]
    Follow {
        /// Which one.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program failed.
    #[error("`{program}` failed ({status}): {reason}")]
    Failed {
        /// Which one.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The lines in which it says why.
        reason: String,
        /// The end of what it said.
        log: String,
    },
}

impl Builder {
    /// A builder that keeps its tars in `cache`, with the programs that the person's path has.
    pub fn new(cache: &Path) -> Self {
        Self { cache: cache.to_owned(), sources: None, mmdebstrap: "mmdebstrap".into(), python: "python3".into() }
    }

    /// Builds the recipe, unless its tar is already there. Waits while another builder works in the same cache.
    pub fn build(&self, recipe: &Recipe, progress: &mut dyn Progress) -> Result<Built, BuildError> {
        let cache = Cache::lock(&self.cache, progress)?;
        let name = format!("{}-{}.tar", recipe.name, self.digest(recipe).get(..16).unwrap_or_default());
        if let Some(tar) = cache.find(&name) {
            return Ok(Built { tar, fresh: false });
        }
        let room = cache.room(&name)?;
        let wheels = room.path().join("wheels");
        if let Some(lock) = &recipe.lock {
            self.fetch(recipe, lock, &room, &wheels, progress)?;
        }
        let tar = room.path().join("root.tar");
        command::run(&mut self.mmdebstrap(recipe, &wheels, &tar), "mmdebstrap", &mut progress::Meter::new(progress))?;
        let tar = room.keep(&tar)?;
        progress.step("done", 1, Some(1));
        Ok(Built { tar, fresh: true })
    }

    /// Forgets a recipe's tar, so that the next build takes in the security updates since then.
    pub fn forget(&self, recipe: &Recipe) -> Result<(), BuildError> {
        let cache = Cache::lock(&self.cache, &mut Silent)?;
        let name = format!("{}-{}.tar", recipe.name, self.digest(recipe).get(..16).unwrap_or_default());
        Ok(cache.forget(&name)?)
    }

    /// The recipe's digest together with what this program does with it.
    fn digest(&self, recipe: &Recipe) -> String {
        let sources = self.sources.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let parts = [recipe.digest(), command::OPTIONS.join(" "), finish::script(recipe), sources];
        crate::sha256::of(parts.join("\0").as_bytes())
    }
}

#[cfg(test)]
mod tests;
