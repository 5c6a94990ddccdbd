//! Signing in and out, and the two mails that this server cannot send.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::extract::{Body, SignedIn};
use super::wire::{Done, SecretText, done};
use crate::client::Client;
use crate::guard::Shared;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
pub(super) struct LoginRequest {
    /// The account's email, in any case.
    #[serde(alias = "loginName")]
    login_name: String,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: SecretText,
    /// A code of the second factor, or a recovery code, where the account has one. IDMP itself
    /// has no such entry; without it, such an account is refused with the field `code`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    code: Option<SecretText>,
}

/// A new session.
#[derive(Serialize, ToSchema)]
pub(super) struct LoginResponse {
    /// What to send as `Authorization: Bearer …` from now on.
    #[schema(value_type = String)]
    token: SecretText,
}

/// Sign in with an email and a password.
///
/// After five failures in a row each further one makes the next wait longer, from a second
/// to an hour; `Retry-After` says how long.
#[utoipa::path(
    post, path = "/api/v1/users/login", tag = "session", security(()),
    request_body = LoginRequest,
    responses(
        (status = 200, description = "A session", body = LoginResponse),
        (status = 401, description = "Login name or password is wrong", body = ErrorBody),
        (status = 403, description = "This server does not sign in by password; or, with the \
            field `code`, the account's second factor is missing or wrong", body = ErrorBody),
        (status = 429, description = "Too many failures in a row", body = ErrorBody,
            headers(("Retry-After" = u32, description = "Seconds"))),
    ),
)]
pub(super) async fn login(
    State(accounts): State<Shared>,
    client: Client,
    Body(request): Body<LoginRequest>,
) -> Result<Json<LoginResponse>, ApiError> {
    let session = accounts
        .sign_in(
            &request.login_name,
            request.password.0,
            request.code.map(|code| code.0),
            client,
        )
        .await?;
    Ok(Json(LoginResponse {
        token: SecretText(session.authorization),
    }))
}

/// Sign out: the session of this request ends at once.
#[utoipa::path(
    post, path = "/api/v1/users/logout", tag = "session",
    responses(
        (status = 200, description = "Signed out", body = Done),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "An API key is no session", body = ErrorBody),
    ),
)]
pub(super) async fn logout(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Done>, ApiError> {
    accounts.sign_out(&caller).await?;
    Ok(done())
}

/// Whom to write to.
#[derive(Deserialize, ToSchema)]
pub(super) struct MailRequest {
    #[expect(dead_code, reason = "no mail is sent; it only has to be there")]
    email: String,
}

/// Ask for a mail with which a forgotten password can be replaced.
///
/// This server has no mail system. It answers as if it had sent one, so that nobody learns
/// which accounts exist, and tells its administrator in the log.
#[utoipa::path(
    post, path = "/api/v1/users/password-reset-email", tag = "session", security(()),
    request_body = MailRequest,
    responses(
        (status = 200, description = "Taken note of", body = Done),
        (status = 400, description = "The body is not of the right form", body = ErrorBody),
    ),
)]
pub(super) async fn password_reset_email(_request: Body<MailRequest>) -> Json<Done> {
    tracing::warn!(
        "somebody asked for a mail to reset a password, and no mail system is set up: use \
         `keydesk-server user password`"
    );
    done()
}

/// Ask for a mail with a login code.
///
/// As with the reset mail, none is sent and the answer is always the same.
#[utoipa::path(
    post, path = "/api/v1/users/send/verifycode", tag = "session", security(()),
    request_body = MailRequest,
    responses(
        (status = 200, description = "Taken note of", body = Done),
        (status = 400, description = "The body is not of the right form", body = ErrorBody),
    ),
)]
pub(super) async fn send_verifycode(_request: Body<MailRequest>) -> Json<Done> {
    tracing::warn!("somebody asked for a login code by mail, and no mail system is set up");
    done()
}
