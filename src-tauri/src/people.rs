//! Profile, password and avatar of an instance: from the page's request to the session and back,
//! keeping what was learnt for the next first paint.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keydesk_core::cache::{Cache, LastKnown};
use keydesk_core::instance::InstanceId;
use keydesk_core::organization::OrganizationId;
use keydesk_core::profile::{Profile, ProfileChange};
use keydesk_core::provider::Account;
use keydesk_core::session::{PasswordChange, Session};
use keydesk_core::time::Timestamp;
use keydesk_core::{Error, ErrorCode, Result};

use crate::ipc::views::{CropView, PasswordChangeRequest, PictureView, SavedView};
use crate::state::App;
use crate::{avatars, key_copies};

/// What is known from last time.
pub async fn last_known(app: &App, id: &InstanceId) -> Option<LastKnown> {
    let (cache, id) = (app.cache.clone(), id.clone());
    tokio::task::spawn_blocking(move || locked(&cache).load(&id))
        .await
        .ok()
        .flatten()
}

/// The profile and what can be done with it.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn account(
    app: &App,
    id: &InstanceId,
    organization: Option<&OrganizationId>,
) -> Result<Account> {
    let session = app.session(id).await?;
    let account = session.account(organization).await?;
    key_copies::recognize_person(app, &session, &account.profile.id).await;
    remember_name(app, id, &account.profile);
    let known = account.clone();
    remember(app, session, move |last| {
        last.profile = Some(known.profile);
        last.capabilities = Some(known.capabilities);
    });
    Ok(account)
}

/// Keeps what was fetched for the next first paint, beside the answer's way to the page. What
/// arrives after a sign-out is not kept.
pub fn remember(
    app: &App,
    session: Arc<Session>,
    learn: impl FnOnce(&mut LastKnown) + Send + 'static,
) {
    let cache = app.cache.clone();
    tokio::task::spawn_blocking(move || {
        let cache = locked(&cache);
        if session.status().signed_in != Some(true) {
            return;
        }
        let id = &session.instance().id;
        let mut last = cache.load(id).unwrap_or(LastKnown {
            profile: None,
            capabilities: None,
            keys: None,
            fetched_at: Timestamp::now(),
        });
        learn(&mut last);
        last.fetched_at = Timestamp::now();
        if let Err(error) = cache.save(id, &last) {
            tracing::warn!(%error, "the last known state was not kept");
        }
    });
}

/// Forgets what is known of an instance.
pub fn forget(app: &App, id: &InstanceId) {
    if let Err(error) = locked(&app.cache).forget(id) {
        tracing::warn!(%error, "the last known state was not deleted");
    }
}

fn locked(cache: &Mutex<Cache>) -> MutexGuard<'_, Cache> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Saves a change of the profile and, where asked for, a change of password.
///
/// # Errors
/// Those of the server, the credential and the rules of the fields; what could be saved is.
pub async fn save(
    app: &App,
    id: &InstanceId,
    change: ProfileChange,
    password: Option<PasswordChangeRequest>,
) -> Result<SavedView> {
    let password = password.map(|change| PasswordChange {
        current: change.current.into_secret(),
        new: change.new.into_secret(),
    });
    let session = app.session(id).await?;
    let saved = session.save_profile(change, password).await?;
    remember_name(app, id, &saved.profile);
    let profile = saved.profile.clone();
    remember(app, session, move |last| last.profile = Some(profile));
    Ok(SavedView {
        profile: saved.profile,
        password_changed: saved.password_changed,
        password_error: saved.password_error.map(Into::into),
    })
}

/// The avatar, where there is one.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn avatar(app: &App, id: &InstanceId) -> Result<Option<PictureView>> {
    let image = app.session(id).await?.avatar().await?;
    Ok(image.as_ref().map(avatars::picture))
}

/// Crops a chosen picture and sends it.
///
/// # Errors
/// Those of the server; the old avatar then stays, and so does the draft.
pub async fn upload_avatar(
    app: &App,
    id: &InstanceId,
    handle: u32,
    crop: CropView,
) -> Result<PictureView> {
    let image = app.avatars.crop(handle, crop).await?;
    app.session(id).await?.upload_avatar(&image).await?;
    app.avatars.discard(handle);
    Ok(avatars::picture(&image))
}

/// Keeps name and email for the switcher, before anything is loaded the next time.
fn remember_name(app: &App, id: &InstanceId, profile: &Profile) {
    let name = profile.display_name();
    let known = app
        .instance(id)
        .is_ok_and(|known| known.display_name == name && known.email == profile.email);
    if known {
        return;
    }
    let stored = app.update_instance(id, |instance| {
        instance.display_name = name;
        instance.email.clone_from(&profile.email);
    });
    match stored {
        Err(Error {
            code: ErrorCode::ConfigurationReadOnly,
            ..
        })
        | Ok(()) => {}
        Err(error) => tracing::warn!(%error, "the account's name was not kept"),
    }
}
