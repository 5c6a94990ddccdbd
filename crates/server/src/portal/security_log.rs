//! One's own security log.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::InSession;
use super::page::{PageBody, PageQuery, Paging};
use super::problem::Refusal;
use super::wire::Moment;
use crate::guard::Shared;
use crate::store::security_log::Entry;
use crate::vocabulary::Named;

/// Something that happened to the account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryBody {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    at: Moment,
    /// What happened.
    #[schema(example = "signed-in")]
    event: &'static str,
    /// From which network address; empty where it was done on the server itself.
    address: String,
    /// With which program, as it calls itself.
    user_agent: String,
    /// To what it happened, where the event does not say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    subject: String,
}

impl From<Entry> for EntryBody {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.number.to_string(),
            at: Moment(entry.time),
            event: entry.event.name(),
            address: entry.client.address,
            user_agent: entry.client.user_agent,
            subject: entry.subject,
        }
    }
}

/// What happened to your account, newest first. The last thousand entries are kept.
#[utoipa::path(
    get, path = "/account/security-log", tag = "account", params(PageQuery),
    responses((status = 200, description = "A part", body = PageBody<EntryBody>)),
)]
pub(super) async fn security_log(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Paging(request): Paging,
) -> Result<Json<PageBody<EntryBody>>, Refusal> {
    let entries = accounts.security_log(&caller, request).await?;
    Ok(Json(PageBody::of(entries, EntryBody::from)))
}
