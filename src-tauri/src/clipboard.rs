//! The clipboard's countdown, told to the page. Writing and clearing is the vault's.

use std::time::Instant;

use keydesk_core::preferences::Preferences;
use keydesk_vault::{ClearAfter, ClearOutcome, ClipboardState, SecretClipboard};
use tauri::AppHandle;
use tauri_specta::Event;

use crate::ipc::views::ClipboardChanged;

/// When a secret is cleared, by the person's choice.
pub fn clear_after(preferences: &Preferences) -> ClearAfter {
    preferences
        .clear_clipboard_after_seconds
        .map_or(ClearAfter::Never, |seconds| {
            ClearAfter::Seconds(u8::try_from(seconds).unwrap_or(u8::MAX))
        })
}

/// The state as the page sees it.
pub fn view(state: &ClipboardState) -> ClipboardChanged {
    ClipboardChanged {
        holds_secret: state.active.is_some(),
        clears_in_ms: state.active.and_then(|active| active.clear_at).map(|at| {
            let left = at.saturating_duration_since(Instant::now());
            u32::try_from(left.as_millis()).unwrap_or(u32::MAX)
        }),
        clear_failed: state.last == Some(ClearOutcome::Failed),
    }
}

/// Tells the page of every change, until the app ends.
pub fn announce(app: AppHandle, clipboard: &SecretClipboard) {
    let mut changes = clipboard.subscribe();
    tauri::async_runtime::spawn(async move {
        while changes.changed().await.is_ok() {
            let view = view(&changes.borrow_and_update());
            if let Err(error) = view.emit(&app) {
                tracing::warn!(%error, "the page was not told of the clipboard");
            }
        }
    });
}
