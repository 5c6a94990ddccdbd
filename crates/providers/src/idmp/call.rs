//! The answer to an operation, judged: a reply, or an error that a person can act on.
//!
//! Not here: the request (`crate::operations`) and what an answer holds (`wire`).

use keydesk_core::{Error, Result};
use serde_json::Value;

use super::envelope::Payload;
use super::errors::Context;
use super::operations::Name;
use super::refusal;
use crate::http::Answer;
use crate::operations;

/// The operations of one server and the way there.
pub(super) type Api = operations::Api<Name>;

/// An operation with everything that goes into its request.
pub(super) type Call<'a> = operations::Call<'a, Name>;

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

impl Api {
    /// Asks, and turns every refusal and every web page into an error.
    pub(super) async fn ask(&self, call: &Call<'_>) -> Result<Reply> {
        let answer = self.send(call).await?;
        let payload = Payload::renamed(&answer.body, &self.operations.get(call.name).fields);
        if let Some(refusal) = refusal::read(&answer, payload.as_ref()) {
            return Err(Context::new(self, call).refused(&refusal, &answer));
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

    /// The error of an answer that lacks what it should have.
    pub(super) fn unexpected(&self, call: &Call<'_>, reply: &Reply, missing: &str) -> Error {
        Context::new(self, call).unexpected(&reply.answer, missing)
    }
}
