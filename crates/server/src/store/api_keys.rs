//! Rows of `api_keys`.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::users::{self, User};
use super::{StoreError, breaks_uniqueness};
use crate::clock::UnixMillis;

const COLUMNS: &str = "id, title, secret_tail, create_time, expire_time";

/// What lists show of a key.
#[derive(Clone, Debug)]
pub(crate) struct KeyRow {
    pub(crate) id: String,
    pub(crate) title: String,
    /// The last characters of the secret, by which people tell keys apart.
    pub(crate) secret_tail: String,
    pub(crate) create_time: UnixMillis,
    /// Absent: never.
    pub(crate) expire_time: Option<UnixMillis>,
}

impl KeyRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            title: row.get(1)?,
            secret_tail: row.get(2)?,
            create_time: row.get(3)?,
            expire_time: row.get(4)?,
        })
    }
}

/// What is stored of a key and never listed.
pub(crate) struct KeySecrets {
    pub(crate) hash: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

/// A key as it is looked up by a request that carries it.
pub(crate) struct KeyOwner {
    pub(crate) owner: User,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) expire_time: Option<UnixMillis>,
}

/// Adds a key; `false` when its title is taken.
pub(crate) fn insert(
    connection: &Connection,
    user_id: &str,
    title_key: &str,
    key: &KeyRow,
    secrets: &KeySecrets,
) -> Result<bool, StoreError> {
    let outcome = connection.execute(
        "INSERT INTO api_keys (id, user_id, title, title_key, secret_hash, secret_tail, \
         sealed_value, create_time, expire_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            key.id,
            user_id,
            key.title,
            title_key,
            secrets.hash,
            key.secret_tail,
            secrets.sealed,
            key.create_time,
            key.expire_time
        ],
    );
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if breaks_uniqueness(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn count(connection: &Connection, user_id: &str) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM api_keys WHERE user_id = ?1")?
        .query_row([user_id], |row| row.get(0))?)
}

/// A user's keys, newest first.
pub(crate) fn page(
    connection: &Connection,
    user_id: &str,
    offset: u64,
    limit: u64,
) -> Result<(u64, Vec<KeyRow>), StoreError> {
    let total = count(connection, user_id)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM api_keys WHERE user_id = ?1 \
         ORDER BY create_time DESC, number DESC LIMIT ?2 OFFSET ?3"
    );
    let keys = connection
        .prepare_cached(&sql)?
        .query_map(params![user_id, limit, offset], KeyRow::from_row)?
        .collect::<Result<_, _>>()?;
    Ok((total, keys))
}

/// A key of this user, with its sealed value.
pub(crate) fn sealed(
    connection: &Connection,
    user_id: &str,
    id: &str,
) -> Result<Option<(KeyRow, Vec<u8>)>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS}, sealed_value FROM api_keys WHERE user_id = ?1 AND id = ?2");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([user_id, id], |row| {
            Ok((KeyRow::from_row(row)?, row.get(5)?))
        })
        .optional()?)
}

/// The key with this id, whoever owns it, expired or not.
pub(crate) fn owner(connection: &Connection, id: &str) -> Result<Option<KeyOwner>, StoreError> {
    let sql = format!(
        "SELECT {}, api_keys.secret_hash, api_keys.expire_time \
         FROM users JOIN api_keys ON api_keys.user_id = users.id WHERE api_keys.id = ?1",
        users::columns()
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id], |row| {
            Ok(KeyOwner {
                owner: User::from_row(row)?,
                secret_hash: row.get(users::COLUMN_COUNT)?,
                expire_time: row.get(users::COLUMN_COUNT + 1)?,
            })
        })
        .optional()?)
}

/// Sets when a key of this user ends; the key afterwards, or nothing where there is none.
pub(crate) fn set_expire_time(
    connection: &Connection,
    user_id: &str,
    id: &str,
    expire_time: Option<UnixMillis>,
) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!(
        "UPDATE api_keys SET expire_time = ?3 WHERE user_id = ?1 AND id = ?2 RETURNING {COLUMNS}"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params![user_id, id, expire_time], KeyRow::from_row)
        .optional()?)
}

/// Removes a key of this user; `false` where there is none.
pub(crate) fn delete(connection: &Connection, user_id: &str, id: &str) -> Result<bool, StoreError> {
    let removed = connection.execute(
        "DELETE FROM api_keys WHERE user_id = ?1 AND id = ?2",
        [user_id, id],
    )?;
    Ok(removed > 0)
}
