//! One launcher for each site: two would take each other's sockets away, and keep two journals.

use super::{LauncherError, file, system};
use crate::house::House;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;

/// The site is this process's for as long as this lives.
///
/// A record lock (fcntl(2)): keepers, which are forks of the launcher and outlive it, don't inherit it, and the kernel says who holds it.
#[derive(Debug)]
pub(super) struct Claim {
    _lock: File,
}

impl Claim {
    /// Claims the site before anything of it is touched, or says whose it is.
    pub(super) fn stake(house: &House) -> Result<Self, LauncherError> {
        let path = house.claim();
        let lock = File::options().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let lock = lock.map_err(file("open the launcher's lock"))?;
        let mut whole = libc::flock {
            l_type: libc::F_WRLCK as libc::c_short,
            l_whence: libc::SEEK_SET as libc::c_short,
            l_start: 0,
            l_len: 0,
            l_pid: 0,
        };
        match fcntl(&lock, FcntlArg::F_SETLK(&whole)) {
            Ok(_) => Ok(Self { _lock: lock }),
            Err(Errno::EAGAIN | Errno::EACCES) => {
                fcntl(&lock, FcntlArg::F_GETLK(&mut whole)).map_err(system("see who holds the launcher's lock"))?;
                Err(LauncherError::Claimed { path: house.root().to_owned(), pid: whole.l_pid })
            }
            Err(error) => Err(system("lock the site")(error)),
        }
    }
}
