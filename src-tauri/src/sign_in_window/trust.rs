//! Tells a sign-in window of a certificate that is trusted for its server alone.
//!
//! Not here: the decision to trust it (the person's, and `keydesk-providers`). Only WebKitGTK takes
//! such a word; elsewhere the system's own store decides, and the page says so itself.

use tauri::{Url, WebviewWindow};

/// Accepts one certificate for the host of one page, in this window only. Where the window cannot
/// be told, its page does not open, and says why.
#[cfg(target_os = "linux")]
pub fn accept(window: &WebviewWindow, pem: &str, page: &Url) {
    use webkit2gtk::{WebContextExt, WebViewExt, gio};

    let host = page.host_str().unwrap_or_default().to_owned();
    let pem = pem.to_owned();
    let told = window.with_webview(move |view| {
        let certificate = gio::TlsCertificate::from_pem(&pem);
        if let (Ok(certificate), Some(context)) = (certificate, view.inner().context()) {
            context.allow_tls_certificate_for_host(&certificate, &host);
        } else {
            tracing::warn!("the sign-in window was not told of the certificate");
        }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "the sign-in window was not told of the certificate");
    }
}

/// See the module's own words.
#[cfg(not(target_os = "linux"))]
pub fn accept(_window: &WebviewWindow, _pem: &str, _page: &Url) {}
