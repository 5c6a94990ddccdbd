//! The security log of an account, as its owner reads it. Each change writes its own entry;
//! how many are kept is said in the store.

use super::cursors::{CursorRequest, Slice};
use super::error::AccountsError;
use super::{Accounts, Caller};
use crate::store::security_log::{self, Entry};

impl Accounts {
    /// What happened to the caller's account, newest first.
    pub(crate) async fn security_log(
        &self,
        caller: &Caller,
        request: CursorRequest,
    ) -> Result<Slice<Entry>, AccountsError> {
        caller.session_id()?;
        let user_id = caller.user.id.clone();
        let name = format!("security log of {user_id}");
        let seen: Option<i64> = self.position(&name, &request)?;
        let limit = request.rows_to_read();
        let rows = self
            .store
            .read(move |connection| security_log::of_user(connection, &user_id, seen, limit))
            .await?;
        self.slice(&name, &request, rows, |entry: &Entry| entry.number)
    }
}
