//! Image recipes, and the unpacking of root filesystems inside a sandbox.

pub mod build;
pub mod digest;
pub mod pack;
pub mod recipe;
pub mod secrets;
pub mod snapshot;
pub mod unpack;
pub mod versions;

#[cfg(test)]
mod scratch;
mod sha256;
mod walk;

pub use walk::WalkError;
