//! What went wrong, said in one line on standard error, and the exit code that goes with it.

use semla_daemon::api::Problem;
use semla_policy::Reading;
use std::error::Error;
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) text: String,
    code: u8,
    /// What the daemon wants the reader to sign before it goes on.
    pub(crate) sign: Option<Box<Reading>>,
}

impl Fail {
    /// It failed, or was refused.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 1, sign: None }
    }

    /// What was typed, or a file that was named, is wrong.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 2, sign: None }
    }

    /// Neither: a person has to look.
    pub(crate) fn unsure(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 3, sign: None }
    }

    /// An error with all that it came from.
    pub(crate) fn chain(error: impl Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            text = format!("{text}: {next}");
            cause = next.source();
        }
        Self::new(text)
    }

    /// What the daemon answered.
    pub(crate) fn problem(problem: &Problem) -> Self {
        let rule = problem.rule.map_or(String::new(), |rule| format!(" (rule {rule})"));
        let text = format!("{}{rule}; {}", problem.title, problem.detail);
        Self { text, code: 1, sign: problem.sign.clone().map(Box::new) }
    }

    /// What it says.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Says it.
    pub(crate) fn say(&self) -> ExitCode {
        eprintln!("error: {}", self.text);
        ExitCode::from(self.code)
    }
}

/// Names what was tried.
pub(crate) fn trying<E: Error>(what: impl Into<String>) -> impl FnOnce(E) -> Fail {
    move |error| {
        let fail = Fail::chain(error);
        Fail::new(format!("failed to {}: {}", what.into(), fail.text))
    }
}
