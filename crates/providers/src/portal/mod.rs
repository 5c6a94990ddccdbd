//! A Keydesk server: the organization portal and the admin portal, as its description at
//! `/openapi.json` has them. Which of the two an account sees, and what it may do there, the
//! server's capabilities say.
//!
//! Not here: the dialects of other products that the same server speaks beside its own
//! (`crate::idmp`, `crate::aimms`).

mod administration;
mod call;
mod capabilities;
mod check;
mod key_capabilities;
mod keys;
mod lists;
mod operations;
mod problem;
mod profile;
mod provider;
mod repetition;
mod security;
mod security_wire;
mod wire;

pub(crate) use provider::PortalProvider;

#[cfg(test)]
mod malformed;
