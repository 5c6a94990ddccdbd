//! Deleting one's own account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, InSession};
use super::problem::{ProblemDetails, Refusal};
use crate::accounts::Consequences;
use crate::guard::Shared;
use crate::secret_text::SecretText;

/// What goes with the account.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum ConsequenceCode {
    Account,
    ApiKeys,
    Organizations,
    OwnedOrganizations,
    Sessions,
}

/// Something that goes with the account.
#[derive(Serialize, ToSchema)]
pub(super) struct Consequence {
    code: ConsequenceCode,
    /// How many of them.
    count: u64,
    /// What happens, for a person.
    text: &'static str,
}

/// What deleting the account takes, and what goes with it.
#[derive(Serialize, ToSchema)]
pub(super) struct DeletionBody {
    /// What must be typed.
    phrase: String,
    consequences: Vec<Consequence>,
    allowed: bool,
    /// Why not: the last part of a problem's `type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    reason: Option<&'static str>,
}

impl From<Consequences> for DeletionBody {
    fn from(consequences: Consequences) -> Self {
        let all = [
            (
                ConsequenceCode::Account,
                1,
                "Your account with its names, avatar, second factor and security log is deleted.",
            ),
            (
                ConsequenceCode::ApiKeys,
                consequences.api_keys,
                "Your API keys stop working at once.",
            ),
            (
                ConsequenceCode::Organizations,
                consequences.organizations,
                "You leave organizations that go on without you.",
            ),
            (
                ConsequenceCode::OwnedOrganizations,
                consequences.owned_organizations,
                "Organizations in which you are the only member are deleted.",
            ),
            (
                ConsequenceCode::Sessions,
                consequences.sessions,
                "You are signed out everywhere.",
            ),
        ];
        let reason = consequences
            .refusal
            .map(|refusal| Refusal::from(refusal).slug().name());
        Self {
            phrase: consequences.phrase,
            consequences: all
                .into_iter()
                .map(|(code, count, text)| Consequence { code, count, text })
                .collect(),
            allowed: reason.is_none(),
            reason,
        }
    }
}

/// What deleting your account takes, and what goes with it.
#[utoipa::path(
    get, path = "/account/deletion", tag = "account",
    responses((status = 200, description = "The consequences", body = DeletionBody)),
)]
pub(super) async fn deletion_consequences(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
) -> Result<Json<DeletionBody>, Refusal> {
    Ok(Json(accounts.deletion_consequences(&caller).await?.into()))
}

/// By what a person says that they mean it.
#[derive(Deserialize, ToSchema)]
pub(super) struct DeletionRequest {
    /// The phrase that the consequences came with.
    phrase: String,
    /// The password; accounts that sign in elsewhere have none.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<SecretText>,
}

/// Delete your account, for good.
#[utoipa::path(
    post, path = "/account/deletion", tag = "account",
    request_body = DeletionRequest,
    responses(
        (status = 204, description = "Deleted"),
        (status = 409, description = "Others depend on the account", body = ProblemDetails),
        (status = 429, description = "Too many failures in a row", body = ProblemDetails),
    ),
)]
pub(super) async fn delete_account(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Body(request): Body<DeletionRequest>,
) -> Result<StatusCode, Refusal> {
    let password = request.password.map(|password| password.0);
    accounts
        .delete_account(&caller, &request.phrase, password)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
