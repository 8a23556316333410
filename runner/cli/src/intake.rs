//! Hands a file to the launcher itself: the daemon never sees these bytes.

use crate::args::Place;
use crate::fail::{Fail, trying};
use nix::fcntl::OFlag;
use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, socket};
use semla_policy::{Digest, Hasher};
use semla_sandbox::protocol::{Offer, Taking};
use semla_sandbox::wire;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// A plain file, opened once: what is digested here is what is handed over.
pub(crate) struct Plain {
    pub(crate) file: File,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
}

/// Opens a file without following a link, and digests it.
pub(crate) fn open(path: &Path) -> Result<Plain, Fail> {
    let shown = path.display();
    let flags = (OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits();
    let mut file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(|error| {
        let link = std::fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink());
        match link {
            true => Fail::usage(format!("`{shown}` is a symbolic link; name the file itself")),
            false => Fail::usage(format!("`{shown}` can't be opened: {error}; check the path")),
        }
    })?;
    let data = file.metadata().map_err(trying(format!("look at `{shown}`")))?;
    if !data.is_file() {
        return Err(Fail::usage(format!("`{shown}` isn't a plain file; name one")));
    }
    let (mut hasher, mut size, mut piece) = (Hasher::default(), 0, vec![0; 1 << 20]);
    loop {
        let got = file.read(&mut piece).map_err(trying(format!("read `{shown}`")))?;
        if got == 0 {
            break;
        }
        size += got as u64;
        hasher.update(piece.get(..got).unwrap_or_default());
    }
    file.rewind().map_err(trying(format!("read `{shown}`")))?;
    Ok(Plain { file, digest: hasher.finish(), size })
}

/// Hands it over; the digest of what was taken in.
pub(crate) fn offer(place: &Place, offer: &Offer, plain: &Plain) -> Result<Digest, Fail> {
    let path = place.state.join("intake.sock");
    let socket = socket(AddressFamily::Unix, SockType::SeqPacket, SockFlag::SOCK_CLOEXEC, None)
        .map_err(trying("open a socket"))?;
    let address = UnixAddr::new(&path).map_err(trying("name the launcher's socket"))?;
    connect(socket.as_raw_fd(), &address).map_err(|error| {
        Fail::new(format!(
            "no launcher answers at `{}`: {error}; start `semla-launcher` on this machine",
            path.display()
        ))
    })?;
    wire::prepare(&socket).map_err(Fail::chain)?;
    wire::send(&socket, offer, Some(plain.file.as_fd())).map_err(Fail::chain)?;
    let (taking, _) = wire::receive::<Taking>(&socket).map_err(Fail::chain)?;
    taking.map_err(|refusal| Fail::new(refusal.to_string()))
}
