#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod arrays;
mod asm;
mod corpus;
mod hostile;
mod joblib;
mod mutations;
mod nested;
mod opcodes;
mod paths;
mod size;
mod torch;
