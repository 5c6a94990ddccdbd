//! Rows of `portal_roles`. They are read with their user; see `users`.

use rusqlite::Connection;

use super::StoreError;
use crate::vocabulary::{Named, PortalRole};

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
