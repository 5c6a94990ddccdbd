//! From an address to a signed-in instance, and back: what the connect screen and the sign-in
//! sheet ask for.
//!
//! Not here: the rules of an address, a session or a password (the core), what one signs in with
//! (`credentials`), a sign-in that does not come to its end (`entering`), signing out and removing
//! (`leaving`), the account on this computer (`local_account`).

mod credentials;
mod entering;
mod leaving;
pub mod local_account;
#[cfg(test)]
mod tests;

use entering::Entering;
pub use entering::wipe_left_behind;
pub use leaving::{forget, note_signed_out, remove, sign_out};

use keydesk_core::Result;
use keydesk_core::instance::{Instance, InstanceId, SignInMethod, Trust};
use keydesk_core::server_url::ServerUrl;
use keydesk_providers::tls;
use tauri::AppHandle;

use crate::ipc::views::{
    CertificateView, CheckedServer, ConnectionView, PastedView, ServerTarget, SignInRequest,
    SignedInView,
};
use crate::servers::provider;
use crate::sign_in_window;
use crate::state::App;

/// Asks what answers at an address.
///
/// # Errors
/// The rules of an address, and whatever stands between here and the server.
pub async fn check(target: &ServerTarget) -> Result<CheckedServer> {
    let instance = draft(target, SignInMethod::Password)?;
    let answer = provider(&instance)?.check().await?;
    Ok(CheckedServer {
        address: instance.url.as_str().to_owned(),
        host: instance.url.host_and_port(),
        plain_http: instance.url.is_plain_http(),
        healthy: answer.healthy,
        version: answer.version,
    })
}

/// Fetches the certificate that a server shows.
///
/// # Errors
/// The rules of an address, and whatever stands between here and the server.
pub async fn certificate(target: &ServerTarget) -> Result<CertificateView> {
    let url = ServerUrl::parse(&target.address, target.plain_http_chosen)?;
    let facts = tls::certificate_of(&url).await?;
    Ok(CertificateView {
        sha256: facts.sha256,
        subject: facts.subject,
        issuer: facts.issuer,
        names: facts.names,
        not_before: facts.not_before,
        not_after: facts.not_after,
    })
}

/// Lets the person sign in on a cloud's own page, and keeps the two tokens that the page sends.
///
/// # Errors
/// The rules of an address; `Cancelled` where the person closes the window.
pub async fn tokens_from_sign_in_page(
    handle: &AppHandle,
    app: &App,
    target: &ServerTarget,
) -> Result<PastedView> {
    let url = ServerUrl::parse(&target.address, target.plain_http_chosen)?;
    let tokens = sign_in_window::tokens(handle, &url, &target.trust).await?;
    Ok(app.pasted.keep(tokens))
}

/// Signs in on a server and takes the account into the list. The same user name on the same server
/// is the same instance again; a key or a pair of tokens does not say whose it is.
///
/// # Errors
/// The rules of an address, the server's refusal, and whatever stands in between.
pub async fn sign_in(
    app: &App,
    target: &ServerTarget,
    request: SignInRequest,
) -> Result<SignedInView> {
    let mut instance = draft(target, credentials::method_of(app, &request))?;
    if let SignInRequest::Password { login_name, .. } = &request {
        login_name.trim().clone_into(&mut instance.login_name);
        let known = app.configuration().instances.into_iter().find(|known| {
            known.kind == instance.kind
                && known.url == instance.url
                && known.sign_in == instance.sign_in
                && known.login_name == instance.login_name
        });
        if let Some(known) = known {
            instance = Instance {
                trust: instance.trust,
                ..known
            };
        }
    }
    enter(app, instance, request).await
}

/// Signs in again on an instance, by the same or another method.
///
/// # Errors
/// The server's refusal, and whatever stands in between.
pub async fn sign_in_again(
    app: &App,
    id: &InstanceId,
    request: SignInRequest,
) -> Result<SignedInView> {
    app.session(id).await?; // starts the embedded server where it is needed
    let mut instance = app.instance(id)?;
    instance.sign_in = credentials::method_of(app, &request);
    if let SignInRequest::Password { login_name, .. } = &request {
        login_name.trim().clone_into(&mut instance.login_name);
    }
    enter(app, instance, request).await
}

async fn enter(app: &App, mut instance: Instance, request: SignInRequest) -> Result<SignedInView> {
    instance.remember_password = matches!(&request, SignInRequest::Password { remember: true, .. });
    let entering = Entering::begin(app, instance)?;
    let signed_in = credentials::present(app, entering.session(), request).await;
    entering.end(signed_in)
}

/// Has the server mail a link for a forgotten password.
///
/// # Errors
/// The rules of an address and of an email, and whatever stands in between.
pub async fn request_password_reset(target: &ServerTarget, email: &str) -> Result<()> {
    let email = keydesk_core::text::email(email)?;
    let instance = draft(target, SignInMethod::Password)?;
    provider(&instance)?.request_password_reset(&email).await
}

/// What the connection of an instance rests on.
///
/// # Errors
/// `InstanceUnknown`, `LocalServerFailed`
pub async fn details(app: &App, id: &InstanceId) -> Result<ConnectionView> {
    let session = app.session(id).await?;
    let instance = app.instance(id)?;
    let mut operations = session.provider().operations();
    // What only confirms the table was learnt since the session was built.
    if let Some(contract) = &instance.contract {
        contract.note_in(&mut operations);
    }
    Ok(ConnectionView {
        status: session.status(),
        trust: session.instance().trust.clone(),
        operations,
        contract: instance.contract.as_ref().map(Into::into),
        built_in_operations: instance.built_in_operations,
    })
}

/// Changes what is trusted for an instance.
///
/// # Errors
/// `CertificateInvalid`, `InstanceUnknown`
pub fn set_trust(app: &App, id: &InstanceId, trust: Trust) -> Result<()> {
    let mut instance = app.instance(id)?;
    instance.trust = trust.clone();
    provider(&instance)?; // refuses certificates that cannot be read
    app.update_instance(id, |stored| stored.trust = trust)?;
    app.rebuild_session(id)
}

/// An instance for what was typed.
fn draft(target: &ServerTarget, method: SignInMethod) -> Result<Instance> {
    let url = ServerUrl::parse(&target.address, target.plain_http_chosen)?;
    let mut instance = Instance::new(target.kind, url, method);
    instance.trust = target.trust.clone();
    Ok(instance)
}
