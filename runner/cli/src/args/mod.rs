//! What can be typed. Each flag is documented here, once, for help and manual alike.

mod check;
mod ledger;
mod policy;
mod records;
mod release;
mod site;
mod work;

pub(crate) use check::{Check, Examine};
pub(crate) use ledger::{About, Audit, Ledger};
pub(crate) use policy::{Explain, Policy};
pub(crate) use records::{Data, Image, Permit, Record, User};
pub(crate) use release::{Decision, Release, Review, Verify};
pub(crate) use site::{Halt, Init, Key, Login};
pub(crate) use work::{Artifact, Job, Submit};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Run machine-learning jobs on sensitive data.
#[derive(Parser)]
#[command(version, disable_help_subcommand = true)]
pub(crate) struct Semla {
    #[command(flatten)]
    pub(crate) place: Place,
    /// How to print what comes back.
    #[arg(short, long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the site is, and who asks. The environment answers where nothing is typed, and isn't clap's to read: what it finds there, it
/// shows in each usage line, as if it had been typed.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// The site's folder [env: SEMLA_STATE].
    #[arg(long, global = true, default_value_os_t = of("SEMLA_STATE").unwrap_or_else(|| "/var/lib/semla".into()))]
    pub(crate) state: PathBuf,
    /// Where your token and key are kept [env: SEMLA_HOME] [default: ~/.config/semla].
    #[arg(long, global = true)]
    pub(crate) home: Option<PathBuf>,
    /// The key that you sign with [env: SEMLA_KEY] [default: `key` in your home].
    #[arg(long, global = true)]
    pub(crate) key: Option<PathBuf>,
}

impl Place {
    /// With what the environment says of what wasn't typed.
    pub(crate) fn settled(self) -> Self {
        Self { home: self.home.or_else(|| of("SEMLA_HOME")), key: self.key.or_else(|| of("SEMLA_KEY")), ..self }
    }
}

/// A path from the environment; an empty one is none.
fn of(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Found a site: its first policy, and two officers with keys. It belongs to root, or else to you.
    Init(Init),
    /// The daemon. `semla-launcher` starts it.
    #[command(hide = true)]
    Serve,
    /// Say what this host can't enforce.
    Doctor,
    /// Sign in. The password is asked for, or taken from SEMLA_PASSWORD.
    Login(Login),
    /// Say who is signed in, and what they may do.
    Whoami,
    /// Your own signing key.
    Key {
        #[command(subcommand)]
        command: Key,
    },
    /// People.
    User {
        #[command(subcommand)]
        command: User,
    },
    /// Permits: who may use which data for what.
    Permit {
        #[command(subcommand)]
        command: Permit,
    },
    /// Stop whatever runs in a scope, and let nothing start, be checked or leave there until two officers lift it.
    Halt(Halt),
    /// Take back a proposal of your own that still awaits a signature. Without an id, list yours.
    Withdraw {
        /// The proposal, by id, its beginning, or name.
        id: Option<String>,
    },
    /// The policy.
    Policy {
        #[command(subcommand)]
        command: Policy,
    },
    /// Datasets and their cards.
    Data {
        #[command(subcommand)]
        command: Data,
    },
    /// Root filesystems that jobs run in.
    Image {
        #[command(subcommand)]
        command: Image,
    },
    /// Jobs.
    Job {
        #[command(subcommand)]
        command: Job,
    },
    /// The same as `job submit`.
    Submit(Submit),
    /// The same as `job ls`.
    Ps,
    /// The same as `job show`.
    Describe {
        /// The job.
        id: String,
    },
    /// What jobs left, for those who may read it.
    Artifact {
        #[command(subcommand)]
        command: Artifact,
    },
    /// Requests to lower a label.
    Release {
        #[command(subcommand)]
        command: Release,
    },
    /// Look for what must not leave in files at hand: what a release of them would be told. Exit code 3: people have to look; 4: blocked.
    Check(Check),
    /// Examine one file.
    #[command(hide = true)]
    Examine(Examine),
    /// Verify a bundle, without network or daemon; with `--online` also whether it was taken back.
    Verify(Verify),
    /// Say who did what, from the ledger; for auditors and officers.
    Audit(Audit),
    /// The tamper-evident log.
    Ledger {
        #[command(subcommand)]
        command: Ledger,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_arguments_are_called_alike() {
        super::Semla::command().debug_assert();
    }

    #[test]
    fn usage_shows_nothing_that_was_not_typed() {
        let told = super::Semla::command().try_get_matches_from(["semla", "audit"]).unwrap_err().to_string();
        assert!(told.contains("Usage:") && !told.contains("--state") && !told.contains("--home"), "{told}");
        let argument = |name: &str| {
            super::Semla::command().get_arguments().any(|one| one.get_id() == name && one.get_env().is_some())
        };
        assert!(!["state", "home", "key"].into_iter().any(argument), "clap reads none of them from the environment");
    }
}
