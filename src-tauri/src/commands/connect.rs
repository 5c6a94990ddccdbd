//! Connecting: looking at an address, signing in, signing out, the account on this computer.

use keydesk_core::instance::{InstanceId, Trust};
use keydesk_core::session::SignOutOutcome;
use tauri::{AppHandle, State};

use crate::connections::{self, local_account};
use crate::dialogs;
use crate::ipc::views::{
    AuthorityFile, CertificateView, CheckedServer, ConnectionView, InstanceView, NewLocalAccount,
    PastedView, ServerTarget, SignInRequest, SignedInView,
};
use crate::ipc::{IpcResult, SecretText};
use crate::state::App;

/// Asks what answers at an address. Sends no credential.
#[tauri::command]
#[specta::specta]
pub async fn check_server(app: State<'_, App>, target: ServerTarget) -> IpcResult<CheckedServer> {
    let work = connections::check(&target);
    Ok(app.cancellations.run(None, work).await?)
}

/// Fetches the certificate of a server that is not trusted, to be looked at.
#[tauri::command]
#[specta::specta]
pub async fn inspect_certificate(
    app: State<'_, App>,
    target: ServerTarget,
) -> IpcResult<CertificateView> {
    let work = connections::certificate(&target);
    Ok(app.cancellations.run(None, work).await?)
}

/// Lets the person choose a file with certificates of their own authority.
#[tauri::command]
#[specta::specta]
pub async fn choose_authority_file(handle: AppHandle) -> IpcResult<Option<AuthorityFile>> {
    Ok(dialogs::authority_file(&handle).await?)
}

/// Takes host and tokens out of a request that the browser copied, and forgets the rest.
#[tauri::command]
#[specta::specta]
pub async fn read_pasted_request(app: State<'_, App>, text: SecretText) -> IpcResult<PastedView> {
    Ok(app.pasted.take_in(&text.into_secret())?)
}

/// Opens a cloud's own sign-in page in a window of its own and waits until the page has sent both
/// tokens. They stay in Rust, like those of a pasted request.
#[tauri::command]
#[specta::specta]
pub async fn tokens_from_sign_in_page(
    handle: AppHandle,
    app: State<'_, App>,
    target: ServerTarget,
) -> IpcResult<PastedView> {
    let work = connections::tokens_from_sign_in_page(&handle, &app, &target);
    Ok(app.cancellations.run(None, work).await?)
}

/// Forgets a pasted request.
#[tauri::command]
#[specta::specta]
pub fn forget_pasted_request(app: State<'_, App>, handle: u32) {
    app.pasted.forget(handle);
}

/// Signs in on a server that is not an instance yet, and makes it one.
#[tauri::command]
#[specta::specta]
pub async fn sign_in(
    app: State<'_, App>,
    target: ServerTarget,
    request: SignInRequest,
) -> IpcResult<SignedInView> {
    let work = connections::sign_in(&app, &target, request);
    Ok(app.cancellations.run(None, work).await?)
}

/// Signs in again on an instance.
#[tauri::command]
#[specta::specta]
pub async fn sign_in_again(
    app: State<'_, App>,
    instance: InstanceId,
    request: SignInRequest,
) -> IpcResult<SignedInView> {
    let work = connections::sign_in_again(&app, &instance, request);
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Has the server mail a link for a forgotten password.
#[tauri::command]
#[specta::specta]
pub async fn request_password_reset(
    app: State<'_, App>,
    target: ServerTarget,
    email: String,
) -> IpcResult<()> {
    let work = connections::request_password_reset(&target, &email);
    Ok(app.cancellations.run(None, work).await?)
}

/// Whether an account was already made on this computer.
#[tauri::command]
#[specta::specta]
pub async fn local_account_exists(app: State<'_, App>) -> IpcResult<bool> {
    Ok(local_account::exists(&app).await?)
}

/// "Try it on this computer": makes an account on the embedded server and signs in.
#[tauri::command]
#[specta::specta]
pub async fn create_local_account(
    app: State<'_, App>,
    account: NewLocalAccount,
) -> IpcResult<SignedInView> {
    let work = local_account::create(&app, account);
    Ok(app.cancellations.run(None, work).await?)
}

/// Signs in on the embedded server with an account that exists. `code` is one of the second
/// factor, where the server has asked for one; else empty.
#[tauri::command]
#[specta::specta]
pub async fn sign_in_locally(
    app: State<'_, App>,
    email: String,
    password: SecretText,
    code: SecretText,
) -> IpcResult<SignedInView> {
    let (password, code) = (password.into_secret(), code.into_secret());
    let work = local_account::sign_in(&app, &email, password, Some(code));
    Ok(app.cancellations.run(None, work).await?)
}

/// Signs out: the server is told where it can be reached, and nothing stays in the keyring.
/// The instance stays in the list.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(app: State<'_, App>, instance: InstanceId) -> IpcResult<SignOutOutcome> {
    Ok(connections::sign_out(&app, &instance).await?)
}

/// Signs out and takes the instance off the list.
#[tauri::command]
#[specta::specta]
pub async fn remove_instance(
    app: State<'_, App>,
    instance: InstanceId,
) -> IpcResult<Vec<InstanceView>> {
    connections::remove(&app, &instance).await?;
    Ok(app.instances())
}

/// What the connection of an instance rests on.
#[tauri::command]
#[specta::specta]
pub async fn connection_details(
    app: State<'_, App>,
    instance: InstanceId,
) -> IpcResult<ConnectionView> {
    Ok(connections::details(&app, &instance).await?)
}

/// Changes what is trusted for an instance, after a certificate has changed.
#[tauri::command]
#[specta::specta]
pub async fn set_trust(app: State<'_, App>, instance: InstanceId, trust: Trust) -> IpcResult<()> {
    Ok(connections::set_trust(&app, &instance, trust)?)
}
