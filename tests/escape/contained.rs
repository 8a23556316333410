//! The same probes in containers of an engine, asked for by the broker as a keeper has it asked.

use crate::cells::Runs;
use crate::stage::limits;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use semla_policy::Digest;
use semla_sandbox::confine::{Cover, End};
use semla_sandbox::engine::{Access, ContainError, Contained, Order, Runtime, Shown};
use semla_tests::engine::{Dockerd, pack};
use std::fs::{self, File};
use std::io::{Read, pipe};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An engine of the test's own.
pub(crate) struct Engine {
    access: Access,
    root: PathBuf,
    /// Where jobs write: in memory, of a size, as an attempt has it.
    out: PathBuf,
    user: u32,
    _engine: Dockerd,
}

impl Engine {
    /// Starts it beside the stage in this folder.
    pub(crate) fn start(root: &Path, user: u32) -> Self {
        let engine = Dockerd::start("escape");
        let out = root.join("contained");
        fs::create_dir_all(&out).unwrap();
        let size = format!("size=32m,nr_inodes=1000,mode=700,uid={user},gid={user}");
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        mount(Some("tmpfs"), &out, Some("tmpfs"), flags, Some(size.as_str())).unwrap();
        Self { access: engine.access(), root: root.to_owned(), out, user, _engine: engine }
    }

    /// Runs a probe, and says what came of it.
    pub(crate) fn run(
        &self,
        runs: Runs,
        fence: &str,
        probes: &Path,
        probe: &str,
        env: Vec<(String, String)>,
    ) -> String {
        let data = File::open(self.root.join("data")).unwrap();
        let data = Cover::lay(self.root.join(format!("cover-{fence}")), &data).unwrap();
        let shown = |at: &str, from: PathBuf, writable| Shown { at: at.into(), from, writable };
        let order = Order {
            fence: fence.to_owned().try_into().unwrap(),
            site: "escape".into(),
            image: Digest::of(b"escape"),
            runtime: Runtime {
                name: runs.name().into(),
                shared_kernel: runs == Runs::Runc,
                limited: runs == Runs::Runc,
            },
            user: self.user,
            command: ["/semla-probes", "run", probe].map(str::to_owned).into(),
            env,
            cwd: "/".into(),
            mounts: vec![
                shown("/data", data.path(), false),
                shown("/in/own", self.root.join("own"), false),
                shown("/semla-probes", probes.to_owned(), false),
                shown("/out", self.out.clone(), true),
            ],
            limits: limits(),
        };
        let said = self.ran(&order).unwrap_or_else(|error| format!("failed {error}"));
        drop(data);
        for left in fs::read_dir(&self.out).unwrap().filter_map(Result::ok) {
            let _ = fs::remove_dir_all(left.path()).or_else(|_| fs::remove_file(left.path()));
        }
        said
    }

    fn ran(&self, order: &Order) -> Result<String, ContainError> {
        let (mut hear, speak) = pipe().unwrap();
        let packed = || Ok((pack(&self.root.join("image"))?, || Ok(())));
        let contained =
            Contained::start(&self.access, order, speak.as_fd(), Duration::from_secs(60), |_| Ok(order.user), packed)?;
        drop(speak);
        let mut said = String::new();
        hear.read_to_string(&mut said).unwrap();
        let said = said.trim().to_owned();
        Ok(match contained.wait()? {
            (End::Exited(0), _) => said,
            (end, _) => format!("held it ended: {end:?} {said}"),
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = umount2(&self.out, MntFlags::MNT_DETACH);
    }
}
