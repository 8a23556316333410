//! A site of an ordinary user: its programs are root in a user namespace of their own, over the ids that the user was given (subuid(5)).
//!
//! Inside, all is as on a host, the daemon and each attempt with ids of their own. What is weaker is said by [`weaker`].

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sched::{CloneFlags, unshare};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{
    ForkResult, Gid, Pid, Uid, fork, getegid, geteuid, getpid, pipe2, read, setgroups, setresgid, setresuid, write,
};
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::process::Command;

/// Why an ordinary user can't have a site here.
#[derive(Debug, thiserror::Error)]
pub enum RootlessError {
    /// The user was given no ids.
    #[error(
        "`{file}` gives `{user}` no ids: the daemon and each job need some of their own; have root type `usermod --add-subuids \
         100000-165535 --add-subgids 100000-165535 {user}`, or start this as root"
    )]
    NoIds {
        /// Where they would be.
        file: &'static str,
        /// Whose.
        user: String,
    },
    /// The kernel refuses.
    #[error(
        "ordinary users may make no user namespaces here: have root set `user.max_user_namespaces` above 0, `kernel.unprivileged_userns_clone` \
         to 1 (Debian) or `kernel.apparmor_restrict_unprivileged_userns` to 0 (Ubuntu), where there are such; or start this as root"
    )]
    Namespace(#[source] Errno),
    /// The ids couldn't be mapped.
    #[error(
        "`newuidmap` and `newgidmap` couldn't map the ids that `{user}` was given: install `uidmap`, and see what they said above"
    )]
    Map {
        /// Whose.
        user: String,
    },
    /// The system.
    #[error("failed to become root of a namespace")]
    System(#[from] io::Error),
}

impl From<Errno> for RootlessError {
    fn from(error: Errno) -> Self {
        Self::System(error.into())
    }
}

/// Makes an ordinary user's process root in a namespace of its own; root's is left as it is. The process has one thread.
pub fn enter() -> Result<(), RootlessError> {
    let (uid, gid) = (geteuid(), getegid());
    if uid.is_root() {
        return Ok(());
    }
    let (user, users, groups) = given(uid)?;
    let maps = [("newuidmap", users.map(uid.as_raw())), ("newgidmap", groups.map(gid.as_raw()))];
    let here = getpid();
    let (ready, tell) = pipe2(OFlag::O_CLOEXEC)?;
    // SAFETY: the caller has one thread, so that the child may do whatever the parent may.
    match unsafe { fork() }? {
        // Only outside the namespace may the ids be mapped that it doesn't have yet.
        ForkResult::Child => {
            drop(tell);
            std::process::exit(if map(here, &ready, &maps) { 0 } else { 1 })
        }
        ForkResult::Parent { child } => {
            drop(ready);
            let made = unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS);
            if made.is_ok() {
                write(&tell, &[1])?;
            }
            drop(tell);
            let mapped = waitpid(child, None)?;
            made.map_err(RootlessError::Namespace)?;
            match mapped {
                WaitStatus::Exited(_, 0) => become_root().map_err(RootlessError::from),
                _ => Err(RootlessError::Map { user }),
            }
        }
    }
}

/// Whether this process's user was given ids.
pub fn ids() -> Result<(), RootlessError> {
    given(geteuid()).map(drop)
}

/// A user's name, and the ids for users and for groups.
fn given(uid: Uid) -> Result<(String, Given, Given), RootlessError> {
    let user = name(&fs::read_to_string("/etc/passwd")?, uid).unwrap_or_else(|| uid.to_string());
    let find = |file| Given::of(file, &user, uid).ok_or_else(|| RootlessError::NoIds { file, user: user.clone() });
    let (users, groups) = (find("/etc/subuid")?, find("/etc/subgid")?);
    Ok((user, users, groups))
}

/// A user's name in passwd(5): `name:password:id:…`. A static program can't ask the C library's modules for it.
fn name(passwd: &str, uid: Uid) -> Option<String> {
    let uid = uid.to_string();
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    })
}

fn become_root() -> nix::Result<()> {
    setgroups(&[])?;
    setresgid(Gid::from_raw(0), Gid::from_raw(0), Gid::from_raw(0))?;
    setresuid(Uid::from_raw(0), Uid::from_raw(0), Uid::from_raw(0))
}

/// Maps ids by the two programs that may, once the process is in its namespace.
fn map(of: Pid, ready: &OwnedFd, maps: &[(&str, Vec<String>)]) -> bool {
    if !matches!(read(ready, &mut [0]), Ok(1)) {
        return false;
    }
    maps.iter().all(|(program, map)| {
        let ran = Command::new(program).arg(of.to_string()).args(map).status();
        if let Err(error) = &ran {
            eprintln!("error: failed to run `{program}`: {error}");
        }
        ran.is_ok_and(|status| status.success())
    })
}

/// A range of ids that a user was given.
#[derive(Debug, PartialEq, Eq)]
struct Given {
    first: u32,
    count: u32,
}

impl Given {
    fn of(file: &str, user: &str, uid: Uid) -> Option<Self> {
        Self::find(&fs::read_to_string(file).ok()?, user, uid)
    }

    /// The first line of this user's, by name or id: `name:first:count`.
    fn find(text: &str, user: &str, uid: Uid) -> Option<Self> {
        let uid = uid.to_string();
        text.lines().find_map(|line| {
            let [name, first, count] = line.split(':').collect::<Vec<_>>().try_into().ok()?;
            let given = Self { first: first.parse().ok()?, count: count.parse().ok()? };
            ([user, &uid].contains(&name) && given.count > 0).then_some(given)
        })
    }

    /// What the mapping programs are told: the user is root inside, and the given ids follow.
    fn map(&self, own: u32) -> Vec<String> {
        [0, own, 1, 1, self.first, self.count].iter().map(u32::to_string).collect()
    }
}

/// What doesn't hold for such a site as for one of root's, in the words of `semla doctor` and the launcher.
pub fn weaker(limits: bool) -> Vec<&'static str> {
    let unlimited = "no cgroup was delegated to it: nothing limits a job's processor time, nor its memory as a whole; levels with \
                     `limits = true` are refused";
    let always = [
        "this account is in root's place: whoever is it, or becomes it, reads all data of the site",
        "jobs have the host's own /dev/null, /dev/zero, /dev/full and /dev/urandom: locks on them are seen by whoever else is on the host",
        "there is no engine, and jobs get no GPUs and no disk of their own; levels whose `isolation` isn't `rootless` are refused",
    ];
    always.into_iter().chain((!limits).then_some(unlimited)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_name_and_by_number() {
        let text = "# a comment\nann:100000:65536\nbob:abc:1\nbob:165536:0\n1002:200000:1000\nbob:300000:10\n";
        let find = |user, uid| Given::find(text, user, Uid::from_raw(uid)).map(|given| (given.first, given.count));
        assert_eq!(find("ann", 1000), Some((100_000, 65_536)));
        assert_eq!(find("bob", 1001), Some((300_000, 10)), "lines that say nothing are passed over");
        assert_eq!(find("eve", 1002), Some((200_000, 1000)));
        assert_eq!(find("an", 1003), None);
    }

    #[test]
    fn names_are_those_of_passwd() {
        let text = "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\nodd\n";
        assert_eq!(name(text, Uid::from_raw(1000)).as_deref(), Some("ann"));
        assert_eq!(name(text, Uid::from_raw(1001)), None);
    }

    #[test]
    fn the_user_is_root_inside() {
        let given = Given { first: 100_000, count: 65_536 };
        assert_eq!(given.map(1000), ["0", "1000", "1", "1", "100000", "65536"]);
    }
}
