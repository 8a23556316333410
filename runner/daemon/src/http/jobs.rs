//! Jobs and what they left.

use super::bytes;
use super::who::Who;
use crate::api::{ArtifactView, JobView, Snapshot, Submit};
use crate::clerk::Clerk;
use crate::fault::Fault;
use crate::site::Reader;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

type Answer<T> = Result<Json<T>, Fault>;

/// Under which permit.
#[derive(Deserialize)]
pub(super) struct Under {
    permit: String,
}

/// Hands in a snapshot of code.
#[utoipa::path(post, path = "/api/v1/snapshots", params(("permit" = String, Query)), request_body(content = Vec<u8>, content_type = "application/x-tar"), responses((status = 200, body = Snapshot)))]
pub(super) async fn snapshot(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Query(under): Query<Under>,
    body: Bytes,
) -> Answer<Snapshot> {
    Ok(Json(clerk.ask(move |site| site.snapshot(&name, &under.permit, &body)).await??))
}

/// Submits a job.
#[utoipa::path(post, path = "/api/v1/jobs", request_body = Submit, responses((status = 200, body = JobView)))]
pub(super) async fn submit(State(clerk): State<Clerk>, Who(name): Who, Json(submit): Json<Submit>) -> Answer<JobView> {
    Ok(Json(clerk.ask(move |site| site.submit(&name, submit)).await??))
}

/// The jobs that the asker may know of.
#[utoipa::path(get, path = "/api/v1/jobs", responses((status = 200, body = Vec<JobView>)))]
pub(super) async fn list(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<JobView>> {
    Ok(Json(clerk.ask(move |site| site.list_jobs(&name)).await??))
}

/// One job.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", params(("id" = String, Path)), responses((status = 200, body = JobView)))]
pub(super) async fn show(State(clerk): State<Clerk>, Who(name): Who, Path(id): Path<String>) -> Answer<JobView> {
    Ok(Json(clerk.ask(move |site| site.show_job(&name, &id)).await??))
}

/// Stops a job.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", params(("id" = String, Path)), responses((status = 200, body = JobView)))]
pub(super) async fn cancel(State(clerk): State<Clerk>, Who(name): Who, Path(id): Path<String>) -> Answer<JobView> {
    Ok(Json(clerk.ask_first(move |site| site.cancel(&name, &id)).await??))
}

/// Why a job stands where it stands.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/why", params(("id" = String, Path)), responses((status = 200, body = Object)))]
pub(super) async fn why(State(clerk): State<Clerk>, Who(name): Who, Path(id): Path<String>) -> Answer<Value> {
    let text = clerk.ask(move |site| site.why(&name, &id)).await??;
    Ok(Json(json!({ "text": text })))
}

/// Where to begin.
#[derive(Deserialize)]
pub(super) struct From {
    #[serde(default)]
    from: u64,
}

/// A job's log from an offset on.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/log", params(("id" = String, Path), ("from" = Option<u64>, Query)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn log(
    State(clerk): State<Clerk>,
    reader: Reader,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, Fault> {
    let From { from } = from;
    let handed = clerk.ask(move |site| site.read_log(&reader, &id, from)).await??;
    bytes::piece(handed, from).await
}

/// What a job left.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/artifacts", params(("id" = String, Path)), responses((status = 200, body = Vec<ArtifactView>)))]
pub(super) async fn artifacts(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(id): Path<String>,
) -> Answer<Vec<ArtifactView>> {
    Ok(Json(clerk.ask(move |site| site.artifacts(&name, &id)).await??))
}

/// One artifact.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/artifacts/{path}", params(("id" = String, Path), ("path" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn artifact(
    State(clerk): State<Clerk>,
    reader: Reader,
    Path((id, path)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let handed = clerk.ask(move |site| site.read_artifact(&reader, &id, &path)).await??;
    bytes::whole(handed).await
}
