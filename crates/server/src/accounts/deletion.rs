//! Deleting one's own account: what it takes with it is told first, and it takes a phrase and
//! the password. Nothing of the account remains.

use rusqlite::{Connection, Transaction};
use zeroize::Zeroizing;

use super::error::{AccountsError, Field, Problem};
use super::{Accounts, Caller};
use crate::store::organizations::{self, Departure};
use crate::store::users::{self, User};
use crate::store::{StoreError, api_keys, login_failures, portal_roles, sessions};
use crate::vocabulary::PortalRole;

/// What would go with an account.
pub(crate) struct Consequences {
    /// What must be typed.
    pub(crate) phrase: String,
    /// Keys of every dialect.
    pub(crate) api_keys: u64,
    /// Organizations that the person leaves.
    pub(crate) organizations: u64,
    /// Organizations that end, having no other member.
    pub(crate) owned_organizations: u64,
    pub(crate) sessions: u64,
    /// Why it may not be done.
    pub(crate) refusal: Option<AccountsError>,
}

impl Accounts {
    /// What would go with the caller's account.
    pub(crate) async fn deletion_consequences(
        &self,
        caller: &Caller,
    ) -> Result<Consequences, AccountsError> {
        caller.session_id()?;
        let (user, now) = (caller.user.clone(), self.now());
        self.store
            .read(move |connection| {
                let departure = organizations::departure(connection, &user.id)?;
                let refusal = match check_departure(connection, &user, &departure) {
                    Ok(()) => None,
                    Err(AccountsError::Store(error)) => return Err(error.into()),
                    Err(refusal) => Some(refusal),
                };
                Ok(Consequences {
                    phrase: phrase_of(&user),
                    api_keys: api_keys::count_of_user(connection, &user.id)?,
                    organizations: departure.left,
                    owned_organizations: u64::try_from(departure.ended.len()).unwrap_or(u64::MAX),
                    sessions: sessions::count_of_user(connection, &user.id, now)?,
                    refusal,
                })
            })
            .await
    }

    /// Deletes the caller's account. Who signs in elsewhere has no password to give.
    pub(crate) async fn delete_account(
        &self,
        caller: &Caller,
        phrase: &str,
        password: Option<Zeroizing<String>>,
    ) -> Result<(), AccountsError> {
        caller.session_id()?;
        if phrase.trim() != phrase_of(&caller.user) {
            return Err(AccountsError::invalid(Field::Phrase, Problem::Wrong));
        }
        if let Some(refusal) = self.deletion_consequences(caller).await?.refusal {
            return Err(refusal);
        }
        if caller.user.password_hash.is_some() {
            let password =
                password.ok_or(AccountsError::invalid(Field::Password, Problem::Empty))?;
            drop(
                self.confirm_password(&caller.user, &password, Field::Password)
                    .await?,
            );
        }
        let id = caller.user.id.clone();
        let mac = self.login_name(&caller.user.email).mac;
        self.store
            .write(move |transaction| {
                // Read anew: roles may have been given since the request began.
                let user = users::by_id(transaction, &id)?.ok_or(AccountsError::NotFound)?;
                remove(transaction, &user)?;
                login_failures::clear(transaction, &mac)?;
                Ok(())
            })
            .await
    }
}

/// Removes an account that may go, with the organizations that have nobody else.
pub(super) fn remove(transaction: &Transaction<'_>, user: &User) -> Result<(), AccountsError> {
    let departure = organizations::departure(transaction, &user.id)?;
    check_departure(transaction, user, &departure)?;
    Ok(take_away(transaction, &user.id, &departure)?)
}

/// Removes an account whether or not others depend on it.
pub(super) fn remove_in_any_case(
    transaction: &Transaction<'_>,
    user_id: &str,
) -> Result<(), StoreError> {
    let departure = organizations::departure(transaction, user_id)?;
    take_away(transaction, user_id, &departure)
}

fn take_away(
    transaction: &Transaction<'_>,
    user_id: &str,
    departure: &Departure,
) -> Result<(), StoreError> {
    users::delete(transaction, user_id)?;
    for organization in &departure.ended {
        organizations::delete(transaction, organization)?;
    }
    Ok(())
}

/// Whether an account may go: an organization that has members keeps an owner, and the admin
/// portal keeps a super-admin.
fn check_departure(
    connection: &Connection,
    user: &User,
    departure: &Departure,
) -> Result<(), AccountsError> {
    if departure.orphaned > 0 {
        return Err(AccountsError::LastOwner);
    }
    let is_super = user.active && user.portal_roles.contains(&PortalRole::SuperAdmin);
    if is_super && portal_roles::other_super_admins(connection, &user.id)? == 0 {
        return Err(AccountsError::LastSuperAdmin);
    }
    Ok(())
}

/// Nobody types this by accident, and nobody takes another account for their own.
fn phrase_of(user: &User) -> String {
    format!("delete {}", user.email)
}
