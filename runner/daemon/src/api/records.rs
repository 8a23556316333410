//! What officers, stewards and operators keep.

use super::Signed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of a record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Recorded {
    /// Its id: the digest of its text.
    pub id: String,
    /// Its kind: `policy`, `person`, `permit`, `withdrawal`, `dataset`, `image` or `halt`.
    pub kind: String,
    /// What it is about.
    pub name: String,
    /// Whom it waits for; nothing once it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<String>,
    /// For a new person: the code with which they sign in for the first time. It is shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For a halt and for a permit's withdrawal: what it stops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halted: Option<Halted>,
}

/// A record that waits for somebody.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Pending {
    /// What and whom for.
    #[serde(flatten)]
    pub recorded: Recorded,
    /// For those who signed it: why it can't be put in force any more. It waits for nothing but to be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed: Option<String>,
    /// The text and the signatures so far: another one is added over the same text.
    #[schema(value_type = Object)]
    pub signed: Signed,
}

/// A dataset as far as the asker may know it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DatasetView {
    /// `name@version`.
    pub name: String,
    /// The label of its rows.
    pub label: String,
    /// The label of its card.
    pub card_label: String,
    /// The card.
    #[schema(value_type = Object)]
    pub card: semla_policy::Card,
}

/// An image.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ImageView {
    /// Its name.
    pub name: String,
    /// The digest of its tree.
    pub digest: String,
    /// Its label.
    pub label: String,
}

/// A permit that the asker is a member of, or responsible for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PermitView {
    /// Whether it was taken back before its last day.
    #[serde(default)]
    pub withdrawn: bool,
    /// Whether it is over, and what was made under it is marked for erasure.
    #[serde(default)]
    pub erase: bool,
    /// Its number.
    pub name: String,
    /// What for.
    pub purpose: String,
    /// Its members.
    pub people: Vec<String>,
    /// Its datasets.
    pub datasets: Vec<String>,
    /// The highest label under it.
    pub up_to: String,
    /// The last day.
    pub until: String,
    /// For its members: what they may still be told of what they aren't cleared for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<AllowanceView>,
}

/// What is left of a permit's budget.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AllowanceView {
    /// Bits left.
    pub left: u32,
    /// Bits in all.
    pub of: u32,
    /// Days after which what was spent comes back.
    pub days: u32,
}

/// What a halt stopped, and what it holds, as far as whoever halted is cleared.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Halted {
    /// Jobs that ran, and were stopped.
    pub jobs: usize,
    /// Checks that ran or were due.
    pub checks: usize,
    /// Jobs that wait, and go on waiting.
    pub waiting: usize,
    /// Requests for release that are held.
    pub requests: usize,
    /// Whether there may be more, which isn't counted: above their clearance all of it is halted as well.
    #[serde(default)]
    pub above: bool,
    /// Of all jobs and checks, those that couldn't be stopped at once.
    #[serde(default)]
    pub left: usize,
}
