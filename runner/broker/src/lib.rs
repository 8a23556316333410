//! The broker: it runs one attempt in a container of an engine, for the keeper that started it, and ends with it.
//!
//! The engine's socket is root on the host, and this is the one program that has it. It reads nothing that came over a network, nothing
//! that a job wrote but the bytes that it passes on, and no file. An [`Order`](semla_sandbox::engine::Order) becomes a [`container`]
//! with every field said; what the engine made of it is [`compare`]d before it may start.

pub mod compare;
pub mod container;
mod engine;
mod serve;

pub use engine::{Engine, EngineError};
pub use serve::{clear, serve};
