//! What a server can do for the safety of an account.
//!
//! Not here: the acts themselves (`second_factor`, `account_security`).

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Availability;

/// A second factor at sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorCapabilities {
    /// Whether an authenticator app can be set up.
    pub manage: Availability,
    /// Whether it can be removed again, where it is set up.
    pub removal: Availability,
    /// Whether the server hands out recovery codes.
    pub recovery_codes: bool,
    /// Whether setting up and removing ask for the password.
    pub asks_for_password: bool,
}
