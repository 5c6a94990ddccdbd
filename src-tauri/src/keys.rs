//! API keys of an instance: from the page's request to the session, the clipboard and back.
//!
//! Not here: which keys this computer keeps a copy of (`key_copies`).

use std::sync::Arc;

use keydesk_core::api_key::{
    ApiKey, ApiKeyDetails, ApiKeyId, ApiKeyList, Expiration, KeyMetrics, NewApiKey,
};
use keydesk_core::capabilities::{KeyForm, KeyFormKind, Reveal};
use keydesk_core::instance::InstanceId;
use keydesk_core::organization::OrganizationId;
use keydesk_core::session::{MadeKey, Session};
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;

use crate::ipc::views::{ClipboardChanged, CreatedKey, ShownForm};
use crate::state::{App, ShownKey};
use crate::{clipboard, key_copies, people};

/// Every key of the account, newest first.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn list(
    app: &App,
    id: &InstanceId,
    organization: Option<&OrganizationId>,
) -> Result<ApiKeyList> {
    let session = app.session(id).await?;
    let before = app.instance(id)?;
    let keys = session.api_keys(organization).await?;
    key_copies::recognize(app, &session, &before, &keys).await;
    let known = keys.clone();
    people::remember(app, session, move |last| last.keys = Some(known));
    Ok(keys)
}

/// Makes a key and keeps it at hand until its dialog closes. With `keep`, a key that its server
/// shows only once is in the keyring before it is shown.
///
/// # Errors
/// Those of the rules of a key, of the server and of the credential.
pub async fn create(
    app: &App,
    id: &InstanceId,
    organization: Option<&OrganizationId>,
    new: NewApiKey,
    keep: bool,
) -> Result<CreatedKey> {
    let session = app.session(id).await?;
    // Asked first: once the key is made, nothing may come between it and the person.
    let forms = session.capabilities(organization).await?.api_keys.forms;
    let MadeKey { created, kept } = session.create_api_key(organization, new, keep).await?;
    key_copies::note_new(app, &session, created.key.id.clone(), kept);
    let shown = forms
        .iter()
        .map(|form| ShownForm {
            kind: form.kind,
            text: form.filled(&created.value).expose().clone(),
        })
        .collect();
    let key = created.key.clone();
    let (known, theirs) = (key.clone(), organization.cloned());
    people::remember(app, session, move |last| {
        // Meanwhile the list of another organization may have been kept.
        if let Some(list) = last
            .keys
            .as_mut()
            .filter(|list| list.organization == theirs)
        {
            list.keys.insert(0, known);
        }
    });
    let handle = app.created_keys.keep(ShownKey {
        instance: id.clone(),
        forms,
        created,
    });
    Ok(CreatedKey {
        handle,
        key,
        forms: shown,
        kept,
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
    let text = filled(&shown.forms, form, &shown.created.value)?;
    to_clipboard(app, text).await
}

/// Fetches a key's value, from the server or from the copy that this computer keeps, and copies
/// it; the page never sees it.
///
/// # Errors
/// Those of the server and of the credential; `NotSupported` where there is neither a server that
/// shows it again nor a copy; `ClipboardFailed`.
pub async fn copy(
    app: &App,
    id: &InstanceId,
    organization: Option<&OrganizationId>,
    key: &ApiKeyId,
    form: KeyFormKind,
) -> Result<ClipboardChanged> {
    let session = app.session(id).await?;
    if !app.instance(id)?.keeps(key)
        && session.capabilities(organization).await?.api_keys.reveal == Reveal::Once
    {
        // Whatever the keyring may still have under this id is of another key.
        return Err(Error::new(
            ErrorCode::NotSupported,
            "no copy of this key is kept",
        ));
    }
    let value = session.reveal_api_key(key).await?;
    let forms = session.capabilities(organization).await?.api_keys.forms;
    let text = filled(&forms, form, &value)?;
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

/// Switches a key off for good; it stays in the list.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn revoke(app: &App, id: &InstanceId, key: &ApiKeyId) -> Result<ApiKey> {
    let session = app.session(id).await?;
    let revoked = session.revoke_api_key(key).await?;
    // A copy of it would open nothing, and is gone.
    if app.instance(id)?.keeps(key) {
        key_copies::note(app, id, |known| known.forget_copy(key));
    }
    let known = revoked.clone();
    remember_keys(app, session, move |keys| {
        if let Some(key) = keys.iter_mut().find(|key| key.id == known.id) {
            *key = known;
        }
    });
    Ok(revoked)
}

/// All that the server tells of a key.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn details(app: &App, id: &InstanceId, key: &ApiKeyId) -> Result<ApiKeyDetails> {
    app.session(id).await?.api_key_details(key).await
}

/// The figures over the list.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn metrics(
    app: &App,
    id: &InstanceId,
    organization: Option<&OrganizationId>,
) -> Result<KeyMetrics> {
    app.session(id).await?.key_metrics(organization).await
}

/// Deletes a key, and the copy of it that this computer keeps.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn delete(app: &App, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
    let session = app.session(id).await?;
    session.delete_api_key(key).await?;
    if app.instance(id)?.keeps(key) {
        key_copies::note(app, id, |known| known.forget_copy(key));
    }
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

/// Copies a secret, to be cleared after the time that the person chose.
///
/// # Errors
/// `ClipboardFailed`
pub async fn to_clipboard(app: &App, text: SecretString) -> Result<ClipboardChanged> {
    let after = clipboard::clear_after(&app.configuration().preferences);
    app.clipboard.copy(text, after).await.map_err(|error| {
        Error::new(ErrorCode::ClipboardFailed, "the clipboard took nothing")
            .with_detail(error.to_string())
    })?;
    Ok(clipboard::view(&app.clipboard.subscribe().borrow()))
}
