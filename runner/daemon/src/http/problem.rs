//! Errors as problem details (RFC 9457). What doesn't exist and what may not be seen give the same bytes.

use crate::api::Problem;
use crate::fault::Fault;
use crate::queue::Gone;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::error::Error;

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let problem = match &self {
            Self::Refused(refusal) => Problem {
                title: refusal.what.clone(),
                status: match refusal.rule {
                    1 => StatusCode::NOT_FOUND,
                    8 => StatusCode::BAD_REQUEST,
                    _ => StatusCode::FORBIDDEN,
                }
                .as_u16(),
                detail: refusal.remedy.clone(),
                rule: Some(refusal.rule),
                labels: refusal.labels.as_ref().and_then(|labels| serde_json::to_value(labels).ok()),
                sign: None,
            },
            Self::Stranger => Problem {
                title: "you aren't signed in".into(),
                status: StatusCode::UNAUTHORIZED.as_u16(),
                detail: "sign in with `semla login NAME`".into(),
                rule: None,
                labels: None,
                sign: None,
            },
            Self::Unsigned(reading) => Problem {
                title: self.to_string(),
                status: StatusCode::PRECONDITION_REQUIRED.as_u16(),
                detail: "make a key with `semla key new`, and have an officer enrol it".into(),
                rule: Some(1),
                labels: None,
                sign: Some(reading.as_ref().clone()),
            },
            Self::Machine { what, source } => {
                let causes = causes(source.as_ref());
                causes.iter().for_each(|error| tracing::error!(%error, "failed to {what}"));
                let detail = match self.is_full() {
                    true => "the disk is full: have the operator free some, and try again",
                    false => "tell the operator: the daemon's log says why",
                };
                Problem {
                    title: format!("the daemon failed to {what}"),
                    status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
                    detail: detail.into(),
                    rule: None,
                    labels: None,
                    sign: None,
                }
            }
        };
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
    }
}

/// An error with all that it came from.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = vec![error];
    while let Some(next) = causes.last().copied().and_then(Error::source) {
        causes.push(next);
    }
    causes
}

impl From<Gone> for Fault {
    fn from(gone: Gone) -> Self {
        crate::fault::machine("answer")(gone)
    }
}
