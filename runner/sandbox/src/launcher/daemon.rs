//! The unprivileged daemon: how it is started, and started again.

use super::{LauncherError, file, system};
use crate::house::House;
use crate::wire;
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::{
    ForkResult, Gid, Pid, Uid, dup2_raw, execve, fork, getpid, getppid, isatty, setgroups, setresgid, setresuid, setsid,
};
use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, IntoRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The daemon's descriptor of its socket to the launcher.
pub const LAUNCHER: i32 = 3;
/// The daemon's descriptor of the interface's listening socket.
pub const INTERFACE: i32 = 4;
/// The daemon's descriptor of the loopback TCP listener, where there is one.
pub const LOOPBACK: i32 = 5;

/// Restarts come no faster than this.
const PAUSE: Duration = Duration::from_millis(500);
/// One that ends sooner after its start didn't stand, ...
const STANDS: Duration = Duration::from_secs(5);
/// ... and so many of them in a row are worth a word.
const FALLS: u32 = 5;

/// The daemon's process, and what it is given.
pub(super) struct Daemon {
    program: CString,
    root: CString,
    user: u32,
    interface: OwnedFd,
    loopback: Option<OwnedFd>,
    running: Option<(Pid, Instant)>,
    /// How often in a row it ended before it stood.
    falls: u32,
    socket: OwnedFd,
}

impl Daemon {
    /// Opens the listeners, which outlive each daemon, so that clients wait out a restart instead of failing.
    pub(super) fn prepare(house: &House) -> Result<Self, LauncherError> {
        let program = beside("semla").map_err(file("find `semla` beside the launcher"))?;
        let socket = house.interface();
        drop(std::fs::remove_file(&socket));
        let listener = UnixListener::bind(&socket).map_err(file("listen on `api.sock`"))?;
        std::fs::set_permissions(&socket, PermissionsExt::from_mode(0o666)).map_err(file("open `api.sock` to all"))?;
        let loopback = match house.settings().port {
            0 => None,
            port => {
                let listener = std::net::TcpListener::bind(("127.0.0.1", port));
                Some(listener.map_err(file("listen on the loopback port of `settings.json`"))?.into())
            }
        };
        let path = |path: PathBuf| {
            CString::new(path.as_os_str().as_bytes())
                .map_err(|error| file("use a path that holds a NUL byte")(error.into()))
        };
        // Until the first start, the socket leads nowhere.
        let (socket, _) = wire::pair()?;
        Ok(Self {
            program: path(program)?,
            root: path(house.serve().parent().unwrap_or(&house.serve()).to_owned())?,
            user: house.settings().service,
            interface: listener.into(),
            loopback,
            running: None,
            falls: 0,
            socket,
        })
    }

    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    pub(super) fn pid(&self) -> Option<Pid> {
        self.running.map(|(pid, _)| pid)
    }

    /// Starts the daemon: unprivileged from its first instruction.
    pub(super) fn start(&mut self) -> Result<(), LauncherError> {
        let (ours, theirs) = wire::pair()?;
        let launcher = getpid();
        let arguments = [c"semla", c"--state", &self.root, c"serve"];
        // A password's hash takes 19 MiB for a moment. Large blocks that are always mapped by themselves go back to the kernel; left
        // to itself, the allocator learns to keep them (mallopt(3), M_MMAP_THRESHOLD).
        let environment = [c"LANG=C.UTF-8", c"MALLOC_MMAP_THRESHOLD_=131072", c"MALLOC_ARENA_MAX=2"];
        // SAFETY: the launcher has one thread, so that the child may do whatever the parent may.
        match unsafe { fork() }.map_err(system("start the daemon"))? {
            ForkResult::Parent { child } => {
                self.running = Some((child, Instant::now()));
                self.socket = ours;
                Ok(())
            }
            ForkResult::Child => {
                let failed = self
                    .become_daemon(theirs, launcher)
                    .and_then(|()| execve(&self.program, &arguments, &environment).map(drop));
                eprintln!("semla-launcher: failed to start `semla serve`: {failed:?}");
                std::process::exit(1)
            }
        }
    }

