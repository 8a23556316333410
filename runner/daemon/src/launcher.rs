//! The daemon's side of the socket to the launcher: one question, one answer.

use semla_policy::{Backend, Receipt, Refusal, Signed};
use semla_sandbox::launcher::daemon::LAUNCHER;
use semla_sandbox::protocol::{Answer, Call, Content, Id, Reply, Request, Standing, Work};
use semla_sandbox::wire;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// The launcher, as the daemon sees it.
pub(crate) struct Launcher {
    socket: OwnedFd,
    number: u64,
}

impl Launcher {
    /// Takes over the descriptor that the launcher left.
    pub(crate) fn inherited() -> Result<Self, std::io::Error> {
        Ok(Self { socket: inherited(LAUNCHER)?, number: 0 })
    }

    /// Asks, and waits for the answer. Without the launcher there is nothing left to do: the daemon ends, and is started anew
    /// by the next one.
    fn ask(&mut self, request: Request, fd: Option<BorrowedFd<'_>>) -> Result<(Reply, Option<OwnedFd>), Refusal> {
        self.number += 1;
        let call = Call { number: self.number, request };
        let gone = |error: wire::WireError| -> (Answer, Option<OwnedFd>) {
            tracing::error!(%error, "the launcher is gone");
            std::process::exit(1)
        };
        wire::send(&self.socket, &call, fd).map_err(too_long)?;
        let (answer, handed) = wire::receive::<Answer>(&self.socket).unwrap_or_else(gone);
        Ok((answer.reply?, handed))
    }

    pub(crate) fn enact(&mut self, signed: Signed) -> Result<(), Refusal> {
        self.ask(Request::Enact(signed), None).map(drop)
    }

    pub(crate) fn keep(&mut self, object: &Id, label: &str, permit: &str, bytes: &[u8]) -> Result<Content, Refusal> {
        let failed = |error: std::io::Error| Refusal::new(8, format!("it couldn't be passed on: {error}"), "try again");
        let file = memory(bytes).map_err(failed)?;
        let request = Request::Keep { object: object.clone(), label: label.to_owned(), permit: permit.to_owned() };
        match self.ask(request, Some(file.as_fd()))?.0 {
            Reply::Kept(content) => Ok(content),
            other => Err(odd(&other)),
        }
    }

    /// Has a reviewer's words about an object kept.
    pub(crate) fn note(&mut self, about: &Id, note: &Signed) -> Result<Content, Refusal> {
        match self.ask(Request::Note { about: about.clone(), note: note.clone() }, None)?.0 {
            Reply::Kept(content) => Ok(content),
            other => Err(odd(&other)),
        }
    }

    pub(crate) fn start(&mut self, fence: &Id, work: Work, receipt: &Receipt) -> Result<(), Refusal> {
        self.ask(Request::Start { fence: fence.clone(), work, receipt: receipt.clone() }, None).map(drop)
    }

    /// In which ways jobs can run here.
    pub(crate) fn backends(&mut self) -> Result<Vec<Backend>, Refusal> {
        match self.ask(Request::Backends, None)?.0 {
            Reply::Backends(backends) => Ok(backends),
            other => Err(odd(&other)),
        }
    }

    pub(crate) fn observe(&mut self, fence: &Id) -> Result<Standing, Refusal> {
        match self.ask(Request::Observe(fence.clone()), None)?.0 {
            Reply::Standing(standing) => Ok(standing),
            other => Err(odd(&other)),
        }
    }

    pub(crate) fn stop(&mut self, fence: &Id) -> Result<(), Refusal> {
        self.ask(Request::Stop(fence.clone()), None).map(drop)
    }

    /// Asks for a descriptor to read through.
    pub(crate) fn open(&mut self, request: Request) -> Result<(Content, File), Refusal> {
        match self.ask(request, None)? {
            (Reply::Opened(content), Some(fd)) => Ok((content, fd.into())),
            (other, _) => Err(odd(&other)),
        }
    }

    /// Has a copy made at a lower label; the launcher names it.
    pub(crate) fn lower(&mut self, request: Request) -> Result<Id, Refusal> {
        match self.ask(request, None)?.0 {
            Reply::Lowered(copy) => Ok(copy),
            other => Err(odd(&other)),
        }
    }
}

/// A descriptor that the launcher left open for this process.
pub(crate) fn inherited(number: i32) -> Result<OwnedFd, std::io::Error> {
    // Opening it anew through /proc isn't possible for sockets; a copy of a borrowed number needs no unsafe code here.
    semla_sandbox::inherited(number)
}

fn memory(bytes: &[u8]) -> Result<File, std::io::Error> {
    use std::io::{Seek, Write};
    let fd = nix::sys::memfd::memfd_create("kept", nix::sys::memfd::MFdFlags::MFD_CLOEXEC)?;
    let mut file = File::from(fd);
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

fn too_long(error: wire::WireError) -> Refusal {
    Refusal::new(8, format!("the request couldn't be passed to the launcher: {error}"), "ask for less at once")
}

fn odd(reply: &Reply) -> Refusal {
    tracing::error!(?reply, "an answer to another question");
    Refusal::new(8, "the launcher gave an answer to another question", "see whether both are of one version")
}
