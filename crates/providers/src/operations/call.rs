//! One operation asked of the server: the request built from the table.
//!
//! Not here: judging the answer (each kind of server) and how it travels (`crate::http`).

use std::time::Duration;

use keydesk_core::credential::Credential;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::{Name, Operation, Operations};
use crate::http::{Answer, Body, Http, JSON_LIMIT, Request};

/// An operation with everything that goes into its request.
pub(crate) struct Call<'a, N> {
    pub(crate) name: N,
    values: Vec<(&'static str, &'a str)>,
    query: &'a [(&'a str, String)],
    pub(crate) credential: Option<&'a Credential>,
    fields: Vec<(&'static str, Part<'a>)>,
    body: Body,
    headers: Vec<(HeaderName, HeaderValue)>,
    body_limit: usize,
    total: Option<Duration>,
}

/// The value of a field in a body.
enum Part<'a> {
    Plain(Value),
    /// Never copied anywhere but into the body, which is wiped.
    Secret(&'a SecretString),
}

impl<'a, N: Name> Call<'a, N> {
    pub(crate) fn new(name: N) -> Self {
        Self {
            name,
            values: Vec::new(),
            query: &[],
            credential: None,
            fields: Vec::new(),
            body: Body::Empty,
            headers: Vec::new(),
            body_limit: JSON_LIMIT,
            total: None,
        }
    }

    /// A call by someone who is signed in.
    pub(crate) fn by(name: N, credential: &'a Credential) -> Self {
        Self {
            credential: Some(credential),
            ..Self::new(name)
        }
    }

    /// About the thing with this id: `{id}` in the path.
    pub(crate) fn on(self, id: &'a str) -> Self {
        self.value("id", id)
    }

    /// The value of a name in the path.
    pub(crate) fn value(mut self, name: &'static str, value: &'a str) -> Self {
        self.values.push((name, value));
        self
    }

    pub(crate) fn query(mut self, query: &'a [(&'a str, String)]) -> Self {
        self.query = query;
        self
    }

    /// A field of the JSON body, by our name of it.
    pub(crate) fn field(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.push((name, Part::Plain(value.into())));
        self
    }

    /// A secret in the JSON body, by our name of the field.
    pub(crate) fn secret_field(mut self, name: &'static str, value: &'a SecretString) -> Self {
        self.fields.push((name, Part::Secret(value)));
        self
    }

    /// A body that is no JSON of fields. A file goes under the server's name of its field.
    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// A header that is no secret.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn body_limit(mut self, limit: usize) -> Self {
        self.body_limit = limit;
        self
    }

    pub(crate) fn within(mut self, total: Duration) -> Self {
        self.total = Some(total);
        self
    }

    /// The secrets in the body, so that no error repeats them.
    pub(crate) fn secrets(&self) -> Vec<&'a SecretString> {
        let parts = self.fields.iter();
        parts
            .filter_map(|(_, part)| match part {
                Part::Plain(_) => None,
                Part::Secret(secret) => Some(*secret),
            })
            .collect()
    }

    /// The body, its fields under the server's names, in memory that is set aside at once and
    /// wiped after use.
    fn built(&self, operation: &Operation<N>) -> Result<Body> {
        if self.fields.is_empty() {
            let mut body = self.body.clone();
            if let Body::Form(file) = &mut body {
                file.field = operation.field(&file.field).to_owned().into();
            }
            return Ok(body);
        }
        let fields: Vec<_> = self
            .fields
            .iter()
            .map(|(name, part)| (operation.field(name), part))
            .collect();
        // An escaped character takes six at most; a buffer that never grows leaves no copy behind.
        let longest: usize = fields
            .iter()
            .map(|(name, part)| {
                let value = match part {
                    Part::Plain(value) => value.to_string().len(),
                    Part::Secret(secret) => 6 * secret.expose().len(),
                };
                6 * name.len() + value + 8
            })
            .sum();
        let mut json = Vec::with_capacity(longest + 2);
        serde_json::to_writer(&mut json, &Fields(&fields))
            .map_err(|_| Error::new(ErrorCode::Internal, "no JSON"))?;
        Ok(Body::json(json))
    }
}

struct Fields<'a>(&'a [(&'a str, &'a Part<'a>)]);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, part) in self.0 {
            match part {
                Part::Plain(value) => map.serialize_entry(name, value)?,
                Part::Secret(secret) => map.serialize_entry(name, secret.expose())?,
            }
        }
        map.end()
    }
}

/// The operations of one server and the way there.
#[derive(Debug)]
pub(crate) struct Api<N: Name> {
    pub(crate) operations: Operations<N>,
    pub(crate) http: Http,
}

impl<N: Name> Api<N> {
    /// Asks, and hands out whatever is answered.
    pub(crate) async fn send(&self, call: &Call<'_, N>) -> Result<Answer> {
        let operation = self.operations.get(call.name);
        let mut url = operation.url(self.http.server(), &call.values)?;
        if !call.query.is_empty() {
            let query = call.query.iter();
            let query = query.map(|(name, value)| (operation.field(name), value));
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = Request::new(
            operation.row.label,
            operation.method.clone(),
            url,
            operation.effect(),
            call.total.unwrap_or(self.http.limits().total),
        )
        .credential(call.credential)
        .body(call.built(operation)?)
        .headers(&call.headers)
        .body_limit(call.body_limit);
        self.http.send(&request).await
    }
}
