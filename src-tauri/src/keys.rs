//! API keys of an instance: from the page's request to the session, the clipboard and back.

use std::sync::Arc;

use keydesk_core::api_key::{ApiKey, ApiKeyId, ApiKeyList, Expiration, NewApiKey};
use keydesk_core::capabilities::{KeyForm, KeyFormKind};
use keydesk_core::instance::InstanceId;
use keydesk_core::session::Session;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;

use crate::clipboard;
use crate::ipc::views::{ClipboardChanged, CreatedKey, ShownForm};
use crate::people;
use crate::state::{App, ShownKey};

/// Every key of the account, newest first.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn list(app: &App, id: &InstanceId) -> Result<ApiKeyList> {
    let session = app.session(id).await?;
    let keys = session.api_keys().await?;
    let known = keys.clone();
    people::remember(app, session, move |last| last.keys = Some(known));
    Ok(keys)
}

/// Makes a key and keeps it at hand until its dialog closes.
///
/// # Errors
/// Those of the rules of a key, of the server and of the credential.
pub async fn create(app: &App, id: &InstanceId, new: NewApiKey) -> Result<CreatedKey> {
    let session = app.session(id).await?;
    let created = session.create_api_key(new).await?;
    let shown = session
        .capabilities()
        .api_keys
        .forms
        .iter()
        .map(|form| ShownForm {
            kind: form.kind,
            text: form.filled(&created.value).expose().clone(),
        })
        .collect();
    let key = created.key.clone();
    let known = key.clone();
    remember_keys(app, session, move |keys| keys.insert(0, known));
    let handle = app.created_keys.keep(ShownKey {
        instance: id.clone(),
        created,
    });
    Ok(CreatedKey {
        handle,
        key,
        forms: shown,
    })
}

/// Copies a key that is still shown.
///
/// # Errors
/// `NotFound` where its dialog has closed, `ClipboardFailed`.
pub async fn copy_created(app: &App, handle: u32, form: KeyFormKind) -> Result<ClipboardChanged> {
    let shown = app
        .created_keys
        .get(handle)
        .ok_or_else(|| Error::new(ErrorCode::NotFound, "the key is no longer shown"))?;
    let session = app.session(&shown.instance).await?;
    let text = filled(
        &session.capabilities().api_keys.forms,
        form,
        &shown.created.value,
    )?;
    to_clipboard(app, text).await
}

/// Fetches a key's value and copies it; the page never sees it.
///
/// # Errors
/// Those of the server and of the credential; `ClipboardFailed`.
pub async fn copy(
    app: &App,
    id: &InstanceId,
    key: &ApiKeyId,
    form: KeyFormKind,
) -> Result<ClipboardChanged> {
    let session = app.session(id).await?;
    let value = session.reveal_api_key(key).await?;
    let text = filled(&session.capabilities().api_keys.forms, form, &value)?;
    to_clipboard(app, text).await
}

/// Changes until when a key is valid.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn set_expiration(
    app: &App,
    id: &InstanceId,
    key: &ApiKeyId,
    expiration: Expiration,
) -> Result<Option<ApiKey>> {
    let session = app.session(id).await?;
    let changed = session.set_api_key_expiration(key, expiration).await?;
    let known = key.clone();
    remember_keys(app, session, move |keys| {
        for key in keys.iter_mut().filter(|key| key.id == known) {
            key.expiration = expiration;
        }
    });
    Ok(changed)
}

/// Deletes a key.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn delete(app: &App, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
    let session = app.session(id).await?;
    session.delete_api_key(key).await?;
    let gone = key.clone();
    remember_keys(app, session, move |keys| keys.retain(|key| key.id != gone));
    Ok(())
}

/// Lets the list of the next first paint know of a change.
fn remember_keys(
    app: &App,
    session: Arc<Session>,
    change: impl FnOnce(&mut Vec<ApiKey>) + Send + 'static,
) {
    people::remember(app, session, |last| {
        if let Some(list) = &mut last.keys {
            change(&mut list.keys);
        }
    });
}

fn filled(forms: &[KeyForm], kind: KeyFormKind, value: &SecretString) -> Result<SecretString> {
    forms
        .iter()
        .find(|form| form.kind == kind)
        .map(|form| form.filled(value))
        .ok_or_else(|| Error::new(ErrorCode::NotSupported, "no such form of a key"))
}

async fn to_clipboard(app: &App, text: SecretString) -> Result<ClipboardChanged> {
    let after = clipboard::clear_after(&app.configuration().preferences);
    app.clipboard.copy(text, after).await.map_err(|error| {
        Error::new(ErrorCode::ClipboardFailed, "the clipboard took nothing")
            .with_detail(error.to_string())
    })?;
    Ok(clipboard::view(&app.clipboard.subscribe().borrow()))
}
