//! Rows of `portal_roles`. They are read with their user; see `users`.

use rusqlite::Connection;

use super::StoreError;
use crate::vocabulary::{Named, PortalRole};

/// How many active accounts may do everything, besides this one.
pub(crate) fn other_super_admins(
    connection: &Connection,
    user_id: &str,
) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FROM portal_roles JOIN users ON users.id = portal_roles.user_id \
             WHERE portal_roles.role = ?1 AND users.active AND users.id <> ?2",
        )?
        .query_row([PortalRole::SuperAdmin.name(), user_id], |row| row.get(0))?)
}

/// Replaces the roles of a user.
pub(crate) fn set(
    connection: &Connection,
    user_id: &str,
    roles: &[PortalRole],
) -> Result<(), StoreError> {
    connection.execute("DELETE FROM portal_roles WHERE user_id = ?1", [user_id])?;
    for role in roles {
        connection
            .prepare_cached("INSERT OR IGNORE INTO portal_roles (user_id, role) VALUES (?1, ?2)")?
            .execute([user_id, role.name()])?;
    }
    Ok(())
}
