//! The frame: start, preferences, which instance is in front, the keyring, cancelling, closing.

use keydesk_core::ErrorCode;
use keydesk_core::instance::InstanceId;
use keydesk_core::preferences::Preferences;
use keydesk_vault::Persistence;
use tauri::State;
use tauri_plugin_clipboard_manager::ClipboardExt;

use crate::closing::Closing;
use crate::ipc::IpcResult;
use crate::ipc::views::{InstanceView, KeyringView, Start};
use crate::key_copies;
use crate::state::App;
use crate::window;

/// What the first paint needs. Touches neither network nor keyring.
#[tauri::command]
#[specta::specta]
pub fn start(app: State<'_, App>) -> Start {
    app.start()
}

/// Saves the preferences and applies the theme to the window's own frame.
#[tauri::command]
#[specta::specta]
pub async fn set_preferences(
    handle: tauri::AppHandle,
    app: State<'_, App>,
    preferences: Preferences,
) -> IpcResult<Preferences> {
    let saved = app.set_preferences(preferences)?;
    window::apply_theme(&handle, saved.theme);
    Ok(saved)
}

/// Remembers which instance is in front.
#[tauri::command]
#[specta::specta]
pub async fn select_instance(app: State<'_, App>, instance: InstanceId) -> IpcResult<()> {
    let known = app.instance(&instance)?.id;
    app.update(|configuration| configuration.selected = Some(known))?;
    Ok(())
}

/// The accounts, in the person's order.
#[tauri::command]
#[specta::specta]
pub fn instances(app: State<'_, App>) -> Vec<InstanceView> {
    app.instances()
}

/// Gives an instance another name.
#[tauri::command]
#[specta::specta]
pub async fn rename_instance(
    app: State<'_, App>,
    instance: InstanceId,
    name: String,
) -> IpcResult<Vec<InstanceView>> {
    app.rename_instance(&instance, &name)?;
    Ok(app.instances())
}

/// Whether secrets can be kept; asks nobody.
#[tauri::command]
#[specta::specta]
pub fn keyring_status(app: State<'_, App>) -> KeyringView {
    app.vault.status().into()
}

/// Tries the keyring again, and stores what is only in memory so far.
#[tauri::command]
#[specta::specta]
pub async fn retry_keyring(app: State<'_, App>) -> IpcResult<KeyringView> {
    let status = app.vault.retry().await;
    if status.persistence == Persistence::Keyring {
        key_copies::note_moved(&app);
    }
    app.keep_everything().await;
    Ok(status.into())
}

/// The person's choice: keep secrets in memory until Keydesk quits.
#[tauri::command]
#[specta::specta]
pub async fn keep_until_quit(app: State<'_, App>) -> IpcResult<KeyringView> {
    app.vault.use_memory_until_quit();
    // What only a session holds outlives that session from now on.
    app.keep_everything().await;
    Ok(app.vault.status().into())
}

/// Ends what is under way: for one instance, or on the connect screen where none is named.
#[tauri::command]
#[specta::specta]
pub fn cancel(app: State<'_, App>, instance: Option<InstanceId>) {
    app.cancellations.cancel(instance.as_ref());
}

/// More than the details of any error.
const LONGEST_COPY: usize = 64 * 1024;

/// Copies what is no secret: an address, the details of an error.
#[tauri::command]
#[specta::specta]
pub async fn copy_text(handle: tauri::AppHandle, text: String) -> IpcResult<()> {
    if text.len() > LONGEST_COPY {
        return Err(ErrorCode::TooLong.into());
    }
    handle
        .clipboard()
        .write_text(text)
        .map_err(|_| ErrorCode::ClipboardFailed)?;
    Ok(())
}

/// Notes whether closing the window would lose anything that was typed.
#[tauri::command]
#[specta::specta]
pub fn note_unsaved(closing: State<'_, Closing>, unsaved: bool) {
    closing.note_unsaved(unsaved);
}

/// The page asks the person whether to close the window: it stays until they have answered.
#[tauri::command]
#[specta::specta]
pub fn hold_close(closing: State<'_, Closing>) {
    closing.hold();
}

/// Closes the window: the person wants it, whatever is unsaved.
#[tauri::command]
#[specta::specta]
pub fn close_window(handle: tauri::AppHandle) {
    window::close(&handle);
}
