//! Ending things, which is written down in the security log, and does not fail for want of
//! room there: what frees room or closes a door works on a full disk, too.

use std::sync::Arc;

use rusqlite::Transaction;

use super::error::AccountsError;
use super::{Accounts, Caller};
use crate::client::Client;
use crate::store::{StoreError, security_log};
use crate::vocabulary::SecurityEvent;

impl Accounts {
    /// Ends something of the caller's and writes it down. `end` answers with what the log
    /// calls the thing, or with nothing where it had ended before; it may run twice, each
    /// time in a change of its own.
    pub(super) async fn end<E>(
        &self,
        caller: &Caller,
        event: SecurityEvent,
        end: E,
    ) -> Result<(), AccountsError>
    where
        E: Fn(&Transaction<'_>) -> Result<Option<String>, AccountsError> + Send + Sync + 'static,
    {
        self.end_for(caller.user.id.clone(), caller.client.clone(), event, end)
            .await
    }

    /// The same, of any user's.
    pub(super) async fn end_for<E>(
        &self,
        user_id: String,
        client: Client,
        event: SecurityEvent,
        end: E,
    ) -> Result<(), AccountsError>
    where
        E: Fn(&Transaction<'_>) -> Result<Option<String>, AccountsError> + Send + Sync + 'static,
    {
        let (end, now) = (Arc::new(end), self.now());
        let logged = Arc::clone(&end);
        let outcome = self
            .store
            .write(move |transaction| {
                if let Some(subject) = logged(transaction)? {
                    security_log::record(transaction, &user_id, now, event, &client, &subject)?;
                }
                Ok(())
            })
            .await;
        match outcome {
            Err(AccountsError::Store(StoreError::Full)) => {
                tracing::warn!("the disk is full: something was ended and not written down");
                self.store
                    .write(move |transaction| end(transaction).map(|_| ()))
                    .await
            }
            other => other,
        }
    }
}
