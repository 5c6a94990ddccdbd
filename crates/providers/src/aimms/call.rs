//! The answer to an operation, judged: its JSON, or an error that a person can act on.
//!
//! Not here: the request (`crate::operations`) and what an answer holds (`wire`).

use keydesk_core::{Error, Result};
use serde_json::Value;

use super::errors::Context;
use super::operations::Name;
use crate::http::Answer;
use crate::json::Json;
use crate::operations;
use crate::refusal::Refusal;

/// The operations of one service and the way there.
pub(super) type Api = operations::Api<Name>;

/// An operation with everything that goes into its request.
pub(super) type Call<'a> = operations::Call<'a, Name>;

/// An answer that is no refusal.
pub(super) struct Reply {
    answer: Answer,
    json: Option<Json>,
}

impl Reply {
    /// The JSON; `null` where the answer was empty.
    pub(super) fn value(&self) -> &Value {
        self.json.as_ref().map_or(&Value::Null, Json::whole)
    }
}

impl Api {
    /// Asks, and turns every refusal and everything but JSON into an error.
    pub(super) async fn ask(&self, call: &Call<'_>) -> Result<Reply> {
        let answer = self.send(call).await?;
        let mut json = Json::read(&answer.body);
        if let Some(json) = &mut json {
            json.rename(&self.operations.get(call.name).fields);
        }
        if !answer.is_success() {
            let body = json.as_ref().map_or(&Value::Null, Json::whole);
            let refusal = Refusal::new(answer.status, body);
            return Err(Context::new(self, call).refused(&refusal, &answer));
        }
        let reply = Reply { answer, json };
        if reply.json.is_none() {
            return Err(self.unexpected(call, &reply, "no JSON"));
        }
        Ok(reply)
    }

    /// The error of an answer that lacks what it should have.
    pub(super) fn unexpected(&self, call: &Call<'_>, reply: &Reply, missing: &str) -> Error {
        Context::new(self, call).unexpected(&reply.answer, missing)
    }
}
