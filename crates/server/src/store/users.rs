//! Rows of `users`.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::{StoreError, breaks_uniqueness, portal_roles};
use crate::clock::UnixMillis;
use crate::comparison::comparable;
use crate::vocabulary::{Named, PortalRole};

const COLUMNS: &str = "users.id, users.email, users.first_name, users.last_name, users.phone, \
     users.position, users.description, users.role, users.password_hash, users.active, \
     users.create_time, users.display_name, users.contact_email, users.last_login_time, \
     users.version, (SELECT group_concat(portal_roles.role, ' ') FROM portal_roles \
         WHERE portal_roles.user_id = users.id)";

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
    /// Empty: first and last name.
    pub(crate) display_name: String,
    /// Where the person wants to be reached. Empty: where they sign in.
    pub(crate) contact_email: String,
    pub(crate) last_login_time: Option<UnixMillis>,
    /// Rises with every change that others can see.
    pub(crate) version: i64,
    /// In the order of [`PortalRole`]; none: the account belongs to no admin portal.
    pub(crate) portal_roles: Vec<PortalRole>,
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
    /// The name by which others know this person.
    pub(crate) fn full_name(&self) -> String {
        let profile = &self.profile;
        full_name(&self.display_name, &profile.first_name, &profile.last_name)
    }

    /// Takes another one. The one by which they are known already is no choice of their own: it
    /// goes on following first and last name.
    pub(crate) fn take_display_name(&mut self, name: String) {
        if name != self.full_name() {
            self.display_name = name;
        }
    }

    /// The form in which that name is compared.
    fn name_key(&self) -> String {
        comparable(&self.full_name())
    }

    /// Where this person wants to be reached.
    pub(crate) fn reached_at(&self) -> &str {
        if self.contact_email.is_empty() {
            &self.email
        } else {
            &self.contact_email
        }
    }

    /// Whether a person who wrote down the one would change nothing by the other.
    pub(crate) fn has_the_profile_of(&self, other: &Self) -> bool {
        self.profile == other.profile
            && self.display_name == other.display_name
            && self.contact_email == other.contact_email
    }

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
            display_name: row.get(11)?,
            contact_email: row.get(12)?,
            last_login_time: row.get(13)?,
            version: row.get(14)?,
            portal_roles: {
                let roles: Option<String> = row.get(15)?;
                let is_given =
                    |role: &PortalRole| roles.iter().any(|roles| has_word(roles, role.name()));
                PortalRole::ALL.iter().copied().filter(is_given).collect()
            },
        })
    }
}

fn full_name(display_name: &str, first_name: &str, last_name: &str) -> String {
    if display_name.is_empty() {
        format!("{first_name} {last_name}")
    } else {
        display_name.to_owned()
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(' ').any(|each| each == word)
}

/// How many columns [`User::from_row`] takes.
pub(super) const COLUMN_COUNT: usize = 16;

pub(super) fn columns() -> &'static str {
    COLUMNS
}

/// Adds a user with their roles; `false` when the email is taken.
pub(crate) fn insert(
    connection: &Connection,
    user: &User,
    login_name: &LoginName,
) -> Result<bool, StoreError> {
    let outcome = connection.execute(
        "INSERT INTO users (id, email, email_key, login_name_mac, first_name, last_name, phone, \
             position, description, role, password_hash, active, create_time, display_name, \
             name_key) \
         VALUES (:id, :email, :email_key, :mac, :first_name, :last_name, :phone, :position, \
             :description, :role, :password_hash, :active, :create_time, :display_name, :name_key)",
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
            ":display_name": user.display_name,
            ":name_key": user.name_key(),
        },
    );
    match outcome {
        Ok(_) => {
            portal_roles::set(connection, &user.id, &user.portal_roles)?;
            Ok(true)
        }
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

/// Whose failures are counted under this name; nobody's, where there is no such account.
pub(crate) fn id_by_login_name(
    connection: &Connection,
    mac: &[u8],
) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT id FROM users WHERE login_name_mac = ?1")?
        .query_row([mac], |row| row.get(0))
        .optional()?)
}

pub(crate) fn by_id(connection: &Connection, id: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id], User::from_row)
        .optional()?)
}

/// Writes down what a person may change about themselves.
pub(crate) fn set_profile(connection: &Connection, user: &User) -> Result<(), StoreError> {
    let profile = &user.profile;
    connection.execute(
        "UPDATE users SET first_name = ?2, last_name = ?3, phone = ?4, position = ?5, \
         description = ?6, display_name = ?7, contact_email = ?8, name_key = ?9 WHERE id = ?1",
        params![
            user.id,
            profile.first_name,
            profile.last_name,
            profile.phone,
            profile.position,
            profile.description,
            user.display_name,
            user.contact_email,
            user.name_key()
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

/// Notes that somebody signed in.
pub(crate) fn set_last_login_time(
    connection: &Connection,
    id: &str,
    time: UnixMillis,
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE users SET last_login_time = ?2 WHERE id = ?1",
        params![id, time],
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

/// Has a role in the admin portal, and an email or name that holds the text `?1`, in the form
/// in which they are compared.
const IN_PORTAL_AND_HOLDS: &str = "EXISTS (SELECT 1 FROM portal_roles WHERE portal_roles.user_id = users.id) \
     AND (instr(users.email_key, ?1) > 0 OR instr(users.name_key, ?1) > 0)";

/// The users of the admin portal whose email or name holds a text, in the order of their
/// emails, after the email that was seen last; each with the form by which they are ordered.
pub(crate) fn of_the_portal(
    connection: &Connection,
    text_key: &str,
    seen: Option<&str>,
    limit: u64,
) -> Result<Vec<(String, User)>, StoreError> {
    // No email is empty, so that the empty text comes before all.
    let sql = format!(
        "SELECT {COLUMNS}, users.email_key FROM users \
         WHERE {IN_PORTAL_AND_HOLDS} AND users.email_key > ?2 ORDER BY users.email_key LIMIT ?3"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_map(params![text_key, seen.unwrap_or_default(), limit], |row| {
            Ok((row.get(COLUMN_COUNT)?, User::from_row(row)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// How many users of the admin portal have an email or name that holds a text.
pub(crate) fn count_of_the_portal(
    connection: &Connection,
    text_key: &str,
) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM users WHERE {IN_PORTAL_AND_HOLDS}");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([text_key], |row| row.get(0))?)
}

/// Writes down the name by which others know a user.
pub(crate) fn set_display_name(connection: &Connection, user: &User) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE users SET display_name = ?2, name_key = ?3 WHERE id = ?1",
        [&user.id, &user.display_name, &user.name_key()],
    )?;
    Ok(())
}

/// Writes the names of all users in the form in which they are compared. It belongs to a
/// change of the schema, and reads what there was at that time.
pub(super) fn write_name_keys(connection: &Connection) -> rusqlite::Result<()> {
    let mut read =
        connection.prepare("SELECT id, display_name, first_name, last_name FROM users")?;
    let mut write = connection.prepare("UPDATE users SET name_key = ?2 WHERE id = ?1")?;
    let users: Vec<[String; 4]> = read
        .query_map([], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        })?
        .collect::<Result<_, _>>()?;
    for [id, display_name, first_name, last_name] in users {
        let name = full_name(&display_name, &first_name, &last_name);
        write.execute([id, comparable(&name)])?;
    }
    Ok(())
}
