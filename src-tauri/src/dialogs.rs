//! The system's file dialogs, opened from Rust: the page never sees a path.

use std::io::Read;
use std::path::{Path, PathBuf};

use keydesk_core::{Error, ErrorCode, Field, Result};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder};
use tokio::sync::oneshot;

use crate::ipc::views::AuthorityFile;
use crate::window;

/// Bundles of every public authority have about 250 KiB.
const AUTHORITY_FILE_LIMIT: u64 = 1 << 20;
/// The same as for a description that a server serves.
const DESCRIPTION_LIMIT: u64 = 10_000_000;

/// Lets the person choose a picture. The content decides later whether it is one.
pub async fn picture_file(app: &AppHandle) -> Option<PathBuf> {
    let dialog = file_dialog(app).add_filter(
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
    let dialog = file_dialog(app).add_filter("PEM", &["pem", "crt", "cer", "ca-bundle"]);
    let Some(path) = chosen(dialog).await else {
        return Ok(None);
    };
    let unreadable =
        |_| Error::new(ErrorCode::FileUnreadable, "unreadable file").in_field(Field::Certificate);
    let file = path.clone();
    let pem = tokio::task::spawn_blocking(move || read(&file, AUTHORITY_FILE_LIMIT))
        .await
        .map_err(std::io::Error::other)
        .flatten()
        .and_then(|pem| String::from_utf8(pem).map_err(std::io::Error::other))
        .map_err(unreadable)?;
    // Certificates alone: a private key in the same file is not ours to keep.
    let pem = keydesk_providers::tls::validate_authority_pem(&pem)?.pem;
    let file_name = file_name(&path);
    Ok(Some(AuthorityFile { file_name, pem }))
}

/// Lets the person choose a description of an API; answers with its name and content.
///
/// # Errors
/// `FileUnreadable`, also where the file is larger than a description may be.
pub async fn description_file(app: &AppHandle) -> Result<Option<(String, Vec<u8>)>> {
    let dialog = file_dialog(app).add_filter("OpenAPI", &["json", "yaml", "yml"]);
    let Some(path) = chosen(dialog).await else {
        return Ok(None);
    };
    let name = file_name(&path);
    let bytes = tokio::task::spawn_blocking(move || read(&path, DESCRIPTION_LIMIT))
        .await
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|_| Error::new(ErrorCode::FileUnreadable, "unreadable file"))?;
    Ok(Some((name, bytes)))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The content of a regular file within the limit.
fn read(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    // Asked before it is opened: opening a named pipe would wait for its writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let mut content = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(limit + 1).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

/// A dialog that stays in front of the window, where the system can be told of both.
fn file_dialog(app: &AppHandle) -> FileDialogBuilder<tauri::Wry> {
    let dialog = app.dialog().file();
    match app.get_webview_window(window::LABEL) {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

async fn chosen(dialog: FileDialogBuilder<tauri::Wry>) -> Option<PathBuf> {
    let (send, receive) = oneshot::channel();
    dialog.pick_file(move |file| {
        // The command may have been given up in the meantime.
        let _ = send.send(file);
    });
    receive.await.ok().flatten()?.into_path().ok()
}
