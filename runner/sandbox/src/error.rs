//! What can go wrong while a sandbox is made: one step for each thing that can fail.

use nix::errno::Errno;
use thiserror::Error;

/// Why a sandbox could not be made. Nothing is left behind by a launch that failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("failed to {}", step.aim())]
pub struct LaunchError {
    /// The step that failed.
    pub step: Step,
    /// What the kernel said.
    #[source]
    pub cause: Errno,
}

/// Names the step at which a system call failed.
pub(crate) trait At<T> {
    /// Turns the kernel's answer into a launch error that names `step`.
    fn at(self, step: Step) -> Result<T, LaunchError>;
}

impl<T, E: Into<Cause>> At<T> for Result<T, E> {
    fn at(self, step: Step) -> Result<T, LaunchError> {
        self.map_err(|cause| LaunchError { step, cause: cause.into().0 })
    }
}

/// An error number, whichever library reported it.
pub(crate) struct Cause(Errno);

impl From<Errno> for Cause {
    fn from(errno: Errno) -> Self {
        Self(errno)
    }
}

impl From<std::io::Error> for Cause {
    fn from(error: std::io::Error) -> Self {
        Self(error.raw_os_error().map_or(Errno::EIO, Errno::from_raw))
    }
}

macro_rules! steps {
    ($($step:ident $name:literal $aim:literal,)*) => {
        /// The steps of a launch, in the order in which they are taken.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Step {
            $(#[doc = concat!("To ", $aim, ".")] $step,)*
        }

        impl Step {
            /// Every step, in order.
            pub const ALL: &'static [Self] = &[$(Self::$step,)*];

            /// The step's name, as it is reported to the daemon.
            pub fn name(self) -> &'static str {
                match self { $(Self::$step => $name,)* }
            }

            /// What the step is for, to follow "failed to".
            pub fn aim(self) -> &'static str {
                match self { $(Self::$step => $aim,)* }
            }
        }
    };
}

steps! {
    // In the keeper, before anything runs.
    Thread "thread" "make sure that the keeper has a single thread",
    Slot "slot" "find user ids for the slot: it is out of range",
    Arguments "arguments" "take the arguments and the environment: one of them holds a NUL byte",
    Image "image" "clone the image's root as a mount of its own",
    Data "data" "clone a read-only input as a mount of its own",
    Devices "devices" "make the device nodes",
    Cgroup "cgroup" "make the cgroup leafs and set their limits",
    Wire "wire" "open the pipes to the new process",
    Clone "clone" "start a process in namespaces of its own",
    Users "users" "map the user ids",
    Groups "groups" "map the group ids",
    // In the new process, with the privileges of its own namespaces only.
    Signals "signals" "block the signals",
    Enter "enter" "enter the cgroup leafs",
    Hide "hide" "hide the cgroups above its own",
    Wait "wait" "hear from the keeper that the ids are mapped",
    Root "root" "become root of its own namespace",
    Session "session" "leave the keeper's session and terminal",
    Name "name" "set the host name",
    Staging "staging" "make the directory in which the root is put together",
    Skeleton "skeleton" "make the mount points",
    Overlay "overlay" "lay the mount points over the image",
    Attach "attach" "attach the new root",
    Cover "cover" "lay a cover over an input",
    Mount "mount" "move an input into place",
    Tmpfs "tmpfs" "make a memory-backed directory",
    Dev "dev" "move the device nodes into place",
    Proc "proc" "mount the process table",
    Pivot "pivot" "change to the new root",
    Detach "detach" "let go of the host's files",
    Stdio "stdio" "put the standard streams in place",
    Descriptors "descriptors" "close every other file descriptor",
    Rlimits "rlimits" "set the resource limits",
    User "user" "become the job's user",
    Lock "lock" "lock the mounts in a second user namespace",
    Identity "identity" "map the job's user in the second user namespace",
    Directory "directory" "change to the working directory",
    Capabilities "capabilities" "drop the capabilities",
    Privileges "privileges" "give up gaining privileges",
    Landlock "landlock" "restrict file access by Landlock",
    Tether "tether" "bind its life to the keeper's",
    Seccomp "seccomp" "install the system call filters",
    Fork "fork" "start the job's process",
    Exec "exec" "execute the program",
    // In the keeper, when no word came.
    Memory "memory" "start within the memory limit",
    Report "report" "hear from the new process",
}

impl Step {
    /// The step with this number, as it came through the pipe.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The step's number on the pipe.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests;
