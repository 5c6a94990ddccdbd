//! The shell of Keydesk: window, IPC, dialogs, clipboard, and the wiring of the rooms below.
//!
//! No rule of the domain lives here: commands unpack, call one function, map the error.

#![expect(
    unreachable_pub,
    reason = "in a program `pub` marks what another room may use, and commands demand it"
)]

mod avatars;
mod cancellations;
mod clipboard;
mod closing;
mod commands;
mod connections;
mod contracts;
#[cfg(test)]
mod desk;
mod dialogs;
mod handles;
mod ipc;
mod key_copies;
mod keys;
mod local_server;
#[cfg(target_os = "macos")]
mod menu;
mod pasted;
mod people;
mod process;
mod security;
mod servers;
mod sign_in_window;
mod state;
mod window;

use std::time::Duration;

use tauri::{AppHandle, Manager, RunEvent};

use state::App;

/// How long quitting may wait for the clipboard and the embedded server.
const GOODBYE: Duration = Duration::from_secs(2);

/// Why Keydesk could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another Keydesk of the same person is running and could not be brought to the front.
    #[error("Keydesk is already running")]
    AlreadyRunning,
    /// The system has no display, or no web view.
    #[error(transparent)]
    Window(#[from] tauri::Error),
}

/// Runs the app until its window closes.
///
/// # Errors
/// See [`StartError`].
pub fn run() -> Result<(), StartError> {
    process::prepare();
    let bindings = ipc::bindings::builder();
    let builder = tauri::Builder::default();
    #[cfg(target_os = "macos")]
    let builder = menu::install(builder);
    let app = builder
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::focus(app);
        }))
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_filter(|label| label == window::LABEL)
                .build(),
        )
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bindings.invoke_handler())
        .build(tauri::generate_context!())?;
    // Where there is a session bus, a second Keydesk has ended by now and the first is in front.
    let folders = process::folders();
    let _claim = process::claim(&folders).ok_or(StartError::AlreadyRunning)?;
    bindings.mount_events(&app);
    let state = App::open(folders);
    let theme = state.configuration().preferences.theme;
    clipboard::announce(app.handle().clone(), &state.clipboard);
    state.clipboard.clear_left_behind();
    app.manage(state);
    app.manage(closing::Closing::default());
    process::quit_on_signal(app.handle().clone());
    finish_what_was_left(app.handle().clone());
    app.run(move |handle, event| match event {
        RunEvent::Ready => {
            if let Err(error) = window::open(handle, theme) {
                tracing::error!(%error, "the window could not be opened");
                handle.exit(1);
            }
        }
        RunEvent::Exit => say_goodbye(handle),
        _ => {}
    });
    Ok(())
}

/// Wipes what an earlier run, which was killed, has left in the keyring.
fn finish_what_was_left(handle: AppHandle) {
    let left = handle.state::<App>().configuration().unfinished;
    if left.is_empty() {
        return;
    }
    tauri::async_runtime::spawn(async move {
        connections::wipe_left_behind(&handle.state::<App>(), left).await;
    });
}

/// Leaves nothing behind: a secret of ours on the clipboard, a server that still listens.
fn say_goodbye(handle: &AppHandle) {
    let app = handle.state::<App>();
    app.clipboard.shutdown(GOODBYE);
    tauri::async_runtime::block_on(async {
        let ended = tokio::time::timeout(GOODBYE, app.local_server.end()).await;
        if ended.is_err() {
            tracing::warn!("the embedded server did not end in time");
        }
    });
}
