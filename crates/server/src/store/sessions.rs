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

pub(crate) fn delete(connection: &Connection, id: &str) -> Result<(), StoreError> {
    connection.execute("DELETE FROM sessions WHERE id = ?1", [id])?;
    Ok(())
}

/// Ends all sessions of a user, but for the one that is named.
pub(crate) fn delete_of_user(
    connection: &Connection,
    user_id: &str,
    keep: Option<&str>,
) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM sessions WHERE user_id = ?1 AND id IS NOT ?2",
        params![user_id, keep],
    )?;
    Ok(())
}

pub(crate) fn delete_expired(connection: &Connection, now: UnixMillis) -> Result<(), StoreError> {
    connection.execute("DELETE FROM sessions WHERE expire_time <= ?1", [now])?;
    Ok(())
}
