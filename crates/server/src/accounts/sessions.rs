//! A person's own sessions: where they are signed in, and ending it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::cursors::{CursorRequest, Slice};
use super::error::AccountsError;
use super::{Accounts, Caller};
use crate::store::sessions::{self, Position, SessionRow};
use crate::vocabulary::SecurityEvent;

impl Accounts {
    /// The caller's sessions, newest first.
    pub(crate) async fn sessions(
        &self,
        caller: &Caller,
        request: CursorRequest,
    ) -> Result<Slice<SessionRow>, AccountsError> {
        caller.session_id()?;
        self.flush_usage().await;
        let (user_id, now) = (caller.user.id.clone(), self.now());
        let name = format!("sessions of {user_id}");
        let seen: Option<Position> = self.position(&name, &request)?;
        let limit = request.rows_to_read();
        let rows = self
            .store
            .read(move |connection| {
                sessions::of_user(connection, &user_id, now, seen.as_ref(), limit)
            })
            .await?;
        self.slice(&name, &request, rows, |row: &SessionRow| {
            (row.create_time, row.id.clone())
        })
    }

    /// Ends one of the caller's sessions, which may be the one that asks.
    pub(crate) async fn end_session(&self, caller: &Caller, id: &str) -> Result<(), AccountsError> {
        caller.session_id()?;
        let (user_id, id) = (caller.user.id.clone(), id.to_owned());
        self.end(caller, SecurityEvent::SessionEnded, move |transaction| {
            let program = sessions::delete(transaction, &user_id, &id)?;
            program.map(Some).ok_or(AccountsError::NotFound)
        })
        .await
    }

    /// Ends every session of the caller but the one that asks; how many there were.
    pub(crate) async fn end_other_sessions(&self, caller: &Caller) -> Result<usize, AccountsError> {
        let (user_id, keep) = (caller.user.id.clone(), caller.session_id()?.to_owned());
        let count = Arc::new(AtomicUsize::new(0));
        let ended = Arc::clone(&count);
        self.end(caller, SecurityEvent::SessionEnded, move |transaction| {
            let all = sessions::delete_of_user(transaction, &user_id, Some(&keep))?;
            ended.store(all, Ordering::Relaxed);
            Ok((all > 0).then(String::new))
        })
        .await?;
        Ok(count.load(Ordering::Relaxed))
    }
}
