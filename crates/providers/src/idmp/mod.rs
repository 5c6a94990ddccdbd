//! TDengine IDMP, self-hosted and in the cloud, and every server that speaks its dialect.
//!
//! What is documented, inferred or assumed about it stands in one table, `operations`. Answers
//! are read tolerantly (`wire`, `envelope`), refusals are sorted into the domain's codes
//! (`refusal`, `errors`).

mod avatar;
mod call;
mod capabilities;
mod check;
mod envelope;
mod errors;
mod keys;
#[cfg(test)]
mod malformed;
mod operations;
mod provider;
mod refusal;
mod session;
mod wire;

pub(crate) use provider::IdmpProvider;
