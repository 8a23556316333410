//! Requests for release, votes, and bundles.

use super::bytes;
use super::who::Who;
use crate::api::{AskRelease, LeaveOut, ReleaseView, Replace, Votes, WriteNote};
use crate::clerk::Clerk;
use crate::fault::Fault;
use crate::site::Reader;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

type Answer<T> = Result<Json<T>, Fault>;

/// Asks for a release.
#[utoipa::path(post, path = "/api/v1/releases", request_body = AskRelease, responses((status = 200, body = ReleaseView)))]
pub(super) async fn request(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Json(ask): Json<AskRelease>,
) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask(move |site| site.request(&name, &ask)).await??))
}

/// The requests that the asker may know of.
#[utoipa::path(get, path = "/api/v1/releases", responses((status = 200, body = Vec<ReleaseView>)))]
pub(super) async fn list(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<ReleaseView>> {
    Ok(Json(clerk.ask(move |site| site.list_releases(&name)).await??))
}

/// One request.
#[utoipa::path(get, path = "/api/v1/releases/{id}", params(("id" = String, Path)), responses((status = 200, body = ReleaseView)))]
pub(super) async fn show(State(clerk): State<Clerk>, Who(name): Who, Path(id): Path<String>) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask(move |site| site.show_release(&name, &id)).await??))
}

/// Votes on files of a request.
#[utoipa::path(post, path = "/api/v1/releases/{id}/votes", params(("id" = String, Path)), request_body = Votes, responses((status = 200, body = ReleaseView)))]
pub(super) async fn vote(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(id): Path<String>,
    Json(votes): Json<Votes>,
) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask(move |site| site.vote(&name, &id, &votes)).await??))
}

/// Asks for the release of what a reviewer writes about a file of a request.
#[utoipa::path(post, path = "/api/v1/releases/{id}/notes", params(("id" = String, Path)), request_body = WriteNote, responses((status = 200, body = ReleaseView)))]
pub(super) async fn note(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(id): Path<String>,
    Json(said): Json<WriteNote>,
) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask(move |site| site.write_note(&name, &id, &said.note)).await??))
}

/// Puts outputs of a later job in the place of files that reviewers want changed.
#[utoipa::path(post, path = "/api/v1/releases/{id}/replace", params(("id" = String, Path)), request_body = Replace, responses((status = 200, body = ReleaseView)))]
pub(super) async fn replace(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(id): Path<String>,
    Json(ask): Json<Replace>,
) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask(move |site| site.replace(&name, &id, &ask)).await??))
}

/// Leaves files out that reviewers want changed.
#[utoipa::path(post, path = "/api/v1/releases/{id}/leave-out", params(("id" = String, Path)), request_body = LeaveOut, responses((status = 200, body = ReleaseView)))]
pub(super) async fn leave_out(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(id): Path<String>,
    Json(ask): Json<LeaveOut>,
) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask(move |site| site.leave_out(&name, &id, &ask)).await??))
}

/// Takes a request back.
#[utoipa::path(post, path = "/api/v1/releases/{id}/withdraw", params(("id" = String, Path)), responses((status = 200, body = ReleaseView)))]
pub(super) async fn withdraw(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(id): Path<String>,
) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask_first(move |site| site.withdraw(&name, &id)).await??))
}

/// Takes a released bundle back.
#[utoipa::path(post, path = "/api/v1/releases/{id}/revoke", params(("id" = String, Path)), responses((status = 200, body = ReleaseView)))]
pub(super) async fn revoke(State(clerk): State<Clerk>, Who(name): Who, Path(id): Path<String>) -> Answer<ReleaseView> {
    Ok(Json(clerk.ask_first(move |site| site.revoke(&name, &id)).await??))
}

/// Which version of a file: counted from 1; the newest, where nothing is said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Version {
    version: Option<usize>,
}

/// A file of a request, for its reviewers.
#[utoipa::path(get, path = "/api/v1/releases/{id}/files/{path}", params(("id" = String, Path), ("path" = String, Path), ("version" = Option<usize>, Query)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn file(
    State(clerk): State<Clerk>,
    reader: Reader,
    Path((id, path)): Path<(String, String)>,
    Query(Version { version }): Query<Version>,
) -> Result<Response, Fault> {
    let handed = clerk.ask(move |site| site.read_file(&reader, &id, &path, version)).await??;
    bytes::whole(handed).await
}

/// What the checks found in a file, in detail, for its reviewers: one report for each policy.
#[utoipa::path(get, path = "/api/v1/releases/{id}/detail/{path}", params(("id" = String, Path), ("path" = String, Path)), responses((status = 200, body = Vec<Object>)))]
pub(super) async fn detail(
    State(clerk): State<Clerk>,
    reader: Reader,
    Path((id, path)): Path<(String, String)>,
) -> Answer<Vec<Value>> {
    let handed = clerk.ask(move |site| site.read_details(&reader, &id, &path)).await??;
    let mut reports = Vec::new();
    for detail in handed {
        // A worker's text: what isn't JSON is shown as nothing.
        reports.push(serde_json::from_slice(&bytes::read(detail).await?).unwrap_or(Value::Null));
    }
    Ok(Json(reports))
}

/// Of which file, and of which of its versions: of the request's first job, where nothing is said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeOf {
    file: Option<String>,
    version: Option<usize>,
}

/// The code behind a request, for its reviewers.
#[utoipa::path(get, path = "/api/v1/releases/{id}/code", params(("id" = String, Path), ("file" = Option<String>, Query), ("version" = Option<usize>, Query)), responses((status = 200, body = Vec<u8>, content_type = "application/x-tar")))]
pub(super) async fn code(
    State(clerk): State<Clerk>,
    reader: Reader,
    Path(id): Path<String>,
    Query(CodeOf { file, version }): Query<CodeOf>,
) -> Result<Response, Fault> {
    let handed = clerk.ask(move |site| site.read_code(&reader, &id, file.as_deref(), version)).await??;
    bytes::whole(handed).await
}

/// A released bundle.
#[utoipa::path(get, path = "/api/v1/releases/{id}/bundle", params(("id" = String, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/x-tar")))]
pub(super) async fn bundle(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let tar = clerk.ask(move |site| site.download(&name, &id)).await??;
    Ok(([("content-type", "application/x-tar")], tar).into_response())
}

/// The attestations of the bundles that were taken back, as a note that the ledger's key signed: for whoever has a bundle, with or
/// without an account.
#[utoipa::path(get, path = "/api/v1/revocations", responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn revocations(State(clerk): State<Clerk>) -> Result<String, Fault> {
    clerk.ask(|site| site.revocations()).await?
}
