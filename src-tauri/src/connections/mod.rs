//! From an address to a signed-in instance, and back: what the connect screen and the sign-in
//! sheet ask for.
//!
//! Not here: the rules of an address, a session or a password (the core), the account on this
//! computer (`local_account`).

pub mod local_account;

use std::sync::Arc;

use keydesk_core::instance::{Instance, InstanceId, ServerKind, SignInMethod, Trust};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::session::{Kept, Session, SignOutOutcome};
use keydesk_core::{Error, ErrorCode, Field, Result};
use keydesk_providers::tls;
use keydesk_vault::SecretString;
use tauri::AppHandle;

use crate::ipc::views::{
    CertificateView, CheckedServer, ConnectionView, InstanceView, PastedView, ServerTarget,
    SignInRequest, SignedInView,
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
    let mut instance = draft(target, method_of(app, &request))?;
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
    instance.sign_in = method_of(app, &request);
    if let SignInRequest::Password { login_name, .. } = &request {
        login_name.trim().clone_into(&mut instance.login_name);
    }
    enter(app, instance, request).await
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
    Ok(ConnectionView {
        status: session.status(),
        trust: session.instance().trust.clone(),
        operations: session.provider().operations(),
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

/// By which means an account is signed in after this. One token alone is what a server gives for a
/// password, had in the browser: where sign-in asks for a captcha there is no other way to it.
fn method_of(app: &App, request: &SignInRequest) -> SignInMethod {
    let pair = match request {
        SignInRequest::Password { .. } => return SignInMethod::Password,
        SignInRequest::ApiKey { .. } => return SignInMethod::ApiKey,
        SignInRequest::CloudTokens { access_token, .. } => !access_token.is_empty(),
        SignInRequest::Pasted { handle } => app.pasted.has_second(*handle),
    };
    if pair {
        SignInMethod::CloudTokens
    } else {
        SignInMethod::Password
    }
}

async fn enter(app: &App, mut instance: Instance, request: SignInRequest) -> Result<SignedInView> {
    instance.remember_password = matches!(&request, SignInRequest::Password { remember: true, .. });
    instance.signed_out = false;
    let session = app.connect(instance)?;
    let unfinished = Unfinished(Some(session.clone()));
    let signed_in = present(app, &session, request).await;
    let view = signed_in.and_then(|kept| finish(app, session, kept))?;
    unfinished.done();
    Ok(view)
}

/// Shows the server what the person gave.
async fn present(app: &App, session: &Session, request: SignInRequest) -> Result<Kept> {
    match request {
        SignInRequest::Password {
            login_name,
            password,
            code,
            remember,
        } => {
            let login_name = login_name.trim();
            if login_name.is_empty() {
                return Err(required(Field::LoginName));
            }
            let password = non_empty(password.into_secret(), Field::Password)?;
            session
                .sign_in_with_password(login_name, password, Some(code.into_secret()), remember)
                .await
        }
        SignInRequest::ApiKey { key } => {
            let key = non_empty(key.into_secret(), Field::ApiKey)?;
            session.sign_in_with_api_key(key).await
        }
        SignInRequest::CloudTokens {
            authorization,
            access_token,
        } => {
            let authorization = non_empty(authorization.into_secret(), Field::Authorization)?;
            let access_token = access_token.into_secret();
            let second = (!access_token.expose().trim().is_empty()).then_some(access_token);
            present_tokens(session, authorization, second).await
        }
        SignInRequest::Pasted { handle } => {
            let (authorization, second) = app.pasted.tokens(handle, &session.instance().url)?;
            let kept = present_tokens(session, authorization, second).await?;
            app.pasted.forget(handle);
            Ok(kept)
        }
    }
}

async fn present_tokens(
    session: &Session,
    authorization: SecretString,
    second: Option<SecretString>,
) -> Result<Kept> {
    match second {
        Some(second) => {
            session
                .sign_in_with_cloud_tokens(authorization, second)
                .await
        }
        None if session.instance().kind == ServerKind::IdmpCloud => {
            Err(required(Field::AccessToken))
        }
        None => session.sign_in_with_session_token(authorization).await,
    }
}

/// A session to say goodbye with. An account of which nothing can be reached, because its server
/// does not start or its settings cannot be read, is wiped here all the same.
async fn session_for_goodbye(app: &App, id: &InstanceId) -> Result<Arc<Session>> {
    if let Ok(session) = app.session(id).await {
        return Ok(session);
    }
    let mut instance = app.instance(id)?;
    instance.endpoints.clear();
    instance.trust = Trust::default();
    app.connect(instance)
}

/// A sign-in that has not come to its end. Where it is given up after the server has accepted it,
/// what was stored of it is wiped and the server told: nobody would find it again.
struct Unfinished(Option<Arc<Session>>);

impl Unfinished {
    fn done(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(session) = self.0.take() else { return };
        if session.status().signed_in == Some(true) {
            tauri::async_runtime::spawn(async move {
                session.sign_out().await;
            });
        }
    }
}

fn finish(app: &App, session: Arc<Session>, kept: Kept) -> Result<SignedInView> {
    let instance = InstanceView::from(session.instance());
    app.adopt(session)?;
    Ok(SignedInView { instance, kept })
}

fn non_empty(secret: SecretString, field: Field) -> Result<SecretString> {
    if secret.expose().trim().is_empty() {
        return Err(required(field));
    }
    Ok(secret)
}

fn required(field: Field) -> Error {
    Error::new(ErrorCode::Required, "a required field is empty").in_field(field)
}
