//! Somebody else on the same host: a process with sockets, IPC objects, files in memory and locks, for as long as its input is open.

use crate::probe::call;
use crate::stage::Stage;
use nix::errno::Errno;
use nix::mqueue::{MQ_OFlag, MqAttr, mq_open, mq_unlink};
use nix::sys::stat::Mode;
use std::ffi::CString;
use std::fs::{self, File};
use std::io::Read;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

const CREATE: usize = 0o1600;
const IPC_RMID: usize = 0;

/// Makes everything, prints the port, and takes everything away again at the end.
pub(crate) fn hold(stage: &Stage) -> std::io::Result<()> {
    let key = usize::try_from(stage.ipc).unwrap_or_default();
    let tcp = TcpListener::bind("127.0.0.1:0")?;
    let hidden = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&stage.abstract_name)?)?;
    let named = UnixListener::bind(&stage.socket)?;
    let memory = call(libc::SYS_shmget, [key, 4096, CREATE])?;
    let semaphores = call(libc::SYS_semget, [key, 1, CREATE])?;
    let messages = call(libc::SYS_msgget, [key, CREATE])?;
    let queue = CString::new(format!("/semla-{key}")).unwrap_or_default();
    let mode = Mode::from_bits_truncate(0o600);
    let small = MqAttr::new(0, 1, 64, 0);
    let opened = mq_open(queue.as_c_str(), MQ_OFlag::O_CREAT | MQ_OFlag::O_RDONLY, mode, Some(&small))?;
    let files = ["/dev/shm", "/tmp"].map(|folder| format!("{folder}/semla-{key}"));
    files.iter().try_for_each(|path| fs::write(path, "of somebody else\n"))?;
    let locked = [stage.rows(), stage.image.join("etc/file"), "/dev/null".into()].map(File::open);
    for file in &locked {
        file.as_ref().map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or_default()))?.lock()?;
    }
    println!("{}", tcp.local_addr()?.port());
    // Until whoever started it has enough.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    call(libc::SYS_shmctl, [memory, IPC_RMID, 0])?;
    call(libc::SYS_semctl, [semaphores, 0, IPC_RMID, 0])?;
    call(libc::SYS_msgctl, [messages, IPC_RMID, 0])?;
    mq_unlink(queue.as_c_str())?;
    files.iter().try_for_each(fs::remove_file)?;
    drop((hidden, named, opened, locked));
    Ok(())
}
