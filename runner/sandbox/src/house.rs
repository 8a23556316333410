//! Where things lie on this machine. Only root writes here, so that these paths may be trusted.

use crate::durable;
use crate::engine::{Access, Runtime};
use crate::launcher::beside;
use crate::protocol::Id;
use semla_policy::{Backend, Digest, Isolation};
use serde::{Deserialize, Serialize};
use std::fs::{DirBuilder, Permissions};
use std::io::Error;
use std::iter;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

/// The folder of one site.
#[derive(Clone, Debug)]
pub struct House {
    root: PathBuf,
    settings: Settings,
}

/// What `semla init` fixed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The user that the daemon runs as.
    pub service: u32,
    /// Where images lie; sites on one machine may share it.
    pub images: PathBuf,
    /// The loopback port of the HTTP interface; 0 is none.
    pub port: u16,
    /// Where the host's GPUs are described (CNCF Container Device Interface).
    #[serde(default = "cdi")]
    pub cdi: PathBuf,
    /// The engine for levels that ask for a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
}

/// A container engine of this host, and what it runs for whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Its socket.
    pub socket: PathBuf,
    /// The user that brokers run as, who is nobody else.
    pub broker: u32,
    /// Its runtime for the isolation `docker`, such as `runc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docker: Option<String>,
    /// Its runtime for the isolation `gvisor`, such as `runsc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gvisor: Option<String>,
    /// Whether that one leaves cgroups alone, and so limits nothing.
    #[serde(default)]
    pub gvisor_unlimited: bool,
}

impl Engine {
    /// Its runtimes, the weakest first, each as a backend.
    fn runtimes(&self) -> impl Iterator<Item = (Backend, Runtime)> {
        let docker = self.docker.iter().map(|name| (name, Isolation::Docker, true));
        let gvisor = self.gvisor.iter().map(|name| (name, Isolation::Gvisor, !self.gvisor_unlimited));
        docker.chain(gvisor).map(|(name, isolation, limited)| {
            let shared_kernel = isolation == Isolation::Docker;
            (Backend { isolation, limits: limited }, Runtime { name: name.clone(), shared_kernel, limited })
        })
    }
}

/// Where the specification of CDI has static files.
fn cdi() -> PathBuf {
    PathBuf::from("/etc/cdi")
}

impl House {
    /// Makes the folders of a new site.
    pub fn build(root: &Path, settings: Settings) -> Result<Self, Error> {
        let house = Self { root: root.to_owned(), settings };
        let folders = [
            ("", 0o711),
            ("registry", 0o750),
            ("objects", 0o700),
            ("datasets", 0o700),
            ("attempts", 0o700),
            ("copies", 0o700),
            ("slots", 0o700),
            ("serve", 0o700),
        ];
        for (name, mode) in folders {
            let path = root.join(name);
            DirBuilder::new().recursive(true).mode(mode).create(&path)?;
            std::fs::set_permissions(&path, Permissions::from_mode(mode))?;
        }
        let service = house.settings.service;
        // The daemon reads the records; who holds which permit is nobody else's business on this machine.
        chown(root.join("registry"), None, Some(service))?;
        chown(house.serve(), Some(service), Some(service))?;
        DirBuilder::new().recursive(true).mode(0o700).create(&house.settings.images)?;
        let settings = serde_json::to_vec_pretty(&house.settings)?;
        durable::write(&house.root.join("settings.json"), &settings, 0o644)?;
        Ok(house)
    }

