//! The process itself: hardening, logs, folders, signals, and what WebKitGTK must be told before
//! it starts.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use tauri::AppHandle;
use tracing_subscriber::EnvFilter;

use crate::state::Folders;

/// Set to `on` or `off` to decide by hand what [`choose_compositing`] decides.
const COMPOSITING: &str = "KEYDESK_COMPOSITING";
/// What WebKitGTK is told where it shall not composite.
const NO_COMPOSITING: [(&str, &str); 3] = [
    ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
    // These two keep it from loading a software renderer, compiler and all, into this process only
    // to ask it for a GPU: a tenth of a second, and 20 MiB.
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    ("WEBKIT_WEB_RENDER_DEVICE_FILE", "/dev/dri/none"),
];
/// A filter as `tracing-subscriber` reads it, e.g. `debug` or `keydesk_providers=debug`.
const LOG: &str = "KEYDESK_LOG";

/// Runs before anything else: no thread has been started and no secret been read.
pub fn prepare() {
    let hardening = keydesk_vault::harden_process();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new("keydesk=warn,warn")),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    std::panic::set_hook(Box::new(|panic| {
        // Its message may hold anything that was typed or received.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "work was given up: this is an error of the program");
    }));
    tracing::debug!(?hardening, "the process is hardened");
    if cfg!(unix) && !hardening.core_dumps_off {
        tracing::warn!("a crash may leave a dump of the memory");
    }
    choose_compositing();
}

/// Where things lie: XDG's variables on Linux, `%APPDATA%` and `%LOCALAPPDATA%` on Windows,
/// `~/Library` on macOS.
pub fn folders() -> Folders {
    // Without a home everything lasts as long as this run, where nobody else could have laid it.
    let home =
        || tempfile::tempdir().map_or_else(|_| std::env::temp_dir(), tempfile::TempDir::keep);
    Folders {
        configuration: dirs::config_dir().unwrap_or_else(home).join("keydesk"),
        data: dirs::data_local_dir().unwrap_or_else(home).join("keydesk"),
        clipboard_note: volatile_folder().map(|folder| folder.join("keydesk-clipboard")),
    }
}

/// A folder of the person's own for what need not outlive their session: `XDG_RUNTIME_DIR` on
/// Linux, where `/tmp` is everybody's; elsewhere the temporary folder, which is theirs alone.
fn volatile_folder() -> Option<PathBuf> {
    if cfg!(target_os = "linux") {
        dirs::runtime_dir()
    } else {
        Some(std::env::temp_dir())
    }
}

/// Keeps a second Keydesk of the same person away from the same files, also where no session bus
/// could bring the first one to the front. `None` where another one is running; where the lock
/// itself cannot be had (a folder that cannot be written, a network home without locks) Keydesk
/// starts without it.
pub fn claim(folders: &Folders) -> Option<Claim> {
    let lock = std::fs::create_dir_all(&folders.data)
        .and_then(|()| std::fs::File::create(folders.data.join("running.lock")));
    let lock = match lock {
        Ok(lock) => lock,
        Err(error) => {
            tracing::warn!(%error, "there is no lock against a second Keydesk");
            return Some(Claim { _lock: None });
        }
    };
    match lock.try_lock() {
        Ok(()) => Some(Claim { _lock: Some(lock) }),
        Err(std::fs::TryLockError::WouldBlock) => None,
        Err(std::fs::TryLockError::Error(error)) => {
            tracing::warn!(%error, "there is no lock against a second Keydesk");
            Some(Claim { _lock: None })
        }
    }
}

/// Holds the lock for as long as it lives; the system lets go of it when the process ends,
/// however it ends.
pub struct Claim {
    _lock: Option<std::fs::File>,
}

/// Without a GPU, WebKitGTK's accelerated compositing paints by software through a second
/// process: slower and larger than painting directly. Where a render node exists it stays on.
fn choose_compositing() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let off = match std::env::var(COMPOSITING).as_deref() {
        Ok("on") => false,
        Ok("off") => true,
        _ => !has_render_node(Path::new("/dev/dri")),
    };
    if !off {
        return;
    }
    for (name, value) in NO_COMPOSITING {
        // What a person has set by hand stays.
        if std::env::var_os(name).is_none() {
            // SAFETY: the first lines of `main`; this is the only thread of the process.
            #[expect(unsafe_code, reason = "WebKitGTK reads this from the environment only")]
            unsafe {
                std::env::set_var(name, value);
            }
        }
    }
}

fn has_render_node(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|nodes| {
        nodes
            .flatten()
            .any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
    })
}

/// Ends the app in good order when the system asks it to.
pub fn quit_on_signal(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        wait_for_signal().await;
        app.exit(0);
    });
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = signal(SignalKind::terminate())
        .and_then(|terminate| Ok((terminate, signal(SignalKind::hangup())?)));
    match signals {
        Ok((mut terminate, mut hangup)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "signals are not listened to");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_are_claimed_once() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders {
            configuration: folder.path().join("configuration"),
            data: folder.path().join("data"),
            clipboard_note: None,
        };
        let first = claim(&folders).unwrap();
        assert!(claim(&folders).is_none());
        drop(first);
        assert!(claim(&folders).is_some());
    }

    #[test]
    fn a_render_node_is_what_counts_as_a_gpu() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_render_node(&folder.path().join("missing")));
        std::fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!has_render_node(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(has_render_node(folder.path()));
    }
}
