//! Where keys of the portals are made and seen, and whether somebody has something to do
//! there: looked up in the same view or change as the keys themselves.

use rusqlite::Connection;

use crate::accounts::Caller;
use crate::accounts::error::AccountsError;
use crate::store::api_keys::KeyList;
use crate::store::{StoreError, organizations, users};
use crate::vocabulary::{Dialect, Scope};

/// Where keys are made and seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyPlace {
    /// The organization of that id.
    Organization(String),
    AdminPortal,
}

/// Who asks for keys.
#[derive(Clone)]
pub(super) struct Asker {
    user_id: String,
}

impl Asker {
    pub(super) fn of(caller: &Caller) -> Result<Self, AccountsError> {
        caller.session_id()?;
        Ok(Self {
            user_id: caller.user.id.clone(),
        })
    }

    /// Names their list of keys of a place, for its cursors.
    pub(super) fn list_name(&self, place: &KeyPlace) -> String {
        match place {
            KeyPlace::Organization(id) => format!("keys of {} in {id}", self.user_id),
            KeyPlace::AdminPortal => format!("keys of {}", self.user_id),
        }
    }

    /// Their keys of a place where they have something to do.
    pub(super) fn list_of(
        &self,
        connection: &Connection,
        place: &KeyPlace,
    ) -> Result<KeyList, AccountsError> {
        let organization_id = match place {
            KeyPlace::Organization(id) => {
                organizations::role(connection, id, &self.user_id)?
                    .ok_or(AccountsError::NotFound)?;
                Some(id.clone())
            }
            KeyPlace::AdminPortal => {
                if self.granted(connection)?.is_empty() {
                    return Err(AccountsError::RoleInsufficient);
                }
                None
            }
        };
        Ok(KeyList {
            user_id: self.user_id.clone(),
            dialect: Dialect::Portal,
            organization_id,
        })
    }

    /// Whether their roles grant these scopes.
    pub(super) fn check_grants(
        &self,
        connection: &Connection,
        scopes: &[Scope],
    ) -> Result<(), AccountsError> {
        let granted = self.granted(connection)?;
        if scopes.iter().all(|scope| granted.contains(scope)) {
            Ok(())
        } else {
            Err(AccountsError::RoleInsufficient)
        }
    }

    fn granted(&self, connection: &Connection) -> Result<Vec<Scope>, StoreError> {
        let user = users::by_id(connection, &self.user_id)?;
        let roles = user.map(|user| user.portal_roles).unwrap_or_default();
        Ok(roles
            .iter()
            .flat_map(|role| role.scopes())
            .copied()
            .collect())
    }
}
