//! A picture as an answer, which is not sent again to those who have it.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::store::avatars::Avatar;

/// The picture, or that it is the one which the request names.
pub(crate) fn answer(avatar: Avatar, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", avatar.tag);
    let is_known = is_known(headers, &tag);
    let own = [(ETAG, tag), (CACHE_CONTROL, "private, no-cache".to_owned())];
    if is_known {
        return (StatusCode::NOT_MODIFIED, own).into_response();
    }
    let content_type = [(CONTENT_TYPE, avatar.media_type)];
    (own, content_type, avatar.bytes).into_response()
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
