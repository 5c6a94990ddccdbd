//! Who else is here: active people and the organizations of the caller, to read and not to
//! change. Of other organizations nobody learns, neither that they exist nor who is in them.

use std::collections::HashMap;

use super::{Accounts, AccountsError, Caller};
use crate::store::organizations;
use crate::store::users::{self, User};
use crate::vocabulary::AimmsScope;

/// A person, and what they have in common with the caller.
pub(crate) struct Person {
    pub(crate) user: User,
    /// Names of the organizations that both belong to.
    pub(crate) groups: Vec<String>,
}

impl Accounts {
    /// The caller, with all organizations that they belong to.
    pub(crate) async fn myself(&self, caller: &Caller) -> Result<Person, AccountsError> {
        let id = caller.user.id.clone();
        let groups = self
            .store
            .read(move |connection| organizations::names_of_user(connection, &id))
            .await?;
        Ok(Person {
            user: caller.user.clone(),
            groups,
        })
    }

    /// Every active person, in the order of their emails.
    pub(crate) async fn people(&self, caller: &Caller) -> Result<Vec<Person>, AccountsError> {
        caller.check_aimms_scope(AimmsScope::Authentication)?;
        let id = caller.user.id.clone();
        let all = u64::try_from(i64::MAX).unwrap_or_default();
        let (users, shared) = self
            .store
            .read(move |connection| {
                let users = users::page(connection, 0, all)?.1;
                let shared = organizations::shared_with(connection, &id)?;
                Ok::<_, AccountsError>((users, shared))
            })
            .await?;
        let mut groups: HashMap<String, Vec<String>> = HashMap::new();
        for (user_id, name) in shared {
            groups.entry(user_id).or_default().push(name);
        }
        let person = |user: User| Person {
            groups: groups.remove(&user.id).unwrap_or_default(),
            user,
        };
        Ok(users.into_iter().map(person).collect())
    }

    /// The active person who signs in with this name, written as it is shown.
    pub(crate) async fn person(
        &self,
        caller: &Caller,
        user_name: &str,
    ) -> Result<Person, AccountsError> {
        caller.check_aimms_scope(AimmsScope::Authentication)?;
        let user = self.active_user(user_name).await?;
        if user.email != user_name {
            return Err(AccountsError::NotFound);
        }
        let (own, other) = (caller.user.id.clone(), user.id.clone());
        let shared = self
            .store
            .read(move |connection| organizations::shared_with(connection, &own))
            .await?;
        let of_both = shared.into_iter().filter(|(user_id, _)| *user_id == other);
        Ok(Person {
            user,
            groups: of_both.map(|(_, name)| name).collect(),
        })
    }

    /// The names of the caller's organizations.
    pub(crate) async fn groups(&self, caller: &Caller) -> Result<Vec<String>, AccountsError> {
        caller.check_aimms_scope(AimmsScope::Authentication)?;
        Ok(self.myself(caller).await?.groups)
    }
}
