//! The bare host, for controls: every probe as root, with the data on a read-only mount.

use crate::stage::Stage;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};

/// Mounts and names that a probe changes are its own, and the data is mounted read-only there. It ends where that can't be.
pub(crate) fn enter(stage: &Stage) {
    const NONE: Option<&str> = None;
    let read_only = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
    // What tries to write among the data does so without the mount: its control is that the files alone would let it.
    let writes = std::env::var_os("PROBE_WRITABLE").is_some();
    let done = unshare(CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWUTS)
        .and_then(|()| mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE))
        .and_then(|()| mount(Some(&stage.data), &stage.data, NONE, MsFlags::MS_BIND, NONE))
        .and_then(|()| if writes { Ok(()) } else { mount(NONE, &stage.data, NONE, read_only, NONE) });
    if let Err(error) = done {
        eprintln!("error: no bare host: {error}");
        std::process::exit(2);
    }
}
