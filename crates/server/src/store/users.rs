//! Rows of `users`.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::{StoreError, breaks_uniqueness};
use crate::clock::UnixMillis;

const COLUMNS: &str = "users.id, users.email, users.first_name, users.last_name, users.phone, \
     users.position, users.description, users.role, users.password_hash, users.active, \
     users.create_time";

/// A user as stored.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) profile: Profile,
    pub(crate) role: String,
    /// Absent where the account signs in elsewhere.
    pub(crate) password_hash: Option<String>,
    pub(crate) active: bool,
    pub(crate) create_time: UnixMillis,
}

/// What a person may change about themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) phone: String,
    pub(crate) position: String,
    pub(crate) description: String,
}

/// The forms of a name under which it is looked up.
pub(crate) struct LoginName {
    pub(crate) email_key: String,
    pub(crate) mac: Vec<u8>,
}

impl User {
    /// Reads the columns of [`COLUMNS`], in whatever query they stand first.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            email: row.get(1)?,
            profile: Profile {
                first_name: row.get(2)?,
                last_name: row.get(3)?,
                phone: row.get(4)?,
                position: row.get(5)?,
                description: row.get(6)?,
            },
            role: row.get(7)?,
            password_hash: row.get(8)?,
            active: row.get(9)?,
            create_time: row.get(10)?,
        })
    }
}

/// How many columns [`User::from_row`] takes.
pub(super) const COLUMN_COUNT: usize = 11;

pub(super) fn columns() -> &'static str {
    COLUMNS
}

/// Adds a user; `false` when the email is taken.
pub(crate) fn insert(
    connection: &Connection,
    user: &User,
    login_name: &LoginName,
) -> Result<bool, StoreError> {
    let outcome = connection.execute(
        "INSERT INTO users (id, email, email_key, login_name_mac, first_name, last_name, phone, \
             position, description, role, password_hash, active, create_time) \
         VALUES (:id, :email, :email_key, :mac, :first_name, :last_name, :phone, \
             :position, :description, :role, :password_hash, :active, :create_time)",
        named_params! {
            ":id": user.id,
            ":email": user.email,
            ":email_key": login_name.email_key,
            ":mac": login_name.mac,
            ":first_name": user.profile.first_name,
            ":last_name": user.profile.last_name,
            ":phone": user.profile.phone,
            ":position": user.profile.position,
            ":description": user.profile.description,
            ":role": user.role,
            ":password_hash": user.password_hash,
            ":active": user.active,
            ":create_time": user.create_time,
        },
    );
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if breaks_uniqueness(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn by_email_key(
    connection: &Connection,
    email_key: &str,
) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE email_key = ?1");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([email_key], User::from_row)
        .optional()?)
}

pub(crate) fn by_id(connection: &Connection, id: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id], User::from_row)
        .optional()?)
}

pub(crate) fn set_profile(
    connection: &Connection,
    id: &str,
    profile: &Profile,
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE users SET first_name = ?2, last_name = ?3, phone = ?4, position = ?5, \
         description = ?6 WHERE id = ?1",
        params![
            id,
            profile.first_name,
            profile.last_name,
            profile.phone,
            profile.position,
            profile.description
        ],
    )?;
    Ok(())
}

pub(crate) fn set_password_hash(
    connection: &Connection,
    id: &str,
    password_hash: &str,
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE users SET password_hash = ?2 WHERE id = ?1",
        [id, password_hash],
    )?;
    Ok(())
}

pub(crate) fn set_active(
    connection: &Connection,
    id: &str,
    active: bool,
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE users SET active = ?2 WHERE id = ?1",
        params![id, active],
    )?;
    Ok(())
}

/// Removes a user with everything that belongs to them.
pub(crate) fn delete(connection: &Connection, id: &str) -> Result<(), StoreError> {
    connection.execute("DELETE FROM users WHERE id = ?1", [id])?;
    Ok(())
}

pub(crate) fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.query_row("SELECT count(*) FROM users", [], |row| row.get(0))?)
}

/// Active users in the order of their emails.
pub(crate) fn page(
    connection: &Connection,
    offset: u64,
    limit: u64,
) -> Result<(u64, Vec<User>), StoreError> {
    let total = connection.query_row("SELECT count(*) FROM users WHERE active", [], |row| {
        row.get(0)
    })?;
    let sql =
        format!("SELECT {COLUMNS} FROM users WHERE active ORDER BY email_key LIMIT ?1 OFFSET ?2");
    let users = connection
        .prepare_cached(&sql)?
        .query_map([limit, offset], User::from_row)?
        .collect::<Result<_, _>>()?;
    Ok((total, users))
}
