//! Descriptors that a parent left open under an agreed number.

use nix::fcntl::{FcntlArg, fcntl};
use std::io::Error;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd};

/// A copy of the descriptor of this number, or an error if none is open there.
pub fn inherited(number: i32) -> Result<OwnedFd, Error> {
    // SAFETY: the borrow lasts for one call, which fails if the number isn't open.
    let there = unsafe { BorrowedFd::borrow_raw(number) };
    let copy = fcntl(there, FcntlArg::F_DUPFD_CLOEXEC(16))?;
    // SAFETY: the kernel has just made this copy, and nothing else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}
