//! Runs one command in a sandbox: `run ROOT WORD...`, as root. Its /out is listed when it ends.

use std::error::Error;
use std::fs::{self, File};
use std::os::fd::{AsFd, AsRawFd};

use semla_sandbox::confine::{Fence, Ground, Mount, MountPoint, Program, Root, Slot, Spec, What, tmpfs};
use semla_sandbox::limits::{Limits, Space};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let root = File::open(args.next().ok_or("usage: run ROOT WORD...")?)?;
    let slot = Slot::new(0)?;
    let out = tmpfs(Space::new(64 << 20, 1000), slot)?;
    let standard = |name| File::options().read(true).write(true).open(name);
    let spec = Spec {
        fence: Fence::parse(&format!("run-{}", std::process::id()))?,
        slot,
        root: Root::Image(root.into()),
        mounts: vec![Mount { at: MountPoint::parse("/out")?, what: What::Tree(out.try_clone()?) }],
        program: Program::Path(args.collect()),
        env: [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        cwd: "/out".to_owned(),
        limits: Limits { cpu_milli: 2000, ..Limits::default() },
        stdin: standard("/dev/null")?.into(),
        stdout: std::io::stdout().as_fd().try_clone_to_owned()?,
        stderr: std::io::stderr().as_fd().try_clone_to_owned()?,
    };
    let (end, usage) = Ground::prepare()?.spawn(spec)?.wait()?;
    println!("{end:?} {usage:?}");
    for entry in fs::read_dir(format!("/proc/self/fd/{}", out.as_raw_fd()))? {
        let entry = entry?;
        println!("/out/{} {} bytes", entry.file_name().display(), entry.metadata()?.len());
    }
    Ok(())
}
