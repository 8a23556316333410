//! What others start `/bin/true` with.

use semla_tests::engine::Dockerd;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Bubblewrap, with every namespace and nothing else.
pub(super) fn bubblewrap() -> Command {
    let mut command = Command::new("bwrap");
    command.args(["--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]);
    command.arg("/bin/true").stdin(Stdio::null()).env_clear();
    command
}

/// A root with one program, which is static: the least that a peer can be asked to start.
fn root(at: &std::path::Path) {
    fs::create_dir_all(at.join("bin")).expect("a folder");
    fs::copy("/bin/busybox", at.join("bin/true")).expect("busybox: `make engines`");
}

/// runc, with the bundle that it proposes by itself, without a terminal.
pub(super) struct Runc(PathBuf);

impl Runc {
    pub(super) fn bundle() -> Self {
        let folder = PathBuf::from(format!("/var/tmp/semla-bench-runc-{}", std::process::id()));
        root(&folder.join("rootfs"));
        let made = Command::new("runc").args(["spec", "--bundle"]).arg(&folder).status().expect("runc: `make engines`");
        assert!(made.success());
        let file = folder.join("config.json");
        let mut config: Value = serde_json::from_slice(&fs::read(&file).expect("a bundle")).expect("a bundle");
        (config["process"]["terminal"], config["process"]["args"]) = (json!(false), json!(["/bin/true"]));
        fs::write(&file, config.to_string()).expect("a bundle");
        Self(folder)
    }

    pub(super) fn command(&self, run: usize) -> Command {
        let mut command = Command::new("runc");
        command.arg("--root").arg(self.0.join("state")).args(["run", "--bundle"]).arg(&self.0);
        command.arg(format!("bench-{}-{run}", std::process::id())).stdin(Stdio::null());
        command
    }
}

impl Drop for Runc {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Docker, with an image that it has, and without a network.
pub(super) struct Docker {
    engine: Dockerd,
    root: PathBuf,
}

impl Docker {
    pub(super) fn start() -> Self {
        let docker = Self {
            engine: Dockerd::start("bench"),
            root: PathBuf::from(format!("/var/tmp/semla-bench-docker-{}", std::process::id())),
        };
        root(&docker.root);
        docker.engine.import(&docker.root, "bench");
        docker
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("/usr/bin/docker");
        command.arg("--host").arg(format!("unix://{}", self.engine.socket().display()));
        command.args(["run", "--rm", "--network", "none", "bench", "/bin/true"]).stdin(Stdio::null());
        command
    }
}

impl Drop for Docker {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.root));
    }
}
