//! Signing in and out, and where else one is signed in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Id, InSession};
use super::page::{PageBody, PageQuery, Paging};
use super::problem::{ProblemDetails, Refusal};
use super::wire::{Moment, SecretText};
use crate::client::Client;
use crate::guard::Shared;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignInRequest {
    /// The account's email, in any case.
    email: String,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: SecretText,
    /// A code of the authenticator app, or a recovery code, where the account has a second
    /// factor. Without it such an account is refused with `second-factor-required`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "123456")]
    code: Option<SecretText>,
}

/// A new session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSession {
    /// What to send as `Authorization: Bearer …` from now on.
    #[schema(value_type = String)]
    token: SecretText,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Moment,
}

/// Sign in with an email and a password, and a code where the account has a second factor.
///
/// After five failures in a row each further one makes the next wait longer, from a second
/// to an hour; `Retry-After` says how long.
#[utoipa::path(
    post, path = "/sessions", tag = "sessions", security(()),
    request_body = SignInRequest,
    responses(
        (status = 201, description = "A session", body = NewSession),
        (status = 401, description = "Email or password is wrong, or a code is asked for, or \
            it is wrong", body = ProblemDetails),
        (status = 429, description = "Too many failures in a row", body = ProblemDetails),
    ),
)]
pub(super) async fn sign_in(
    State(accounts): State<Shared>,
    client: Client,
    Body(request): Body<SignInRequest>,
) -> Result<(StatusCode, Json<NewSession>), Refusal> {
    let session = accounts
        .sign_in(
            &request.email,
            request.password.0,
            request.code.map(|code| code.0),
            client,
        )
        .await?;
    let body = NewSession {
        token: SecretText(session.authorization),
        expires_at: Moment(session.expire_time),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Sign out: the session of this request ends at once.
#[utoipa::path(
    delete, path = "/sessions/current", tag = "sessions",
    responses((status = 204, description = "Signed out")),
)]
pub(super) async fn sign_out(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
) -> Result<StatusCode, Refusal> {
    accounts.sign_out(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A session of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionBody {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
    /// Null: not since it was made.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Moment>,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Moment,
    /// The program that began it, as it calls itself.
    user_agent: String,
    /// The network address from which it was begun.
    address: String,
    /// Whether it is the session of this request.
    current: bool,
}

/// Where you are signed in, newest first.
#[utoipa::path(
    get, path = "/sessions", tag = "sessions", params(PageQuery),
    responses((status = 200, description = "A part", body = PageBody<SessionBody>)),
)]
pub(super) async fn list_sessions(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Paging(request): Paging,
) -> Result<Json<PageBody<SessionBody>>, Refusal> {
    let current = caller.session_id()?;
    let sessions = accounts.sessions(&caller, request).await?;
    Ok(Json(PageBody::of(sessions, |session| SessionBody {
        current: session.id == current,
        id: session.id,
        created_at: Moment(session.create_time),
        last_used_at: session.last_use_time.map(Moment),
        expires_at: Moment(session.expire_time),
        user_agent: session.client.user_agent,
        address: session.client.address,
    })))
}

/// End one of your sessions, at once.
#[utoipa::path(
    delete, path = "/sessions/{id}", tag = "sessions",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 204, description = "Ended"),
        (status = 404, description = "You have no such session", body = ProblemDetails),
    ),
)]
pub(super) async fn end_session(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    accounts.end_session(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many sessions were ended.
#[derive(Serialize, ToSchema)]
pub(super) struct EndedSessions {
    ended: usize,
}

/// End every session but the one of this request.
#[utoipa::path(
    post, path = "/sessions/end-others", tag = "sessions",
    responses((status = 200, description = "Ended", body = EndedSessions)),
)]
pub(super) async fn end_others(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
) -> Result<Json<EndedSessions>, Refusal> {
    let ended = accounts.end_other_sessions(&caller).await?;
    Ok(Json(EndedSessions { ended }))
}
