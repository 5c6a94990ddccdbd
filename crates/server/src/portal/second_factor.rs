//! One's own second factor. Secret and codes are in one answer each, and never again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::{Body, InSession};
use super::problem::{ProblemDetails, Refusal};
use super::wire::Moment;
use crate::accounts::RecoveryCodes;
use crate::guard::Shared;
use crate::second_factor_bodies::{CodeRequest, ProofRequest, SetUpBody, StartRequest};
use crate::secret_text::SecretText;

/// How the second factor stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecondFactorBody {
    enabled: bool,
    /// Null: it is not enabled.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Moment>,
    recovery_codes_left: u64,
    /// Whether one was begun and waits to be confirmed.
    pending: bool,
}

/// How your second factor stands.
#[utoipa::path(
    get, path = "/account/second-factor", tag = "second factor",
    responses((status = 200, description = "How it stands", body = SecondFactorBody)),
)]
pub(super) async fn second_factor_status(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
) -> Result<Json<SecondFactorBody>, Refusal> {
    let status = accounts.second_factor(&caller).await?;
    Ok(Json(SecondFactorBody {
        enabled: status.since.is_some(),
        since: status.since.map(Moment),
        recovery_codes_left: status.recovery_codes_left,
        pending: status.pending,
    }))
}

/// Begin a second factor. It is in force when a code has confirmed it, within a quarter of an
/// hour; one that was in force stays so until then.
#[utoipa::path(
    post, path = "/account/second-factor", tag = "second factor",
    request_body = StartRequest,
    responses(
        (status = 201, description = "What an authenticator app needs", body = SetUpBody),
        (status = 429, description = "Too many failures in a row", body = ProblemDetails),
    ),
)]
pub(super) async fn start_second_factor(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Body(request): Body<StartRequest>,
) -> Result<(StatusCode, Json<SetUpBody>), Refusal> {
    let code = request.code.map(|code| code.0);
    let set_up = accounts
        .start_second_factor(&caller, request.password.0, code)
        .await?;
    Ok((StatusCode::CREATED, Json(set_up.into())))
}

/// Codes for those who lost their authenticator app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecoveryCodesBody {
    /// Each is good once. They are shown this once.
    #[schema(value_type = Vec<String>)]
    recovery_codes: Vec<SecretText>,
}

impl From<RecoveryCodes> for RecoveryCodesBody {
    fn from(codes: RecoveryCodes) -> Self {
        Self {
            recovery_codes: codes.into_iter().map(SecretText).collect(),
        }
    }
}

/// Confirm the second factor with a code: from now on signing in asks for one.
#[utoipa::path(
    put, path = "/account/second-factor", tag = "second factor",
    request_body = CodeRequest,
    responses(
        (status = 200, description = "Enabled", body = RecoveryCodesBody),
        (status = 404, description = "None was begun, or too long ago", body = ProblemDetails),
    ),
)]
pub(super) async fn confirm_second_factor(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Body(request): Body<CodeRequest>,
) -> Result<Json<RecoveryCodesBody>, Refusal> {
    let codes = accounts
        .confirm_second_factor(&caller, request.code.0)
        .await?;
    Ok(Json(codes.into()))
}

/// Remove the second factor with its recovery codes: signing in asks for the password alone.
#[utoipa::path(
    post, path = "/account/second-factor/removal", tag = "second factor",
    request_body = ProofRequest,
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "It is not enabled", body = ProblemDetails),
        (status = 429, description = "Too many failures in a row", body = ProblemDetails),
    ),
)]
pub(super) async fn remove_second_factor(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Body(request): Body<ProofRequest>,
) -> Result<StatusCode, Refusal> {
    accounts
        .remove_second_factor(&caller, request.password.0, request.code.0)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get new recovery codes; the old ones are no longer good.
#[utoipa::path(
    post, path = "/account/second-factor/recovery-codes", tag = "second factor",
    request_body = ProofRequest,
    responses(
        (status = 200, description = "The new codes", body = RecoveryCodesBody),
        (status = 404, description = "It is not enabled", body = ProblemDetails),
        (status = 429, description = "Too many failures in a row", body = ProblemDetails),
    ),
)]
pub(super) async fn replace_recovery_codes(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Body(request): Body<ProofRequest>,
) -> Result<Json<RecoveryCodesBody>, Refusal> {
    let codes = accounts
        .replace_recovery_codes(&caller, request.password.0, request.code.0)
        .await?;
    Ok(Json(codes.into()))
}
