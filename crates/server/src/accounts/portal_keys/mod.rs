//! API keys of the portals: shown once, kept when they are revoked, made for one organization
//! or for the admin portal, and seen only there, by the person who made them. All of it needs
//! a session: a request that carries a key manages none.

mod order;
mod place;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::api_keys::{TITLE, add_key};
use super::cursors::{CursorRequest, Slice};
use super::error::AccountsError;
use super::idempotency::Made;
use super::usage::{DAYS_KEPT, day_of};
use super::{Accounts, Caller, Repeatable};
use crate::auth::api_key::{NewKey, public_part, whole};
use crate::clock::UnixMillis;
use crate::comparison::comparable;
use crate::store::api_keys::{self, KeyRow, NewRow};
use crate::store::{StoreError, security_log, usage};
use crate::vocabulary::{Dialect, Named, SecurityEvent};

#[cfg(test)]
pub(crate) use order::MAX_KEY_DESCRIPTION_CHARS;
use order::{KEY_DESCRIPTION, expire_time, scopes};
pub(crate) use order::{KeyEnd, KeyOrder, ORGANIZATION_KEY_DAYS};
use place::Asker;
pub(crate) use place::KeyPlace;

/// Whether a key is good at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyStatus {
    Active,
    Expired,
    Revoked,
}

/// A key as lists show it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PortalKey {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    /// Of a key of an organization none: it may what its owner's role there allows.
    pub(crate) scopes: Vec<String>,
    /// How the whole key begins.
    pub(crate) prefix: String,
    /// How it ends.
    pub(crate) suffix: String,
    pub(crate) status: KeyStatus,
    pub(crate) create_time: UnixMillis,
    pub(crate) expire_time: Option<UnixMillis>,
    pub(crate) last_use_time: Option<UnixMillis>,
    pub(crate) revoke_time: Option<UnixMillis>,
}

impl PortalKey {
    fn at(row: KeyRow, now: UnixMillis) -> Self {
        let status = if row.revoke_time.is_some() {
            KeyStatus::Revoked
        } else if row.expire_time.is_some_and(|end| end <= now) {
            KeyStatus::Expired
        } else {
            KeyStatus::Active
        };
        Self {
            prefix: public_part(Dialect::Portal, &row.id),
            id: row.id,
            name: row.title,
            description: row.description,
            scopes: row.scopes,
            suffix: row.secret_tail,
            status,
            create_time: row.create_time,
            expire_time: row.expire_time,
            last_use_time: row.last_use_time,
            revoke_time: row.revoke_time,
        }
    }
}

/// A key that was just made, with its whole value: for the only time.
#[derive(Serialize, Deserialize)]
pub(crate) struct NewPortalKey {
    pub(crate) key: PortalKey,
    pub(crate) value: Zeroizing<String>,
}

impl Made for NewPortalKey {
    fn is_still_there(&self, connection: &Connection) -> Result<bool, StoreError> {
        let key = api_keys::owner(connection, &self.key.id)?;
        Ok(key.is_some_and(|key| key.revoke_time.is_none()))
    }
}

/// Calls with a key on one day, in days since 1970-01-01.
pub(crate) struct DayOfCalls {
    pub(crate) day: i64,
    pub(crate) calls: u64,
}

/// How many keys there are, and how often they were used today.
pub(crate) struct KeyMetrics {
    pub(crate) total: u64,
    pub(crate) active: u64,
    pub(crate) expired: u64,
    pub(crate) revoked: u64,
    pub(crate) calls_today: u64,
}

impl Accounts {
    /// The caller's keys of a place, newest first.
    pub(crate) async fn portal_keys(
        &self,
        caller: &Caller,
        place: KeyPlace,
        request: CursorRequest,
    ) -> Result<Slice<PortalKey>, AccountsError> {
        let asker = Asker::of(caller)?;
        self.flush_calls().await;
        let name = asker.list_name(&place);
        let seen = self.position(&name, &request)?;
        let rows_to_read = request.rows_to_read();
        let rows = self
            .store
            .read(move |connection| {
                let list = asker.list_of(connection, &place)?;
                Ok::<_, AccountsError>(api_keys::after(connection, &list, seen, rows_to_read)?)
            })
            .await?;
        let slice = self.slice(&name, &request, rows, |row| (row.create_time, row.number))?;
        let now = self.now();
        Ok(Slice {
            items: slice
                .items
                .into_iter()
                .map(|row| PortalKey::at(row, now))
                .collect(),
            next: slice.next,
        })
    }

