//! Reading requests: who sends them, their JSON, their ids. Everything that does not fit is
//! answered with a problem.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_path_to_error::Segment;

use super::problem::{Refusal, Slug};
use crate::accounts::{AccountsError, Caller};
use crate::client::Client;
use crate::guard::Shared;
use crate::headers::{only, presented};
use crate::vocabulary::Dialect;

/// Somebody whose credentials are good. It stands before the body in every handler, so that
/// nobody learns from a refusal what an operation expects.
pub(super) struct SignedIn(pub(super) Caller);

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let presented = presented(&parts.headers, Dialect::Portal, Client::of(parts));
        Ok(Self(state.authenticate(presented).await?))
    }
}

/// Somebody who signed in, and does not come with an API key. The rules check it again;
/// here it comes before the body is read.
pub(super) struct InSession(pub(super) Caller);

impl FromRequestParts<Shared> for InSession {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, state).await?;
        caller.session_id()?;
        Ok(Self(caller))
    }
}

/// A JSON body. Unknown fields are ignored; the content type must say that it is JSON, which
/// a web form cannot.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Refusal> {
        let bytes = json_bytes(request, state).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// The bytes of a body that says that it is JSON.
pub(super) async fn json_bytes(request: Request, state: &Shared) -> Result<Bytes, Refusal> {
    if !is_json(request.headers()) {
        return Err(Refusal::new(
            Slug::UnsupportedMediaType,
            "The body must be JSON, and its content type application/json.",
        ));
    }
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| unread(&rejection))
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = only(headers, CONTENT_TYPE.as_str()).and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// A body that could not be read to its end.
pub(super) fn unread(rejection: &BytesRejection) -> Refusal {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::new(Slug::PayloadTooLarge, "The body is too large.")
    } else {
        Refusal::new(Slug::Malformed, "The body did not arrive whole.")
    }
}

/// Reads JSON. The parser's own words may quote what was sent, a password among it; they are
/// not passed on, only the place is.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let malformed = || Refusal::new(Slug::Malformed, "The body is not well-formed JSON.");
    // A list would be read as the entries in their order, which no description says.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        serde_json::from_slice::<IgnoredAny>(bytes).map_err(|_| malformed())?;
        return Err(
            Refusal::new(Slug::InvalidInput, "The body must be an object.").entry("", "malformed"),
        );
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if error.inner().is_data() {
            misfit(&error)
        } else {
            malformed()
        }
    })?;
    reader.end().map_err(|_| malformed())?;
    Ok(value)
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Refusal {
    let segments = error.path().iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{key}")),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    let pointer: String = segments.collect();
    match missing_field(&error.inner().to_string()) {
        Some(name) => Refusal::new(Slug::InvalidInput, "This may not be left out.")
            .entry(format!("{pointer}/{name}"), "required"),
        None => Refusal::new(Slug::InvalidInput, "This is not of the right form.")
            .entry(pointer, "malformed"),
    }
}

/// The name in ``missing field `NAME` ``, which is one of ours.
fn missing_field(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `")?.split('`').next()
}

/// The id in the path. What is no text is as good as unknown.
pub(super) struct Id(pub(super) String);

impl FromRequestParts<Shared> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id))
            .map_err(|_| AccountsError::NotFound.into())
    }
}

/// The two ids in the path: of the whole and of the part.
pub(super) struct TwoIds(pub(super) String, pub(super) String);

impl FromRequestParts<Shared> for TwoIds {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        path.map(|Path((whole, part))| Self(whole, part))
            .map_err(|_| AccountsError::NotFound.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Example {
        name: String,
        list: Vec<u8>,
    }

    async fn refusal(text: &str) -> (u16, String) {
        let refusal = parse::<Example>(text.as_bytes()).unwrap_err();
        let response = refusal.into_response();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await;
        (status, String::from_utf8(body.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_misfit_is_named_by_its_place_and_never_by_its_value() {
        for (text, pointer, code) in [
            (r#"{"list":[]}"#, "/name", "required"),
            (r#"{"name":3,"list":[]}"#, "/name", "malformed"),
            (
                r#"{"name":"a","list":[1,"hunter two"]}"#,
                "/list/1",
                "malformed",
            ),
            (r#""hunter two""#, "", "malformed"),
            (r#"["hunter two", []]"#, "", "malformed"),
        ] {
            let (status, body) = refusal(text).await;
            assert_eq!(status, 422, "{text}");
            assert!(
                body.contains(&format!(r#""pointer":"{pointer}""#)),
                "{body}"
            );
            assert!(body.contains(&format!(r#""code":"{code}""#)), "{body}");
            assert!(!body.contains("hunter"), "{body}");
        }
    }

    #[tokio::test]
    async fn what_is_no_json_is_malformed() {
        let trailing = r#"{"name":"a","list":[]} x"#;
        let surrogate = r#"{"name":"\ud800","list":[]}"#;
        for text in ["", "{", "[", "nothing", "{\"name\"", trailing, surrogate] {
            assert_eq!(refusal(text).await.0, 400, "{text}");
        }
    }
}
