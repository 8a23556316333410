//! Errors as problem details (RFC 9457). What doesn't exist and what may not be seen give the same bytes.

use crate::api::Problem;
use crate::clerk::Gone;
use crate::fault::Fault;
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
            },
            Self::Stranger => Problem {
                title: "you aren't signed in".into(),
                status: StatusCode::UNAUTHORIZED.as_u16(),
                detail: "sign in with `semla login`".into(),
                rule: None,
                labels: None,
            },
            Self::Machine { what, source } => {
                let mut cause: Option<&(dyn Error + 'static)> = Some(source.as_ref());
                while let Some(error) = cause {
                    tracing::error!(%error, "failed to {what}");
                    cause = error.source();
                }
                Problem {
                    title: format!("the daemon failed to {what}"),
                    status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
                    detail: "tell the operator: the daemon's log says why".into(),
                    rule: None,
                    labels: None,
                }
            }
        };
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
    }
}

impl From<Gone> for Fault {
    fn from(gone: Gone) -> Self {
        crate::fault::machine("answer")(gone)
    }
}
