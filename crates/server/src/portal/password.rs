//! Changing one's own password.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::extract::{Body, InSession};
use super::problem::{ProblemDetails, Refusal};
use crate::accounts::password_policy::PasswordPolicy;
use crate::guard::Shared;
use crate::secret_text::SecretText;

/// The password that is to be replaced, and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasswordRequest {
    #[schema(value_type = String, format = Password)]
    current_password: SecretText,
    /// With a capital letter, a lowercase letter, a number and a special character.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 1024)]
    new_password: SecretText,
}

/// Change your password.
///
/// Every other session ends; the one of this request goes on, and API keys live on. A wrong
/// current password counts as a failed sign-in.
#[utoipa::path(
    put, path = "/account/password", tag = "account",
    request_body = PasswordRequest,
    responses(
        (status = 204, description = "Changed"),
        (status = 429, description = "Too many failures in a row", body = ProblemDetails),
    ),
)]
pub(super) async fn change_password(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Body(request): Body<PasswordRequest>,
) -> Result<StatusCode, Refusal> {
    let (old, new) = (request.current_password.0, request.new_password.0);
    accounts
        .change_password(&caller, old, new, PasswordPolicy::Portal)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
