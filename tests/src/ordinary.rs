//! An ordinary user who was given ids of their own: the host's lists of users and ids are other ones for what they run, and stay as
//! they are for everybody else.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The user's id, which no account has.
const USER: u32 = 61_700;
/// The first id that the user was given.
const GIVEN: u32 = 0x5000_0000;

/// In a mount namespace: the lists, then the cgroups that are handed to the user, then the user.
const SCRIPT: &str = "set -e\n\
    for list in passwd subuid subgid; do mount --bind \"$0/$list\" /etc/$list; done\n\
    for group in $1; do echo $$ > $group/cgroup.procs; done\n\
    shift\n\
    exec setpriv --reuid 61700 --regid 61700 --clear-groups env HOME=\"$0\" \"$@\"\n";

/// Such a user.
pub struct Ordinary {
    lists: PathBuf,
    /// The cgroups that were delegated, one in each hierarchy that limits.
    groups: Vec<PathBuf>,
}

impl Ordinary {
    /// The user, with a folder of their own.
    pub fn new(folder: &Path) -> Self {
        let lists = folder.join("lists");
        fs::create_dir_all(&lists).expect("a folder");
        let passwd = fs::read_to_string("/etc/passwd").expect("the host's users");
        let write = |name: &str, text: &str| fs::write(lists.join(name), text).expect("a list");
        write("passwd", &format!("{passwd}semla-test:x:{USER}:{USER}::/:/bin/sh\n"));
        for list in ["subuid", "subgid"] {
            write(list, &format!("semla-test:{GIVEN}:65536\n"));
        }
        chown(folder, Some(USER), Some(USER)).expect("to hand the folder over");
        Self { lists, groups: Vec::new() }
    }

    /// What an id of the user's namespace is on the host: the user is root there, and the given ids follow.
    pub fn host(id: u32) -> u32 {
        if id == 0 { USER } else { GIVEN + id - 1 }
    }

    /// The same, with cgroups of their own.
    pub fn with_cgroups(mut self, name: &str) -> Self {
        let own = fs::read_to_string("/proc/self/cgroup").expect("this process's cgroups");
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("what is mounted");
        let at = |kind: &str| {
            let line = mounts.lines().find(|line| line.contains(" - cgroup") && line.ends_with(kind));
            line.and_then(|line| line.split(' ').nth(4)).map(PathBuf::from)
        };
        for line in own.lines() {
            let [_, names, path] = line.splitn(3, ':').collect::<Vec<_>>().try_into().expect("three fields");
            let hierarchy = match names {
                "" => at("cgroup2 rw"),
                "memory" | "pids" | "cpu" | "cpu,cpuacct" => at(&format!("rw,{names}")),
                _ => None,
            };
            let Some(hierarchy) = hierarchy else { continue };
            let group =
                hierarchy.join(path.trim_start_matches('/')).join(format!("semla-{name}-{}", std::process::id()));
            fs::create_dir(&group).expect("a cgroup");
            for file in fs::read_dir(&group).expect("its files") {
                chown(file.expect("a file").path(), Some(USER), Some(USER)).expect("to delegate it");
            }
            chown(&group, Some(USER), Some(USER)).expect("to delegate it");
            self.groups.push(group);
        }
        self
    }

    /// A program as the user runs it.
    pub fn command(&self, program: &Path) -> Command {
        let groups: Vec<_> = self.groups.iter().map(|group| group.display().to_string()).collect();
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", SCRIPT]).arg(&self.lists).arg(groups.join(" ")).arg(program);
        command
    }
}

impl Drop for Ordinary {
    fn drop(&mut self) {
        for group in &self.groups {
            // What was below it went with its attempts; the launcher's own parent of them stays for the next one.
            for below in fs::read_dir(group).into_iter().flatten().filter_map(Result::ok) {
                let _ = fs::remove_dir(below.path());
            }
            let _ = fs::remove_dir(group);
        }
    }
}
