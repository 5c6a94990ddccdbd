//! API keys of the IDMP dialect as their owner manages them: whole again whenever they are
//! asked for, with an end that can be moved. All of it needs a session: a request that
//! carries a key may not see, make, copy, change or delete keys. Those of the portals are in
//! `portal_keys`.

use rusqlite::Transaction;
use zeroize::Zeroizing;

use super::error::{AccountsError, Field, Problem};
use super::text::{Lines, TextRule};
use super::{Accounts, Caller, Page, PageRequest};
use crate::auth::api_key::{NewKey, masked, whole};
use crate::clock::UnixMillis;
use crate::comparison::comparable;
use crate::store::api_keys::{self, KeyList, KeyRow, NewRow};
use crate::store::security_log;
use crate::vocabulary::{Dialect, SecurityEvent};

/// The most characters of a title.
pub(crate) const MAX_TITLE_CHARS: usize = 128;
/// The most keys of one list. Far more than a person keeps; it bounds what one can fill.
const MAX_KEYS: u64 = 20_000;
/// The last moment that can be given as an end: 9999-12-31.
pub(super) const LAST_EXPIRE_TIME: UnixMillis = 253_402_300_799_999;

pub(super) const TITLE: TextRule = TextRule {
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
            masked: masked(Dialect::Idmp, &row.id, &row.secret_tail),
            id: row.id,
            title: row.title,
            create_time: row.create_time,
            expire_time: row.expire_time,
        }
    }
}

/// The keys that the caller made under this dialect.
fn list_of(caller: &Caller) -> Result<KeyList, AccountsError> {
    caller.session_id()?;
    Ok(KeyList {
        user_id: caller.user.id.clone(),
        dialect: Dialect::Idmp,
        organization_id: None,
    })
}

impl Accounts {
    /// The caller's keys, newest first.
    pub(crate) async fn list_keys(
        &self,
        caller: &Caller,
        request: PageRequest,
    ) -> Result<Page<ApiKey>, AccountsError> {
        let list = list_of(caller)?;
        let (total, rows) = self
            .store
            .read(move |connection| {
                api_keys::page(connection, &list, request.offset(), request.limit())
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
        let list = list_of(caller)?;
        let title = TITLE.apply(title)?;
        let now = self.now();
        check_expire_time(expire_time, now)?;
        let new = NewKey::random()?;
        let row = NewRow {
            id: new.id.clone(),
            title_key: comparable(&title),
            title,
            description: String::new(),
            scopes: Vec::new(),
            secret_hash: new.hash(),
            secret_tail: new.tail().to_owned(),
            sealed_value: Some(self.sealer.seal(&new.id, &new.secret)?),
            create_time: now,
            expire_time,
        };
        let client = caller.client.clone();
        let row = self
            .store
            .write(move |transaction| {
                let row = add_key(transaction, &list, &row)?;
                let event = SecurityEvent::ApiKeyCreated;
                security_log::record(transaction, &list.user_id, now, event, &client, &row.title)?;
                Ok::<_, AccountsError>(row)
            })
            .await?;
        Ok(RevealedKey {
            key: row.into(),
            value: whole(Dialect::Idmp, &new.id, &new.secret),
        })
    }

    /// The whole value of one of the caller's keys, again.
    pub(crate) async fn reveal_key(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<RevealedKey, AccountsError> {
        let list = list_of(caller)?;
        let key_id = id.to_owned();
        let (row, sealed) = self
            .store
            .read(move |connection| api_keys::sealed(connection, &list, &key_id))
            .await?
            .ok_or(AccountsError::NotFound)?;
        let secret = self.sealer.open(&row.id, &sealed)?;
        Ok(RevealedKey {
            value: whole(Dialect::Idmp, &row.id, &secret),
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
        let list = list_of(caller)?;
        check_expire_time(expire_time, self.now())?;
        let id = id.to_owned();
        self.store
            .write(move |transaction| {
                api_keys::set_expire_time(transaction, &list, &id, expire_time)?
                    .map(ApiKey::from)
                    .ok_or(AccountsError::NotFound)
            })
            .await
    }

    /// Deletes one of the caller's keys.
    pub(crate) async fn delete_key(&self, caller: &Caller, id: &str) -> Result<(), AccountsError> {
        let (list, id) = (list_of(caller)?, id.to_owned());
        self.end(caller, SecurityEvent::ApiKeyDeleted, move |transaction| {
            let title = api_keys::delete(transaction, &list, &id)?;
            title.map(Some).ok_or(AccountsError::NotFound)
        })
        .await
    }
}

/// Adds a key to a list that has room for it and no other of its title.
pub(super) fn add_key(
    transaction: &Transaction<'_>,
    list: &KeyList,
    key: &NewRow,
) -> Result<KeyRow, AccountsError> {
    if api_keys::count(transaction, list)? >= MAX_KEYS {
        return Err(AccountsError::TooManyKeys);
    }
    api_keys::insert(transaction, list, key)?.ok_or(AccountsError::TitleTaken)
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
