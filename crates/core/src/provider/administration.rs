//! Other people's accounts, organizations and directories.

use async_trait::async_trait;
use keydesk_vault::SecretString;

use crate::Result;
use crate::administration::{
    DirectoryPage, DirectoryQuery, NewUser, User, UserEdit, UserId, UserPage, UserQuery,
};
use crate::credential::Credential;
use crate::organization::Organization;

/// The administration of users.
#[async_trait]
pub trait Administration: Send + Sync {
    /// A part of the list.
    async fn users(&self, credential: &Credential, query: &UserQuery) -> Result<UserPage>;

    /// "Create User"
    async fn create_user(&self, credential: &Credential, new: &NewUser) -> Result<User>;

    /// "Edit"
    async fn edit_user(
        &self,
        credential: &Credential,
        id: &UserId,
        edit: &UserEdit,
    ) -> Result<User>;

    /// "Reset Password"
    async fn reset_user_password(
        &self,
        credential: &Credential,
        id: &UserId,
        new: &SecretString,
    ) -> Result<()>;

    /// "Delete"; an account that is gone counts as deleted.
    async fn delete_user(&self, credential: &Credential, id: &UserId) -> Result<()>;
}

/// Organizations between which a person switches.
#[async_trait]
pub trait Organizations: Send + Sync {
    /// All that the person belongs to, by name.
    async fn organizations(&self, credential: &Credential) -> Result<Vec<Organization>>;
}

/// Users, groups and environments, to be looked up.
#[async_trait]
pub trait Directory: Send + Sync {
    /// A part of a directory.
    async fn look_up(
        &self,
        credential: &Credential,
        query: &DirectoryQuery,
    ) -> Result<DirectoryPage>;
}
