//! What a probe finds around it, under whatever paths its place gives these.

use std::path::{Path, PathBuf};

/// Where things are, as the environment says: in a sandbox, in a container, or on the bare host for a control.
pub(crate) struct Stage {
    /// The data: a directory on a read-only mount, with `rows.csv`.
    pub(crate) data: PathBuf,
    /// A read-only file that belongs to the job's own user.
    pub(crate) own: PathBuf,
    /// A directory that may be written.
    pub(crate) out: PathBuf,
    /// What the image holds: `bin`, `etc`.
    pub(crate) image: PathBuf,
    /// A process that isn't the job's.
    pub(crate) victim: i32,
    /// A file of the host that isn't the job's.
    pub(crate) secret: PathBuf,
    /// A port on the loopback, an abstract socket and a socket file on which somebody else listens.
    pub(crate) port: u16,
    pub(crate) abstract_name: String,
    pub(crate) socket: PathBuf,
    /// What somebody else keeps in IPC objects of this key or name.
    pub(crate) ipc: i32,
}

impl Stage {
    pub(crate) fn read() -> Self {
        let text = |key: &str| std::env::var(format!("PROBE_{key}")).unwrap_or_default();
        let path = |key: &str| PathBuf::from(text(key));
        Self {
            data: path("DATA"),
            own: path("OWN"),
            out: path("OUT"),
            image: path("IMAGE"),
            victim: text("VICTIM").parse().unwrap_or(-1),
            secret: path("SECRET"),
            port: text("PORT").parse().unwrap_or_default(),
            abstract_name: text("ABSTRACT"),
            socket: path("SOCKET"),
            ipc: text("IPC").parse().unwrap_or_default(),
        }
    }

    pub(crate) fn rows(&self) -> PathBuf {
        self.data.join("rows.csv")
    }

    /// A path below the victim's folder in the process table.
    pub(crate) fn of_victim(&self, name: &str) -> PathBuf {
        Path::new("/proc").join(self.victim.to_string()).join(name)
    }
}
