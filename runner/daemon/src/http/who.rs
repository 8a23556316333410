//! Who is asking: the holder of a session's token.

use crate::clerk::Clerk;
use crate::fault::Fault;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

/// The account's name.
pub(crate) struct Who(pub(crate) String);

impl FromRequestParts<Clerk> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, clerk: &Clerk) -> Result<Self, Fault> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Fault::Stranger)?.to_owned();
        clerk.ask(move |site| site.whose(&token)).await?.map(Self)
    }
}
