//! Rows of `login_failures`: how often in a row a sign-in with a name failed.
//!
//! Names that belong to nobody are counted like all others, so that neither the answer nor
//! its time tells whether an account exists. Their number is bounded.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::clock::UnixMillis;

/// The most names kept that belong to nobody. The oldest are forgotten first.
const MAX_UNKNOWN_NAMES: u32 = 10_000;

/// What is known of the failures of one name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: u32,
    /// Before this time no further try is looked at.
    pub(crate) next_try_time: UnixMillis,
}

pub(crate) fn get(connection: &Connection, mac: &[u8]) -> Result<Failures, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT failures, next_try_time FROM login_failures WHERE login_name_mac = ?1",
        )?
        .query_row([mac], |row| {
            Ok(Failures {
                count: row.get(0)?,
                next_try_time: row.get(1)?,
            })
        })
        .optional()?
        .unwrap_or_default())
}

pub(crate) fn put(
    connection: &Connection,
    mac: &[u8],
    failures: Failures,
    now: UnixMillis,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO login_failures (login_name_mac, failures, next_try_time, last_time) \
         VALUES (?1, ?2, ?3, ?4) ON CONFLICT (login_name_mac) \
         DO UPDATE SET failures = ?2, next_try_time = ?3, last_time = ?4",
        params![mac, failures.count, failures.next_try_time, now],
    )?;
    forget_unknown(connection, MAX_UNKNOWN_NAMES)
}

pub(crate) fn clear(connection: &Connection, mac: &[u8]) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM login_failures WHERE login_name_mac = ?1",
        [mac],
    )?;
    Ok(())
}

fn forget_unknown(connection: &Connection, most: u32) -> Result<(), StoreError> {
    let rows: u32 =
        connection.query_row("SELECT count(*) FROM login_failures", [], |row| row.get(0))?;
    if rows <= most {
        return Ok(());
    }
    // A tenth at a time, so that a flood does not pay for this with every try.
    connection.execute(
        "DELETE FROM login_failures WHERE login_name_mac IN (\
             SELECT login_name_mac FROM login_failures AS failed WHERE NOT EXISTS (\
                 SELECT 1 FROM users WHERE users.login_name_mac = failed.login_name_mac) \
             ORDER BY last_time LIMIT ?1)",
        [most / 10 + 1],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn the_oldest_unknown_names_are_forgotten_first() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("keydesk.db"), None).unwrap();
        store
            .write(|transaction| {
                for number in 0..20_u8 {
                    let failures = Failures {
                        count: 1,
                        next_try_time: 0,
                    };
                    put(transaction, &[number], failures, i64::from(number))?;
                }
                forget_unknown(transaction, 19)?;
                assert_eq!(get(transaction, &[0])?, Failures::default());
                assert_eq!(get(transaction, &[1])?, Failures::default());
                assert_eq!(get(transaction, &[19])?.count, 1);
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
}
