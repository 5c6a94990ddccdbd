//! A cloud's own sign-in page in a window of its own, from which the two tokens are taken.
//!
//! The person signs in there as always. When the page itself sends both tokens to its own server,
//! a script hands them over by navigating to an address that only this window's making knows; the
//! navigation is taken and refused. The window has no capability: its page can call nothing of
//! ours, and it gets no other window, no download, and neither camera nor place of the person.
//! Nothing of it is kept on disk. Not here: what is done with the tokens.

mod handover;
mod trust;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use keydesk_core::instance::Trust;
use keydesk_core::pasted_request::PastedRequest;
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Error, ErrorCode, Result};
use tauri::webview::{NewWindowResponse, PageLoadEvent, PermissionResponse};
use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tokio::sync::oneshot;

use handover::Handover;

/// The beginning of a label; none is named by any capability. Each window has its own, because a
/// label is free again only some time after its window is gone.
const LABEL: &str = "sign-in-";
static OPENED: AtomicU32 = AtomicU32::new(0);

/// Opens the sign-in page of a server and waits for the tokens. A certificate that is trusted for
/// this server alone is trusted in that window for its host alone.
///
/// # Errors
/// `Cancelled` where the person closes the window; `Internal` where it cannot be opened; those of
/// a connection where the server's certificate has to be asked for.
pub async fn tokens(app: &AppHandle, server: &ServerUrl, trust: &Trust) -> Result<PastedRequest> {
    let certificate = keydesk_providers::tls::accepted_certificate(server, trust).await?;
    close_all(app);
    let (send, receive) = oneshot::channel();
    let page = page(server)?;
    let window = open(app, server, &page, Outcome::new(send))?;
    // Whoever gives up waiting closes the window, too.
    let closes = CloseOnDrop(window);
    if let Some(pem) = certificate {
        trust::accept(&closes.0, &pem, &page);
    }
    closes.0.navigate(page).map_err(not_opened)?;
    receive
        .await
        .map_err(|_| Error::new(ErrorCode::Cancelled, "the sign-in window was closed"))
}

/// Where the tokens go, once. Dropped without any when the window closes.
#[derive(Clone)]
struct Outcome(Arc<Mutex<Option<oneshot::Sender<PastedRequest>>>>);

impl Outcome {
    fn new(send: oneshot::Sender<PastedRequest>) -> Self {
        Self(Arc::new(Mutex::new(Some(send))))
    }

    fn take(&self) -> Option<oneshot::Sender<PastedRequest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

struct CloseOnDrop(WebviewWindow);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        destroy(&self.0);
    }
}

fn not_opened(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Internal, "the sign-in window was not opened")
        .with_detail(error.to_string())
}

fn page(server: &ServerUrl) -> Result<Url> {
    server.as_str().parse().map_err(not_opened)
}

/// The window, empty: before its page is asked for, it must know whom to trust.
fn open(
    app: &AppHandle,
    server: &ServerUrl,
    page: &Url,
    outcome: Outcome,
) -> Result<WebviewWindow> {
    let handover = Handover::new(server);
    let script = handover.script();
    let may_be_plain = server.is_plain_http();
    let taken = outcome.clone();
    let label = format!("{LABEL}{}", OPENED.fetch_add(1, Ordering::Relaxed));
    let empty = "about:blank".parse().map_err(not_opened)?;
    let window = WebviewWindowBuilder::new(app, label, WebviewUrl::External(empty))
        .title(title(page))
        .inner_size(960.0, 720.0)
        .incognito(true)
        .initialization_script(script)
        .on_navigation(move |url| {
            if Handover::is_meant_by(url) {
                if let Some(tokens) = handover.read(url)
                    && let Some(send) = taken.take()
                {
                    // Nobody waits any more only where the window is closing already.
                    let _ = send.send(tokens);
                }
                return false;
            }
            may_open(url, may_be_plain)
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        // Left alone, WebKitGTK stores what a server sends as a file, unasked.
        .on_download(|_, _| false)
        // Left alone, camera and microphone are granted on macOS, unasked.
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Started
                && !is_blank(load.url())
                && let Err(error) = window.set_title(&title(load.url()))
            {
                tracing::warn!(%error, "the sign-in window does not show its address");
            }
        })
        .build()
        .map_err(not_opened)?;
    window.on_window_event(move |event| {
        if let WindowEvent::Destroyed = event {
            drop(outcome.take());
        }
    });
    Ok(window)
}

/// Closes a sign-in window that is open: one at a time is enough.
fn close_all(app: &AppHandle) {
    for (label, window) in app.webview_windows() {
        if label.starts_with(LABEL) {
            destroy(&window);
        }
    }
}

fn destroy(window: &WebviewWindow) {
    // It may have been closed by the person already.
    let _ = window.destroy();
}

/// Where the window and the frames in its page may go: anywhere over https, because people sign in
/// at other servers, too.
fn may_open(url: &Url, may_be_plain: bool) -> bool {
    url.scheme() == "https" || may_be_plain && url.scheme() == "http" || is_blank(url)
}

/// Frames without an address are part of many sign-in pages.
fn is_blank(url: &Url) -> bool {
    url.as_str() == "about:blank" || url.as_str() == "about:srcdoc"
}

/// Address and lock in the window's own frame, where no page can paint.
fn title(url: &Url) -> String {
    let lock = if url.scheme() == "https" { "🔒 " } else { "" };
    format!("{lock}{}", url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_bound_to_https() {
        for page in [
            "https://login.example.com/?a=b",
            "about:blank",
            "about:srcdoc",
        ] {
            assert!(may_open(&page.parse().unwrap(), false), "{page}");
        }
        for away in [
            "http://id.idmp.taosdata.com/",
            "http://ipc.localhost/",
            "tauri://localhost/index.html",
            "ipc://localhost/start",
            "file:///etc/passwd",
            "data:text/html,x",
            "blob:https://id.idmp.taosdata.com/1",
            "about:config",
            "mailto:ada@example.com",
            "javascript:alert(1)",
        ] {
            assert!(!may_open(&away.parse().unwrap(), false), "{away}");
        }
        let plain = "http://127.0.0.1:8080/login".parse().unwrap();
        assert!(may_open(&plain, true));
    }

    #[test]
    fn the_frame_shows_lock_and_origin_and_no_more() {
        let url = "https://id.idmp.taosdata.com/login?state=secret#x"
            .parse()
            .unwrap();
        assert_eq!(title(&url), "🔒 https://id.idmp.taosdata.com");
        let plain = "http://127.0.0.1:8080/login".parse().unwrap();
        assert_eq!(title(&plain), "http://127.0.0.1:8080");
    }
}
