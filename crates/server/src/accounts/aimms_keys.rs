//! API keys of the AIMMS dialect: known by their names, with scopes of their own, for a year
//! at most. They are managed by requests that carry one of them, with the scope for it.
//!
//! A key may make another one with scopes that it has not itself: that is what the scope for
//! keys means there.

use std::time::Duration;

use zeroize::Zeroizing;

use super::api_keys::{TITLE, add_key};
use super::error::{AccountsError, Field, Problem};
use super::{Accounts, Caller};
use crate::auth::api_key::{NewKey, whole};
use crate::client::Client;
use crate::clock::{UnixMillis, to_millis};
use crate::comparison::comparable;
use crate::store::api_keys::{self, KeyList, KeyRow, NewRow};
use crate::store::security_log;
use crate::timestamps::year_after;
use crate::vocabulary::{AimmsScope, Dialect, Named, SecurityEvent};

/// A key as lists show it.
#[derive(Debug)]
pub(crate) struct AimmsKey {
    pub(crate) name: String,
    pub(crate) scopes: Vec<AimmsScope>,
    pub(crate) expire_time: UnixMillis,
}

impl From<KeyRow> for AimmsKey {
    fn from(row: KeyRow) -> Self {
        let scopes = row.scopes.iter().filter_map(|name| AimmsScope::named(name));
        Self {
            scopes: scopes.collect(),
            // Never missing: no key of this dialect is made without an end.
            expire_time: row.expire_time.unwrap_or(row.create_time),
            name: row.title,
        }
    }
}

/// A key to be made.
pub(crate) struct NewAimmsKey {
    pub(crate) name: String,
    /// Names of scopes, as they came.
    pub(crate) scopes: Vec<String>,
    pub(crate) expire_time: UnixMillis,
}

impl Accounts {
    /// The caller's keys, newest first.
    pub(crate) async fn aimms_keys(&self, caller: &Caller) -> Result<Vec<AimmsKey>, AccountsError> {
        caller.check_aimms_scope(AimmsScope::ApiKey)?;
        let list = list_of(&caller.user.id);
        let all = u64::try_from(i64::MAX).unwrap_or_default();
        let rows = self
            .store
            .read(move |connection| api_keys::after(connection, &list, None, all))
            .await?;
        Ok(rows.into_iter().map(AimmsKey::from).collect())
    }

    /// Makes a key for the caller; the key, and its value for the only time.
    pub(crate) async fn create_aimms_key(
        &self,
        caller: &Caller,
        new: NewAimmsKey,
    ) -> Result<(AimmsKey, Zeroizing<String>), AccountsError> {
        caller.check_aimms_scope(AimmsScope::ApiKey)?;
        self.make_aimms_key(caller.user.id.clone(), new, caller.client.clone())
            .await
    }

    /// Makes a key by right of whoever holds the data folder: where one speaks by key alone,
    /// the first one cannot be made by another.
    pub(crate) async fn make_first_aimms_key(
        &self,
        email: &str,
        name: &str,
        scopes: &[String],
        life: Duration,
    ) -> Result<Zeroizing<String>, AccountsError> {
        let user = self.active_user(email).await?;
        let new = NewAimmsKey {
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            expire_time: self.now().saturating_add(to_millis(life)),
        };
        let made = self.make_aimms_key(user.id, new, Client::default()).await?;
        Ok(made.1)
    }

    async fn make_aimms_key(
        &self,
        user_id: String,
        new: NewAimmsKey,
        client: Client,
    ) -> Result<(AimmsKey, Zeroizing<String>), AccountsError> {
        let title = TITLE.apply(&new.name)?;
        // The name is a part of the path, and clients take these parts out, however encoded.
        if [".", ".."].contains(&title.as_str()) {
            return Err(AccountsError::invalid(Field::Title, Problem::Malformed));
        }
        let scopes = scopes_of(&new.scopes)?;
        let now = self.now();
        check_expire_time(new.expire_time, now)?;
        let made = NewKey::random()?;
        let row = NewRow {
            id: made.id.clone(),
            title_key: comparable(&title),
            title,
            description: String::new(),
            scopes: scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            secret_hash: made.hash(),
            secret_tail: made.tail().to_owned(),
            sealed_value: None,
            create_time: now,
            expire_time: Some(new.expire_time),
        };
        let list = list_of(&user_id);
        let row = self
            .store
            .write(move |transaction| {
                let row = add_key(transaction, &list, &row)?;
                let event = SecurityEvent::ApiKeyCreated;
                let id = &list.user_id;
                security_log::record(transaction, id, now, event, &client, &row.title)?;
                Ok::<_, AccountsError>(row)
            })
            .await?;
        Ok((row.into(), whole(Dialect::Aimms, &made.id, &made.secret)))
    }

    /// Deletes the caller's key of this name.
    pub(crate) async fn delete_aimms_key(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<(), AccountsError> {
        caller.check_aimms_scope(AimmsScope::ApiKey)?;
        let (list, name) = (list_of(&caller.user.id), name.to_owned());
        self.end(caller, SecurityEvent::ApiKeyDeleted, move |transaction| {
            if api_keys::delete_by_title(transaction, &list, &name)? {
                Ok(Some(name.clone()))
            } else {
                Err(AccountsError::NotFound)
            }
        })
        .await
    }
}

fn list_of(user_id: &str) -> KeyList {
    KeyList {
        user_id: user_id.to_owned(),
        dialect: Dialect::Aimms,
        organization_id: None,
    }
}

/// One scope or more, each once, in the order of the list.
fn scopes_of(names: &[String]) -> Result<Vec<AimmsScope>, AccountsError> {
    let refuse = |problem| Err(AccountsError::invalid(Field::Scopes, problem));
    if names.is_empty() {
        return refuse(Problem::Empty);
    }
    if names.iter().any(|name| AimmsScope::named(name).is_none()) {
        return refuse(Problem::UnknownValue);
    }
    let is_named = |scope: &AimmsScope| names.iter().any(|name| name == scope.name());
    Ok(AimmsScope::ALL.iter().copied().filter(is_named).collect())
}

fn check_expire_time(expire_time: UnixMillis, now: UnixMillis) -> Result<(), AccountsError> {
    let problem = if expire_time <= now {
        Problem::NotInTheFuture
    } else if expire_time > year_after(now) {
        Problem::TooFar
    } else {
        return Ok(());
    };
    Err(AccountsError::invalid(Field::ExpireTime, problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_lives_for_a_year_at_most() {
        let now = 1_700_000_000_000;
        for time in [now + 1, year_after(now)] {
            assert!(check_expire_time(time, now).is_ok(), "{time}");
        }
        for time in [i64::MIN, 0, now, year_after(now) + 1, i64::MAX] {
            assert!(check_expire_time(time, now).is_err(), "{time}");
        }
    }

    #[test]
    fn scopes_are_known_and_count_once() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let scopes = scopes_of(&names(&["Session", "APIKey", "Session"])).unwrap();
        assert_eq!(scopes, [AimmsScope::ApiKey, AimmsScope::Session]);
        for wrong in [&[][..], &[""], &["apikey"], &["APIKey", "read"]] {
            assert!(scopes_of(&names(wrong)).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn never_is_not_offered(now in 0..4_000_000_000_000_i64, time in any::<UnixMillis>()) {
            let is_taken = check_expire_time(time, now).is_ok();
            prop_assert_eq!(is_taken, time > now && time <= year_after(now));
        }
    }
}
