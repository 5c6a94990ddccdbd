//! Looking for people among the rows of `users`, as far as the one who looks may see them.

use rusqlite::{Connection, ToSql, params, params_from_iter};

use super::StoreError;
use super::users::{self, User};

/// Who looks for people.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    pub(crate) user_id: String,
    /// Whether they see all people; see [`IS_SEEN`] for what the others see.
    pub(crate) sees_everyone: bool,
}

impl Viewer {
    /// The parameters of [`IS_SEEN`].
    fn parameters(&self) -> [&dyn ToSql; 2] {
        [&self.user_id, &self.sees_everyone]
    }
}

/// A person in the portals is seen by themselves and by those who share an organization with
/// them; people who are in neither portal see each other. `?1` is who looks, `?2` whether they
/// see everyone.
const IS_SEEN: &str = "users.active AND (?2 OR users.id = ?1 \
     OR EXISTS (SELECT 1 FROM memberships AS own \
         JOIN memberships AS other ON other.organization_id = own.organization_id \
         WHERE own.user_id = ?1 AND other.user_id = users.id) \
     OR NOT EXISTS (SELECT 1 FROM memberships WHERE user_id IN (?1, users.id)) \
         AND NOT EXISTS (SELECT 1 FROM portal_roles WHERE user_id IN (?1, users.id)))";

/// What is asked of the name with which somebody signs in.
#[derive(Clone, Debug)]
pub(crate) enum NameCondition {
    /// Is this text.
    Is(String),
    /// Compares as this text, which is in the form in which names are compared.
    ComparesAs(String),
    /// Holds this text.
    Holds(String),
    /// Holds this text, both in the form in which names are compared.
    HoldsCompared(String),
    /// Is one of these.
    OneOf(Vec<String>),
    /// Is none of these.
    NoneOf(Vec<String>),
}

impl NameCondition {
    /// A condition with one parameter, and that parameter.
    fn sql(self) -> (&'static str, String) {
        let list = |names: Vec<String>| serde_json::Value::from(names).to_string();
        match self {
            Self::Is(name) => ("email = ?", name),
            Self::ComparesAs(name) => ("email_key = ?", name),
            Self::Holds(text) => ("instr(email, ?) > 0", text),
            Self::HoldsCompared(text) => ("instr(email_key, ?) > 0", text),
            Self::OneOf(names) => ("email IN (SELECT value FROM json_each(?))", list(names)),
            Self::NoneOf(names) => ("email NOT IN (SELECT value FROM json_each(?))", list(names)),
        }
    }
}

/// Whom to look for, and which part of them.
#[derive(Debug)]
pub(crate) struct PeopleQuery {
    /// All of them count.
    pub(crate) conditions: Vec<NameCondition>,
    /// Whether the names descend.
    pub(crate) descends: bool,
    pub(crate) offset: u64,
    pub(crate) limit: u64,
}

/// The active people who are looked for, in the order of their names.
pub(crate) fn find(
    connection: &Connection,
    viewer: &Viewer,
    query: PeopleQuery,
) -> Result<Vec<User>, StoreError> {
    let (conditions, names): (Vec<_>, Vec<_>) =
        query.conditions.into_iter().map(NameCondition::sql).unzip();
    let conditions = [&[IS_SEEN], conditions.as_slice()].concat().join(" AND ");
    let names = names.iter().map(|name| name as &dyn ToSql);
    let parameters = viewer.parameters().into_iter().chain(names);
    let order = if query.descends { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT {} FROM users WHERE {conditions} ORDER BY email_key {order} LIMIT {} OFFSET {}",
        users::columns(),
        query.limit,
        // SQLite knows no larger number than this, and no list is as long.
        query.offset.min(u64::from(u32::MAX))
    );
    Ok(connection
        .prepare(&sql)?
        .query_map(params_from_iter(parameters), User::from_row)?
        .collect::<Result<_, _>>()?)
}

/// The active people whom somebody sees, in the order of their emails; and how many there are
/// in all.
pub(crate) fn page(
    connection: &Connection,
    viewer: &Viewer,
    offset: u64,
    limit: u64,
) -> Result<(u64, Vec<User>), StoreError> {
    let total = connection
        .prepare_cached(&format!("SELECT count(*) FROM users WHERE {IS_SEEN}"))?
        .query_row(viewer.parameters(), |row| row.get(0))?;
    let sql = format!(
        "SELECT {} FROM users WHERE {IS_SEEN} ORDER BY email_key LIMIT ?3 OFFSET ?4",
        users::columns()
    );
    let users = connection
        .prepare_cached(&sql)?
        .query_map(
            params![viewer.user_id, viewer.sees_everyone, limit, offset],
            User::from_row,
        )?
        .collect::<Result<_, _>>()?;
    Ok((total, users))
}
