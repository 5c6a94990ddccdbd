//! Creation that may be repeated: a body together with its `Idempotency-Key`.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::problem::{Refusal, Slug};
use crate::accounts::Repeatable;
use crate::auth::{hex, sha256};
use crate::guard::Shared;
use crate::headers::only;
use crate::json_body;

const HEADER: &str = "Idempotency-Key";
const MAX_LENGTH: usize = 255;

/// The header with which a creation may be repeated.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it only describes the header")]
pub(super) struct IdempotencyHeader {
    /// A name of the sender's choice for this request. Within 24 hours the same request
    /// under the same name is answered as the first time, and nothing more is made, unless
    /// what was made has been revoked or deleted since: then it is a new request.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        required = false,
        pattern = "^[!-~]+$"
    )]
    key: Option<String>,
}

/// A thing to be made, and how the sender names the request.
pub(super) struct Creation<T> {
    pub(super) body: T,
    pub(super) repeatable: Option<Repeatable>,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Creation<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _state: &Shared) -> Result<Self, Refusal> {
        let path = request.uri().path().to_owned();
        let key = match only(request.headers(), HEADER) {
            None => None,
            Some(key) if is_good(key) => Some(key.to_owned()),
            Some(_) => {
                return Err(Refusal::new(
                    Slug::Malformed,
                    "An Idempotency-Key has 1 to 255 visible ASCII characters.",
                ));
            }
        };
        let bytes = json_body::read_bytes(request).await?;
        Ok(Self {
            body: json_body::parse(&bytes)?,
            repeatable: key.map(|key| Repeatable {
                path,
                key,
                fingerprint: hex(&sha256(&bytes)),
            }),
        })
    }
}

fn is_good(key: &str) -> bool {
    !key.is_empty() && key.len() <= MAX_LENGTH && key.bytes().all(|byte| byte.is_ascii_graphic())
}
