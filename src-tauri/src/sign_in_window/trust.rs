//! Tells a sign-in window of a certificate that is trusted for its server alone.
//!
//! Not here: the decision to trust it (the person's, and `keydesk-providers`). Only WebKitGTK takes
//! such a word; elsewhere the system's own store decides, and the page says so itself.

use keydesk_core::Result;
use tauri::{Url, WebviewWindow};

/// Accepts one certificate for the host of one page, in this window only.
///
/// # Errors
/// `Internal` where the window cannot be told.
#[cfg(target_os = "linux")]
pub fn accept(window: &WebviewWindow, pem: &str, page: &Url) -> Result<()> {
    use webkit2gtk::{WebContextExt, WebViewExt, gio};

    let host = page.host_str().unwrap_or_default().to_owned();
    let pem = pem.to_owned();
    window
        .with_webview(move |view| {
            let certificate = gio::TlsCertificate::from_pem(&pem);
            if let (Ok(certificate), Some(context)) = (certificate, view.inner().context()) {
                context.allow_tls_certificate_for_host(&certificate, &host);
            } else {
                tracing::warn!("the sign-in window was not told of the certificate");
            }
        })
        .map_err(super::not_opened)
}

/// See the module's own words.
///
/// # Errors
/// None here.
#[cfg(not(target_os = "linux"))]
pub fn accept(_window: &WebviewWindow, _pem: &str, _page: &Url) -> Result<()> {
    Ok(())
}
