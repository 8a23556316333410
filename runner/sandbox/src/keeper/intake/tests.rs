//! A corpus of hostile trees. What is refused here a reader that trusts names would have taken: that is each one's control.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::{Missed, open};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use nix::unistd::mkfifo;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

const LINK: &str = "it is a symbolic link, or lies behind one";
const NO_FOLDER: &str = "what should be its folder is none";
const HARD: &str = "it is a hard link: the file has another name";
const BITS: &str = "it is setuid, setgid or sticky";
const DEVICE: &str = "it is no plain file";
const ABSENT: &str = "nothing is there";
const SECRET: &str = "a row of somebody";
const OWN: &str = "computed";

/// Where a case is made: `/out`, and beside it what nobody may read through it.
struct Place {
    out: PathBuf,
    outside: PathBuf,
}

impl Place {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("semla-intake-{}-{name}", std::process::id()));
        let (out, outside) = (root.join("out"), root.join("outside"));
        for folder in [&out, &outside] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(outside.join("secret"), SECRET).unwrap();
        Self { out, outside }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.out.join(path)
    }

    fn own(&self, path: &str) -> PathBuf {
        let at = self.at(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(&at, OWN).unwrap();
        at
    }

    fn link(&self, to: impl AsRef<Path>, at: &str) {
        symlink(to, self.at(at)).unwrap();
    }

    fn secret(&self) -> PathBuf {
        self.outside.join("secret")
    }

    /// What taking it in says: its content, or why not.
    fn taken(&self, path: &str) -> Result<String, String> {
        let out: OwnedFd = File::open(&self.out).unwrap().into();
        let mut file = open(&out, path).map_err(|missed: Missed| missed.to_string())?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| error.to_string())?;
        Ok(text)
    }

    /// Whether somebody who opens the name gets something that isn't a plain file of its own below `/out`, or isn't there by that name.
    fn deceives(&self, path: &str) -> bool {
        let flags = libc::O_NONBLOCK | if self.at(path).is_dir() { libc::O_PATH } else { 0 };
        OpenOptions::new().read(true).custom_flags(flags).open(self.at(path)).is_ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = umount2(&self.at("other"), MntFlags::MNT_DETACH);
        drop(fs::remove_dir_all(self.out.parent().unwrap()));
    }
}

type Case = (&'static str, &'static str, fn(&Place));

fn node(place: &Place, at: &str, kind: SFlag, device: (u64, u64)) {
    mknod(&place.at(at), kind, Mode::from_bits_truncate(0o666), makedev(device.0, device.1)).unwrap();
}

fn mode(place: &Place, at: &str, mode: u32) {
    fs::set_permissions(place.own(at), Permissions::from_mode(mode)).unwrap();
}

/// Links, and what lies behind them.
const LINKS: [Case; 19] = [
    ("a", LINK, |p| p.link(p.secret(), "a")),
    ("b", LINK, |p| p.link("../outside/secret", "b")),
    ("c", LINK, |p| p.link(p.own("own"), "c")),
    ("d", LINK, |p| {
        p.own("own");
        p.link("own", "d");
    }),
    ("e", LINK, |p| p.link("/proc/self/status", "e")),
    ("f", LINK, |p| p.link("/proc/self/fd/0", "f")),
    ("g", LINK, |p| p.link("/dev/zero", "g")),
    ("h", LINK, |p| p.link("/etc/passwd", "h")),
    ("i", LINK, |p| p.link("/proc/self/environ", "i")),
    ("j/secret", LINK, |p| p.link(&p.outside, "j")),
    ("k/secret", LINK, |p| p.link("../outside", "k")),
    ("l/etc/passwd", LINK, |p| p.link("/", "l")),
    ("m/etc/passwd", LINK, |p| p.link("/proc/self/root", "m")),
    ("n/own", LINK, |p| {
        p.own("sub/own");
        p.link("sub", "n");
    }),
    ("o/o/o/own", LINK, |p| {
        p.own("own");
        p.link(".", "o");
    }),
    ("p/outside/secret", LINK, |p| p.link("..", "p")),
    ("q/status", LINK, |p| p.link("/proc/self", "q")),
    ("r", LINK, |p| {
        let mut to = p.secret();
        for number in 0..20 {
            p.link(&to, &format!("r{number}"));
            to = p.at(&format!("r{number}"));
        }
        p.link(to, "r");
    }),
    ("s/t/secret", LINK, |p| {
        fs::create_dir(p.at("s")).unwrap();
        p.link(&p.outside, "s/t");
    }),
];

