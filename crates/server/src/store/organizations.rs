//! Rows of `organizations` and `memberships`.

use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, breaks_uniqueness, named};
use crate::clock::UnixMillis;
use crate::vocabulary::{Named, OrganizationRole};

/// An organization as one of its members sees it.
#[derive(Clone, Debug)]
pub(crate) struct Membership {
    pub(crate) organization_id: String,
    pub(crate) name: String,
    /// The form by which the list is ordered.
    pub(crate) name_key: String,
    pub(crate) role: OrganizationRole,
}

/// Adds an organization; `false` when its name is taken.
pub(crate) fn insert(
    connection: &Connection,
    id: &str,
    name: &str,
    name_key: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let outcome = connection.execute(
        "INSERT INTO organizations (id, name, name_key, create_time) VALUES (?1, ?2, ?3, ?4)",
        params![id, name, name_key, now],
    );
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if breaks_uniqueness(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn name(connection: &Connection, id: &str) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT name FROM organizations WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?)
}

/// Where a list of organizations was left: the name and id of the last one that was seen.
pub(crate) type Position = (String, String);

/// The organizations of a user in the order of their names, after those that were seen.
pub(crate) fn of_user(
    connection: &Connection,
    user_id: &str,
    only: Option<&str>,
    seen: Option<&Position>,
    limit: u64,
) -> Result<Vec<Membership>, StoreError> {
    // No name is empty, so that the pair of empty texts comes before all.
    let (name_key, id) = seen.map_or(("", ""), |(name_key, id)| (name_key, id));
    Ok(connection
        .prepare_cached(
            "SELECT id, name, name_key, role FROM organizations \
             JOIN memberships ON memberships.organization_id = organizations.id \
             WHERE user_id = ?1 AND (?2 IS NULL OR id = ?2) AND (name_key, id) > (?3, ?4) \
             ORDER BY name_key, id LIMIT ?5",
        )?
        .query_map(params![user_id, only, name_key, id, limit], |row| {
            Ok(Membership {
                organization_id: row.get(0)?,
                name: row.get(1)?,
                name_key: row.get(2)?,
                role: named(row, 3)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// The names of the organizations of a user, in their order.
pub(crate) fn names_of_user(
    connection: &Connection,
    user_id: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT name FROM organizations \
             JOIN memberships ON memberships.organization_id = organizations.id \
             WHERE user_id = ?1 ORDER BY name_key",
        )?
        .query_map([user_id], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The names of the organizations to which both of two users belong, in their order.
pub(crate) fn names_of_both(
    connection: &Connection,
    user_id: &str,
    other_id: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT name FROM organizations \
             JOIN memberships AS own ON own.organization_id = organizations.id \
             JOIN memberships AS other ON other.organization_id = organizations.id \
             WHERE own.user_id = ?1 AND other.user_id = ?2 ORDER BY name_key",
        )?
        .query_map([user_id, other_id], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// What a user is in an organization.
pub(crate) fn role(
    connection: &Connection,
    organization_id: &str,
    user_id: &str,
) -> Result<Option<OrganizationRole>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT role FROM memberships WHERE user_id = ?1 AND organization_id = ?2")?
        .query_row([user_id, organization_id], |row| named(row, 0))
        .optional()?)
}

/// Makes a user a member, or gives a member another role.
pub(crate) fn put_member(
    connection: &Connection,
    organization_id: &str,
    user_id: &str,
    role: OrganizationRole,
    now: UnixMillis,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO memberships (user_id, organization_id, role, create_time) \
         VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_id, organization_id) DO UPDATE SET role = ?3",
        params![user_id, organization_id, role.name(), now],
    )?;
    Ok(())
}

/// Ends a membership, and the keys that were made under it.
pub(crate) fn remove_member(
    connection: &Connection,
    organization_id: &str,
    user_id: &str,
) -> Result<bool, StoreError> {
    let removed = connection.execute(
        "DELETE FROM memberships WHERE user_id = ?1 AND organization_id = ?2",
        [user_id, organization_id],
    )?;
    Ok(removed > 0)
}

/// What becomes of a user's organizations when the user goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Departure {
    /// How many go on without this user.
    pub(crate) left: u64,
    /// Those that have no other member, and end.
    pub(crate) ended: Vec<String>,
    /// How many have other members and no other owner.
    pub(crate) orphaned: u64,
}

/// What would become of a user's organizations without the user.
pub(crate) fn departure(connection: &Connection, user_id: &str) -> Result<Departure, StoreError> {
    let mut departure = Departure::default();
    let mut statement = connection
        .prepare_cached("SELECT organization_id, role FROM memberships WHERE user_id = ?1")?;
    let own = statement.query_map([user_id], |row| Ok((row.get(0)?, named(row, 1)?)))?;
    for membership in own {
        let (id, role): (String, OrganizationRole) = membership?;
        match others(connection, &id, user_id)? {
            (_, 0) => departure.ended.push(id),
            (0, _) if role == OrganizationRole::Owner => departure.orphaned += 1,
            _ => departure.left += 1,
        }
    }
    Ok(departure)
}

/// Removes an organization with its memberships and their keys.
pub(crate) fn delete(connection: &Connection, id: &str) -> Result<(), StoreError> {
    connection.execute("DELETE FROM organizations WHERE id = ?1", [id])?;
    Ok(())
}

/// How many owners an organization has besides this user, and how many other members.
pub(crate) fn others(
    connection: &Connection,
    organization_id: &str,
    user_id: &str,
) -> Result<(u64, u64), StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE role = 'owner'), count(*) FROM memberships \
             WHERE organization_id = ?1 AND user_id <> ?2",
        )?
        .query_row([organization_id, user_id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?)
}