    /// Makes a key.
    pub(crate) async fn create_portal_key(
        &self,
        caller: &Caller,
        place: KeyPlace,
        order: KeyOrder,
        repeatable: Option<Repeatable>,
    ) -> Result<NewPortalKey, AccountsError> {
        let asker = Asker::of(caller)?;
        let memory = self.memory(caller, repeatable);
        if let Some(made) = self.made_before(&memory).await? {
            return Ok(made);
        }
        let now = self.now();
        let title = TITLE.apply(&order.name)?;
        let description = KEY_DESCRIPTION.apply(&order.description)?;
        let scopes = scopes(&place, &order.scopes)?;
        let expire_time = expire_time(&place, order.end, now)?;
        let new = NewKey::random()?;
        let row = NewRow {
            id: new.id.clone(),
            title_key: comparable(&title),
            title,
            description,
            scopes: scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            secret_hash: new.hash(),
            secret_tail: new.tail().to_owned(),
            sealed_value: None,
            create_time: now,
            expire_time,
        };
        let client = caller.client.clone();
        self.store
            .write(move |transaction| {
                memory.once(transaction, || {
                    let list = asker.list_of(transaction, &place)?;
                    if place == KeyPlace::AdminPortal {
                        asker.check_grants(transaction, &scopes)?;
                    }
                    let row = add_key(transaction, &list, &row)?;
                    let event = SecurityEvent::ApiKeyCreated;
                    security_log::record(
                        transaction,
                        &list.user_id,
                        now,
                        event,
                        &client,
                        &row.title,
                    )?;
                    Ok(NewPortalKey {
                        value: whole(Dialect::Portal, &new.id, &new.secret),
                        key: PortalKey::at(row, now),
                    })
                })
            })
            .await
    }

    /// One of the caller's keys of a place.
    async fn portal_key(
        &self,
        caller: &Caller,
        place: KeyPlace,
        id: String,
    ) -> Result<PortalKey, AccountsError> {
        let asker = Asker::of(caller)?;
        let row = self
            .store
            .read(move |connection| {
                let list = asker.list_of(connection, &place)?;
                api_keys::get(connection, &list, &id)?.ok_or(AccountsError::NotFound)
            })
            .await?;
        Ok(PortalKey::at(row, self.now()))
    }

    /// One of the caller's keys of a place, with its calls of each of the last thirty days.
    pub(crate) async fn portal_key_details(
        &self,
        caller: &Caller,
        place: KeyPlace,
        id: String,
    ) -> Result<(PortalKey, Vec<DayOfCalls>), AccountsError> {
        caller.session_id()?;
        self.flush_calls().await;
        let key = self.portal_key(caller, place, id).await?;
        let today = day_of(self.now());
        let first = today - DAYS_KEPT + 1;
        let key_id = key.id.clone();
        let counted = self
            .store
            .read(move |connection| usage::by_day(connection, &key_id, first))
            .await?;
        let calls_on = |day| {
            let counted = counted.iter().find(|(counted, _)| *counted == day);
            counted.map_or(0, |(_, calls)| *calls)
        };
        let days = (first..=today).map(|day| DayOfCalls {
            day,
            calls: calls_on(day),
        });
        Ok((key, days.collect()))
    }

    /// Revokes one of the caller's keys for good: it is kept, and refused from the next
    /// request on. Doing it again changes nothing.
    pub(crate) async fn revoke_portal_key(
        &self,
        caller: &Caller,
        place: KeyPlace,
        id: String,
    ) -> Result<PortalKey, AccountsError> {
        let asker = Asker::of(caller)?;
        let (now, key_id, of) = (self.now(), id.clone(), place.clone());
        self.end(caller, SecurityEvent::ApiKeyRevoked, move |transaction| {
            let list = asker.list_of(transaction, &of)?;
            let key = api_keys::get(transaction, &list, &key_id)?.ok_or(AccountsError::NotFound)?;
            if key.revoke_time.is_some() {
                return Ok(None);
            }
            api_keys::revoke(transaction, &list, &key_id, now)?;
            Ok(Some(key.title))
        })
        .await?;
        self.portal_key(caller, place, id).await
    }

    /// Deletes one of the caller's keys. Its calls stay in the figures of the list.
    pub(crate) async fn delete_portal_key(
        &self,
        caller: &Caller,
        place: KeyPlace,
        id: String,
    ) -> Result<(), AccountsError> {
        let asker = Asker::of(caller)?;
        // What was not written by then would belong to no list any more.
        self.flush_calls().await;
        self.end(caller, SecurityEvent::ApiKeyDeleted, move |transaction| {
            let list = asker.list_of(transaction, &place)?;
            let title = api_keys::delete(transaction, &list, &id)?;
            title.map(Some).ok_or(AccountsError::NotFound)
        })
        .await
    }

    /// The figures of the caller's keys of a place.
    pub(crate) async fn portal_key_metrics(
        &self,
        caller: &Caller,
        place: KeyPlace,
    ) -> Result<KeyMetrics, AccountsError> {
        let asker = Asker::of(caller)?;
        self.flush_calls().await;
        let now = self.now();
        self.store
            .read(move |connection| {
                let list = asker.list_of(connection, &place)?;
                let counts = api_keys::counts(connection, &list, now)?;
                Ok(KeyMetrics {
                    total: counts.total,
                    active: counts.total - counts.expired - counts.revoked,
                    expired: counts.expired,
                    revoked: counts.revoked,
                    calls_today: usage::calls_on(connection, &list, day_of(now))?,
                })
            })
            .await
    }
}
