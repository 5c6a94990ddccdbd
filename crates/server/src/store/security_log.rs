//! Rows of `security_log`: what happened to an account, for its owner to read.

use rusqlite::{Connection, params};

use super::StoreError;
use crate::client::Client;
use crate::clock::UnixMillis;
use crate::vocabulary::{Named, SecurityEvent};

/// Writes down what happened, within the change that made it happen. `subject` names what
/// it happened to, in the words of the person, and is never a secret.
pub(crate) fn record(
    connection: &Connection,
    user_id: &str,
    time: UnixMillis,
    event: SecurityEvent,
    client: &Client,
    subject: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO security_log (user_id, time, event, address, user_agent, subject) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            user_id,
            time,
            event.name(),
            client.address,
            client.user_agent,
            subject
        ])?;
    Ok(())
}
