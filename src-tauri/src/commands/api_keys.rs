//! The API Key tab. Values of keys go to the clipboard by id; only a key that was just made is
//! handed to the page, once.

use keydesk_core::api_key::{ApiKey, ApiKeyId, ApiKeyList, Expiration, NewApiKey};
use keydesk_core::capabilities::KeyFormKind;
use keydesk_core::instance::InstanceId;
use tauri::State;

use crate::ipc::IpcResult;
use crate::ipc::views::{ClipboardChanged, CreatedKey};
use crate::keys;
use crate::state::App;

/// Every key of the account, newest first.
#[tauri::command]
#[specta::specta]
pub async fn api_keys(app: State<'_, App>, instance: InstanceId) -> IpcResult<ApiKeyList> {
    let work = keys::list(&app, &instance);
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Makes a key and hands it out, once.
#[tauri::command]
#[specta::specta]
pub async fn create_api_key(
    app: State<'_, App>,
    instance: InstanceId,
    key: NewApiKey,
) -> IpcResult<CreatedKey> {
    let work = keys::create(&app, &instance, key);
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
    id: ApiKeyId,
    form: KeyFormKind,
) -> IpcResult<ClipboardChanged> {
    let work = keys::copy(&app, &instance, &id, form);
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
