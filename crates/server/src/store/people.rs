//! Looking for people among the rows of `users`, by the names with which they sign in.

use rusqlite::{Connection, params_from_iter};

use super::StoreError;
use super::users::{self, User};

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
pub(crate) fn find(connection: &Connection, query: PeopleQuery) -> Result<Vec<User>, StoreError> {
    let (conditions, parameters): (Vec<_>, Vec<_>) =
        query.conditions.into_iter().map(NameCondition::sql).unzip();
    let conditions = [&["active"], conditions.as_slice()].concat().join(" AND ");
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
