//! One thing that a hostile job tries, and what comes of it.

use crate::stage::Stage;
use nix::errno::Errno;
use serde::Serialize;
use std::ffi::CString;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// One thing to try.
#[derive(Serialize)]
pub(crate) struct Probe {
    /// What it goes by.
    pub(crate) name: &'static str,
    /// What it tries, and what for.
    pub(crate) tries: &'static str,
    #[serde(skip)]
    pub(crate) attempt: fn(&Stage) -> Outcome,
}

impl Probe {
    pub(crate) const fn new(name: &'static str, tries: &'static str, attempt: fn(&Stage) -> Outcome) -> Self {
        Self { name, tries, attempt }
    }

    pub(crate) fn run(&self, stage: &Stage) -> Outcome {
        (self.attempt)(stage)
    }
}

/// What came of it.
pub(crate) enum Outcome {
    /// It got through.
    Got(String),
    /// It was held, by this.
    Held(String),
}

impl Outcome {
    /// It got through where this is so.
    pub(crate) fn when(so: bool, what: impl fmt::Display) -> Self {
        if so { Self::Got(what.to_string()) } else { Self::Held(what.to_string()) }
    }

    /// What the kernel refuses only after it has let the caller in: one of these errors is as good as success.
    pub(crate) fn past<T>(answer: Result<T, Errno>, inside: &[Errno]) -> Self {
        match answer {
            Ok(_) => Self::Got("done".into()),
            Err(error) => Self::when(inside.contains(&error), name(error)),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Got(what) => write!(f, "got {what}"),
            Self::Held(why) => write!(f, "held {why}"),
        }
    }
}

impl<T> From<Result<T, Errno>> for Outcome {
    fn from(answer: Result<T, Errno>) -> Self {
        Self::past(answer, &[])
    }
}

impl<T> From<std::io::Result<T>> for Outcome {
    fn from(answer: std::io::Result<T>) -> Self {
        let number = |error: std::io::Error| Errno::from_raw(error.raw_os_error().unwrap_or_default());
        Self::past(answer.map_err(number), &[])
    }
}

/// An error's short name.
pub(crate) fn name(error: Errno) -> String {
    error.to_string().split(':').next().unwrap_or_default().to_owned()
}

/// A system call by its number.
pub(crate) fn call<const N: usize>(number: libc::c_long, arguments: [usize; N]) -> Result<usize, Errno> {
    let mut all = [0; 6];
    all.iter_mut().zip(arguments).for_each(|(place, argument)| *place = argument);
    let [a, b, c, d, e, f] = all;
    // SAFETY: every caller passes numbers, or pointers to values that outlive the call and are as large as the call says.
    let answer = unsafe { libc::syscall(number, a, b, c, d, e, f) };
    Errno::result(answer).map(|answer| usize::try_from(answer).unwrap_or_default())
}

/// A call with a path.
pub(crate) fn with_path<T>(path: &Path, with: impl FnOnce(usize) -> Result<T, Errno>) -> Result<T, Errno> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    with(path.as_ptr() as usize)
}
