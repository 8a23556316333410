//! Accounts and records.

use super::bytes;
use super::who::Who;
use crate::api::{DatasetView, ImageView, Login, Me, Pending, PermitView, PersonView, Recorded, Session};
use crate::clerk::Clerk;
use crate::fault::Fault;
use crate::site::Reader;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

type Answer<T> = Result<Json<T>, Fault>;

/// Signs in.
#[utoipa::path(post, path = "/api/v1/login", request_body = Login, responses((status = 200, body = Session)))]
pub(super) async fn login(State(clerk): State<Clerk>, Json(login): Json<Login>) -> Answer<Session> {
    let (login, task) = clerk.ask(move |site| site.knock(&login).map(|task| (login, task))).await??;
    let outcome = task.run(login.password.clone()).await?;
    Ok(Json(clerk.ask(move |site| site.login(&login, &outcome)).await??))
}

/// Says who is signed in.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, body = Me)))]
pub(super) async fn me(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Me> {
    Ok(Json(clerk.ask(move |site| site.me(&name)).await??))
}

/// Of which kind and name.
#[derive(Deserialize)]
pub(super) struct About {
    kind: String,
    name: String,
}

/// What a new record takes the place of.
#[utoipa::path(get, path = "/api/v1/records/head", params(("kind" = String, Query), ("name" = String, Query)), responses((status = 200, body = String)))]
pub(super) async fn head(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Query(about): Query<About>,
) -> Answer<semla_policy::Digest> {
    Ok(Json(clerk.ask_first(move |site| site.head(&name, &about.kind, &about.name)).await??))
}

/// Proposes a record, or adds a signature to one.
#[utoipa::path(post, path = "/api/v1/records", request_body = Object, responses((status = 200, body = Recorded)))]
pub(super) async fn sign(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Json(signed): Json<semla_policy::Signed>,
) -> Answer<Recorded> {
    Ok(Json(clerk.ask_first(move |site| site.sign(&name, &signed)).await??))
}

/// Records that wait for a signature.
#[utoipa::path(get, path = "/api/v1/records", responses((status = 200, body = Vec<Pending>)))]
pub(super) async fn pending(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<Pending>> {
    Ok(Json(clerk.ask(move |site| site.pending(&name)).await??))
}

/// Takes back a proposal of one's own that still waits.
#[utoipa::path(post, path = "/api/v1/records/{id}/withdraw", params(("id" = String, Path)), responses((status = 200, body = Recorded)))]
pub(super) async fn take_back(State(clerk): State<Clerk>, Who(name): Who, Path(id): Path<String>) -> Answer<Recorded> {
    Ok(Json(clerk.ask(move |site| site.take_back_proposal(&name, &id)).await??))
}

/// Everybody, for officers.
#[utoipa::path(get, path = "/api/v1/people", responses((status = 200, body = Vec<PersonView>)))]
pub(super) async fn people(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<PersonView>> {
    Ok(Json(clerk.ask(move |site| site.people(&name)).await??))
}

/// The asker's permits.
#[utoipa::path(get, path = "/api/v1/permits", responses((status = 200, body = Vec<PermitView>)))]
pub(super) async fn permits(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<PermitView>> {
    Ok(Json(clerk.ask(move |site| site.permits(&name)).await??))
}

/// What is halted.
#[utoipa::path(get, path = "/api/v1/halts", responses((status = 200, body = Vec<String>)))]
pub(super) async fn halts(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<String>> {
    Ok(Json(clerk.ask(move |site| site.halts(&name)).await??))
}

/// The datasets whose card the asker may read.
#[utoipa::path(get, path = "/api/v1/datasets", responses((status = 200, body = Vec<DatasetView>)))]
pub(super) async fn datasets(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<DatasetView>> {
    Ok(Json(clerk.ask(move |site| site.datasets(&name)).await??))
}

/// Rows made from a dataset's card.
#[utoipa::path(get, path = "/api/v1/datasets/{name}/dummy", params(("name" = String, Path)), responses((status = 200, body = String, content_type = "text/csv")))]
pub(super) async fn dummy(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Path(dataset): Path<String>,
) -> Result<([(&'static str, &'static str); 1], String), Fault> {
    Ok(([("content-type", "text/csv")], clerk.ask(move |site| site.dummy(&name, &dataset)).await??))
}

/// The images that the asker may know of.
#[utoipa::path(get, path = "/api/v1/images", responses((status = 200, body = Vec<ImageView>)))]
pub(super) async fn images(State(clerk): State<Clerk>, Who(name): Who) -> Answer<Vec<ImageView>> {
    Ok(Json(clerk.ask(move |site| site.images(&name)).await?))
}

/// The packages in an image.
#[utoipa::path(get, path = "/api/v1/images/{digest}/versions", params(("digest" = String, Path)), responses((status = 200, body = Object)))]
pub(super) async fn versions(
    State(clerk): State<Clerk>,
    reader: Reader,
    Path(digest): Path<String>,
) -> Result<Response, Fault> {
    bytes::whole(clerk.ask(move |site| site.versions(&reader, &digest)).await??).await
}
