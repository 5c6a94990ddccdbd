//! Who else is here: active people and the organizations of the caller, to read and not to
//! change. Of other organizations nobody learns, neither that they exist nor who is in them.

use rusqlite::Connection;

use super::{Accounts, AccountsError, Caller};
use crate::store::users::User;
use crate::store::{organizations, people};
use crate::vocabulary::AimmsScope;

pub(crate) use crate::store::people::{NameCondition, PeopleQuery};

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

    /// Active people who are looked for by name, in the order of their names.
    pub(crate) async fn people(
        &self,
        caller: &Caller,
        query: PeopleQuery,
    ) -> Result<Vec<Person>, AccountsError> {
        caller.check_aimms_scope(AimmsScope::Authentication)?;
        let own = caller.user.id.clone();
        self.store
            .read(move |connection| {
                people::find(connection, query)?
                    .into_iter()
                    .map(|user| person(connection, &own, user))
                    .collect()
            })
            .await
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
        let own = caller.user.id.clone();
        self.store
            .read(move |connection| person(connection, &own, user))
            .await
    }

    /// The names of the caller's organizations.
    pub(crate) async fn groups(&self, caller: &Caller) -> Result<Vec<String>, AccountsError> {
        caller.check_aimms_scope(AimmsScope::Authentication)?;
        Ok(self.myself(caller).await?.groups)
    }
}

fn person(connection: &Connection, caller_id: &str, user: User) -> Result<Person, AccountsError> {
    let groups = organizations::names_of_both(connection, caller_id, &user.id)?;
    Ok(Person { user, groups })
}