/// Whatever else isn't a plain file of its own.
const KINDS: [Case; 15] = [
    ("hard", HARD, |p| fs::hard_link(p.secret(), p.at("hard")).unwrap()),
    ("twice", HARD, |p| fs::hard_link(p.own("once"), p.at("twice")).unwrap()),
    ("sub/hard", HARD, |p| {
        fs::create_dir(p.at("sub")).unwrap();
        fs::hard_link(p.secret(), p.at("sub/hard")).unwrap();
    }),
    ("setuid", BITS, |p| mode(p, "setuid", 0o4755)),
    ("setgid", BITS, |p| mode(p, "setgid", 0o2755)),
    ("sticky", BITS, |p| mode(p, "sticky", 0o1644)),
    ("all", BITS, |p| mode(p, "all", 0o7777)),
    ("folder", "it is a folder", |p| fs::create_dir(p.at("folder")).unwrap()),
    ("full", "it is a folder", |p| drop(p.own("full/own"))),
    ("pipe", "it is a pipe", |p| mkfifo(&p.at("pipe"), Mode::S_IRUSR).unwrap()),
    ("zero", DEVICE, |p| node(p, "zero", SFlag::S_IFCHR, (1, 5))),
    ("null", DEVICE, |p| node(p, "null", SFlag::S_IFCHR, (1, 3))),
    ("sub/zero", DEVICE, |p| {
        fs::create_dir(p.at("sub")).unwrap();
        node(p, "sub/zero", SFlag::S_IFCHR, (1, 5));
    }),
    ("other/own", "it lies on another filesystem", |p| {
        fs::create_dir(p.at("other")).unwrap();
        mount(Some(""), &p.at("other"), Some("tmpfs"), MsFlags::empty(), None::<&str>).unwrap();
        p.own("other/own");
    }),
    ("other", "it lies on another filesystem", |p| {
        File::create(p.at("other")).unwrap();
        mount(Some(&p.secret()), &p.at("other"), None::<&str>, MsFlags::MS_BIND, None::<&str>).unwrap();
    }),
];

/// What no reader could take, however it trusts: it is told what was wrong all the same.
const NOTHING: [Case; 12] = [
    ("dangling", LINK, |p| p.link("nowhere", "dangling")),
    ("itself", LINK, |p| p.link("itself", "itself")),
    ("x", LINK, |p| {
        p.link("y", "x");
        p.link("x", "y");
    }),
    ("socket", "it is a socket or a device", |p| drop(UnixListener::bind(p.at("socket")).unwrap())),
    ("block", "it is a socket or a device", |p| node(p, "block", SFlag::S_IFBLK, (250, 9))),
    ("file/own", NO_FOLDER, |p| drop(p.own("file"))),
    ("pipe/own", NO_FOLDER, |p| mkfifo(&p.at("pipe"), Mode::S_IRUSR).unwrap()),
    ("absent", ABSENT, |_| ()),
    ("sub/absent", ABSENT, |p| drop(p.own("sub/own"))),
    ("GOOD.txt", ABSENT, |p| drop(p.own("good.txt"))),
    ("\u{e4}.txt", ABSENT, |p| drop(p.own("a\u{308}.txt"))),
    ("removed", ABSENT, |p| fs::remove_file(p.own("removed")).unwrap()),
];

/// Odd, and no harm: each is a plain file of its own.
const PLAIN: [Case; 10] = [
    ("own.txt", OWN, |p| drop(p.own("own.txt"))),
    ("a b \u{e4}.txt", OWN, |p| drop(p.own("a b \u{e4}.txt"))),
    ("a/b/c/d/e/f/own", OWN, |p| drop(p.own("a/b/c/d/e/f/own"))),
    ("nothing", "", |p| drop(File::create(p.at("nothing")).unwrap())),
    ("closed", OWN, |p| mode(p, "closed", 0o000)),
    ("shut/own", OWN, |p| {
        p.own("shut/own");
        fs::set_permissions(p.at("shut"), Permissions::from_mode(0o000)).unwrap();
    }),
    ("crowd/own", OWN, |p| {
        p.own("crowd/own");
        (0..5000).for_each(|number| drop(File::create(p.at(&format!("crowd/{number}"))).unwrap()));
    }),
    ("odd/own", OWN, |p| {
        p.own("odd/own");
        for name in ["a\nb", "\u{1b}[2J", "\u{202e}txt", "-rf", "$(id)", " "] {
            File::create(p.at("odd").join(name)).unwrap();
        }
    }),
    ("locked", OWN, |p| {
        let file = File::open(p.own("locked")).unwrap();
        file.lock().unwrap();
        std::mem::forget(file);
    }),
    ("program", OWN, |p| mode(p, "program", 0o755)),
];

