//! Rows of `sessions`. A session exists until it is signed out, revoked or expired.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::users::{self, User};
use crate::client::Client;
use crate::clock::UnixMillis;

/// A session as stored. The token that names it is not stored, its companion only as a hash.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) access_token_hash: Vec<u8>,
    pub(crate) create_time: UnixMillis,
    pub(crate) expire_time: UnixMillis,
    /// Where it was begun.
    pub(crate) client: Client,
}

pub(crate) fn insert(connection: &Connection, session: &Session) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO sessions (id, user_id, access_token_hash, create_time, expire_time, \
             address, user_agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            session.id,
            session.user_id,
            session.access_token_hash,
            session.create_time,
            session.expire_time,
            session.client.address,
            session.client.user_agent
        ],
    )?;
    Ok(())
}

/// The owner of a session that has not expired.
pub(crate) fn owner(
    connection: &Connection,
    id: &str,
    now: UnixMillis,
) -> Result<Option<User>, StoreError> {
    let sql = format!(
        "SELECT {} FROM users JOIN sessions ON sessions.user_id = users.id \
         WHERE sessions.id = ?1 AND sessions.expire_time > ?2",
        users::columns()
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params![id, now], User::from_row)
        .optional()?)
}

/// The session, and its owner's id, to which an access token belongs.
pub(crate) fn by_access_token(
    connection: &Connection,
    access_token_hash: &[u8],
    now: UnixMillis,
) -> Result<Option<(String, String)>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT id, user_id FROM sessions WHERE access_token_hash = ?1 AND expire_time > ?2",
        )?
        .query_row(params![access_token_hash, now], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}

/// What the owner of a session sees of it.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) create_time: UnixMillis,
    pub(crate) expire_time: UnixMillis,
    /// Absent: not since it was made.
    pub(crate) last_use_time: Option<UnixMillis>,
    /// Where it was begun.
    pub(crate) client: Client,
}

/// Where a list was left: the time and the id of the last session that was seen.
pub(crate) type Position = (UnixMillis, String);

/// The sessions of a user that have not expired, newest first, after those that were seen.
pub(crate) fn of_user(
    connection: &Connection,
    user_id: &str,
    now: UnixMillis,
    seen: Option<&Position>,
    limit: u64,
) -> Result<Vec<SessionRow>, StoreError> {
    let (time, id) = seen.map_or((UnixMillis::MAX, ""), |(time, id)| (*time, id));
    Ok(connection
        .prepare_cached(
            "SELECT id, create_time, expire_time, last_use_time, address, user_agent \
             FROM sessions WHERE user_id = ?1 AND expire_time > ?2 \
             AND (create_time, id) < (?3, ?4) ORDER BY create_time DESC, id DESC LIMIT ?5",
        )?
        .query_map(params![user_id, now, time, id, limit], |row| {
            Ok(SessionRow {
                id: row.get(0)?,
                create_time: row.get(1)?,
                expire_time: row.get(2)?,
                last_use_time: row.get(3)?,
                client: Client {
                    address: row.get(4)?,
                    user_agent: row.get(5)?,
                },
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// How many sessions of a user have not expired.
pub(crate) fn count_of_user(
    connection: &Connection,
    user_id: &str,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM sessions WHERE user_id = ?1 AND expire_time > ?2")?
        .query_row(params![user_id, now], |row| row.get(0))?)
}

/// Ends a session of a user; how the program was called that began it, or nothing where
/// there is no such session.
pub(crate) fn delete(
    connection: &Connection,
    user_id: &str,
    id: &str,
) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("DELETE FROM sessions WHERE user_id = ?1 AND id = ?2 RETURNING user_agent")?
        .query_row([user_id, id], |row| row.get(0))
        .optional()?)
}

/// Ends all sessions of a user, but for the one that is named; how many.
pub(crate) fn delete_of_user(
    connection: &Connection,
    user_id: &str,
    keep: Option<&str>,
) -> Result<usize, StoreError> {
    Ok(connection.execute(
        "DELETE FROM sessions WHERE user_id = ?1 AND id IS NOT ?2",
        params![user_id, keep],
    )?)
}

pub(crate) fn delete_expired(connection: &Connection, now: UnixMillis) -> Result<(), StoreError> {
    connection.execute("DELETE FROM sessions WHERE expire_time <= ?1", [now])?;
    Ok(())
}
