//! Users, organizations and directories.

use keydesk_vault::SecretString;

use super::Session;
use super::account::require;
use crate::administration::{
    self, DirectoryPage, DirectoryQuery, NewUser, User, UserEdit, UserId, UserPage, UserQuery,
};
use crate::capabilities::UserCapabilities;
use crate::organization::Organization;
use crate::provider::Administration;
use crate::{Error, ErrorCode, Result};

impl Session {
    /// All organizations that the person belongs to; none where the server has none.
    pub async fn organizations(&self) -> Result<Vec<Organization>> {
        let Some(organizations) = self.provider.organizations() else {
            return Ok(Vec::new());
        };
        self.call(|credential| async move { organizations.organizations(&credential).await })
            .await
    }

    /// A part of the list of users.
    pub async fn users(&self, query: &UserQuery) -> Result<UserPage> {
        let administration = self.administration()?;
        require(self.user_rules().await?.view)?;
        self.call(|credential| async move { administration.users(&credential, query).await })
            .await
    }

    /// "Create User"
    pub async fn create_user(&self, new: NewUser) -> Result<User> {
        let administration = self.administration()?;
        let rules = self.user_rules().await?;
        require(rules.create)?;
        let new = &administration::validate_new(new, &rules)?;
        self.call(|credential| async move { administration.create_user(&credential, new).await })
            .await
    }

    /// "Edit". `before` are the roles that the account had when the edit began.
    pub async fn edit_user(&self, id: &UserId, edit: UserEdit, before: &[String]) -> Result<User> {
        let administration = self.administration()?;
        let rules = self.user_rules().await?;
        require(rules.edit)?;
        let edit = &administration::validate_edit(edit, before, &rules)?;
        self.call(|credential| async move { administration.edit_user(&credential, id, edit).await })
            .await
    }

    /// "Reset Password"
    pub async fn reset_user_password(&self, id: &UserId, new: &SecretString) -> Result<()> {
        let administration = self.administration()?;
        let rules = self.user_rules().await?;
        require(rules.reset_password)?;
        administration::check_password(new, &rules)?;
        self.call_repeatable(|credential| async move {
            administration
                .reset_user_password(&credential, id, new)
                .await
        })
        .await
    }

    /// "Delete"
    pub async fn delete_user(&self, id: &UserId) -> Result<()> {
        let administration = self.administration()?;
        require(self.user_rules().await?.delete)?;
        self.call_repeatable(|credential| async move {
            administration.delete_user(&credential, id).await
        })
        .await
    }

    /// A part of a directory.
    pub async fn look_up(&self, query: &DirectoryQuery) -> Result<DirectoryPage> {
        let directory = self.provider.directory().ok_or_else(not_here)?;
        self.call(|credential| async move { directory.look_up(&credential, query).await })
            .await
    }

    fn administration(&self) -> Result<&dyn Administration> {
        self.provider.administration().ok_or_else(not_here)
    }

    async fn user_rules(&self) -> Result<UserCapabilities> {
        Ok(self.known_account().await?.capabilities.users)
    }
}

fn not_here() -> Error {
    Error::new(ErrorCode::NotSupported, "this server has none of it")
}
