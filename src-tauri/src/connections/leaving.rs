//! Signing out, and taking an account off the list: what is noted of it, and when.
//!
//! What is known of an account is forgotten in the moment in which its secrets are wiped, before
//! the server is waited for: Keydesk may be quit by then, or the person signed in again.
//!
//! Not here: what is wiped, and what the server is told (the session).

use std::sync::Arc;

use keydesk_core::instance::InstanceId;
use keydesk_core::session::{Leaving, Session, SignOutOutcome};
use keydesk_core::{Error, Result};

use super::entering::reachable;
use crate::people;
use crate::state::App;

/// Signs out, here in any case and on the server where it can be reached.
///
/// # Errors
/// `InstanceUnknown`
pub async fn sign_out(app: &App, id: &InstanceId) -> Result<SignOutOutcome> {
    let (session, leaving) = leave(app, id).await?;
    Ok(session.sign_out_there(leaving).await)
}

/// Signs out and takes the instance off the list.
///
/// # Errors
/// As [`sign_out`]; and where the keyring may still hold a secret of the account: without its
/// entry no one could find that secret again.
pub async fn remove(app: &App, id: &InstanceId) -> Result<()> {
    let (session, leaving) = leave(app, id).await?;
    let removed = if let Some(code) = leaving.left_in_keyring {
        Err(Error::new(code, "the keyring may still hold a secret"))
    } else {
        app.forget_session(id);
        app.drop_instance(id)
    };
    session.sign_out_there(leaving).await;
    removed
}

/// Takes an account that no longer exists off the list, with all that is known of it.
///
/// # Errors
/// As [`App::update`].
pub fn forget(app: &App, id: &InstanceId) -> Result<()> {
    app.cancellations.cancel(Some(id));
    forget_what_is_known(app, id);
    app.forget_session(id);
    app.drop_instance(id)
}

/// Forgets what is known of an account that nobody is signed in to any more; its entry stays.
pub fn note_signed_out(app: &App, id: &InstanceId) {
    forget_what_is_known(app, id);
    let noted = app.update_instance(id, |instance| {
        instance.remember_password = false;
        instance.signed_out = true;
        instance.forget_copies();
    });
    if let Err(error) = noted {
        // What counts is done; the next sign-in writes it again.
        tracing::warn!(%error, "the sign-out was not noted in the configuration");
    }
}

/// Wipes the account's secrets and notes it; the server is still to be told.
async fn leave(app: &App, id: &InstanceId) -> Result<(Arc<Session>, Leaving)> {
    app.cancellations.cancel(Some(id));
    let session = session_for_goodbye(app, id).await?;
    // The session stays: it knows that it is signed out, and asks the keyring no more.
    let leaving = session.sign_out_here().await;
    // A sign-in that comes meanwhile waits for the wiping, and is noted after this.
    note_signed_out(app, id);
    Ok((session, leaving))
}

/// Forgets what was last fetched of an account, and what is shown of it only once.
fn forget_what_is_known(app: &App, id: &InstanceId) {
    people::forget(app, id);
    app.created_keys.retain(|shown| &shown.instance != id);
    app.shown_secrets.retain(|(of, _)| of != id);
}

/// A session to say goodbye with. An account of which nothing can be reached, because its server
/// does not start or its settings cannot be read, is wiped here all the same.
async fn session_for_goodbye(app: &App, id: &InstanceId) -> Result<Arc<Session>> {
    if let Ok(session) = app.session(id).await {
        return Ok(session);
    }
    let session = app.connect(reachable(app.instance(id)?))?;
    if let Some(before) = app.session_at_hand(id) {
        session.carry_on(&before);
    }
    Ok(session)
}
