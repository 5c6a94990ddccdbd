//! Organizations and who belongs to them. They are made and filled by administrators of the
//! server; over the network a person sees their own.

use super::cursors::{CursorRequest, Slice};
use super::error::{AccountsError, Field};
use super::text::{Lines, TextRule};
use super::{Accounts, Caller};
use crate::auth::random_hex;
use crate::client::Client;
use crate::comparison::comparable;
use crate::store::organizations::{self, Membership};
use crate::store::security_log;
use crate::vocabulary::{OrganizationRole, Scope, SecurityEvent};

const NAME: TextRule = TextRule {
    field: Field::OrganizationName,
    max: 128,
    required: true,
    lines: Lines::One,
};

impl Accounts {
    /// The organizations of the caller in the order of their names. With a key of an
    /// organization it is that one alone.
    pub(crate) async fn organizations(
        &self,
        caller: &Caller,
        request: CursorRequest,
    ) -> Result<Slice<Membership>, AccountsError> {
        caller.check_scope(Scope::Read)?;
        let user_id = caller.user.id.clone();
        let name = format!("organizations of {user_id}");
        let seen: Option<organizations::Position> = self.position(&name, &request)?;
        let only = caller.only_organization().map(str::to_owned);
        let limit = request.rows_to_read();
        let rows = self
            .store
            .read(move |connection| {
                organizations::of_user(connection, &user_id, only.as_deref(), seen.as_ref(), limit)
            })
            .await?;
        self.slice(&name, &request, rows, |row: &Membership| {
            (row.name_key.clone(), row.organization_id.clone())
        })
    }

    /// What the caller is in an organization that this request may see.
    pub(crate) async fn organization_role(
        &self,
        caller: &Caller,
        organization_id: &str,
    ) -> Result<OrganizationRole, AccountsError> {
        let others = |only: &str| only != organization_id;
        if caller.only_organization().is_some_and(others) {
            return Err(AccountsError::NotFound);
        }
        let (id, user_id) = (organization_id.to_owned(), caller.user.id.clone());
        self.store
            .read(move |connection| organizations::role(connection, &id, &user_id))
            .await?
            .ok_or(AccountsError::NotFound)
    }

    /// Whether the caller has a role in any organization.
    pub(crate) async fn belongs_somewhere(
        &self,
        caller: &Caller,
    ) -> Result<Result<(), AccountsError>, AccountsError> {
        let user_id = caller.user.id.clone();
        let any = self
            .store
            .read(move |connection| organizations::of_user(connection, &user_id, None, None, 1))
            .await?;
        Ok(if any.is_empty() {
            Err(AccountsError::RoleInsufficient)
        } else {
            Ok(())
        })
    }

    /// Makes an organization; its id. Its name must differ from the others in more than
    /// case, invisible characters or the way it is typed.
    pub(crate) async fn add_organization(&self, name: &str) -> Result<String, AccountsError> {
        let name = NAME.apply(name)?;
        let id = random_hex::<10>()?;
        let (now, made) = (self.now(), id.clone());
        self.store
            .write(move |transaction| {
                let key = comparable(&name);
                if organizations::insert(transaction, &id, &name, &key, now)? {
                    Ok(())
                } else {
                    Err(AccountsError::OrganizationNameTaken)
                }
            })
            .await?;
        Ok(made)
    }

    /// Makes an account a member of an organization, or gives a member another role.
    pub(crate) async fn put_member(
        &self,
        organization_id: &str,
        email: &str,
        role: OrganizationRole,
    ) -> Result<(), AccountsError> {
        let user = self.user_by_email(email).await?;
        let (id, now) = (organization_id.to_owned(), self.now());
        self.store
            .write(move |transaction| {
                let name = organizations::name(transaction, &id)?.ok_or(AccountsError::NotFound)?;
                let before = organizations::role(transaction, &id, &user.id)?;
                if before == Some(OrganizationRole::Owner) && role != OrganizationRole::Owner {
                    keep_an_owner(transaction, &id, &user.id)?;
                }
                organizations::put_member(transaction, &id, &user.id, role, now)?;
                let (event, client) = (SecurityEvent::RoleChanged, Client::default());
                security_log::record(transaction, &user.id, now, event, &client, &name)?;
                Ok(())
            })
            .await
    }

    /// Ends a membership. The keys that the member made for the organization are gone, and
    /// do not come back with another membership.
    pub(crate) async fn remove_member(
        &self,
        organization_id: &str,
        email: &str,
    ) -> Result<(), AccountsError> {
        let user = self.user_by_email(email).await?;
        let (id, user_id) = (organization_id.to_owned(), user.id.clone());
        let event = SecurityEvent::RoleChanged;
        self.end_for(user.id, Client::default(), event, move |transaction| {
            let name = organizations::name(transaction, &id)?.ok_or(AccountsError::NotFound)?;
            if organizations::role(transaction, &id, &user_id)? == Some(OrganizationRole::Owner) {
                keep_an_owner(transaction, &id, &user_id)?;
            }
            if organizations::remove_member(transaction, &id, &user_id)? {
                Ok(Some(name))
            } else {
                Err(AccountsError::NotFound)
            }
        })
        .await
    }
}

/// Refuses to leave members without an owner. The very last one may go.
fn keep_an_owner(
    connection: &rusqlite::Connection,
    organization_id: &str,
    user_id: &str,
) -> Result<(), AccountsError> {
    let (other_owners, other_members) =
        organizations::others(connection, organization_id, user_id)?;
    if other_owners == 0 && other_members > 0 {
        Err(AccountsError::LastOwner)
    } else {
        Ok(())
    }
}
