//! The avatar: sent as `multipart/form-data`, answered as the picture itself.

use axum::Json;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use utoipa::ToSchema;

use super::error::{ApiError, ErrorBody};
use super::extract::SignedIn;
use super::wire::{Done, done};
use crate::guard::Shared;
use crate::json_body::BodyRefusal;
use crate::picture;

const FIELD: &str = "file";

/// A form with a picture.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the form")]
pub(super) struct AvatarForm {
    /// A JPG, JPEG or PNG picture by its content: at most 999,999 bytes, and 4096 pixels a
    /// side.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The signed-in user's avatar.
#[utoipa::path(
    get, path = "/api/v1/users/avatar", tag = "profile",
    responses(
        (status = 200, description = "The picture", content(
            (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"))),
        (status = 304, description = "The picture that is named in If-None-Match"),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 404, description = "There is no avatar", body = ErrorBody),
    ),
)]
pub(super) async fn get_avatar(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let avatar = accounts.avatar(&caller).await?;
    Ok(picture::answer(avatar, &headers))
}

/// Replace the signed-in user's avatar.
#[utoipa::path(
    post, path = "/api/v1/users/avatar", tag = "profile",
    request_body(content = AvatarForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "Taken", body = Done),
        (status = 400, description = "Not a picture that is taken", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 413, description = "Too many bytes", body = ErrorBody),
        (status = 415, description = "Not a form", body = ErrorBody),
    ),
)]
pub(super) async fn put_avatar(
    State(accounts): State<Shared>,
    SignedIn(caller): SignedIn,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Json<Done>, ApiError> {
    let form = form.map_err(|_| {
        ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The picture must be sent as multipart/form-data.",
        )
    })?;
    let bytes = picture_in(form).await?;
    accounts.put_avatar(&caller, bytes).await?;
    Ok(done())
}

async fn picture_in(mut form: Multipart) -> Result<Vec<u8>, ApiError> {
    while let Some(part) = form.next_field().await.map_err(|error| broken(&error))? {
        if part.name() == Some(FIELD) {
            let bytes = part.bytes().await.map_err(|error| broken(&error))?;
            return Ok(bytes.into());
        }
    }
    Err(ApiError::new(StatusCode::BAD_REQUEST, "The form holds no picture.").field(FIELD))
}

fn broken(error: &MultipartError) -> ApiError {
    ApiError::from(BodyRefusal::unread(error.status())).field(FIELD)
}
