//! Whoever connects to the launcher and says nothing costs it little, and keeps nobody out for long.
#![allow(clippy::expect_used, clippy::panic)]

use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, socket};
use semla_tests::Site;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, Instant};

#[test]
fn callers_who_say_nothing_are_served_eight_at_a_time() {
    let mut site = Site::new("intake");
    site.found("ehds");
    assert_eq!(settled(&site, 1), 1, "the daemon alone");
    let address = UnixAddr::new(&site.state().join("intake.sock")).expect("an address");
    let callers: Vec<OwnedFd> = (0..20)
        .map(|_| {
            let fd = socket(AddressFamily::Unix, SockType::SeqPacket, SockFlag::SOCK_CLOEXEC, None).expect("a socket");
            connect(fd.as_raw_fd(), &address).expect("the launcher");
            fd
        })
        .collect();
    assert_eq!(settled(&site, 9), 9, "the daemon and eight who serve");
    // The control: they are served, and end, as soon as they go away.
    drop(callers);
    assert_eq!(settled(&site, 1), 1, "the daemon alone");
}

/// How many processes the launcher has once it has had time to start and end them.
fn settled(site: &Site, wanted: usize) -> usize {
    let until = Instant::now() + Duration::from_secs(5);
    while site.children().len() != wanted && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(200));
    site.children().len()
}
