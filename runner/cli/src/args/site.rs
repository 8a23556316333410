//! Founding a site, signing in, stopping.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Init {
    /// The preset that answers where the policy is silent.
    #[arg(long, default_value = "ehds")]
    pub(crate) preset: String,
    /// A policy file to begin with, instead of the bare preset.
    #[arg(long)]
    pub(crate) policy: Option<PathBuf>,
    /// The user id that the daemon runs as, never 0; no account needs to have it.
    #[arg(long, default_value_t = 61_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) service_uid: u32,
    /// Where images are kept; sites on one machine may share it.
    #[arg(long, default_value = "/var/cache/semla/images")]
    pub(crate) images: PathBuf,
    /// A loopback port for the HTTP interface, beside the Unix socket; 0 is none.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Where the host's GPUs are described, in JSON files of the Container Device Interface.
    #[arg(long, default_value = "/etc/cdi")]
    pub(crate) cdi: PathBuf,
    /// The socket of a container engine, for levels whose isolation is `docker` or `gvisor`.
    #[arg(long, value_name = "SOCKET")]
    pub(crate) engine: Option<PathBuf>,
    /// The user id of the only programs that speak with the engine, never 0 and nobody else's.
    #[arg(long, default_value_t = 61_001, value_parser = clap::value_parser!(u32).range(1..), requires = "engine")]
    pub(crate) broker_uid: u32,
    /// The engine's runtime for `docker`.
    #[arg(long, value_name = "RUNTIME", default_value = "runc", requires = "engine")]
    pub(crate) docker: String,
    /// The engine's runtime for `gvisor`, such as `runsc`; without it there is none.
    #[arg(long, value_name = "RUNTIME", requires = "engine")]
    pub(crate) gvisor: Option<String>,
    /// That runtime leaves cgroups alone (`--ignore-cgroups`): levels whose jobs have to be limited don't get it.
    #[arg(long, requires = "gvisor")]
    pub(crate) gvisor_unlimited: bool,
    /// Where the officers' private keys are written, for them to take away.
    #[arg(long, default_value = ".")]
    pub(crate) keys: PathBuf,
}

#[derive(Args)]
pub(crate) struct Login {
    /// Your account.
    pub(crate) name: String,
    /// The code that the officers gave you, the first time.
    #[arg(long)]
    pub(crate) code: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum Key {
    /// Make a key, and print its public half for the officers.
    New,
    /// Print the public half.
    Show,
}

#[derive(Args)]
pub(crate) struct Halt {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// Lift a halt: one officer proposes it with this, and another one approves with this.
    #[arg(long)]
    pub(crate) lift: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Scope {
    /// Everything of this permit.
    #[arg(long)]
    pub(crate) permit: Option<String>,
    /// Everything at this label or above it.
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// Everything.
    #[arg(long)]
    pub(crate) all: bool,
    /// Nothing: list what is halted.
    #[arg(long, conflicts_with = "lift")]
    pub(crate) list: bool,
}
