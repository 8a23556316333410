//! The ledger, and what can be learnt from it.

use super::who::Who;
use crate::api::{AuditLine, EhdsPage, LedgerView};
use crate::clerk::Clerk;
use crate::fault::Fault;
use crate::site::Ask;
use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

type Answer<T> = Result<Json<T>, Fault>;

/// The ledger's size and signed checkpoint.
#[utoipa::path(get, path = "/api/v1/ledger", responses((status = 200, body = LedgerView)))]
pub(super) async fn show(State(clerk): State<Clerk>, Who(_): Who) -> Answer<LedgerView> {
    Ok(Json(clerk.ask(|site| site.ledger()).await??))
}

/// Recomputes the ledger.
#[utoipa::path(post, path = "/api/v1/ledger/verify", responses((status = 200, body = Object)))]
pub(super) async fn verify(State(clerk): State<Clerk>, Who(_): Who) -> Answer<Value> {
    let ledger = clerk.ask(|site| site.copy_of_ledger()).await??;
    let (size, root) = clerk.aside(|| ledger.verify()).await?;
    Ok(Json(json!({ "size": size, "root": root })))
}

/// Where to begin.
#[derive(Deserialize)]
pub(super) struct From {
    #[serde(default)]
    from: u64,
}

/// The entries that the asker may open.
#[utoipa::path(get, path = "/api/v1/ledger/entries", params(("from" = Option<u64>, Query)), responses((status = 200, body = Vec<Object>)))]
pub(super) async fn entries(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Query(from): Query<From>,
) -> Answer<Vec<Value>> {
    let entries = clerk.study(move |site| site.entries(&name, from.from)).await?;
    let view =
        |(index, body): (u64, String)| json!({ "index": index, "entry": serde_json::from_str::<Value>(&body).ok() });
    Ok(Json(entries.into_iter().map(view).collect()))
}

/// What was done on a dataset, by or about a person, or under a permit, as far as the asker may open it.
#[utoipa::path(get, path = "/api/v1/audit", params(("dataset" = Option<String>, Query), ("person" = Option<String>, Query), ("permit" = Option<String>, Query), ("from" = Option<String>, Query, description = "the first day, in UTC"), ("to" = Option<String>, Query, description = "the last day, in UTC")), responses((status = 200, body = Vec<AuditLine>)))]
pub(super) async fn audit(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Query(ask): Query<Ask>,
) -> Answer<Vec<AuditLine>> {
    Ok(Json(clerk.study(move |site| site.audit(&name, &ask)).await?))
}

/// Which letter; without one, all of them.
#[derive(Deserialize)]
pub(super) struct Which {
    letter: Option<String>,
}

/// How each letter of Art. 73(1) of Regulation (EU) 2025/327 is met, with today's figures as far as the asker may know them.
#[utoipa::path(get, path = "/api/v1/audit/ehds", params(("letter" = Option<String>, Query)), responses((status = 200, body = Vec<EhdsPage>)))]
pub(super) async fn ehds(
    State(clerk): State<Clerk>,
    Who(name): Who,
    Query(which): Query<Which>,
) -> Answer<Vec<EhdsPage>> {
    Ok(Json(clerk.study(move |site| site.ehds(&name, which.letter.as_deref())).await?))
}
