//! Rows of `api_key_usage`, and the last use of keys and sessions: written in batches.

use rusqlite::{Connection, params};

use super::StoreError;
use super::api_keys::{IN_LIST, KeyList};
use crate::clock::UnixMillis;
use crate::vocabulary::Named;

/// Adds calls of a key on one day to those of the list in which it is. A key that is gone by
/// then is in none.
pub(crate) fn add_calls(
    connection: &Connection,
    key_id: &str,
    day: i64,
    calls: u64,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO api_key_usage (key_id, day, calls, user_id, dialect, organization_id) \
             SELECT id, ?2, ?3, user_id, dialect, organization_id FROM api_keys WHERE id = ?1 \
             ON CONFLICT (key_id, day) DO UPDATE SET calls = calls + excluded.calls",
        )?
        .execute(params![key_id, day, calls])?;
    Ok(())
}

pub(crate) fn key_was_used(
    connection: &Connection,
    key_id: &str,
    time: UnixMillis,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE api_keys SET last_use_time = max(ifnull(last_use_time, 0), ?2) WHERE id = ?1",
        )?
        .execute(params![key_id, time])?;
    Ok(())
}

pub(crate) fn session_was_used(
    connection: &Connection,
    session_id: &str,
    time: UnixMillis,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE sessions SET last_use_time = max(ifnull(last_use_time, 0), ?2) WHERE id = ?1",
        )?
        .execute(params![session_id, time])?;
    Ok(())
}

/// Calls of a key by day, from `first_day` on; days without any are left out.
pub(crate) fn by_day(
    connection: &Connection,
    key_id: &str,
    first_day: i64,
) -> Result<Vec<(i64, u64)>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT day, calls FROM api_key_usage WHERE key_id = ?1 AND day >= ?2 ORDER BY day",
        )?
        .query_map(params![key_id, first_day], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// Calls with the keys of a list on one day, also with those that were deleted since.
pub(crate) fn calls_on(
    connection: &Connection,
    list: &KeyList,
    day: i64,
) -> Result<u64, StoreError> {
    let sql =
        format!("SELECT ifnull(sum(calls), 0) FROM api_key_usage WHERE {IN_LIST} AND day = ?4");
    Ok(connection.prepare_cached(&sql)?.query_row(
        params![
            list.user_id,
            list.dialect.name(),
            list.organization_or_none(),
            day
        ],
        |row| row.get(0),
    )?)
}

pub(crate) fn forget_before(connection: &Connection, day: i64) -> Result<(), StoreError> {
    connection.execute("DELETE FROM api_key_usage WHERE day < ?1", [day])?;
    Ok(())
}
