//! Rows of `avatars`.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// A picture as stored and as served.
pub(crate) struct Avatar {
    pub(crate) media_type: String,
    /// Changes whenever the bytes do.
    pub(crate) tag: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn put(
    connection: &Connection,
    user_id: &str,
    avatar: &Avatar,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO avatars (user_id, media_type, tag, bytes) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (user_id) DO UPDATE SET media_type = ?2, tag = ?3, bytes = ?4",
        params![user_id, avatar.media_type, avatar.tag, avatar.bytes],
    )?;
    Ok(())
}

pub(crate) fn get(connection: &Connection, user_id: &str) -> Result<Option<Avatar>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT media_type, tag, bytes FROM avatars WHERE user_id = ?1")?
        .query_row([user_id], |row| {
            Ok(Avatar {
                media_type: row.get(0)?,
                tag: row.get(1)?,
                bytes: row.get(2)?,
            })
        })
        .optional()?)
}

/// Removes the avatar of a user; `false` where there is none.
pub(crate) fn delete(connection: &Connection, user_id: &str) -> Result<bool, StoreError> {
    let removed = connection.execute("DELETE FROM avatars WHERE user_id = ?1", [user_id])?;
    Ok(removed > 0)
}
