//! The one window: made here, kept on our own page, remembered in size and place.

use keydesk_core::preferences::Theme;
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::window::Color;
use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tauri_specta::Event;

use crate::closing::{ANSWER_WITHIN, Closing};
use crate::ipc::views::CloseRequested;

/// The window's label, which the capability names.
pub const LABEL: &str = "main";
/// The canvas in both themes (see `ui/src/styles/tokens.css`), so that nothing flashes before
/// the page has painted.
const CANVAS_LIGHT: Color = Color(0xf5, 0xf6, 0xf8, 0xff);
const CANVAS_DARK: Color = Color(0x12, 0x14, 0x18, 0xff);

/// Opens the window.
///
/// # Errors
/// Where the system has no display or no web view.
pub fn open(app: &AppHandle, theme: Theme) -> tauri::Result<()> {
    let dark = match theme {
        Theme::Dark => true,
        Theme::Light | Theme::System => false,
    };
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Keydesk")
        .inner_size(1120.0, 760.0)
        .min_inner_size(880.0, 600.0)
        .visible(false)
        .theme(native(theme))
        .background_color(if dark { CANVAS_DARK } else { CANVAS_LIGHT })
        // As `freezePrototype` in the configuration would, but for this window only: the pages of
        // others, in the sign-in window, may rely on what that forbids.
        .initialization_script("Object.freeze(Object.prototype);")
        // Nothing of the page is kept on disk: no cache, no storage.
        .incognito(!is_driven())
        // The page takes dropped pictures itself.
        .disable_drag_drop_handler()
        .zoom_hotkeys_enabled(true)
        .on_navigation(stays_home)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        // Our page needs neither; what a web view does by itself differs from system to system.
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build()?;
    // Only now that it has its size: a window that is resized while its web process starts waits
    // for that for half a second.
    window.show()?;
    let handle = app.clone();
    window.clone().on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            if let Some(question) = handle.state::<Closing>().ask() {
                api.prevent_close();
                ask_page(&window, question);
            }
        }
        // A sign-in window that is still open does not keep the app running.
        WindowEvent::Destroyed => handle.exit(0),
        _ => {}
    });
    Ok(())
}

/// Lets the page ask the person whether to close. Where it cannot be told, or does not answer,
/// the window closes.
fn ask_page(window: &WebviewWindow, question: u64) {
    // It may be closed from where it cannot be seen: minimized, or behind the sign-in window.
    focus(window.app_handle());
    let told = CloseRequested.emit(window);
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        if told.is_ok() {
            tokio::time::sleep(ANSWER_WITHIN).await;
        }
        if window.state::<Closing>().is_unanswered(question) {
            tracing::warn!("the page did not answer: the window closes");
            destroy(&window);
        }
    });
}

/// Closes the window as its own button does: the page asks first where something would be lost.
#[cfg(target_os = "macos")]
pub fn ask_to_close(app: &AppHandle) {
    let asked = app
        .get_webview_window(LABEL)
        .is_some_and(|window| window.close().is_ok());
    if !asked {
        app.exit(0);
    }
}

/// Closes the window without asking again.
pub fn close(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        destroy(&window);
    }
}

fn destroy(window: &WebviewWindow) {
    if let Err(error) = window.destroy() {
        tracing::error!(%error, "the window could not be closed");
    }
}

/// Brings the window to the front: a second start of Keydesk ends here, and so does a question.
pub fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // Each may fail on a system without a window manager; there is nothing to do about it.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Gives the window's own frame the theme of the page.
pub fn apply_theme(app: &AppHandle, theme: Theme) {
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = window.set_theme(native(theme))
    {
        tracing::warn!(%error, "the window's frame kept its theme");
    }
}

fn native(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// Whether `tauri-driver` started us. WebKitGTK lets no driver attach to a page that keeps nothing
/// on disk; the stories look through what this one leaves there.
fn is_driven() -> bool {
    std::env::var("TAURI_WEBVIEW_AUTOMATION").as_deref() == Ok("true")
}

/// Only our own page is ever shown.
fn stays_home(url: &Url) -> bool {
    let bundled = if cfg!(windows) {
        url.host_str() == Some("tauri.localhost") && url.port().is_none()
    } else {
        url.scheme() == "tauri" && url.host_str() == Some("localhost")
    };
    let development = cfg!(dev) && url.host_str() == Some("localhost") && url.port() == Some(1420);
    bundled || development
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the page may load and call is written in files that no compiler reads.
    #[test]
    fn nothing_from_elsewhere_is_let_in() {
        let configuration: serde_json::Value =
            serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();
        let app = &configuration["app"];
        assert_eq!(app["withGlobalTauri"], false);
        assert_eq!(app["security"]["capabilities"], serde_json::json!(["main"]));
        let policy = app["security"]["csp"].as_object().unwrap();
        assert_eq!(policy["default-src"], "'none'");
        for (directive, sources) in policy {
            for source in sources.as_str().unwrap().split(' ') {
                let ours = match directive.as_str() {
                    "connect-src" => ["ipc:", "http://ipc.localhost"].contains(&source),
                    "img-src" => ["'self'", "data:"].contains(&source),
                    _ => ["'self'", "'none'"].contains(&source),
                };
                assert!(ours, "{directive} {source}");
            }
        }

        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        assert_eq!(capability["windows"], serde_json::json!([LABEL]));
        assert!(capability.get("remote").is_none());
        assert!(capability.get("webviews").is_none());
        for permission in capability["permissions"].as_array().unwrap() {
            let name = permission.as_str().unwrap();
            let of_the_system = ["core:event:allow-listen", "core:event:allow-unlisten"];
            assert!(
                !name.contains(':') || of_the_system.contains(&name),
                "{name}"
            );
        }
        assert!(!include_str!("../../Cargo.toml").contains("devtools"));
    }

    #[test]
    fn the_window_never_leaves_our_page() {
        let home = if cfg!(windows) {
            "http://tauri.localhost/index.html"
        } else {
            "tauri://localhost/"
        };
        assert!(stays_home(&home.parse().unwrap()), "{home}");
        for away in [
            "https://example.com/",
            "http://tauri.localhost:8080/",
            "tauri://elsewhere/",
            "http://127.0.0.1:6042/",
            "file:///etc/passwd",
            "data:text/html,x",
            "https://tauri.localhost.example.com/",
            "javascript:alert(1)",
        ] {
            assert!(!stays_home(&away.parse().unwrap()), "{away}");
        }
    }
}
