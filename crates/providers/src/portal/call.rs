//! An operation asked of a portal, and its answer judged: JSON, or an error that a person can act
//! on.
//!
//! Not here: the request (`crate::operations`), and what a refusal means (`problem`).

use keydesk_core::credential::Credential;
use keydesk_core::{Error, Result};
use serde_json::Value;

use super::operations::Name;
use super::problem::Context;
use crate::http::{Answer, Scrubber};
use crate::json::Json;
use crate::operations;

/// The operations of one server and the way there.
pub(super) type Api = operations::Api<Name>;

/// An operation with everything that goes into its request.
pub(super) type Call<'a> = operations::Call<'a, Name>;

/// An answer that is no refusal.
pub(super) struct Reply {
    pub(super) answer: Answer,
    json: Option<Json>,
}

impl Reply {
    /// The JSON of the answer; null where it has none.
    pub(super) fn body(&self) -> &Value {
        self.json.as_ref().map_or(&Value::Null, Json::whole)
    }
}

impl Api {
    /// Asks, and turns every refusal and every web page into an error.
    pub(super) async fn ask(&self, call: &Call<'_>) -> Result<Reply> {
        let answer = self.send(call).await?;
        let mut json = Json::read(&answer.body);
        if !answer.is_success() {
            let problem = json.as_ref().map_or(&Value::Null, Json::whole);
            return Err(self.context(call).refused(problem, &answer));
        }
        if let Some(json) = &mut json {
            json.rename(&self.operations.get(call.name).fields);
        }
        let reply = Reply { answer, json };
        // What a gateway shows in place of the portal is no yes, also where no body is expected.
        if reply.answer.is_html() {
            return Err(self.unexpected(call, &reply, "a web page"));
        }
        Ok(reply)
    }

    /// Asks, and reads the JSON of the answer; `what` is for the error where it is not there.
    pub(super) async fn read<T>(
        &self,
        call: &Call<'_>,
        what: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T> {
        let reply = self.ask(call).await?;
        read(reply.body()).ok_or_else(|| self.unexpected(call, &reply, what))
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
            scrubber: Scrubber::new(call.credential, &call.secrets()),
        }
    }
}
