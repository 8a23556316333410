//! Who is asking: the holder of a session's token.

use crate::api::READING;
use crate::clerk::Clerk;
use crate::fault::Fault;
use crate::site::Reader;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use semla_policy::Refusal;

/// The account's name.
pub(crate) struct Who(pub(crate) String);

impl FromRequestParts<Clerk> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, clerk: &Clerk) -> Result<Self, Fault> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Fault::Stranger)?.to_owned();
        clerk.ask_first(move |site| site.whose(&token)).await?.map(Self)
    }
}

impl FromRequestParts<Clerk> for Reader {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, clerk: &Clerk) -> Result<Self, Fault> {
        let Who(name) = Who::from_request_parts(parts, clerk).await?;
        let reading = parts
            .headers
            .get(READING)
            .map(|value| STANDARD.decode(value).ok().and_then(|json| serde_json::from_slice(&json).ok()));
        let unread = || {
            Refusal::new(
                8,
                format!("the header `{READING}` holds no signed reading"),
                "read with the `semla` of this version",
            )
        };
        Ok(Self { name, reading: reading.map(|signed| signed.ok_or_else(unread)).transpose()? })
    }
}
