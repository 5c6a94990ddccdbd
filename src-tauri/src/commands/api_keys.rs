//! The API Key tab. Values of keys go to the clipboard by id; only a key that was just made is
//! handed to the page, once.

use keydesk_core::api_key::{ApiKey, ApiKeyDetails, ApiKeyId, Expiration, KeyMetrics, NewApiKey};
use keydesk_core::capabilities::KeyFormKind;
use keydesk_core::instance::InstanceId;
use keydesk_core::organization::OrganizationId;
use keydesk_core::{Error, ErrorCode};
use tauri::State;
use tauri::ipc::Channel;

use crate::ipc::IpcResult;
use crate::ipc::views::{ClipboardChanged, CreatedKey, KeyListView};
use crate::state::App;
use crate::{key_copies, keys};

/// So many keys cross the boundary at a time: while the page reads an answer it draws nothing, and
/// ten thousand at once would cost it a frame.
const KEYS_AT_ONCE: usize = 1_000;

/// Every key of the account, newest first: the first of them in the answer, the others through
/// `parts`, in their order.
#[tauri::command]
#[specta::specta]
pub async fn api_keys(
    app: State<'_, App>,
    instance: InstanceId,
    organization: Option<OrganizationId>,
    parts: Channel<Vec<ApiKey>>,
) -> IpcResult<KeyListView> {
    let work = keys::list(&app, &instance, organization.as_ref());
    let list = app.cancellations.run(Some(&instance), work).await?;
    let mut keys = list.keys;
    let rest = keys.split_off(keys.len().min(KEYS_AT_ONCE));
    for part in rest.chunks(KEYS_AT_ONCE) {
        parts
            .send(part.to_vec())
            .map_err(|_| Error::new(ErrorCode::Internal, "a part of the keys was not sent"))?;
    }
    Ok(KeyListView {
        keys,
        more: u32::try_from(rest.len()).unwrap_or(u32::MAX),
        server_time: list.server_time,
        organization: list.organization,
    })
}

/// Makes a key and hands it out, once. With `keep`, the keyring has a copy of a key that its server
/// shows only once before it is handed out.
#[tauri::command]
#[specta::specta]
pub async fn create_api_key(
    app: State<'_, App>,
    instance: InstanceId,
    organization: Option<OrganizationId>,
    key: NewApiKey,
    keep: bool,
) -> IpcResult<CreatedKey> {
    let work = keys::create(&app, &instance, organization.as_ref(), key, keep);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Copies a key that was just made, in one of its forms.
#[tauri::command]
#[specta::specta]
pub async fn copy_created_api_key(
    app: State<'_, App>,
    handle: u32,
    form: KeyFormKind,
) -> IpcResult<ClipboardChanged> {
    Ok(keys::copy_created(&app, handle, form).await?)
}

/// Wipes a key that was just made; its dialog has closed.
#[tauri::command]
#[specta::specta]
pub fn close_created_api_key(app: State<'_, App>, handle: u32) {
    app.created_keys.close(handle);
}

/// Copies a key of the list, in one of its forms.
#[tauri::command]
#[specta::specta]
pub async fn copy_api_key(
    app: State<'_, App>,
    instance: InstanceId,
    organization: Option<OrganizationId>,
    id: ApiKeyId,
    form: KeyFormKind,
) -> IpcResult<ClipboardChanged> {
    let work = keys::copy(&app, &instance, organization.as_ref(), &id, form);
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Changes until when a key is valid. Answers with the key where the server does.
#[tauri::command]
#[specta::specta]
pub async fn set_api_key_expiration(
    app: State<'_, App>,
    instance: InstanceId,
    id: ApiKeyId,
    expiration: Expiration,
) -> IpcResult<Option<ApiKey>> {
    let work = keys::set_expiration(&app, &instance, &id, expiration);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Deletes a key.
#[tauri::command]
#[specta::specta]
pub async fn delete_api_key(
    app: State<'_, App>,
    instance: InstanceId,
    id: ApiKeyId,
) -> IpcResult<()> {
    let work = keys::delete(&app, &instance, &id);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Switches a key off for good; it stays in the list.
#[tauri::command]
#[specta::specta]
pub async fn revoke_api_key(
    app: State<'_, App>,
    instance: InstanceId,
    id: ApiKeyId,
) -> IpcResult<ApiKey> {
    let work = keys::revoke(&app, &instance, &id);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// All that the server tells of a key.
#[tauri::command]
#[specta::specta]
pub async fn api_key_details(
    app: State<'_, App>,
    instance: InstanceId,
    id: ApiKeyId,
) -> IpcResult<ApiKeyDetails> {
    let work = keys::details(&app, &instance, &id);
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// The figures over the list.
#[tauri::command]
#[specta::specta]
pub async fn key_metrics(
    app: State<'_, App>,
    instance: InstanceId,
    organization: Option<OrganizationId>,
) -> IpcResult<KeyMetrics> {
    let work = keys::metrics(&app, &instance, organization.as_ref());
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Removes the copy of a key that this computer keeps; the key itself stays.
#[tauri::command]
#[specta::specta]
pub async fn forget_kept_key(
    app: State<'_, App>,
    instance: InstanceId,
    id: ApiKeyId,
) -> IpcResult<()> {
    Ok(key_copies::forget(&app, &instance, &id).await?)
}
