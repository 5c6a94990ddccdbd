//! Organizations that a person belongs to, with a role in each.
//!
//! Not here: which one is in front (the instance's configuration), its keys (`api_key`).

use serde::{Deserialize, Serialize};
use specta::Type;

/// An organization's id on its server, opaque.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct OrganizationId(pub String);

/// An organization, and what the person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The server's id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// The person's role in it, as the server names it.
    pub role: String,
}
