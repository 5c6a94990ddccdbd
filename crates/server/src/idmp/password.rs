//! Changing the password.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::extract::{Body, SignedIn};
use super::wire::{Done, SecretText, done};
use crate::accounts::password_policy::PasswordPolicy;
use crate::guard::Shared;

/// The password that is to be replaced, and the new one.
#[derive(Deserialize, ToSchema)]
pub(super) struct PasswordRequest {
    #[serde(alias = "oldPassword")]
    #[schema(value_type = String, format = Password)]
    old_password: SecretText,
    /// No kinds of characters are asked for; what is easily guessed is refused.
    #[serde(alias = "newPassword")]
    #[schema(
        value_type = String, format = Password,
        min_length = 15, max_length = 1024,
    )]
    new_password: SecretText,
}

/// Change the signed-in user's password.
///
/// All other sessions of the user end; the one of this request goes on. API keys live on. A
/// wrong old password is refused with 400 and the field `old_password`, and counts as a
/// failed sign-in.
#[utoipa::path(
    put, path = "/api/v1/users/password", tag = "profile",
    request_body = PasswordRequest,
    responses(
        (status = 200, description = "Changed", body = Done),
        (status = 400, description = "An entry is not acceptable", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The account signs in elsewhere", body = ErrorBody),
        (status = 429, description = "Too many failures in a row", body = ErrorBody,
            headers(("Retry-After" = u32, description = "Seconds"))),
    ),
)]
pub(super) async fn change_password(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    Body(request): Body<PasswordRequest>,
) -> Result<Json<Done>, ApiError> {
    accounts
        .change_password(
            &caller,
            request.old_password.0,
            request.new_password.0,
            PasswordPolicy::HardToGuess,
        )
        .await?;
    Ok(done())
}
