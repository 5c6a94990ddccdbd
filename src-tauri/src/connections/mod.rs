//! From an address to a signed-in instance, and back: what the connect screen and the sign-in
//! sheet ask for.
//!
//! Not here: the rules of an address, a session or a password (the core), what one signs in with
//! (`credentials`), a sign-in that does not come to its end (`entering`), the account on this computer
//! (`local_account`).

mod credentials;
mod entering;
pub mod local_account;

use entering::Entering;
pub use entering::wipe_left_behind;

use std::sync::Arc;

use keydesk_core::instance::{Instance, InstanceId, SignInMethod, Trust};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::session::{Session, SignOutOutcome};
use keydesk_core::{Error, Result};
use keydesk_providers::tls;
use tauri::AppHandle;

use crate::ipc::views::{
    CertificateView, CheckedServer, ConnectionView, PastedView, ServerTarget, SignInRequest,
    SignedInView,
};
use crate::people;
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

/// Signs out, here in any case and on the server where it can be reached.
///
/// # Errors
/// `InstanceUnknown`
pub async fn sign_out(app: &App, id: &InstanceId) -> Result<SignOutOutcome> {
    app.cancellations.cancel(Some(id));
    let session = session_for_goodbye(app, id).await?;
    // The session stays: it knows that it is signed out, and asks the keyring no more.
    let outcome = session.sign_out().await;
    note_signed_out(app, id);
    Ok(outcome)
}

/// Forgets what is known of an account that nobody is signed in to any more; its entry stays.
pub fn note_signed_out(app: &App, id: &InstanceId) {
    forget_what_is_known(app, id);
    let noted = app.update_instance(id, |instance| {
        instance.remember_password = false;
        instance.signed_out = true;
        instance.kept_keys.clear();
        instance.kept_until_quit.clear();
    });
    if let Err(error) = noted {
        // What counts is done; the next sign-in writes it again.
        tracing::warn!(%error, "the sign-out was not noted in the configuration");
    }
}

/// Signs out and takes the instance off the list.
///
/// # Errors
/// As [`sign_out`]; and where the keyring may still hold a secret of the account: without its
/// entry no one could find that secret again.
pub async fn remove(app: &App, id: &InstanceId) -> Result<()> {
    if let Some(code) = sign_out(app, id).await?.left_in_keyring {
        return Err(Error::new(code, "the keyring may still hold a secret"));
    }
    app.forget_session(id);
    app.drop_instance(id)
}

/// Takes an account that no longer exists off the list, with all that is known of it.
///
/// # Errors
/// As [`App::update`].
pub fn forget(app: &App, id: &InstanceId) -> Result<()> {
    app.cancellations.cancel(Some(id));
    forget_what_is_known(app, id);
    app.forget_session(id);
    app.drop_instance(id)
}

/// Forgets what was last fetched of an account, and what is shown of it only once.
fn forget_what_is_known(app: &App, id: &InstanceId) {
    people::forget(app, id);
    app.created_keys.retain(|shown| &shown.instance != id);
    app.shown_secrets.retain(|(of, _)| of != id);
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

/// A session to say goodbye with. An account of which nothing can be reached, because its server
/// does not start or its settings cannot be read, is wiped here all the same.
async fn session_for_goodbye(app: &App, id: &InstanceId) -> Result<Arc<Session>> {
    if let Ok(session) = app.session(id).await {
        return Ok(session);
    }
    app.connect(entering::reachable(app.instance(id)?))
}
