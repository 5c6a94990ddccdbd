//! A sign-in on its way into the list, with nothing left behind where it does not come to its end.
//!
//! Secrets in the keyring are found by their account's entry alone. So a new account's entry is noted
//! before anything is stored: where Keydesk is killed in between, the next start knows what to wipe.
//!
//! Not here: which account it is (`super`), what one signs in with (`credentials`).

use std::sync::Arc;

use keydesk_core::Result;
use keydesk_core::instance::{Instance, Trust};
use keydesk_core::session::{Kept, Session};

use crate::ipc::views::{InstanceView, SignedInView};
use crate::state::App;

/// A sign-in that has not come to its end. Where it is given up after the server has accepted it,
/// what was stored of it is wiped and the server told; else its account is forgotten. An account
/// that was in the list before stays as it was.
pub(super) struct Entering<'a> {
    app: &'a App,
    session: Arc<Session>,
    ended: bool,
}

impl<'a> Entering<'a> {
    /// Notes the account where it is new.
    ///
    /// # Errors
    /// Where its certificates cannot be read, and as [`App::update`].
    pub(super) fn begin(app: &'a App, mut instance: Instance) -> Result<Self> {
        instance.signed_out = false;
        let session = app.connect(instance)?;
        app.note_unfinished(session.instance())?;
        Ok(Self {
            app,
            session,
            ended: false,
        })
    }

    /// What signs in.
    pub(super) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Takes the account into the list.
    ///
    /// # Errors
    /// That of the sign-in, and as [`App::adopt`].
    pub(super) fn end(mut self, signed_in: Result<Kept>) -> Result<SignedInView> {
        let kept = signed_in?;
        let instance = InstanceView::from(self.session.instance());
        self.app.adopt(self.session.clone())?;
        self.ended = true;
        Ok(SignedInView { instance, kept })
    }
}

impl Drop for Entering<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if self.session.status().signed_in != Some(true) {
            // Refused, or given up before the server answered: nothing was stored.
            self.app.forget_unfinished(&self.session.instance().id);
            return;
        }
        let session = self.session.clone();
        let id = &session.instance().id;
        if self.app.instance(id).is_ok() {
            let before = self.app.session_at_hand(id);
            tauri::async_runtime::spawn(async move { session.take_back(before.as_deref()).await });
            return;
        }
        // Its note stays: should this not come to its end either, the next start does it.
        tauri::async_runtime::spawn(async move {
            session.sign_out().await;
        });
    }
}

/// Wipes what is left of sign-ins that an earlier run did not bring to their end.
pub async fn wipe_left_behind(app: &App, left: Vec<Instance>) {
    for instance in left {
        let id = instance.id.clone();
        let connected = app.connect(instance.clone());
        let Ok(session) = connected.or_else(|_| app.connect(reachable(instance))) else {
            continue;
        };
        match session.sign_out().await.left_in_keyring {
            None => app.forget_unfinished(&id),
            Some(code) => tracing::warn!(?code, "an unfinished sign-in stays in the keyring"),
        }
    }
}

/// An account with which a session can be built whatever its settings are worth.
pub(super) fn reachable(mut instance: Instance) -> Instance {
    instance.endpoints.clear();
    instance.trust = Trust::default();
    instance
}
