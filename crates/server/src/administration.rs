//! What an administrator does to accounts: from the command line, from the app that embeds
//! the server, and from tests. None of it can be reached over the network.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::OpenError;
use crate::accounts::{Accounts, AccountsError, IssuedSession, NewUser};
use crate::clock::Clock;
use crate::config::Settings;
use crate::store::StoreError;
use crate::vocabulary::{OrganizationRole, PortalRole};

/// The accounts of one data folder. A server that serves the same folder, in this process or
/// another, notices each change at its next request.
#[derive(Clone)]
pub struct Administration {
    accounts: Arc<Accounts>,
}

impl Administration {
    /// Opens a data folder, whether or not it is being served; makes it where there is none.
    pub fn open(data_dir: &Path) -> Result<Self, OpenError> {
        let accounts = Accounts::open(data_dir, Settings::default(), Clock::system())?;
        Ok(Self::of(Arc::new(accounts)))
    }

    pub(crate) fn of(accounts: Arc<Accounts>) -> Self {
        Self { accounts }
    }

    /// Makes an account; its id.
    pub async fn add_user(&self, new: NewUser) -> Result<String, AccountsError> {
        self.accounts.add_user(new, Vec::new()).await
    }

    /// Makes an account that belongs to the admin portal; its id.
    pub async fn add_portal_user(
        &self,
        new: NewUser,
        roles: Vec<PortalRole>,
    ) -> Result<String, AccountsError> {
        self.accounts.add_user(new, roles).await
    }

    /// How many accounts there are.
    pub async fn user_count(&self) -> Result<u64, StoreError> {
        self.accounts.user_count().await
    }

    /// Switches an account off: its sessions end, its keys are refused.
    pub async fn deactivate(&self, email: &str) -> Result<(), AccountsError> {
        self.accounts.set_active(email, false).await
    }

    /// Switches an account on again. Its keys work again; it must sign in anew.
    pub async fn activate(&self, email: &str) -> Result<(), AccountsError> {
        self.accounts.set_active(email, true).await
    }

    /// Deletes an account and all that belongs to it.
    pub async fn delete_user(&self, email: &str) -> Result<(), AccountsError> {
        self.accounts.delete_user(email).await
    }

    /// Sets a password for somebody who forgot it: their sessions end, their failures are
    /// forgotten.
    pub async fn set_password(
        &self,
        email: &str,
        password: Zeroizing<String>,
    ) -> Result<(), AccountsError> {
        self.accounts.set_password(email, password).await
    }

    /// Lets an account be tried again after too many failures.
    pub async fn unlock(&self, email: &str) -> Result<(), AccountsError> {
        self.accounts.unlock(email).await
    }

    /// Removes the second factor of somebody who lost both the authenticator app and the
    /// recovery codes.
    pub async fn remove_second_factor(&self, email: &str) -> Result<(), AccountsError> {
        self.accounts.forget_second_factor(email).await
    }

    /// Makes a key of the AIMMS dialect, which is spoken by key alone: its value, for the only
    /// time. It ends after so many days, and after a year at the latest.
    pub async fn add_aimms_key(
        &self,
        email: &str,
        name: &str,
        scopes: &[String],
        days: u16,
    ) -> Result<Zeroizing<String>, AccountsError> {
        self.accounts
            .make_first_aimms_key(
                email,
                name,
                scopes,
                Duration::from_hours(24 * u64::from(days)),
            )
            .await
    }

    /// Makes a session without a password: for an account that signs in elsewhere, and for
    /// what a cloud's browser session gives.
    pub async fn issue_session(&self, email: &str) -> Result<IssuedSession, AccountsError> {
        self.accounts.issue_session(email).await
    }

    /// Makes an organization; its id.
    pub async fn add_organization(&self, name: &str) -> Result<String, AccountsError> {
        self.accounts.add_organization(name).await
    }

    /// Makes an account a member of an organization, or gives a member another role.
    pub async fn put_member(
        &self,
        organization_id: &str,
        email: &str,
        role: OrganizationRole,
    ) -> Result<(), AccountsError> {
        self.accounts.put_member(organization_id, email, role).await
    }

    /// Ends a membership, and the keys that were made under it.
    pub async fn remove_member(
        &self,
        organization_id: &str,
        email: &str,
    ) -> Result<(), AccountsError> {
        self.accounts.remove_member(organization_id, email).await
    }
}
