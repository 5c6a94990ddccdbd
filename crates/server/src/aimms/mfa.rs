//! MFA by authenticator app. Assumed: see the first lines of the dialect.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::extract::{Body, UserManager};
use crate::guard::Shared;
use crate::second_factor_bodies::{CodeRequest, ProofRequest, SetUpBody, StartRequest};
use crate::secret_text::SecretText;

/// How MFA stands.
#[derive(Serialize, ToSchema)]
pub(super) struct MfaBody {
    /// Whether signing in asks for a code.
    enabled: bool,
    /// Whether it was started and waits to be confirmed.
    pending: bool,
    /// Whether it may not be removed, only started anew.
    enforced: bool,
}

/// How MFA stands for the user. Who signs in elsewhere has none here, and is told so.
#[utoipa::path(
    get, path = "/user/@current/mfa", tag = "current user",
    responses((status = 200, description = "How it stands", body = MfaBody)),
)]
pub(super) async fn status(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
) -> Result<Json<MfaBody>, ApiError> {
    caller.has_password()?;
    let status = accounts.second_factor(&caller).await?;
    Ok(Json(MfaBody {
        enabled: status.since.is_some(),
        pending: status.pending,
        enforced: false,
    }))
}

/// Start MFA, or start it anew. It is in force when a code has confirmed it.
#[utoipa::path(
    post, path = "/user/@current/mfa", tag = "current user",
    request_body = StartRequest,
    responses(
        (status = 201, description = "What an authenticator app needs", body = SetUpBody),
        (status = 429, description = "Too many failures: wait", body = ErrorBody),
    ),
)]
pub(super) async fn start(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    Body(request): Body<StartRequest>,
) -> Result<(StatusCode, Json<SetUpBody>), ApiError> {
    let code = request.code.map(|code| code.0);
    let set_up = accounts
        .start_second_factor(&caller, request.password.0, code)
        .await?;
    Ok((StatusCode::CREATED, Json(set_up.into())))
}

/// Codes for those who lost their authenticator app.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodesBody {
    /// Each is good once. They are shown this once.
    #[schema(value_type = Vec<String>)]
    recovery_codes: Vec<SecretText>,
}

/// Confirm MFA with a code of the authenticator app: from now on signing in asks for one.
#[utoipa::path(
    put, path = "/user/@current/mfa", tag = "current user",
    request_body = CodeRequest,
    responses(
        (status = 200, description = "Enabled", body = RecoveryCodesBody),
        (status = 404, description = "It was not started, or too long ago", body = ErrorBody),
    ),
)]
pub(super) async fn confirm(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    Body(request): Body<CodeRequest>,
) -> Result<Json<RecoveryCodesBody>, ApiError> {
    let codes = accounts
        .confirm_second_factor(&caller, request.code.0)
        .await?;
    Ok(Json(RecoveryCodesBody {
        recovery_codes: codes.into_iter().map(SecretText).collect(),
    }))
}

/// Remove MFA: signing in asks for the password alone.
#[utoipa::path(
    delete, path = "/user/@current/mfa", tag = "current user",
    request_body = ProofRequest,
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "It is not enabled", body = ErrorBody),
        (status = 429, description = "Too many failures: wait", body = ErrorBody),
    ),
)]
pub(super) async fn remove(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    Body(request): Body<ProofRequest>,
) -> Result<StatusCode, ApiError> {
    accounts
        .remove_second_factor(&caller, request.password.0, request.code.0)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
