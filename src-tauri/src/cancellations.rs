//! Cancelling what is under way: dropping a request's future ends it, here and on the wire.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use keydesk_core::instance::InstanceId;
use keydesk_core::{Error, ErrorCode, Result};
use tokio::sync::Notify;

/// What can be cancelled, by the instance it belongs to; `None` is the connect screen.
#[derive(Default)]
pub struct Cancellations {
    scopes: Mutex<HashMap<Option<InstanceId>, Arc<Notify>>>,
}

impl Cancellations {
    /// Runs `work` until it is done or its scope is cancelled.
    pub async fn run<T>(
        &self,
        instance: Option<&InstanceId>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let scope = self.scope(instance);
        tokio::select! {
            () = scope.notified() => Err(Error::new(ErrorCode::Cancelled, "cancelled")),
            done = work => done,
        }
    }

    /// Runs a change until it is done or its scope is cancelled. It may have happened by then, and
    /// the person is told so.
    pub async fn run_change<T>(
        &self,
        instance: &InstanceId,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let done = self.run(Some(instance), work).await;
        done.map_err(|error| match error.code {
            ErrorCode::Cancelled => Error::new(
                ErrorCode::OutcomeUnknown,
                "cancelled while a change was under way",
            ),
            _ => error,
        })
    }

    /// Ends everything under way in a scope.
    pub fn cancel(&self, instance: Option<&InstanceId>) {
        self.scope(instance).notify_waiters();
    }

    fn scope(&self, instance: Option<&InstanceId>) -> Arc<Notify> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        scopes.entry(instance.cloned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn cancelling_one_scope_leaves_the_others_running() {
        let cancellations = Arc::new(Cancellations::default());
        let instance = InstanceId("a".into());
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let other = {
            let cancellations = cancellations.clone();
            tokio::spawn(async move {
                let work = async {
                    released.await.unwrap();
                    Ok(7)
                };
                cancellations.run(None, work).await
            })
        };
        let cancelled = {
            let cancellations = cancellations.clone();
            tokio::spawn(async move {
                let work = std::future::pending::<Result<()>>();
                cancellations.run(Some(&instance), work).await
            })
        };
        while !cancelled.is_finished() {
            cancellations.cancel(Some(&InstanceId("a".into())));
            tokio::task::yield_now().await;
        }
        assert_eq!(
            cancelled.await.unwrap().unwrap_err().code,
            ErrorCode::Cancelled
        );
        release.send(()).unwrap();
        assert_eq!(other.await.unwrap().unwrap(), 7);
    }
}