    fn become_daemon(&self, theirs: OwnedFd, launcher: Pid) -> nix::Result<()> {
        // Descriptors first: high copies, so that none is overwritten before it was moved.
        let high = |fd: BorrowedFd<'_>| nix::fcntl::fcntl(fd, nix::fcntl::FcntlArg::F_DUPFD(64));
        let wanted = [Some(theirs.as_fd()), Some(self.interface.as_fd()), self.loopback.as_ref().map(AsFd::as_fd)];
        let mut moves = Vec::new();
        for (fd, target) in wanted.into_iter().zip([LAUNCHER, INTERFACE, LOOPBACK]) {
            moves.push((fd.map(high).transpose()?, target));
        }
        for (copy, target) in moves {
            if let Some(copy) = copy {
                // SAFETY: the descriptor was made above and is known to nobody else.
                let copy: OwnedFd = unsafe { std::os::fd::FromRawFd::from_raw_fd(copy) };
                // SAFETY: whatever stood at the target is close-on-exec and not used by this process again.
                let _ = unsafe { dup2_raw(&copy, target) }?.into_raw_fd();
            }
        }
        // Out of the terminal that the launcher may have been started from: else what is typed there could be read, and typed in its
        // owner's name (TIOCSTI).
        setsid()?;
        let nothing = open("/dev/null", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty())?;
        // SAFETY: standard input isn't used by this process again.
        let _ = unsafe { dup2_raw(&nothing, 0) }?.into_raw_fd();
        for number in [1, 2] {
            // SAFETY: the number stays open for as long as this looks at it.
            let said = unsafe { BorrowedFd::borrow_raw(number) };
            if isatty(said).unwrap_or(false) {
                let path = format!("/proc/self/fd/{number}");
                let said = open(path.as_str(), OFlag::O_WRONLY | OFlag::O_NOCTTY | OFlag::O_CLOEXEC, Mode::empty())?;
                // SAFETY: what stood there was the same terminal, and read it as well.
                let _ = unsafe { dup2_raw(&said, number) }?.into_raw_fd();
            }
        }
        SigSet::all().thread_unblock()?;
        // Groups before the user: afterwards there is no right to change them.
        setgroups(&[])?;
        let (user, group) = (Uid::from_raw(self.user), Gid::from_raw(self.user));
        setresgid(group, group, group)?;
        setresuid(user, user, user)?;
        // After the change of user, which clears it: a daemon without its launcher can do nothing, and would hold the ledger against
        // the next one.
        prctl::set_pdeathsig(Signal::SIGKILL)?;
        if getppid() != launcher {
            return Err(Errno::ESRCH);
        }
        prctl::set_no_new_privs()
    }

    /// Starts it again after it ended, or after it said something that can't be understood.
    pub(super) fn restart(&mut self) -> Result<(), LauncherError> {
        if let Some((pid, started)) = self.running.take() {
            // One that ended by itself is what was wanted.
            let _ = kill(pid, Signal::SIGKILL);
            let _ = nix::sys::wait::waitpid(pid, None);
            let stood = started.elapsed();
            self.falls = if stood < STANDS { self.falls + 1 } else { 0 };
            if self.falls == FALLS {
                eprintln!(
                    "semla-launcher: `semla serve` ended {FALLS} times in a row within seconds of its start: see what it said above; it \
                     is tried again until it stands or this is stopped"
                );
            }
            std::thread::sleep(PAUSE.saturating_sub(stood));
        }
        self.start()
    }

    /// Asks it to end.
    pub(super) fn stop(&mut self) {
        if let Some((pid, _)) = self.running.take() {
            // One that ended by itself is what was wanted.
            let _ = kill(pid, Signal::SIGTERM);
            let _ = nix::sys::wait::waitpid(pid, None);
        }
    }
}

/// A program that lies beside this one.
pub(crate) fn beside(name: &str) -> Result<PathBuf, std::io::Error> {
    let path = std::env::current_exe()?.with_file_name(name);
    std::fs::metadata(&path)?;
    Ok(path)
}
