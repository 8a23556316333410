//! The policy: what is in force, why something may or may not be, and what a change would come to.

use super::who::Who;
use crate::api::{Compare, Consequences, Question, Replay, Replayed};
use crate::clerk::Clerk;
use crate::fault::Fault;
use axum::Json;
use axum::extract::{Path, State};
use semla_policy::{Explanation, Policy};
use serde_json::Value;

type Answer<T> = Result<Json<T>, Fault>;

/// The policy in force.
#[utoipa::path(get, path = "/api/v1/policy", responses((status = 200, body = Object)))]
pub(super) async fn show(State(clerk): State<Clerk>, Who(_): Who) -> Answer<Value> {
    Ok(Json(clerk.ask(|site| site.policy()).await?))
}

/// A policy that was in force once, by its digest or the beginning of it.
#[utoipa::path(get, path = "/api/v1/policies/{digest}", params(("digest" = String, Path)), responses((status = 200, body = Object)))]
pub(super) async fn past(State(clerk): State<Clerk>, Who(_): Who, Path(digest): Path<String>) -> Answer<Policy> {
    Ok(Json(clerk.ask(move |site| site.policy_of(&digest)).await??))
}

/// Why something may or may not be.
#[utoipa::path(post, path = "/api/v1/policy/explain", request_body = Question, responses((status = 200, body = Object)))]
pub(super) async fn explain(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Json(question): Json<Question>,
) -> Answer<Explanation> {
    Ok(Json(clerk.ponder(move |site| site.explain(&name, question)).await?))
}

/// What a change of policy would come to, and what contradicts it.
#[utoipa::path(post, path = "/api/v1/policy/compare", request_body = Compare, responses((status = 200, body = Consequences)))]
pub(super) async fn compare(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Json(compare): Json<Compare>,
) -> Answer<Consequences> {
    Ok(Json(clerk.ponder(move |site| site.compare(&name, compare)).await?))
}

/// Judges recent releases again under a proposed policy.
#[utoipa::path(post, path = "/api/v1/policy/replays", request_body = Replay, responses((status = 200, body = Replayed)))]
pub(super) async fn replay(State(clerk): State<Clerk>, Who(name): Who, Json(replay): Json<Replay>) -> Answer<Replayed> {
    Ok(Json(clerk.ask(move |site| site.replay(&name, &replay.proposal, replay.days)).await??))
}

/// How far a replay has come.
#[utoipa::path(get, path = "/api/v1/policy/replays/{id}", params(("id" = String, Path)), responses((status = 200, body = Replayed)))]
pub(super) async fn replayed(State(clerk): State<Clerk>, Who(name): Who, Path(id): Path<String>) -> Answer<Replayed> {
    Ok(Json(clerk.ask(move |site| site.replayed(&name, &id)).await??))
}
