//! One's own avatar: the picture itself is the body, both ways.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::extract::InSession;
use super::problem::{ProblemDetails, Refusal, Slug};
use crate::guard::Shared;
use crate::headers::only;
use crate::json_body::BodyRefusal;
use crate::picture;

/// Your avatar.
#[utoipa::path(
    get, path = "/account/avatar", tag = "account",
    responses(
        (status = 200, description = "The picture", content(
            (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"))),
        (status = 304, description = "The picture that is named in If-None-Match"),
        (status = 404, description = "There is no avatar", body = ProblemDetails),
    ),
)]
pub(super) async fn get_avatar(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let avatar = accounts.avatar(&caller).await?;
    Ok(picture::answer(avatar, &headers))
}

/// The bytes of a body that says that it is a picture.
pub(super) struct Picture(Bytes);

impl FromRequest<Shared> for Picture {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refusal> {
        let content_type = only(request.headers(), CONTENT_TYPE.as_str()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !["image/png", "image/jpeg"]
            .iter()
            .any(|known| essence.eq_ignore_ascii_case(known))
        {
            return Err(Refusal::new(
                Slug::UnsupportedMediaType,
                "The body must be a picture, and its content type image/png or image/jpeg.",
            ));
        }
        let bytes: Result<Bytes, BytesRejection> = Bytes::from_request(request, state).await;
        bytes
            .map(Self)
            .map_err(|rejection| BodyRefusal::unread(rejection.status()).into())
    }
}

/// Replace your avatar. What counts is the picture's content, not its content type: at most
/// 999,999 bytes, and 4096 pixels a side.
#[utoipa::path(
    put, path = "/account/avatar", tag = "account",
    request_body(content(
        (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"))),
    responses((status = 204, description = "Taken")),
)]
pub(super) async fn put_avatar(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
    Picture(bytes): Picture,
) -> Result<StatusCode, Refusal> {
    accounts.put_avatar(&caller, bytes.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove your avatar.
#[utoipa::path(
    delete, path = "/account/avatar", tag = "account",
    responses((status = 204, description = "There is none any more")),
)]
pub(super) async fn delete_avatar(
    State(accounts): State<Shared>,
    InSession(caller): InSession,
) -> Result<StatusCode, Refusal> {
    accounts.delete_avatar(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
