//! The data that a job could read, and when two values of it are the same.

mod held;
mod index;
mod least;
mod rows;
mod separated;
mod value;

pub(crate) use index::{Column, Entry, Index};
pub(crate) use least::needed;
pub(crate) use rows::{Rows, RowsError, names};
pub(crate) use separated::Separated;
pub(crate) use value::{Value, is_missing, is_whole, mix, word};
