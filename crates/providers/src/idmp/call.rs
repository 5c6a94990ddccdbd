//! One operation asked of the server: the request built from the table, the answer judged.
//!
//! Not here: what an answer holds (`wire`) and how it travels (`crate::http`).

use std::time::Duration;

use keydesk_core::credential::Credential;
use keydesk_core::{Error, Result};
use keydesk_vault::SecretString;
use serde_json::Value;

use super::envelope::Payload;
use super::errors::Context;
use super::operations::{Name, Operations};
use super::refusal::Refusal;
use crate::http::{Answer, Body, Http, JSON_LIMIT, Request, Scrubber};

/// An operation with everything that goes into its request.
pub(super) struct Call<'a> {
    name: Name,
    id: Option<&'a str>,
    query: &'a [(&'a str, String)],
    credential: Option<&'a Credential>,
    /// Secrets in the body, so that no error repeats them.
    secrets: &'a [&'a SecretString],
    body: Body,
    body_limit: usize,
    total: Option<Duration>,
}

impl<'a> Call<'a> {
    pub(super) fn new(name: Name) -> Self {
        Self {
            name,
            id: None,
            query: &[],
            credential: None,
            secrets: &[],
            body: Body::Empty,
            body_limit: JSON_LIMIT,
            total: None,
        }
    }

    /// A call by someone who is signed in.
    pub(super) fn by(name: Name, credential: &'a Credential) -> Self {
        Self {
            credential: Some(credential),
            ..Self::new(name)
        }
    }

    pub(super) fn on(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    pub(super) fn query(mut self, query: &'a [(&'a str, String)]) -> Self {
        self.query = query;
        self
    }

    pub(super) fn secrets(mut self, secrets: &'a [&'a SecretString]) -> Self {
        self.secrets = secrets;
        self
    }

    pub(super) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(super) fn body_limit(mut self, limit: usize) -> Self {
        self.body_limit = limit;
        self
    }

    pub(super) fn within(mut self, total: Duration) -> Self {
        self.total = Some(total);
        self
    }
}

/// An answer that is no refusal.
pub(super) struct Reply {
    pub(super) answer: Answer,
    /// Its JSON, where it is that.
    pub(super) payload: Option<Payload>,
}

impl Reply {
    /// What is in the JSON, its wrapping taken off.
    pub(super) fn inside(&self) -> Option<&Value> {
        self.payload.as_ref().map(Payload::inside)
    }
}

/// The operations of one server and the way there.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) operations: Operations,
    pub(super) http: Http,
}

impl Api {
    /// Asks, and turns every refusal and every web page into an error.
    pub(super) async fn ask(&self, call: &Call<'_>) -> Result<Reply> {
        let answer = self.send(call).await?;
        let payload = Payload::read(&answer.body);
        if let Some(refusal) = Refusal::read(&answer, payload.as_ref()) {
            return Err(self.context(call).refused(&refusal, &answer));
        }
        let reply = Reply { answer, payload };
        if reply.payload.is_none() && reply.answer.is_html() {
            return Err(self.unexpected(call, &reply, "a web page"));
        }
        if reply.payload.is_none() && reply.answer.media_type.contains("json") {
            return Err(self.unexpected(call, &reply, "damaged JSON"));
        }
        Ok(reply)
    }

    /// Asks, and hands out whatever is answered.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Answer> {
        let operation = self.operations.get(call.name);
        let mut url = match call.id {
            Some(id) => operation.url_of(self.http.server(), id)?,
            None => operation.url(self.http.server()),
        };
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let total = call.total.unwrap_or(self.http.limits().total);
        let request = Request::new(
            operation.label,
            operation.method.clone(),
            url,
            operation.effect,
            total,
        )
        .credential(call.credential)
        .body(call.body.clone())
        .body_limit(call.body_limit);
        self.http.send(&request).await
    }

    /// The error of an answer that lacks what it should have.
    pub(super) fn unexpected(&self, call: &Call<'_>, reply: &Reply, missing: &str) -> Error {
        self.context(call).unexpected(&reply.answer, missing)
    }

    fn context<'a>(&'a self, call: &Call<'a>) -> Context<'a> {
        Context {
            operation: self.operations.get(call.name),
            method: call.credential.map(Credential::method),
            server: self.http.server().host_and_port(),
            scrubber: Scrubber::new(call.credential, call.secrets),
        }
    }
}
