//! Messages with at most one descriptor, over a socket that keeps their boundaries.

use crate::protocol::MESSAGE;
use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg, sendmsg, setsockopt,
    socketpair, sockopt,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// A message that didn't get through.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The other side is gone.
    #[error("the other side closed the connection")]
    Closed,
    /// The kernel refused.
    #[error("failed to pass a message: {0}")]
    System(#[from] Errno),
    /// Larger than the bound.
    #[error("the message is longer than {MESSAGE} bytes")]
    TooLong,
    /// Not what was agreed.
    #[error("the message can't be read: {0}")]
    Shape(#[from] serde_json::Error),
}

/// A new socket's two ends.
pub fn pair() -> Result<(OwnedFd, OwnedFd), WireError> {
    let ends = socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)?;
    prepare(&ends.0)?;
    prepare(&ends.1)?;
    Ok(ends)
}

/// Makes room for the longest message; call it once for each end.
pub fn prepare(socket: &impl AsFd) -> Result<(), WireError> {
    setsockopt(socket, sockopt::SndBuf, &(2 * MESSAGE))?;
    Ok(())
}

/// Sends one message.
pub fn send<M: Serialize>(socket: &impl AsFd, message: &M, fd: Option<BorrowedFd<'_>>) -> Result<(), WireError> {
    let bytes = serde_json::to_vec(message)?;
    if bytes.len() > MESSAGE {
        return Err(WireError::TooLong);
    }
    let raw: Vec<RawFd> = fd.iter().map(AsRawFd::as_raw_fd).collect();
    let rights = [ControlMessage::ScmRights(&raw)];
    let control: &[ControlMessage<'_>] = if raw.is_empty() { &[] } else { &rights };
    let parts = [IoSlice::new(&bytes)];
    sendmsg::<()>(socket.as_fd().as_raw_fd(), &parts, control, MsgFlags::MSG_NOSIGNAL, None)?;
    Ok(())
}

/// Receives one message, and the descriptor that came along.
pub fn receive<M: DeserializeOwned>(socket: &impl AsFd) -> Result<(M, Option<OwnedFd>), WireError> {
    let mut bytes = vec![0; MESSAGE];
    let mut space = cmsg_space!([RawFd; 8]);
    let (length, cut, fds) = {
        let mut parts = [IoSliceMut::new(&mut bytes)];
        let flags = MsgFlags::MSG_CMSG_CLOEXEC;
        let got = recvmsg::<()>(socket.as_fd().as_raw_fd(), &mut parts, Some(&mut space), flags)?;
        let mut fds = Vec::new();
        for control in got.cmsgs()? {
            if let ControlMessageOwned::ScmRights(raw) = control {
                // SAFETY: the kernel has just put these descriptors into this process, and nothing else knows of them.
                fds.extend(raw.into_iter().map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }));
            }
        }
        (got.bytes, got.flags.intersects(MsgFlags::MSG_TRUNC | MsgFlags::MSG_CTRUNC), fds)
    };
    if length == 0 {
        return Err(WireError::Closed);
    }
    if cut {
        return Err(WireError::TooLong);
    }
    let message = serde_json::from_slice(bytes.get(..length).unwrap_or_default())?;
    // More than one descriptor was never agreed: those that follow are closed here.
    Ok((message, fds.into_iter().next()))
}