    /// The site in this folder.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let settings = std::fs::read(root.join("settings.json"))?;
        Ok(Self { root: root.to_owned(), settings: serde_json::from_slice(&settings)? })
    }

    /// What `semla init` fixed.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The ways in which this host can run jobs, the weakest first: the sandbox, as it is offered, and the runtimes of the engine.
    pub(crate) fn backends(&self, sandbox: Backend) -> Vec<(Backend, Option<Runtime>)> {
        let engine = self.settings.engine.iter().flat_map(Engine::runtimes);
        iter::once((sandbox, None)).chain(engine.map(|(backend, runtime)| (backend, Some(runtime)))).collect()
    }

    /// The way to the engine, where there is one.
    pub(crate) fn access(&self) -> Option<Result<Access, Error>> {
        let engine = self.settings.engine.as_ref()?;
        let access = |broker| Access { broker, socket: engine.socket.clone(), user: engine.broker };
        Some(beside("semla-broker").map(access))
    }

    /// What tells this site's containers from those of others.
    pub(crate) fn sign(&self) -> String {
        let digest = Digest::of(self.root.as_os_str().as_encoded_bytes());
        digest.hex().chars().take(12).collect()
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the one launcher of the site locks.
    pub fn claim(&self) -> PathBuf {
        self.root.join("launcher.lock")
    }

    /// The first record.
    pub fn genesis(&self) -> PathBuf {
        self.root.join("registry/genesis.json")
    }

    /// All later records, a line each.
    pub fn records(&self) -> PathBuf {
        self.root.join("registry/records")
    }

    /// What was handed out, and what was lowered.
    pub fn journal(&self) -> PathBuf {
        self.root.join("journal.jsonl")
    }

    /// The daemon's own folder.
    pub fn serve(&self) -> PathBuf {
        self.root.join("serve")
    }

    /// The socket of the HTTP interface.
    pub fn interface(&self) -> PathBuf {
        self.root.join("api.sock")
    }

    /// The socket for bytes that the daemon must not see. It lies where the daemon can't replace it.
    pub fn intake(&self) -> PathBuf {
        self.root.join("intake.sock")
    }

    /// The content of an object.
    pub fn object(&self, id: &Id) -> PathBuf {
        self.root.join("objects").join(id.as_str())
    }

    /// The label and origin of an object.
    pub fn marking(&self, id: &Id) -> PathBuf {
        self.root.join("objects").join(format!("{id}.json"))
    }

    /// The folder of an attempt.
    pub fn attempt(&self, fence: &Id) -> PathBuf {
        self.root.join("attempts").join(fence.as_str())
    }

    /// Where the order to stop an attempt lies.
    pub(crate) fn stop(&self, fence: &Id) -> PathBuf {
        self.attempt(fence).join("stop")
    }

    /// What says that the pages which an attempt was to let go of are gone.
    pub(crate) fn let_go(&self, fence: &Id) -> PathBuf {
        self.attempt(fence).join("let-go")
    }

    /// The copies of images, by permit: what those have for themselves who share the host with others.
    pub(crate) fn copies(&self) -> PathBuf {
        self.root.join("copies")
    }

    /// All attempts that were ever claimed. Nobody clears them away: that there is none says that nothing has read anything yet.
    pub fn attempts(&self) -> PathBuf {
        self.root.join("attempts")
    }

    /// Where datasets are.
    pub(crate) fn datasets(&self) -> PathBuf {
        self.root.join("datasets")
    }

    /// The files of a dataset, by the digest of its record.
    pub fn dataset(&self, record: &Digest) -> PathBuf {
        self.datasets().join(record.hex())
    }

    /// The root filesystem of an image.
    pub fn image(&self, digest: &Digest) -> PathBuf {
        self.settings.images.join(digest.hex()).join("root")
    }

    /// The list of the packages in an image.
    pub fn versions(&self, digest: &Digest) -> PathBuf {
        self.settings.images.join(digest.hex()).join("versions.json")
    }

    /// Where it is kept what came out of an archive.
    pub fn archive(&self, digest: &Digest) -> PathBuf {
        self.settings.images.join("archives").join(digest.hex())
    }

    /// The lock of a range of user ids.
    pub fn slot(&self, number: u32) -> PathBuf {
        self.root.join("slots").join(number.to_string())
    }
}
