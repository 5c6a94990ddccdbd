//! Rows of `second_factors`, `pending_second_factors` and `recovery_codes`.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::clock::UnixMillis;

/// A second factor that was confirmed.
pub(crate) struct SecondFactor {
    /// The secret, sealed.
    pub(crate) sealed: Vec<u8>,
    pub(crate) confirm_time: UnixMillis,
    /// The step of the last code that was taken.
    pub(crate) last_step: i64,
}

pub(crate) fn get(
    connection: &Connection,
    user_id: &str,
) -> Result<Option<SecondFactor>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT sealed_secret, confirm_time, last_step FROM second_factors WHERE user_id = ?1",
        )?
        .query_row([user_id], |row| {
            Ok(SecondFactor {
                sealed: row.get(0)?,
                confirm_time: row.get(1)?,
                last_step: row.get(2)?,
            })
        })
        .optional()?)
}

pub(crate) fn put(
    connection: &Connection,
    user_id: &str,
    factor: &SecondFactor,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT OR REPLACE INTO second_factors (user_id, sealed_secret, confirm_time, last_step) \
         VALUES (?1, ?2, ?3, ?4)",
        params![
            user_id,
            factor.sealed,
            factor.confirm_time,
            factor.last_step
        ],
    )?;
    Ok(())
}

/// Takes the code of a step, once: `false` where it, or a later one, was taken before, or
/// where the secret is no longer this one.
pub(crate) fn take_step(
    connection: &Connection,
    user_id: &str,
    sealed: &[u8],
    step: i64,
) -> Result<bool, StoreError> {
    let taken = connection.execute(
        "UPDATE second_factors SET last_step = ?3 \
         WHERE user_id = ?1 AND sealed_secret = ?2 AND last_step < ?3",
        params![user_id, sealed, step],
    )?;
    Ok(taken > 0)
}

/// Removes the second factor with all that belongs to it; `false` where there was none.
pub(crate) fn delete(connection: &Connection, user_id: &str) -> Result<bool, StoreError> {
    delete_pending(connection, user_id)?;
    replace_recovery_codes(connection, user_id, &[])?;
    let removed = connection.execute("DELETE FROM second_factors WHERE user_id = ?1", [user_id])?;
    Ok(removed > 0)
}

/// A second factor that is being set up: its sealed secret, and since when.
pub(crate) fn pending(
    connection: &Connection,
    user_id: &str,
) -> Result<Option<(Vec<u8>, UnixMillis)>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT sealed_secret, create_time FROM pending_second_factors WHERE user_id = ?1",
        )?
        .query_row([user_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

pub(crate) fn put_pending(
    connection: &Connection,
    user_id: &str,
    sealed: &[u8],
    create_time: UnixMillis,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT OR REPLACE INTO pending_second_factors (user_id, sealed_secret, create_time) \
         VALUES (?1, ?2, ?3)",
        params![user_id, sealed, create_time],
    )?;
    Ok(())
}

pub(crate) fn delete_pending(connection: &Connection, user_id: &str) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM pending_second_factors WHERE user_id = ?1",
        [user_id],
    )?;
    Ok(())
}

/// Forgets what was begun before this time and never confirmed.
pub(crate) fn forget_pending_before(
    connection: &Connection,
    time: UnixMillis,
) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM pending_second_factors WHERE create_time < ?1",
        [time],
    )?;
    Ok(())
}

/// Puts these codes in the place of all that there were.
pub(crate) fn replace_recovery_codes(
    connection: &Connection,
    user_id: &str,
    hashes: &[Vec<u8>],
) -> Result<(), StoreError> {
    connection.execute("DELETE FROM recovery_codes WHERE user_id = ?1", [user_id])?;
    for hash in hashes {
        connection.execute(
            "INSERT INTO recovery_codes (user_id, code_hash) VALUES (?1, ?2)",
            params![user_id, hash],
        )?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` where there is none like it.
pub(crate) fn take_recovery_code(
    connection: &Connection,
    user_id: &str,
    hash: &[u8],
) -> Result<bool, StoreError> {
    let taken = connection.execute(
        "DELETE FROM recovery_codes WHERE user_id = ?1 AND code_hash = ?2",
        params![user_id, hash],
    )?;
    Ok(taken > 0)
}

pub(crate) fn recovery_codes_left(
    connection: &Connection,
    user_id: &str,
) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM recovery_codes WHERE user_id = ?1")?
        .query_row([user_id], |row| row.get(0))?)
}
