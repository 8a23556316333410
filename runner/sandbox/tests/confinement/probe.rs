//! What runs inside: each probe tries one thing and says what came of it.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, exit};
use std::thread::sleep;
use std::time::Duration;

use nix::errno::Errno;
use nix::libc;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::sys::signal::{Signal, raise};
use nix::unistd::{ForkResult, fork, setsid};

/// The first word of a probe's command line.
pub(crate) const NAME: &str = "probe";

pub(crate) fn main(words: &[String]) -> ExitCode {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["exit", code] => return ExitCode::from(code.parse::<u8>().unwrap()),
        ["die", signal] => raise(Signal::try_from(signal.parse::<i32>().unwrap()).unwrap()).unwrap(),
        ["sleep"] => sleep(Duration::from_secs(600)),
        ["env"] => std::env::vars().for_each(|(name, value)| println!("{name}={value}")),
        ["where"] => println!("{}", std::env::current_dir().unwrap().display()),
        ["host"] => println!("{}", nix::unistd::gethostname().unwrap().display()),
        ["read", path] => print!("{}", answer(fs::read_to_string(path))),
        ["list", path] => println!("{}", list(path)),
        ["write", path] => println!("{}", answer(append(path))),
        ["remount", path] => println!("{}", answer(remount(path))),
        ["fill", path] => println!("{}", fill(path)),
        ["files", path] => println!("{}", files(path)),
        ["descriptors"] => println!("{}", list("/proc/self/fd")),
        ["connect", address] => println!("{}", answer(TcpStream::connect(address))),
        ["families"] => println!("{}", families()),
        ["interfaces"] => println!("{}", interfaces()),
        ["unshare"] => println!("{}", answer(unshare(CloneFlags::CLONE_NEWUSER))),
        ["syscall", number] => println!("{}", raw(number.parse().unwrap())),
        ["push"] => println!("{}", push()),
        ["unix"] => println!("{}", answer(std::os::unix::net::UnixStream::pair())),
        ["thread"] => println!("{}", answer(std::thread::spawn(|| ()).join().map_err(|_| Errno::EAGAIN))),
        ["forks", most] => println!("{}", forks(most.parse().unwrap())),
        ["bomb"] => bomb(),
        ["memory", bytes] => memory(bytes.parse().unwrap()),
        ["daemon"] => daemon(),
        ["orphans"] => println!("{}", orphans()),
        ["again"] => return again(),
        _ => panic!("no such probe: {words:?}"),
    }
    ExitCode::SUCCESS
}

fn errno(error: &std::io::Error) -> String {
    Errno::from_raw(error.raw_os_error().unwrap_or(0)).to_string().split(':').next().unwrap().to_owned()
}

/// An error's name, or `done`, or what was read.
fn answer<T: Said>(result: Result<T, impl Into<std::io::Error>>) -> String {
    match result {
        Ok(value) => value.said(),
        Err(error) => errno(&error.into()),
    }
}

trait Said {
    fn said(self) -> String;
}

impl Said for String {
    fn said(self) -> String {
        self
    }
}

macro_rules! done {
    ($($kind:ty),*) => { $(impl Said for $kind { fn said(self) -> String { "done".to_owned() } })* };
}
done!((), TcpStream, (std::os::unix::net::UnixStream, std::os::unix::net::UnixStream));

fn list(path: &str) -> String {
    match fs::read_dir(path) {
        Err(error) => errno(&error),
        Ok(entries) => {
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names.join(" ")
        }
    }
}

fn append(path: &str) -> std::io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(b"changed")
}

fn remount(path: &str) -> nix::Result<()> {
    let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(None::<&str>, path, None::<&str>, flags, None::<&str>)
}

/// Bytes that fit into one file there, in KiB, up to 4 MiB.
fn fill(path: &str) -> String {
    let mut file = File::create(format!("{path}/fill")).unwrap();
    let written = (0..4096).take_while(|_| file.write_all(&[1; 1024]).is_ok()).count();
    written.to_string()
}

/// How many files fit there, up to 200.
fn files(path: &str) -> String {
    (0..200).take_while(|n| File::create(format!("{path}/{n}")).is_ok()).count().to_string()
}

fn families() -> String {
    use nix::sys::socket::{AddressFamily as A, SockFlag, SockType, socket};
    let try_one = |family| answer(socket(family, SockType::Datagram, SockFlag::empty(), None).map(drop));
    [A::Unix, A::Inet, A::Inet6, A::Netlink, A::Packet, A::Vsock].map(try_one).join(" ")
}

fn interfaces() -> String {
    let text = fs::read_to_string("/proc/self/net/dev").or_else(|_| fs::read_to_string("/proc/net/dev"));
    let Ok(text) = text else { return "hidden".to_owned() };
    let names = text.lines().skip(2).filter_map(|line| line.split(':').next());
    names.map(str::trim).collect::<Vec<_>>().join(" ")
}

fn raw(number: i64) -> String {
    // SAFETY: the tests pass numbers of calls that do nothing with null arguments.
    let result = unsafe { libc::syscall(number, 0, 0, 0, 0, 0, 0) };
    answer(Errno::result(result).map(drop))
}

fn push() -> String {
    let byte = b"x";
    // SAFETY: the call reads one byte.
    let result = unsafe { libc::ioctl(0, libc::TIOCSTI, byte.as_ptr()) };
    answer(Errno::result(result).map(drop))
}

fn child() -> nix::Result<ForkResult> {
    // SAFETY: a probe has one thread.
    unsafe { fork() }
}

/// How many children can live at one time.
fn forks(most: usize) -> usize {
    let mut count = 0;
    for _ in 0..most {
        match child() {
            Ok(ForkResult::Child) => sleep(Duration::from_secs(600)),
            Ok(ForkResult::Parent { .. }) => count += 1,
            Err(error) => {
                assert_eq!(error, Errno::EAGAIN);
                break;
            }
        }
    }
    count
}

fn bomb() -> ! {
    println!("lit");
    loop {
        let _ = child();
    }
}

fn memory(bytes: usize) {
    let block = vec![1_u8; bytes];
    println!("{}", block.iter().step_by(4096).map(|byte| usize::from(*byte)).sum::<usize>());
}

/// Leaves a process behind that has left session and group, and ends.
fn daemon() {
    if let Ok(ForkResult::Child) = child() {
        setsid().unwrap();
        if let Ok(ForkResult::Child) = child() {
            sleep(Duration::from_secs(5));
        }
        exit(0);
    }
}

/// Makes orphans that end, and says how many are still in the process table.
fn orphans() -> usize {
    for _ in 0..8 {
        if let Ok(ForkResult::Child) = child() {
            if let Ok(ForkResult::Parent { .. }) = child() {
                exit(0);
            }
            exit(0);
        }
        nix::sys::wait::wait().unwrap();
    }
    sleep(Duration::from_millis(200));
    let number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    list("/proc").split(' ').filter(|name| number(name)).count()
}

/// Runs this program once more, by its own name in /proc, and passes its words on.
fn again() -> ExitCode {
    let mut child = Command::new("/proc/self/exe");
    child.arg0(NAME).args(["exit", "3"]);
    match child.status() {
        Ok(status) => ExitCode::from(u8::try_from(status.code().unwrap()).unwrap()),
        Err(error) if error.kind() == ErrorKind::NotFound => ExitCode::from(9),
        Err(error) => panic!("{error}"),
    }
}

/// Reads all that is left, so that a test can wait for the last writer's end.
pub(crate) fn drain(mut pipe: File) -> String {
    let mut text = String::new();
    pipe.read_to_string(&mut text).unwrap();
    text
}
