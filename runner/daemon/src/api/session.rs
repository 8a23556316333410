//! Who is there.

use super::Signed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Signing in: with a password, or for the first time with the code that the officers handed out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The account.
    pub name: String,
    /// The password; with a code, the new one.
    pub password: String,
    /// The enrolment code, used once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The arrival, signed with the enrolled key; with a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub arrival: Option<Signed>,
}

/// A session.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// To be sent as `Authorization: Bearer`.
    pub token: String,
    /// Seconds since 1970.
    pub expires: i64,
}

/// Who is asking.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The account.
    pub name: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// The most it may see.
    pub clearance: String,
    /// The most it may submit at.
    pub ceiling: String,
    /// The permits it is a member of.
    pub permits: Vec<String>,
}

/// A person, for officers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// The account.
    pub name: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// The most it may see.
    pub clearance: String,
    /// The most it may submit at.
    pub ceiling: String,
    /// Its public key.
    pub key: Option<String>,
    /// Whether it is closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}
