//! The table of operations: every request that is made to a server, with what it rests on.
//!
//! Each kind of server declares its table once ([`Row`]). What is in force for an instance is the
//! table, then what a person confirmed of the server's own description of itself
//! (`Instance::contract`), then what the configuration says (`Instance::endpoints`):
//!
//! ```json
//! "endpoints": { "delete-key": "POST /api/v2/keys/{id}/remove" }
//! ```
//!
//! in the instance's entry of `config.json`: the operation's stable name, and `METHOD /path` behind
//! the server's base path, with the same names in braces as the row has. "Connection details" shows
//! names and requests. Such a row is settled by whoever wrote it, and no description moves it.
//! Names of fields are not overridden by hand.
//!
//! Not here: reading descriptions (`crate::contract`), and what an answer means (each kind).

mod call;
mod path;
mod row;

use std::collections::BTreeMap;

use keydesk_core::capabilities::{Availability, Reason};
use keydesk_core::contract::{Finding, LearntContract};
use keydesk_core::instance::Instance;
use keydesk_core::provider::{OperationRow, RestsOn};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Error, ErrorCode, Result};
use reqwest::Method;
use url::Url;

pub(crate) use self::call::{Api, Call};
pub(crate) use self::path::{parameter, parameters, parse};
#[cfg(test)]
pub(crate) use self::row::assert_in_order;
pub(crate) use self::row::{Name, Row, Sent, Shape, sent, text};
use crate::http::Effect;

/// An operation as it is in force.
#[derive(Debug)]
pub(crate) struct Operation<N: Name> {
    pub(crate) row: &'static Row<N>,
    pub(crate) method: Method,
    path: String,
    pub(crate) rests_on: RestsOn,
    finding: Option<Finding>,
    confirmed: bool,
    /// Our name of a field → the server's, where they differ and that was confirmed.
    pub(crate) fields: BTreeMap<String, String>,
}

/// The table in force for one instance.
#[derive(Debug)]
pub(crate) struct Operations<N: Name>(Vec<Operation<N>>);

impl<N: Name> Operations<N> {
    /// The built-in table with what the instance knows better. A name that is not in the table is
    /// passed over: a newer Keydesk may have written it.
    ///
    /// # Errors
    /// `InputRefused` where an override is no request; `detail` names it.
    pub(crate) fn new(instance: &Instance) -> Result<Self> {
        let mut operations: Vec<_> = N::table().iter().map(Operation::built_in).collect();
        if let Some(contract) = &instance.contract {
            for operation in &mut operations {
                operation.learn(contract);
            }
        }
        for (label, request) in &instance.endpoints {
            let known = operations
                .iter_mut()
                .find(|known| known.row.label == *label);
            if let Some(operation) = known {
                operation.fix(request)?;
            } else {
                tracing::warn!(%label, "an override of no known operation");
            }
        }
        Ok(Self(operations))
    }

    pub(crate) fn get(&self, name: N) -> &Operation<N> {
        &self.0[name.place()]
    }

    /// Whether an operation can be relied on, as far as the server's description tells.
    pub(crate) fn availability(&self, name: N) -> Availability {
        self.get(name).availability()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Operation<N>> {
        self.0.iter()
    }

    /// The table as "Connection details" shows it.
    pub(crate) fn rows(&self) -> Vec<OperationRow> {
        let rows = self.0.iter().map(|operation| OperationRow {
            name: operation.row.label.to_owned(),
            request: operation.request(),
            rests_on: operation.rests_on,
            finding: operation.finding.clone(),
            confirmed: operation.confirmed,
        });
        rows.collect()
    }
}

impl<N: Name> Operation<N> {
    fn built_in(row: &'static Row<N>) -> Self {
        Self {
            row,
            method: row.method.clone(),
            path: row.path.to_owned(),
            rests_on: row.rests_on,
            finding: None,
            confirmed: false,
            fields: BTreeMap::new(),
        }
    }

    /// Takes over what a description says. Another place is used only once a person has confirmed
    /// it, and never with a method of another sort: what reads stays what reads.
    fn learn(&mut self, contract: &LearntContract) {
        let Some(finding) = contract.findings.get(self.row.label) else {
            return;
        };
        self.finding = Some(finding.clone());
        let Finding::FoundElsewhere { request, fields } = finding else {
            return;
        };
        if !contract.confirmed.contains(self.row.label) {
            return;
        }
        match parse(request, &parameters(self.row.path)) {
            Some((method, path)) if is_alike(&method, &self.row.method) => {
                self.method = method;
                self.path = path;
                self.fields.clone_from(fields);
                self.confirmed = true;
            }
            _ => tracing::warn!(
                operation = self.row.label,
                "a finding that is no such request"
            ),
        }
    }

    /// Takes over what the configuration says.
    fn fix(&mut self, request: &str) -> Result<()> {
        let (method, path) = parse(request, &parameters(self.row.path)).ok_or_else(|| {
            Error::new(ErrorCode::InputRefused, "an override that is no request")
                .with_detail(self.row.label)
        })?;
        *self = Self {
            method,
            path,
            rests_on: RestsOn::Overridden,
            ..Self::built_in(self.row)
        };
        Ok(())
    }

    fn availability(&self) -> Availability {
        match self.finding {
            Some(Finding::Missing) => Availability::unavailable(Reason::NotDescribed),
            Some(Finding::FoundElsewhere { .. }) if !self.confirmed => {
                Availability::unavailable(Reason::Unconfirmed)
            }
            _ => Availability::Available,
        }
    }

    /// Whether the server's description was read and lists it here.
    pub(crate) fn is_described(&self) -> bool {
        self.finding.is_some() && self.availability().is_available()
    }

    /// `METHOD /path`, without the base address.
    pub(crate) fn request(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it is about one thing that its path names.
    pub(crate) fn has_parameters(&self) -> bool {
        !parameters(&self.path).is_empty()
    }

    /// The server's name of a field.
    pub(crate) fn field<'a>(&'a self, ours: &'a str) -> &'a str {
        self.fields.get(ours).map_or(ours, String::as_str)
    }

    /// The address of the operation, with values for the names in its path.
    ///
    /// # Errors
    /// `NotFound` for a value that would change the path.
    pub(crate) fn url(&self, server: &ServerUrl, values: &[(&str, &str)]) -> Result<Url> {
        Ok(server.join(&path::filled(&self.path, values)?))
    }

    pub(crate) fn effect(&self) -> Effect {
        self.row.effect
    }
}

/// Whether two methods are of one sort: reading, writing, deleting.
pub(crate) fn is_alike(one: &Method, other: &Method) -> bool {
    let sort = |method: &Method| match *method {
        Method::GET => 0,
        Method::DELETE => 1,
        _ => 2,
    };
    sort(one) == sort(other)
}

#[cfg(test)]
mod tests;
