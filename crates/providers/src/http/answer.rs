//! An answer, read to its end within its limit.

use std::time::Duration;

use keydesk_core::{Error, ErrorCode};
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, WWW_AUTHENTICATE};
use zeroize::Zeroizing;

/// The most memory that is set aside on the word of `Content-Length` alone.
const BELIEVED_LENGTH: usize = 64 * 1024;
/// The least that is set aside for a body whose length nobody told.
const FIRST_LENGTH: usize = 4 * 1024;

/// What a server answered. Not `Debug`: there may be a token in it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The media type in lower case, without parameters; empty where there was none.
    pub(crate) media_type: String,
    /// The challenges of `WWW-Authenticate`, in lower case.
    pub(crate) challenges: String,
    /// `ETag`, as it came: names the state that the body shows.
    pub(crate) entity_tag: Option<String>,
    /// How long the server asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// The decoded body; wiped when dropped.
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// Why a body could not be read.
pub(super) enum BodyFailure {
    TooLarge(usize),
    /// No further piece came in time.
    Silent,
    Broken(reqwest::Error),
}

impl Answer {
    /// What the head of a response tells; the body is still to be read.
    pub(super) fn head(response: &Response, retry_after: Option<Duration>) -> Self {
        let headers = response.headers();
        let media_type = text(headers, &CONTENT_TYPE);
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        Self {
            status: response.status().as_u16(),
            media_type: media_type.to_owned(),
            challenges: text(headers, &WWW_AUTHENTICATE),
            entity_tag: headers
                .get(ETAG)
                .and_then(|tag| tag.to_str().ok())
                .map(str::to_owned),
            retry_after,
            body: Zeroizing::new(Vec::new()),
        }
    }

    /// Whether the status says that it worked.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether this is a web page, by its media type or its first letter.
    pub(crate) fn is_html(&self) -> bool {
        let first = self.body.iter().find(|byte| !byte.is_ascii_whitespace());
        self.media_type.contains("html") || first == Some(&b'<')
    }
}

/// Reads a body up to `limit` bytes, counted after decompression, with at most `pause` between two
/// pieces. Not reqwest's own deadline for reading, which counts the time that an upload takes.
pub(super) async fn read_body(
    mut response: Response,
    limit: usize,
    pause: Duration,
) -> Result<Zeroizing<Vec<u8>>, BodyFailure> {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(BodyFailure::TooLarge(limit));
    }
    let set_aside = usize::try_from(announced).unwrap_or(0).min(BELIEVED_LENGTH);
    let mut body = Zeroizing::new(Vec::with_capacity(set_aside));
    loop {
        let chunk = tokio::time::timeout(pause, response.chunk()).await;
        let chunk = chunk.map_err(|_| BodyFailure::Silent)?;
        let Some(chunk) = chunk.map_err(BodyFailure::Broken)? else {
            return Ok(body);
        };
        if body.len() + chunk.len() > limit {
            return Err(BodyFailure::TooLarge(limit));
        }
        append(&mut body, &chunk);
    }
}

/// Adds to a body. A buffer that grows by itself leaves what it held behind, and there may be a
/// token in it.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    let length = body.len() + chunk.len();
    if length > body.capacity() {
        let capacity = length.max(2 * body.capacity()).max(FIRST_LENGTH);
        let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
        larger.extend_from_slice(body);
        *body = larger;
    }
    body.extend_from_slice(chunk);
}

/// The error of a body over its limit.
pub(super) fn too_large(limit: usize) -> Error {
    Error::new(ErrorCode::AnswerTooLarge, "the answer is too large")
        .with_detail(format!("more than {limit} bytes"))
}

/// All values of a header in lower case, one after the other.
fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter();
    let values: Vec<_> = values
        .filter_map(|value| value.to_str().ok())
        .map(str::to_ascii_lowercase)
        .collect();
    values.join(", ")
}
