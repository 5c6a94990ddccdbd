//! The MFA, Security and Danger Zone tabs.

use keydesk_core::account_security::{
    AccountSession, AccountSessionId, DeletionTerms, SecurityLogPage,
};
use keydesk_core::instance::InstanceId;
use keydesk_core::second_factor::SecondFactor;
use tauri::State;

use crate::ipc::views::{
    ClipboardChanged, DeletedView, EnrolmentView, ProofRequest, RecoveryCodesView,
};
use crate::ipc::{IpcResult, SecretText};
use crate::security;
use crate::state::App;

/// The account's second factor.
#[tauri::command]
#[specta::specta]
pub async fn second_factor(app: State<'_, App>, instance: InstanceId) -> IpcResult<SecondFactor> {
    let work = async { app.session(&instance).await?.second_factor().await };
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Begins to set up a second factor and hands out, once, what the authenticator app must learn.
#[tauri::command]
#[specta::specta]
pub async fn begin_second_factor(
    app: State<'_, App>,
    instance: InstanceId,
    proof: ProofRequest,
) -> IpcResult<EnrolmentView> {
    let work = security::begin_second_factor(&app, &instance, proof);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Puts the second factor in force and hands out the recovery codes, once.
#[tauri::command]
#[specta::specta]
pub async fn confirm_second_factor(
    app: State<'_, App>,
    instance: InstanceId,
    code: SecretText,
) -> IpcResult<Option<RecoveryCodesView>> {
    let work = security::confirm_second_factor(&app, &instance, code);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Removes the second factor.
#[tauri::command]
#[specta::specta]
pub async fn remove_second_factor(
    app: State<'_, App>,
    instance: InstanceId,
    proof: ProofRequest,
) -> IpcResult<()> {
    let work = security::remove_second_factor(&app, &instance, proof);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Replaces the recovery codes and hands out the new ones, once.
#[tauri::command]
#[specta::specta]
pub async fn replace_recovery_codes(
    app: State<'_, App>,
    instance: InstanceId,
    proof: ProofRequest,
) -> IpcResult<RecoveryCodesView> {
    let work = security::replace_recovery_codes(&app, &instance, proof);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Copies the app's key or the recovery codes that are shown.
#[tauri::command]
#[specta::specta]
pub async fn copy_shown_secret(app: State<'_, App>, handle: u32) -> IpcResult<ClipboardChanged> {
    Ok(security::copy_shown(&app, handle).await?)
}

/// Wipes what was shown; its dialog has closed.
#[tauri::command]
#[specta::specta]
pub fn close_shown_secret(app: State<'_, App>, handle: u32) {
    app.shown_secrets.close(handle);
}

/// Where the account is signed in.
#[tauri::command]
#[specta::specta]
pub async fn account_sessions(
    app: State<'_, App>,
    instance: InstanceId,
) -> IpcResult<Vec<AccountSession>> {
    let work = async { app.session(&instance).await?.account_sessions().await };
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Ends one of the account's sessions.
#[tauri::command]
#[specta::specta]
pub async fn end_account_session(
    app: State<'_, App>,
    instance: InstanceId,
    id: AccountSessionId,
) -> IpcResult<()> {
    let work = async { app.session(&instance).await?.end_account_session(&id).await };
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// Ends every session of the account but the one of this computer.
#[tauri::command]
#[specta::specta]
pub async fn end_other_sessions(app: State<'_, App>, instance: InstanceId) -> IpcResult<()> {
    let work = async { app.session(&instance).await?.end_other_sessions().await };
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// A part of the account's security log: the newest, or what follows `after`.
#[tauri::command]
#[specta::specta]
pub async fn security_log(
    app: State<'_, App>,
    instance: InstanceId,
    after: Option<String>,
) -> IpcResult<SecurityLogPage> {
    let work = async {
        let session = app.session(&instance).await?;
        session.security_log(after.as_deref()).await
    };
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// What deleting the account means, and what must be typed.
#[tauri::command]
#[specta::specta]
pub async fn deletion_terms(app: State<'_, App>, instance: InstanceId) -> IpcResult<DeletionTerms> {
    let work = async { app.session(&instance).await?.deletion_terms().await };
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Deletes the account on its server, for good, and takes it off the list. An error means that it is
/// still there.
#[tauri::command]
#[specta::specta]
pub async fn delete_account(
    app: State<'_, App>,
    instance: InstanceId,
    phrase: String,
    password: SecretText,
) -> IpcResult<DeletedView> {
    let work = security::delete_account(&app, &instance, &phrase, password);
    Ok(app.cancellations.run_change(&instance, work).await?)
}