#[test]
fn nothing_but_a_plain_file_of_its_own_is_taken_in() {
    assert!(LINKS.len() + KINDS.len() + NOTHING.len() + PLAIN.len() >= 40);
    for (number, (path, why, make)) in LINKS.into_iter().chain(KINDS).enumerate() {
        let place = Place::new(&format!("refused-{number}"));
        make(&place);
        assert_eq!(place.taken(path), Err(why.to_owned()), "{path}");
        assert!(place.deceives(path), "the control: {path} leads somewhere");
    }
    for (number, (path, why, make)) in NOTHING.into_iter().enumerate() {
        let place = Place::new(&format!("nothing-{number}"));
        make(&place);
        assert_eq!(place.taken(path), Err(why.to_owned()), "{path}");
    }
    for (number, (path, content, make)) in PLAIN.into_iter().enumerate() {
        let place = Place::new(&format!("plain-{number}"));
        make(&place);
        assert_eq!(place.taken(path), Ok(content.to_owned()), "{path}");
    }
}

/// Swaps a name for a link while it is asked for, as often as can be.
fn swapped(name: &str, path: &str, make: impl Fn(&Place), swap: impl Fn(&Place, bool) + Sync) {
    let place = Place::new(name);
    make(&place);
    let over = AtomicBool::new(false);
    let (mut own, mut deceived) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = false;
            while !over.load(Ordering::Relaxed) {
                round = !round;
                swap(&place, round);
            }
        });
        let end = std::time::Instant::now() + std::time::Duration::from_secs(2);
        while std::time::Instant::now() < end {
            match place.taken(path) {
                Ok(text) if text == OWN => own += 1,
                Ok(text) => assert_eq!(text, "", "what lies outside was read"),
                Err(_) => {}
            }
            deceived += usize::from(fs::read_to_string(place.at(path)).is_ok_and(|text| text == SECRET));
        }
        over.store(true, Ordering::Relaxed);
    });
    assert!(
        own > 0 && deceived > 0,
        "the control: {own} were taken, and {deceived} times a trusting reader was deceived"
    );
}

#[test]
fn a_name_that_is_swapped_for_a_link_meanwhile_never_leads_outside() {
    let rename = |place: &Place, from: &str, to: &str| fs::rename(place.at(from), place.at(to)).unwrap();
    swapped(
        "swapped-file",
        "a",
        |place| drop(place.own("a")),
        |place, link| {
            match link {
                true => place.link(place.secret(), "next"),
                false => drop(place.own("next")),
            }
            rename(place, "next", "a");
        },
    );
    swapped(
        "swapped-folder",
        "sub/secret",
        |place| {
            place.own("sub/secret");
            place.link(&place.outside, "link");
        },
        |place, link| match link {
            true => {
                rename(place, "sub", "aside");
                rename(place, "link", "sub");
            }
            false => {
                rename(place, "sub", "link");
                rename(place, "aside", "sub");
            }
        },
    );
}

#[test]
fn a_file_that_grows_while_it_is_read_is_read_to_its_bound() {
    let place = Place::new("growing");
    let at = place.own("a");
    let out: OwnedFd = File::open(&place.out).unwrap().into();
    let mut file = open(&out, "a").unwrap();
    let mut writer = OpenOptions::new().append(true).open(at).unwrap();
    let to = place.outside.join("copy");
    let mut grows = |piece: &mut [u8]| {
        writer.write_all(&[b'x'; 1 << 16])?;
        file.read(piece)
    };
    struct Growing<F>(F);
    impl<F: FnMut(&mut [u8]) -> std::io::Result<usize>> Read for Growing<F> {
        fn read(&mut self, piece: &mut [u8]) -> std::io::Result<usize> {
            (self.0)(piece)
        }
    }
    let copied = crate::objects::copy(&to, &mut Growing(&mut grows), 1 << 20);
    assert_eq!(copied.unwrap_err().kind(), std::io::ErrorKind::FileTooLarge);
    assert_eq!(fs::read_dir(&place.outside).unwrap().count(), 1, "nothing half-made is left beside the secret");
}
