//! The system's file dialogs, opened from Rust: the page never sees a path.

use std::io::Read;
use std::path::PathBuf;

use keydesk_core::{Error, ErrorCode, Field, Result};
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use tokio::sync::oneshot;

use crate::ipc::views::AuthorityFile;

/// Bundles of every public authority have about 250 KiB.
const AUTHORITY_FILE_LIMIT: u64 = 1 << 20;

/// Lets the person choose a picture. The content decides later whether it is one.
pub async fn picture_file(app: &AppHandle) -> Option<PathBuf> {
    let dialog = app.dialog().file().add_filter(
        "JPG, JPEG, PNG",
        &["jpg", "jpeg", "png", "JPG", "JPEG", "PNG"],
    );
    chosen(dialog).await
}

/// Lets the person choose a file with certificates.
///
/// # Errors
/// `FileUnreadable` and `CertificateInvalid`.
pub async fn authority_file(app: &AppHandle) -> Result<Option<AuthorityFile>> {
    let dialog = app
        .dialog()
        .file()
        .add_filter("PEM", &["pem", "crt", "cer", "ca-bundle"]);
    let Some(path) = chosen(dialog).await else {
        return Ok(None);
    };
    let unreadable =
        |_| Error::new(ErrorCode::FileUnreadable, "unreadable file").in_field(Field::Certificate);
    let mut pem = String::new();
    std::fs::File::open(&path)
        .map_err(unreadable)?
        .take(AUTHORITY_FILE_LIMIT)
        .read_to_string(&mut pem)
        .map_err(unreadable)?;
    // Certificates alone: a private key in the same file is not ours to keep.
    let pem = keydesk_providers::tls::validate_authority_pem(&pem)?.pem;
    let file_name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(Some(AuthorityFile { file_name, pem }))
}

async fn chosen(dialog: FileDialogBuilder<tauri::Wry>) -> Option<PathBuf> {
    let (send, receive) = oneshot::channel();
    dialog.pick_file(move |file| {
        // The command may have been given up in the meantime.
        let _ = send.send(file);
    });
    receive.await.ok().flatten()?.into_path().ok()
}
