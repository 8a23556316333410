//! Metrics: of what anybody may know, and of what the asker is cleared for.

use super::who::Who;
use crate::clerk::Clerk;
use crate::fault::Fault;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus::{Encoder, IntGauge, Opts, Registry, TEXT_FORMAT, TextEncoder};

/// What anybody may know: that the daemon is there, and which version. Everything else would tell of high activity.
pub(super) async fn anybody() -> String {
    let registry = Registry::new();
    let gauges = [
        Opts::new("semla_up", "whether the daemon answers"),
        Opts::new("semla_build_info", "which daemon answers").const_label("version", env!("CARGO_PKG_VERSION")),
    ];
    for gauge in gauges.into_iter().flat_map(IntGauge::with_opts) {
        gauge.set(1);
        // A fresh registry knows no other gauge of this name.
        let _ = registry.register(Box::new(gauge));
    }
    let mut text = Vec::new();
    let _ = TextEncoder::new().encode(&registry.gather(), &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Jobs, checks, requests, budgets and ledger entries by label, for those who run and watch the site.
#[utoipa::path(get, path = "/api/v1/metrics", responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn cleared(State(clerk): State<Clerk>, Who(name): Who) -> Result<Response, Fault> {
    let text = clerk.ask(move |site| site.metrics(&name)).await??;
    Ok(([(CONTENT_TYPE, TEXT_FORMAT)], text).into_response())
}
