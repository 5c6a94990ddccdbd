//! Rows of `api_keys`. Calls by day are kept in `api_key_usage`.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::users::{self, User};
use super::{StoreError, breaks_uniqueness, named};
use crate::clock::UnixMillis;
use crate::vocabulary::{Dialect, Named, OrganizationRole};

const COLUMNS: &str = "number, id, title, description, scopes, secret_tail, create_time, \
     expire_time, revoke_time, last_use_time";
const COLUMN_COUNT: usize = 10;

/// The rows of one list, in the words of the indexes that find them.
pub(super) const IN_LIST: &str =
    "user_id = ?1 AND dialect = ?2 AND ifnull(organization_id, '') = ?3";

/// Which list of keys: no key is found by way of another one.
#[derive(Clone, Debug)]
pub(crate) struct KeyList {
    pub(crate) user_id: String,
    pub(crate) dialect: Dialect,
    /// Only keys of the portal may belong to one.
    pub(crate) organization_id: Option<String>,
}

impl KeyList {
    pub(super) fn organization_or_none(&self) -> &str {
        self.organization_id.as_deref().unwrap_or_default()
    }
}

/// What lists show of a key.
#[derive(Clone, Debug)]
pub(crate) struct KeyRow {
    /// Orders keys of the same time; given by the database.
    pub(crate) number: i64,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) scopes: Vec<String>,
    /// The last characters of the secret, by which people tell keys apart.
    pub(crate) secret_tail: String,
    pub(crate) create_time: UnixMillis,
    /// Absent: never.
    pub(crate) expire_time: Option<UnixMillis>,
    pub(crate) revoke_time: Option<UnixMillis>,
    pub(crate) last_use_time: Option<UnixMillis>,
}

impl KeyRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let scopes: String = row.get(4)?;
        Ok(Self {
            number: row.get(0)?,
            id: row.get(1)?,
            title: row.get(2)?,
            description: row.get(3)?,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            secret_tail: row.get(5)?,
            create_time: row.get(6)?,
            expire_time: row.get(7)?,
            revoke_time: row.get(8)?,
            last_use_time: row.get(9)?,
        })
    }
}

/// A key to be stored.
pub(crate) struct NewRow {
    pub(crate) id: String,
    pub(crate) title: String,
    /// The form in which titles are compared.
    pub(crate) title_key: String,
    pub(crate) description: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) secret_tail: String,
    /// Where its dialect shows a key again.
    pub(crate) sealed_value: Option<Vec<u8>>,
    pub(crate) create_time: UnixMillis,
    pub(crate) expire_time: Option<UnixMillis>,
}

/// A key as it is looked up by a request that carries it.
pub(crate) struct KeyOwner {
    pub(crate) owner: User,
    pub(crate) dialect: Dialect,
    pub(crate) organization: Option<(String, OrganizationRole)>,
    pub(crate) scopes: Vec<String>,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) expire_time: Option<UnixMillis>,
    pub(crate) revoke_time: Option<UnixMillis>,
}

/// Adds a key; nothing when its title is taken.
pub(crate) fn insert(
    connection: &Connection,
    list: &KeyList,
    key: &NewRow,
) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!(
        "INSERT INTO api_keys (user_id, dialect, organization_id, id, title, title_key, \
             description, scopes, secret_hash, secret_tail, sealed_value, create_time, expire_time) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) RETURNING {COLUMNS}"
    );
    let outcome = connection.prepare_cached(&sql)?.query_row(
        params![
            list.user_id,
            list.dialect.name(),
            list.organization_id,
            key.id,
            key.title,
            key.title_key,
            key.description,
            key.scopes.join(" "),
            key.secret_hash,
            key.secret_tail,
            key.sealed_value,
            key.create_time,
            key.expire_time
        ],
        KeyRow::from_row,
    );
    match outcome {
        Ok(row) => Ok(Some(row)),
        Err(error) if breaks_uniqueness(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn count(connection: &Connection, list: &KeyList) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM api_keys WHERE {IN_LIST}");
    Ok(connection.prepare_cached(&sql)?.query_row(
        [
            &list.user_id,
            list.dialect.name(),
            list.organization_or_none(),
        ],
        |row| row.get(0),
    )?)
}

/// How many keys a user has, in every dialect and place.
pub(crate) fn count_of_user(connection: &Connection, user_id: &str) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM api_keys WHERE user_id = ?1")?
        .query_row([user_id], |row| row.get(0))?)
}

/// Keys of a list, newest first, by number of the page.
pub(crate) fn page(
    connection: &Connection,
    list: &KeyList,
    offset: u64,
    limit: u64,
) -> Result<(u64, Vec<KeyRow>), StoreError> {
    let total = count(connection, list)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM api_keys WHERE {IN_LIST} \
         ORDER BY create_time DESC, number DESC LIMIT ?4 OFFSET ?5"
    );
    let keys = connection
        .prepare_cached(&sql)?
        .query_map(
            params![
                list.user_id,
                list.dialect.name(),
                list.organization_or_none(),
                limit,
                offset
            ],
            KeyRow::from_row,
        )?
        .collect::<Result<_, _>>()?;
    Ok((total, keys))
}

/// Where a list was left: the time and the number of the last key that was seen.
pub(crate) type Position = (UnixMillis, i64);

