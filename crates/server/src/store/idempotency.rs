//! Rows of `idempotency`: what was made for requests that may come again.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::clock::UnixMillis;

/// Which request: whose, to where, and under which name.
#[derive(Clone, Debug)]
pub(crate) struct RequestName {
    pub(crate) user_id: String,
    pub(crate) path: String,
    pub(crate) key: String,
}

/// What is remembered of a request since `from`.
pub(crate) fn get(
    connection: &Connection,
    name: &RequestName,
    from: UnixMillis,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT sealed FROM idempotency \
             WHERE user_id = ?1 AND path = ?2 AND key = ?3 AND create_time >= ?4",
        )?
        .query_row(params![name.user_id, name.path, name.key, from], |row| {
            row.get(0)
        })
        .optional()?)
}

/// Remembers a request, in place of what was remembered of it.
pub(crate) fn put(
    connection: &Connection,
    name: &RequestName,
    sealed: &[u8],
    now: UnixMillis,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT OR REPLACE INTO idempotency (user_id, path, key, sealed, create_time) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![name.user_id, name.path, name.key, sealed, now],
    )?;
    Ok(())
}

pub(crate) fn forget_before(connection: &Connection, time: UnixMillis) -> Result<(), StoreError> {
    connection.execute("DELETE FROM idempotency WHERE create_time < ?1", [time])?;
    Ok(())
}
