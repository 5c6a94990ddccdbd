//! Rows of `security_log`: what happened to an account, for its owner to read.

use rusqlite::{Connection, params};

use super::{StoreError, named};
use crate::client::Client;
use crate::clock::UnixMillis;
use crate::vocabulary::{Named, SecurityEvent};

/// The most entries kept of one account. The oldest are forgotten first.
const MAX_ENTRIES: u32 = 1000;

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
    forget_oldest(connection, user_id, MAX_ENTRIES)
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Later entries have higher numbers.
    pub(crate) number: i64,
    pub(crate) time: UnixMillis,
    pub(crate) event: SecurityEvent,
    pub(crate) client: Client,
    /// Empty where the event says all.
    pub(crate) subject: String,
}

/// What happened to an account, newest first, before the entry that was seen last.
pub(crate) fn of_user(
    connection: &Connection,
    user_id: &str,
    seen: Option<i64>,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT number, time, event, address, user_agent, subject FROM security_log \
             WHERE user_id = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3",
        )?
        .query_map(params![user_id, seen.unwrap_or(i64::MAX), limit], |row| {
            Ok(Entry {
                number: row.get(0)?,
                time: row.get(1)?,
                event: named(row, 2)?,
                client: Client {
                    address: row.get(3)?,
                    user_agent: row.get(4)?,
                },
                subject: row.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Keeps the newest entries of an account.
fn forget_oldest(connection: &Connection, user_id: &str, most: u32) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "DELETE FROM security_log WHERE user_id = ?1 AND number <= ( \
                 SELECT number FROM security_log WHERE user_id = ?1 \
                 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![user_id, most])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn the_oldest_entries_of_an_account_are_forgotten_first() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("keydesk.db"), None).unwrap();
        store
            .write(|transaction| {
                for id in ["ada", "bob"] {
                    transaction.execute(
                        "INSERT INTO users (id, email, email_key, login_name_mac, first_name, \
                             last_name, role, create_time) VALUES (?1, ?1, ?1, x'', '', '', '', 0)",
                        [id],
                    )?;
                }
                let client = Client::default();
                for number in 0..5 {
                    for id in ["ada", "bob"] {
                        let subject = number.to_string();
                        let event = SecurityEvent::SignedIn;
                        record(transaction, id, number, event, &client, &subject)?;
                    }
                }
                forget_oldest(transaction, "ada", 3)?;
                let subjects = |id| -> Result<Vec<String>, StoreError> {
                    let entries = of_user(transaction, id, None, 100)?;
                    Ok(entries.into_iter().map(|entry| entry.subject).collect())
                };
                assert_eq!(subjects("ada")?, ["4", "3", "2"]);
                assert_eq!(subjects("bob")?.len(), 5);
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
}
