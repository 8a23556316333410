//! What a build is doing, from what apt, dpkg and mmdebstrap say.

/// Is told how far a build is.
pub trait Progress {
    /// `done` of `total` parts of `what` are done; a step without a total has no end in sight.
    fn step(&mut self, what: &str, done: u64, total: Option<u64>);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&mut self, _what: &str, _done: u64, _total: Option<u64>) {}
}

/// Reads mmdebstrap's output with `--verbose` line by line.
pub(super) struct Meter<'a> {
    progress: &'a mut dyn Progress,
    /// Packages of the set that is now downloaded and installed.
    packages: Option<u64>,
    fetched: u64,
    installed: u64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(progress: &'a mut dyn Progress) -> Self {
        Self { progress, packages: None, fetched: 0, installed: 0 }
    }

    pub(super) fn line(&mut self, line: &str) {
        if let Some(said) = line.strip_prefix("I: ") {
            return self.mmdebstrap(said);
        }
        // apt: `0 upgraded, 69 newly installed, 0 to remove and 0 not upgraded.`
        if let Some((before, _)) = line.split_once(" newly installed") {
            self.packages = before.rsplit(' ').next().and_then(|count| count.parse().ok());
            self.fetched = 0;
            self.installed = 0;
        } else if line.starts_with("Get:") && self.packages.is_some() {
            self.fetched += 1;
            self.progress.step("downloading packages", self.fetched, self.packages);
        } else if line.starts_with("Unpacking ") || line.starts_with("Setting up ") {
            self.installed += 1;
            // Each package is first unpacked and then set up.
            self.progress.step("installing packages", self.installed, self.packages.map(|count| count * 2));
        } else if let Some(said) = line.strip_prefix("semla: ") {
            self.progress.step(said, 0, None);
        }
    }

    fn mmdebstrap(&mut self, said: &str) {
        let what = match said {
            "running apt-get update..." => "reading package lists",
            "extracting archives..." => "extracting the base system",
            "creating tarball..." => "writing the tar",
            _ => return,
        };
        self.progress.step(what, 0, None);
    }
}
