//! API keys as their owner manages them. All of it needs a session: a request that carries
//! a key may not see, make, copy, change or delete keys.

use zeroize::Zeroizing;

use super::error::{AccountsError, Field, Problem};
use super::text::{Lines, TextRule, comparable};
use super::{Accounts, Caller, Page, PageRequest};
use crate::auth::api_key::{NewKey, masked, whole};
use crate::clock::UnixMillis;
use crate::store::api_keys::{self, KeyRow, KeySecrets};

/// The most characters of a title.
pub(crate) const MAX_TITLE_CHARS: usize = 128;
/// The most keys of one user. Far more than a person keeps; it bounds what one can fill.
const MAX_KEYS: u64 = 20_000;
/// The last moment that can be given as an end: 9999-12-31.
const LAST_EXPIRE_TIME: UnixMillis = 253_402_300_799_999;

const TITLE: TextRule = TextRule {
    field: Field::Title,
    max: MAX_TITLE_CHARS,
    required: true,
    lines: Lines::One,
};

/// A key as lists show it.
#[derive(Debug)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) masked: String,
    pub(crate) create_time: UnixMillis,
    pub(crate) expire_time: Option<UnixMillis>,
}

/// A key with its whole value.
pub(crate) struct RevealedKey {
    pub(crate) key: ApiKey,
    pub(crate) value: Zeroizing<String>,
}

impl From<KeyRow> for ApiKey {
    fn from(row: KeyRow) -> Self {
        Self {
            masked: masked(&row.id, &row.secret_tail),
            id: row.id,
            title: row.title,
            create_time: row.create_time,
            expire_time: row.expire_time,
        }
    }
}

impl Accounts {
    /// The caller's keys, newest first.
    pub(crate) async fn list_keys(
        &self,
        caller: &Caller,
        request: PageRequest,
    ) -> Result<Page<ApiKey>, AccountsError> {
        caller.session_id()?;
        let user_id = caller.user.id.clone();
        let (total, rows) = self
            .store
            .read(move |connection| {
                api_keys::page(connection, &user_id, request.offset(), request.limit())
            })
            .await?;
        Ok(Page {
            request,
            total,
            rows: rows.into_iter().map(ApiKey::from).collect(),
        })
    }

    /// Makes a key. Its title must differ from the others of this user in more than case,
    /// invisible characters or the way it is typed.
    pub(crate) async fn create_key(
        &self,
        caller: &Caller,
        title: &str,
        expire_time: Option<UnixMillis>,
    ) -> Result<RevealedKey, AccountsError> {
        caller.session_id()?;
        let title = TITLE.apply(title)?;
        let now = self.now();
        check_expire_time(expire_time, now)?;
        let new = NewKey::random()?;
        let row = KeyRow {
            id: new.id.clone(),
            title,
            secret_tail: new.tail().to_owned(),
            create_time: now,
            expire_time,
        };
        let secrets = KeySecrets {
            hash: new.hash(),
            sealed: self.sealer.seal(&new.id, &new.secret)?,
        };
        let title_key = comparable(&row.title);
        let user_id = caller.user.id.clone();
        let row = self
            .store
            .write(move |transaction| {
                if api_keys::count(transaction, &user_id)? >= MAX_KEYS {
                    return Err(AccountsError::TooManyKeys);
                }
                if api_keys::insert(transaction, &user_id, &title_key, &row, &secrets)? {
                    Ok(row)
                } else {
                    Err(AccountsError::TitleTaken)
                }
            })
            .await?;
        Ok(RevealedKey {
            key: row.into(),
            value: whole(&new.id, &new.secret),
        })
    }

    /// The whole value of one of the caller's keys, again.
    pub(crate) async fn reveal_key(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<RevealedKey, AccountsError> {
        caller.session_id()?;
        let user_id = caller.user.id.clone();
        let key_id = id.to_owned();
        let (row, sealed) = self
            .store
            .read(move |connection| api_keys::sealed(connection, &user_id, &key_id))
            .await?
            .ok_or(AccountsError::NotFound)?;
        let secret = self.sealer.open(&row.id, &sealed)?;
        Ok(RevealedKey {
            value: whole(&row.id, &secret),
            key: row.into(),
        })
    }

    /// Sets when one of the caller's keys ends; nothing means never.
    pub(crate) async fn set_key_expiry(
        &self,
        caller: &Caller,
        id: &str,
        expire_time: Option<UnixMillis>,
    ) -> Result<ApiKey, AccountsError> {
        caller.session_id()?;
        check_expire_time(expire_time, self.now())?;
        let user_id = caller.user.id.clone();
        let id = id.to_owned();
        self.store
            .write(move |transaction| {
                api_keys::set_expire_time(transaction, &user_id, &id, expire_time)?
                    .map(ApiKey::from)
                    .ok_or(AccountsError::NotFound)
            })
            .await
    }

    /// Deletes one of the caller's keys.
    pub(crate) async fn delete_key(&self, caller: &Caller, id: &str) -> Result<(), AccountsError> {
        caller.session_id()?;
        let user_id = caller.user.id.clone();
        let id = id.to_owned();
        self.store
            .write(move |transaction| {
                if api_keys::delete(transaction, &user_id, &id)? {
                    Ok(())
                } else {
                    Err(AccountsError::NotFound)
                }
            })
            .await
    }
}

fn check_expire_time(
    expire_time: Option<UnixMillis>,
    now: UnixMillis,
) -> Result<(), AccountsError> {
    let problem = match expire_time {
        Some(time) if time <= now => Problem::NotInTheFuture,
        Some(time) if time > LAST_EXPIRE_TIME => Problem::OutOfRange,
        _ => return Ok(()),
    };
    Err(AccountsError::invalid(Field::ExpireTime, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_later_than_now_or_never() {
        assert!(check_expire_time(None, 1000).is_ok());
        assert!(check_expire_time(Some(1001), 1000).is_ok());
        assert!(check_expire_time(Some(LAST_EXPIRE_TIME), 1000).is_ok());
        for time in [1000, 999, 0, -1, i64::MIN, LAST_EXPIRE_TIME + 1, i64::MAX] {
            assert!(check_expire_time(Some(time), 1000).is_err(), "{time}");
        }
    }
}
