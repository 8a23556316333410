//! The launcher, the keeper, and the confinement of one attempt.
//!
//! The [`launcher`] is the one privileged program. It forks a keeper for each attempt, which confines it ([`confine`],
//! [`cgroup`], [`seccomp`], [`limits`]) and takes in what it leaves. The daemon speaks with it by the [`protocol`] over a
//! [`wire`], and shares with it the signed [`facts`].

pub mod alone;
pub mod cdi;
mod cgroup;
mod clock;
pub mod confine;
mod durable;
pub mod engine;
pub mod error;
pub mod facts;
pub mod host;
pub mod house;
mod inherit;
mod keeper;
#[cfg(feature = "ablation")]
pub use keeper::trial;
pub mod launcher;
pub mod limits;
mod loops;
mod objects;
pub mod pages;
pub mod protocol;
pub mod rootless;
pub mod seccomp;
pub mod wire;

pub use inherit::inherited;
