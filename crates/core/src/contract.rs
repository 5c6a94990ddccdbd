//! What was learnt from a server's description of its own API, held against our table.
//!
//! Not here: reading descriptions and matching them (`keydesk-providers`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::time::Timestamp;

/// What a description says of one operation of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "finding", rename_all = "camelCase")]
pub enum Finding {
    /// It is listed just as we call it.
    Confirmed,
    /// The same operation is listed under another path, or with other names of fields.
    FoundElsewhere {
        /// `METHOD /path`, without the base address.
        request: String,
        /// Our name of a field → the server's, where they differ.
        fields: BTreeMap<String, String>,
    },
    /// It is not listed.
    Missing,
}

/// Where a description came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "from", rename_all = "camelCase")]
pub enum DescriptionSource {
    /// The server serves it.
    Server,
    /// The person imported a file.
    File {
        /// Its name, without the folder.
        name: String,
    },
}

/// All that was learnt from one description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LearntContract {
    /// Where it came from.
    pub source: DescriptionSource,
    /// Title and version of the API, in the description's words.
    pub version: String,
    /// When it was read, by this computer's clock.
    pub read_at: Timestamp,
    /// Operation → what the description says of it.
    pub findings: BTreeMap<String, Finding>,
    /// The operations found elsewhere that a person has confirmed; only these are used.
    #[serde(default)]
    pub confirmed: BTreeSet<String>,
}

impl LearntContract {
    /// Whether this says just what `other` said, so that what was confirmed there holds here.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.version == other.version && self.findings == other.findings
    }
}
