//! Reaching anything by a network.

use crate::probe::{Outcome, Probe, call};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, socket};
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("connect", "connects to what listens on the host", |stage| {
        TcpStream::connect((Ipv4Addr::LOCALHOST, stage.port)).into()
    }),
    Probe::new("connect-6", "connects by the newer protocol", |_| {
        socket(AddressFamily::Inet6, SockType::Stream, SockFlag::empty(), None).into()
    }),
    Probe::new("datagram", "sends a datagram to the host", |stage| {
        let sent = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0));
        sent.and_then(|socket| socket.send_to(b"x", (Ipv4Addr::LOCALHOST, stage.port))).into()
    }),
    Probe::new("listen", "listens for others", |_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).into()),
    Probe::new("listen-6", "listens by the newer protocol", |_| TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).into()),
    Probe::new("raw", "makes packets of its own", |_| {
        // SOCK_RAW for ICMP.
        call(libc::SYS_socket, [2, 3, 1]).into()
    }),
    Probe::new("packet", "reads every packet of an interface", |_| {
        socket(AddressFamily::Packet, SockType::Raw, SockFlag::empty(), None).into()
    }),
    Probe::new("netlink", "lists and changes interfaces", |_| {
        socket(AddressFamily::Netlink, SockType::Raw, SockFlag::empty(), None).into()
    }),
    Probe::new("machine-socket", "speaks to the machine below, if this one is virtual", |_| {
        socket(AddressFamily::Vsock, SockType::Stream, SockFlag::empty(), None).into()
    }),
    Probe::new("crypto-socket", "has the kernel compute for it, in code with a history", |_| {
        socket(AddressFamily::Alg, SockType::SeqPacket, SockFlag::empty(), None).into()
    }),
    Probe::new("abstract-socket", "connects to a socket of another program that has no file", |stage| {
        let made = socket(AddressFamily::Unix, SockType::Stream, SockFlag::empty(), None);
        let joined = made.and_then(|socket| {
            let address = UnixAddr::new_abstract(stage.abstract_name.as_bytes())?;
            connect(socket.as_raw_fd(), &address)
        });
        joined.into()
    }),
    Probe::new("file-socket", "connects to a daemon of the host by its file", |stage| {
        UnixStream::connect(&stage.socket).into()
    }),
    Probe::new("interface-list", "lists the interfaces by a socket that may be had", |_| {
        // struct ifconf: a length and a buffer of entries, each a name and an address.
        const SIOCGIFCONF: usize = 0x8912;
        let mut entries = [0_u8; 1024];
        let mut list: [usize; 2] = [entries.len(), entries.as_mut_ptr() as usize];
        let made = socket(AddressFamily::Unix, SockType::Datagram, SockFlag::empty(), None);
        let asked = made.and_then(|socket| {
            let descriptor = usize::try_from(socket.as_raw_fd()).unwrap_or_default();
            call(libc::SYS_ioctl, [descriptor, SIOCGIFCONF, list.as_mut_ptr() as usize])
        });
        let length = list[0] & 0xffff_ffff;
        Outcome::when(asked.is_ok() && length > 0, format!("{asked:?}, {length} bytes"))
    }),
    Probe::new("host-interfaces", "sees the interfaces of the host", |_| {
        let names = fs::read_dir("/sys/class/net").map(|all| all.flatten().count());
        Outcome::when(names.as_ref().is_ok_and(|count| *count > 0), format!("{names:?}"))
    }),
    Probe::new("host-connections", "sees who is connected to the host", |_| listed("/proc/net/tcp", 1)),
    Probe::new("host-sockets", "sees which sockets programs of the host have", |_| listed("/proc/net/unix", 1)),
    Probe::new("host-routes", "sees where the host can reach", |_| listed("/proc/net/route", 1)),
];

/// Whether a list has more than its head.
fn listed(path: &str, head: usize) -> Outcome {
    match fs::read_to_string(path) {
        Ok(text) => Outcome::when(text.lines().count() > head, format!("{} lines", text.lines().count())),
        Err(error) => Err::<(), _>(error).into(),
    }
}
