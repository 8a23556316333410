//! What may flow where: labels, records, rules and the release protocol.

mod card;
mod profile;

pub use card::{Card, Column, Kind};
pub use profile::Profile;
