//! End to end: a whole site on this machine, used as people use it.
//!
//! Everything here goes through the commands that people type. What a step should bring is said beside it, and a step that
//! brings anything else ends the run.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod demo;
pub mod engine;
pub mod http;
pub mod ordinary;
pub mod rogue;
pub mod site;
pub mod told;

pub use site::{Ran, Site};