/// Keys of a list, newest first, after those that were seen already.
pub(crate) fn after(
    connection: &Connection,
    list: &KeyList,
    seen: Option<Position>,
    limit: u64,
) -> Result<Vec<KeyRow>, StoreError> {
    let (time, number) = seen.unwrap_or((UnixMillis::MAX, i64::MAX));
    let sql = format!(
        "SELECT {COLUMNS} FROM api_keys WHERE {IN_LIST} AND (create_time, number) < (?4, ?5) \
         ORDER BY create_time DESC, number DESC LIMIT ?6"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_map(
            params![
                list.user_id,
                list.dialect.name(),
                list.organization_or_none(),
                time,
                number,
                limit
            ],
            KeyRow::from_row,
        )?
        .collect::<Result<_, _>>()?)
}

/// A key of this list.
pub(crate) fn get(
    connection: &Connection,
    list: &KeyList,
    id: &str,
) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE {IN_LIST} AND id = ?4");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(named_key(list, id), KeyRow::from_row)
        .optional()?)
}

/// A key of this list that can be shown again, with its sealed value.
pub(crate) fn sealed(
    connection: &Connection,
    list: &KeyList,
    id: &str,
) -> Result<Option<(KeyRow, Vec<u8>)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, sealed_value FROM api_keys \
         WHERE {IN_LIST} AND id = ?4 AND sealed_value IS NOT NULL"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(named_key(list, id), |row| {
            Ok((KeyRow::from_row(row)?, row.get(COLUMN_COUNT)?))
        })
        .optional()?)
}

/// The key with this id, whoever owns it, expired or revoked or not.
pub(crate) fn owner(connection: &Connection, id: &str) -> Result<Option<KeyOwner>, StoreError> {
    let sql = format!(
        "SELECT {}, key.dialect, key.organization_id, memberships.role, key.scopes, \
             key.secret_hash, key.expire_time, key.revoke_time \
         FROM api_keys AS key JOIN users ON users.id = key.user_id \
         LEFT JOIN memberships ON memberships.user_id = key.user_id \
             AND memberships.organization_id = key.organization_id \
         WHERE key.id = ?1",
        users::columns()
    );
    let from = users::COLUMN_COUNT;
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id], |row| {
            let organization_id: Option<String> = row.get(from + 1)?;
            let organization = organization_id
                .map(|id| Ok::<_, rusqlite::Error>((id, named(row, from + 2)?)))
                .transpose()?;
            let scopes: String = row.get(from + 3)?;
            Ok(KeyOwner {
                owner: User::from_row(row)?,
                dialect: named(row, from)?,
                organization,
                scopes: scopes.split_whitespace().map(str::to_owned).collect(),
                secret_hash: row.get(from + 4)?,
                expire_time: row.get(from + 5)?,
                revoke_time: row.get(from + 6)?,
            })
        })
        .optional()?)
}

/// Sets when a key of this list ends; the key afterwards, or nothing where there is none.
pub(crate) fn set_expire_time(
    connection: &Connection,
    list: &KeyList,
    id: &str,
    expire_time: Option<UnixMillis>,
) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!(
        "UPDATE api_keys SET expire_time = ?5 WHERE {IN_LIST} AND id = ?4 RETURNING {COLUMNS}"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(
            params![
                list.user_id,
                list.dialect.name(),
                list.organization_or_none(),
                id,
                expire_time
            ],
            KeyRow::from_row,
        )
        .optional()?)
}

/// Revokes a key of this list for good; the first time counts.
pub(crate) fn revoke(
    connection: &Connection,
    list: &KeyList,
    id: &str,
    now: UnixMillis,
) -> Result<Option<KeyRow>, StoreError> {
    let sql = format!(
        "UPDATE api_keys SET revoke_time = ifnull(revoke_time, ?5) \
         WHERE {IN_LIST} AND id = ?4 RETURNING {COLUMNS}"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(
            params![
                list.user_id,
                list.dialect.name(),
                list.organization_or_none(),
                id,
                now
            ],
            KeyRow::from_row,
        )
        .optional()?)
}

/// Removes a key of this list; its title, or nothing where there is none.
pub(crate) fn delete(
    connection: &Connection,
    list: &KeyList,
    id: &str,
) -> Result<Option<String>, StoreError> {
    let sql = format!("DELETE FROM api_keys WHERE {IN_LIST} AND id = ?4 RETURNING title");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(named_key(list, id), |row| row.get(0))
        .optional()?)
}

/// Removes the key of this list that has this title; `false` where there is none.
pub(crate) fn delete_by_title(
    connection: &Connection,
    list: &KeyList,
    title: &str,
) -> Result<bool, StoreError> {
    let sql = format!("DELETE FROM api_keys WHERE {IN_LIST} AND title = ?4");
    let removed = connection
        .prepare_cached(&sql)?
        .execute(named_key(list, title))?;
    Ok(removed > 0)
}

fn named_key<'a>(list: &'a KeyList, id: &'a str) -> [&'a str; 4] {
    [
        &list.user_id,
        list.dialect.name(),
        list.organization_or_none(),
        id,
    ]
}

/// How many keys of a list are in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) total: u64,
    /// Past its end, and not revoked.
    pub(crate) expired: u64,
    pub(crate) revoked: u64,
}

pub(crate) fn counts(
    connection: &Connection,
    list: &KeyList,
    now: UnixMillis,
) -> Result<Counts, StoreError> {
    let sql = format!(
        "SELECT count(*), \
             count(*) FILTER (WHERE revoke_time IS NULL AND expire_time <= ?4), \
             count(*) FILTER (WHERE revoke_time IS NOT NULL) \
         FROM api_keys WHERE {IN_LIST}"
    );
    Ok(connection.prepare_cached(&sql)?.query_row(
        params![
            list.user_id,
            list.dialect.name(),
            list.organization_or_none(),
            now
        ],
        |row| {
            Ok(Counts {
                total: row.get(0)?,
                expired: row.get(1)?,
                revoked: row.get(2)?,
            })
        },
    )?)
}
