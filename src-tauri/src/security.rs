//! The safety of an account: from the page's request to the session and back. What must be shown
//! once (a key for the authenticator app, recovery codes) waits here under a handle, to be copied.
//!
//! Not here: the rules (the core), the password (`people`).

use std::fmt::Write as _;

use keydesk_core::instance::InstanceId;
use keydesk_core::second_factor::Proof;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;
use qrcode::{Color, QrCode};

use crate::ipc::SecretText;
use crate::ipc::views::{
    ClipboardChanged, DeletedView, EnrolmentView, ProofRequest, QrView, RecoveryCodesView,
};
use crate::state::App;
use crate::{connections, keys};

/// Begins to set up a second factor.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn begin_second_factor(
    app: &App,
    id: &InstanceId,
    proof: ProofRequest,
) -> Result<EnrolmentView> {
    let session = app.session(id).await?;
    let enrolment = session.begin_second_factor(of(proof)).await?;
    let qr = qr(&enrolment.uri)?;
    let secret = enrolment.secret.expose().clone();
    let handle = app.shown_secrets.keep((id.clone(), enrolment.secret));
    Ok(EnrolmentView { handle, secret, qr })
}

/// Puts the second factor in force.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn confirm_second_factor(
    app: &App,
    id: &InstanceId,
    code: SecretText,
) -> Result<Option<RecoveryCodesView>> {
    let session = app.session(id).await?;
    let codes = session.confirm_second_factor(&code.into_secret()).await?;
    Ok((!codes.is_empty()).then(|| shown(app, id, &codes)))
}

/// Removes the second factor.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn remove_second_factor(app: &App, id: &InstanceId, proof: ProofRequest) -> Result<()> {
    let session = app.session(id).await?;
    session.remove_second_factor(of(proof)).await
}

/// Replaces the recovery codes.
///
/// # Errors
/// Those of the server and of the credential.
pub async fn replace_recovery_codes(
    app: &App,
    id: &InstanceId,
    proof: ProofRequest,
) -> Result<RecoveryCodesView> {
    let session = app.session(id).await?;
    let codes = session.replace_recovery_codes(of(proof)).await?;
    Ok(shown(app, id, &codes))
}

/// Copies what is shown under this handle.
///
/// # Errors
/// `NotFound` where it is no longer shown, `ClipboardFailed`.
pub async fn copy_shown(app: &App, handle: u32) -> Result<ClipboardChanged> {
    let shown = app
        .shown_secrets
        .get(handle)
        .ok_or_else(|| Error::new(ErrorCode::NotFound, "it is no longer shown"))?;
    keys::to_clipboard(app, shown.1.duplicate()).await
}

/// Deletes the account on its server; then nothing of it stays on this computer either, but for its
/// entry where the keyring may still hold a secret of it.
///
/// # Errors
/// Those of the server and of the credential: the account is still there.
pub async fn delete_account(
    app: &App,
    id: &InstanceId,
    phrase: &str,
    password: SecretText,
) -> Result<DeletedView> {
    let session = app.session(id).await?;
    let deleted = session
        .delete_account(phrase, &password.into_secret())
        .await?;
    if deleted.left_in_keyring.is_some() {
        connections::note_signed_out(app, id);
    } else if let Err(error) = connections::forget(app, id) {
        // The account is gone all the same; its entry can be removed later.
        tracing::warn!(%error, "a deleted account stays in the list");
        connections::note_signed_out(app, id);
    }
    Ok(DeletedView {
        instances: app.instances(),
        left_in_keyring: deleted.left_in_keyring,
    })
}

fn of(proof: ProofRequest) -> Proof {
    Proof {
        password: proof.password.into_secret(),
        code: proof.code.into_secret(),
    }
}

fn shown(app: &App, id: &InstanceId, codes: &[SecretString]) -> RecoveryCodesView {
    let codes: Vec<String> = codes.iter().map(|code| code.expose().clone()).collect();
    let lines = SecretString::from(codes.join("\n"));
    let handle = app.shown_secrets.keep((id.clone(), lines));
    RecoveryCodesView { handle, codes }
}

/// The dark squares of a QR code as one path, a unit a square.
fn qr(text: &SecretString) -> Result<QrView> {
    let code = QrCode::new(text.expose())
        .map_err(|_| Error::new(ErrorCode::UnexpectedAnswer, "too long for a QR code"))?;
    let width = code.width();
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", index % width, index / width);
        }
    }
    Ok(QrView {
        path,
        size: u32::try_from(width).unwrap_or_default(),
    })
}
