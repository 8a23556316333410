//! Attempts in containers of an engine: what the keeper asks of the broker, and what the broker answers.
//!
//! Whoever may speak with an engine is root on its host. So the only program that may is a small one, the broker, which a keeper starts
//! for its one attempt as a user of its own, and which ends with it. Nothing that comes over a network ever reaches it.

mod contained;
mod order;
mod profile;

pub use contained::{Access, ContainError, Contained};
pub use order::{Ask, Order, Runtime, Shown, Word, container};
pub use profile::profile;

/// The broker's descriptor of its socket to the keeper.
pub const KEEPER: i32 = 0;
