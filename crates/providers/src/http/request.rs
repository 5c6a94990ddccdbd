//! A request as data: what is asked, what it changes, and which secrets are in it.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use keydesk_core::credential::Credential;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use super::JSON_LIMIT;

/// What it means when the answer to a request is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: it only reads, and is repeated by itself.
    Reads,
    /// Nothing that a second try would not mend; the person repeats it.
    Repeatable,
    /// It may have happened: the outcome is unknown.
    Changes,
}

/// A file in a form.
#[derive(Debug, Clone)]
pub(crate) struct FilePart {
    pub(crate) field: Cow<'static, str>,
    pub(crate) file_name: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Bytes,
}

/// What a request carries. Not `Debug`: there may be a password in it.
#[derive(Clone)]
pub(crate) enum Body {
    Empty,
    Json(Bytes),
    Form(FilePart),
    /// Bytes as they are, with their media type.
    Raw(&'static str, Bytes),
}

impl Body {
    /// A JSON body whose memory is wiped when it was sent.
    pub(crate) fn json(text: Vec<u8>) -> Self {
        Self::Json(Bytes::from_owner(Zeroizing::new(text)))
    }
}

/// A request, complete but for the headers that the client adds.
pub(crate) struct Request<'a> {
    /// The operation's name, for logs.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) effect: Effect,
    pub(crate) credential: Option<&'a Credential>,
    pub(crate) body: Body,
    /// Headers that are no secret.
    pub(crate) headers: &'a [(HeaderName, HeaderValue)],
    /// The deadline of the whole operation.
    pub(crate) total: Duration,
    /// The most bytes of the answer's body, after decompression.
    pub(crate) body_limit: usize,
}

impl<'a> Request<'a> {
    /// A request that reads JSON, without credential and body.
    pub(crate) fn new(
        operation: &'static str,
        method: Method,
        url: Url,
        effect: Effect,
        total: Duration,
    ) -> Self {
        Self {
            operation,
            method,
            url,
            effect,
            credential: None,
            body: Body::Empty,
            headers: &[],
            total,
            body_limit: JSON_LIMIT,
        }
    }

    pub(crate) fn credential(mut self, credential: Option<&'a Credential>) -> Self {
        self.credential = credential;
        self
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn headers(mut self, headers: &'a [(HeaderName, HeaderValue)]) -> Self {
        self.headers = headers;
        self
    }

    pub(crate) fn body_limit(mut self, limit: usize) -> Self {
        self.body_limit = limit;
        self
    }
}
