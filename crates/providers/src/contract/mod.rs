//! Learning the contract from a server's description of its own API: `OpenAPI` 2, 3.0 and 3.1, in
//! JSON or YAML, held against the table of operations.
//!
//! A description is a stranger's text. It is read within limits, and all it can do is to name
//! another path or another field below the server's own base address, for a request of the same
//! sort, once a person has confirmed that. What it says of other origins is not heard, what it
//! leaves open or says twice is not guessed.
//!
//! Not here: keeping what was learnt (the instance's configuration) and using it
//! (`crate::operations`).

mod body;
mod describe;
mod fields;
mod matching;
mod place;
mod read;
mod relations;
mod schema;
#[cfg(test)]
mod tests;
mod verbs;
mod words;

use std::collections::BTreeSet;

use keydesk_core::contract::{DescriptionSource, Finding, LearntContract};
use keydesk_core::provider::RestsOn;
use keydesk_core::server_url::ServerUrl;
use keydesk_core::time::Timestamp;
use keydesk_core::{Error, ErrorCode, Result};

use self::describe::Description;
use crate::http::{Answer, plain_text};
use crate::operations::{Api, Name, Operations, Row};

/// The longest title and version that is kept, in characters.
const VERSION_LIMIT: usize = 120;

/// What the answer to a request for the description teaches; `None` where the server serves none,
/// or one of something else.
pub(crate) async fn learn<N: Name>(api: &Api<N>, answer: Answer) -> Result<Option<LearntContract>> {
    if !answer.is_success() || answer.is_html() || answer.body.is_empty() {
        return match answer.status {
            429 | 500 | 502..=504 => Err(Error::new(
                ErrorCode::ServerUnavailable,
                "the description cannot be had now",
            )
            .with_detail(format!(
                "{} answered {}",
                api.http.server().host_and_port(),
                answer.status
            ))),
            _ => Ok(None),
        };
    }
    // Ten megabytes take their time, and the window's other requests need theirs.
    let rows = rows(&api.operations);
    let server = api.http.server().clone();
    let learnt = tokio::task::spawn_blocking(move || {
        learnt(&rows, &server, &answer.body, DescriptionSource::Server)
    })
    .await
    .map_err(|_| Error::new(ErrorCode::Internal, "reading a description was broken off"))??;
    Ok(is_ours(&learnt).then_some(learnt))
}

/// Holds the table of operations against a description out of a file.
///
/// # Errors
/// `DescriptionNotUnderstood` where it is no description, or lists no operation of ours.
pub(crate) fn compare<N: Name>(
    operations: &Operations<N>,
    server: &ServerUrl,
    bytes: &[u8],
    source: DescriptionSource,
) -> Result<LearntContract> {
    let learnt = learnt(&rows(operations), server, bytes, source)?;
    if is_ours(&learnt) {
        Ok(learnt)
    } else {
        Err(not_understood("it describes another API"))
    }
}

/// Whether at least one operation of ours is described. A description of something else would
/// otherwise take every action off the screen.
fn is_ours(learnt: &LearntContract) -> bool {
    let mut findings = learnt.findings.values();
    findings.any(|finding| *finding != Finding::Missing)
}

/// The rows of which a description has something to say: where the configuration has the last
/// word, nothing is asked of it.
fn rows<N: Name>(operations: &Operations<N>) -> Vec<&'static Row<N>> {
    let open = operations
        .iter()
        .filter(|one| one.rests_on != RestsOn::Overridden);
    open.map(|operation| operation.row).collect()
}

fn learnt<N>(
    rows: &[&'static Row<N>],
    server: &ServerUrl,
    bytes: &[u8],
    source: DescriptionSource,
) -> Result<LearntContract> {
    let document = read::document(bytes)?;
    let description = Description::new(&document, server)?;
    let found = rows
        .iter()
        .filter_map(|row| Some((*row, matching::find(row, &description)?)));
    let mut found: relations::Findings<N> = found.collect();
    relations::settle(&mut found);
    let findings = found
        .into_iter()
        .map(|(row, found)| (row.label.to_owned(), found.finding));
    Ok(LearntContract {
        source,
        version: plain_text(&description.version, VERSION_LIMIT),
        read_at: Timestamp::now(),
        findings: findings.collect(),
        confirmed: BTreeSet::new(),
    })
}

fn not_understood(label: &'static str) -> Error {
    Error::new(ErrorCode::DescriptionNotUnderstood, label)
}
