//! Who else is here: active people and the organizations of the caller, to read and not to
//! change. Of other organizations nobody learns, neither that they exist nor who is in them.
//!
//! Whoever may view the users of the admin portal sees everybody. The others see themselves and
//! those with whom they share an organization; and who is in neither portal sees the others who
//! are in none, as a server has them that knows no portals.

use rusqlite::Connection;

use super::{Accounts, AccountsError, Caller, Page, PageRequest};
use crate::store::people::Viewer;
use crate::store::users::User;
use crate::store::{StoreError, organizations, people};
use crate::vocabulary::AimmsScope;

pub(crate) use crate::store::people::{NameCondition, PeopleQuery};

/// A person, and what they have in common with the caller.
pub(crate) struct Person {
    pub(crate) user: User,
    /// Names of the organizations that both belong to.
    pub(crate) groups: Vec<String>,
}

impl Caller {
    fn viewer(&self) -> Viewer {
        Viewer {
            user_id: self.user.id.clone(),
            sees_everyone: self.sees_everyone(),
        }
    }
}

impl Accounts {
    /// One page of the people, in the order of their emails.
    pub(crate) async fn directory(
        &self,
        caller: &Caller,
        request: PageRequest,
    ) -> Result<Page<User>, StoreError> {
        let viewer = caller.viewer();
        let (offset, limit) = (request.offset(), request.limit());
        let (total, rows) = self
            .store
            .read(move |connection| people::page(connection, &viewer, offset, limit))
            .await?;
        Ok(Page {
            request,
            total,
            rows,
        })
    }

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
        let (own, viewer) = (caller.user.id.clone(), caller.viewer());
        self.store
            .read(move |connection| {
                people::find(connection, &viewer, query)?
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
        let query = PeopleQuery {
            conditions: vec![NameCondition::Is(user_name.to_owned())],
            descends: false,
            offset: 0,
            limit: 1,
        };
        let people = self.people(caller, query).await?;
        people.into_iter().next().ok_or(AccountsError::NotFound)
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
