//! The clipboard's countdown. Copying itself lives with what is copied.

use tauri::State;

use crate::clipboard;
use crate::ipc::IpcResult;
use crate::ipc::views::ClipboardChanged;
use crate::state::App;

/// What the clipboard does with the secret that was copied last.
#[tauri::command]
#[specta::specta]
pub fn clipboard_state(app: State<'_, App>) -> ClipboardChanged {
    clipboard::view(&app.clipboard.subscribe().borrow())
}

/// Clears the clipboard now, if it still holds our secret.
#[tauri::command]
#[specta::specta]
pub async fn clear_clipboard(app: State<'_, App>) -> IpcResult<ClipboardChanged> {
    app.clipboard.clear_now_if_ours().await;
    Ok(clipboard::view(&app.clipboard.subscribe().borrow()))
}
