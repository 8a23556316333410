//! The HTTP interface: each handler asks the clerk, and turns what comes back into bytes.

mod bytes;
mod jobs;
mod ledger;
mod metrics;
mod people;
mod policy;
mod problem;
mod releases;
mod who;

use crate::clerk::Clerk;
use crate::fault::Fault;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use semla_policy::Refusal;
use utoipa::OpenApi;

/// Most bytes of a request that isn't a snapshot.
const BODY: usize = 1 << 20;
/// Most bytes of a snapshot.
const SNAPSHOT: usize = 64 << 20;

/// The OpenAPI document, generated from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(title = "semla", description = "Machine learning on sensitive data", license(name = "Apache-2.0")),
    paths(
        people::login,
        people::me,
        policy::show,
        policy::past,
        policy::explain,
        policy::compare,
        policy::replay,
        policy::replayed,
        people::sign,
        people::head,
        people::pending,
        people::take_back,
        people::people,
        people::permits,
        people::halts,
        people::datasets,
        people::images,
        people::versions,
        people::dummy,
        ledger::show,
        ledger::verify,
        ledger::entries,
        ledger::audit,
        ledger::ehds,
        metrics::cleared,
        jobs::snapshot,
        jobs::submit,
        jobs::list,
        jobs::show,
        jobs::cancel,
        jobs::why,
        jobs::log,
        jobs::artifacts,
        jobs::artifact,
        releases::request,
        releases::list,
        releases::show,
        releases::vote,
        releases::note,
        releases::replace,
        releases::leave_out,
        releases::withdraw,
        releases::revoke,
        releases::file,
        releases::detail,
        releases::code,
        releases::bundle,
        releases::revocations,
    )
)]
struct Document;

/// The OpenAPI document as JSON.
pub fn document() -> String {
    Document::openapi().to_json().unwrap_or_default()
}

/// Every way in.
pub(crate) fn router(clerk: Clerk) -> Router {
    let api = Router::new()
        .route("/login", post(people::login))
        .route("/me", get(people::me))
        .route("/policy", get(policy::show))
        .route("/policy/explain", post(policy::explain))
        .route("/policy/compare", post(policy::compare))
        .route("/policy/replays", post(policy::replay))
        .route("/policy/replays/{id}", get(policy::replayed))
        .route("/policies/{digest}", get(policy::past))
        .route("/records", post(people::sign).get(people::pending))
        .route("/records/head", get(people::head))
        .route("/records/{id}/withdraw", post(people::take_back))
        .route("/people", get(people::people))
        .route("/permits", get(people::permits))
        .route("/halts", get(people::halts))
        .route("/datasets", get(people::datasets))
        .route("/datasets/{name}/dummy", get(people::dummy))
        .route("/images", get(people::images))
        .route("/images/{digest}/versions", get(people::versions))
        .route("/ledger", get(ledger::show))
        .route("/ledger/verify", post(ledger::verify))
        .route("/ledger/entries", get(ledger::entries))
        .route("/metrics", get(metrics::cleared))
        .route("/audit", get(ledger::audit))
        .route("/audit/ehds", get(ledger::ehds))
        .route("/jobs", post(jobs::submit).get(jobs::list))
        .route("/jobs/{id}", get(jobs::show))
        .route("/jobs/{id}/cancel", post(jobs::cancel))
        .route("/jobs/{id}/why", get(jobs::why))
        .route("/jobs/{id}/log", get(jobs::log))
        .route("/jobs/{id}/artifacts", get(jobs::artifacts))
        .route("/jobs/{id}/artifacts/{*path}", get(jobs::artifact))
        .route("/releases", post(releases::request).get(releases::list))
        .route("/releases/{id}", get(releases::show))
        .route("/releases/{id}/votes", post(releases::vote))
        .route("/releases/{id}/notes", post(releases::note))
        .route("/releases/{id}/replace", post(releases::replace))
        .route("/releases/{id}/leave-out", post(releases::leave_out))
        .route("/releases/{id}/withdraw", post(releases::withdraw))
        .route("/releases/{id}/revoke", post(releases::revoke))
        .route("/releases/{id}/files/{*path}", get(releases::file))
        .route("/releases/{id}/detail/{*path}", get(releases::detail))
        .route("/releases/{id}/code", get(releases::code))
        .route("/releases/{id}/bundle", get(releases::bundle))
        .route("/revocations", get(releases::revocations))
        .layer(DefaultBodyLimit::max(BODY))
        .route("/snapshots", post(jobs::snapshot).layer(DefaultBodyLimit::max(SNAPSHOT)))
        .route("/openapi.json", get(|| async { ([("content-type", "application/json")], document()) }));
    Router::new().nest("/api/v1", api).route("/metrics", get(metrics::anybody)).fallback(nowhere).with_state(clerk)
}

/// The answer of an address that isn't one.
async fn nowhere() -> Fault {
    Refusal::not_found("such address").into()
}
