//! What was learnt from a server's description of its own API, held against our table.
//!
//! Not here: reading descriptions and matching them (`keydesk-providers`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::provider::{OperationRow, RestsOn};
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

/// So long, in milliseconds, a server is taken to be of the version that was read: no kind of
/// server tells its version anywhere but in the description itself.
const LOOKED_AT_AGAIN_AFTER: i64 = 24 * 60 * 60 * 1000;

impl LearntContract {
    /// This contract in place of the one before: what a person had confirmed stays confirmed where
    /// this one finds the same.
    #[must_use]
    pub fn in_place_of(mut self, before: Option<&Self>) -> Self {
        let Some(before) = before else { return self };
        let stays =
            |operation: &&String| self.findings.get(*operation) == before.findings.get(*operation);
        self.confirmed = before.confirmed.iter().filter(stays).cloned().collect();
        self
    }

    /// Whether the server's own description is due to be looked at: a file was the person's choice
    /// and stays.
    pub fn is_due(&self, now: Timestamp) -> bool {
        match self.source {
            DescriptionSource::File { .. } => false,
            // A time that is still to come was told by a clock that was wrong.
            DescriptionSource::Server => {
                let read_lately = self.read_at..self.read_at.plus(LOOKED_AT_AGAIN_AFTER);
                !read_lately.contains(&now)
            }
        }
    }

    /// Notes what was found in the rows of a table; what the configuration has settled stays.
    pub fn note_in(&self, operations: &mut [OperationRow]) {
        for row in operations {
            if row.rests_on != RestsOn::Overridden {
                row.finding = self.findings.get(&row.name).cloned();
            }
        }
    }

    /// What keeps actions from the screen, or has moved them: all that is not just as we know it.
    pub fn differences(&self) -> BTreeMap<&str, (&Finding, bool)> {
        let all = self.findings.iter();
        all.filter(|(_, finding)| **finding != Finding::Confirmed)
            .map(|(operation, finding)| {
                let used = self.confirmed.contains(operation);
                (operation.as_str(), (finding, used))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elsewhere(request: &str) -> Finding {
        Finding::FoundElsewhere {
            request: request.to_owned(),
            fields: BTreeMap::new(),
        }
    }

    fn learnt(source: DescriptionSource, list: Finding, create: Finding) -> LearntContract {
        let findings = [("list-keys", list), ("create-key", create)];
        LearntContract {
            source,
            version: "1".into(),
            read_at: Timestamp(1_000_000),
            findings: findings
                .map(|(name, finding)| (name.into(), finding))
                .into(),
            confirmed: BTreeSet::new(),
        }
    }

    fn of_server(list: Finding, create: Finding) -> LearntContract {
        learnt(DescriptionSource::Server, list, create)
    }

    #[test]
    fn what_was_confirmed_stays_where_the_same_is_found_again() {
        let mut before = of_server(elsewhere("GET /v2/keys"), elsewhere("POST /v2/keys"));
        before.confirmed = ["list-keys", "create-key"].map(str::to_owned).into();
        let mut after = of_server(elsewhere("GET /v2/keys"), elsewhere("POST /v3/keys"));
        after.version = "2".into();
        let after = after.in_place_of(Some(&before));
        assert_eq!(after.confirmed, BTreeSet::from(["list-keys".to_owned()]));
        assert_eq!(after.version, "2");
        let first = before.clone().in_place_of(None);
        assert_eq!(first, before);
    }

    #[test]
    fn a_server_is_looked_at_again_after_a_day_and_a_file_never() {
        let server = of_server(Finding::Confirmed, Finding::Missing);
        let read = server.read_at;
        assert!(!server.is_due(read));
        assert!(!server.is_due(read.plus(LOOKED_AT_AGAIN_AFTER - 1)));
        assert!(server.is_due(read.plus(LOOKED_AT_AGAIN_AFTER)));
        assert!(server.is_due(read.plus(-1)), "the clock was wrong");
        let file = DescriptionSource::File {
            name: "api.json".into(),
        };
        let file = learnt(file, Finding::Confirmed, Finding::Missing);
        assert!(!file.is_due(read.plus(10 * LOOKED_AT_AGAIN_AFTER)));
    }

    #[test]
    fn what_was_found_is_noted_but_where_the_configuration_has_settled_it() {
        let row = |name: &str, rests_on| OperationRow {
            name: name.into(),
            request: "GET /keys".into(),
            rests_on,
            finding: None,
            confirmed: false,
        };
        let mut rows = [
            row("list-keys", RestsOn::Assumed),
            row("create-key", RestsOn::Overridden),
        ];
        of_server(Finding::Confirmed, Finding::Missing).note_in(&mut rows);
        assert_eq!(rows[0].finding, Some(Finding::Confirmed));
        assert_eq!(rows[1].finding, None);
    }

    #[test]
    fn a_difference_is_what_is_not_as_we_know_it_and_whether_it_is_used() {
        let plain = of_server(Finding::Confirmed, Finding::Confirmed);
        assert!(plain.differences().is_empty());
        let mut moved = of_server(elsewhere("GET /v2/keys"), Finding::Confirmed);
        let unused = moved.clone();
        moved.confirmed.insert("list-keys".into());
        assert_eq!(moved.differences().len(), 1);
        assert_ne!(moved.differences(), unused.differences());
    }
}
