//! Changing the password. Assumed: see the first lines of the dialect.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::extract::{Body, UserManager};
use crate::accounts::password_policy::PasswordPolicy;
use crate::guard::Shared;
use crate::secret_text::SecretText;

/// The password that is to be replaced, and the new one.
#[derive(Deserialize, ToSchema)]
pub(super) struct PasswordRequest {
    #[schema(value_type = String, format = Password)]
    current_password: SecretText,
    /// No kinds of characters are asked for; what is easily guessed is refused.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 1024)]
    new_password: SecretText,
}

/// Change the user's password.
///
/// All sessions of the user end; API keys live on. A wrong current password is refused with
/// the field `current_password`, and counts as a failed sign-in.
#[utoipa::path(
    put, path = "/user/@current/password", tag = "current user",
    request_body = PasswordRequest,
    responses(
        (status = 204, description = "Changed"),
        (status = 429, description = "Too many failures: wait", body = ErrorBody),
    ),
)]
pub(super) async fn change_password(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    Body(request): Body<PasswordRequest>,
) -> Result<StatusCode, ApiError> {
    accounts
        .change_password(
            &caller,
            request.current_password.0,
            request.new_password.0,
            PasswordPolicy::HardToGuess,
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
