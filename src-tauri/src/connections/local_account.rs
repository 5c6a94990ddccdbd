//! The account on this computer: made on the embedded server, and signed in to there.
//!
//! Not here: the embedded server's life (`local_server`), signing in again once the account is in
//! the list, which is as on any other server.

use keydesk_core::Result;
use keydesk_core::instance::{Instance, ServerKind, SignInMethod};
use keydesk_vault::SecretString;

use super::entering::Entering;
use crate::ipc::views::{NewLocalAccount, SignedInView};
use crate::state::App;

/// Whether an account was already made on the embedded server.
///
/// # Errors
/// `LocalServerFailed`
pub async fn exists(app: &App) -> Result<bool> {
    let instances = app.configuration().instances;
    let known = instances
        .iter()
        .find(|known| known.kind == ServerKind::ThisComputer);
    let preferred = known.map(|known| &known.url);
    app.local_server.has_account(preferred).await
}

/// Makes an account on the embedded server and signs in.
///
/// # Errors
/// The rules of names, email and password; `LocalServerFailed`.
pub async fn create(app: &App, account: NewLocalAccount) -> Result<SignedInView> {
    let password = account.password.into_secret();
    let email = keydesk_core::text::email(&account.email)?;
    app.local_server
        .add_account(&account.first_name, &account.last_name, &email, &password)
        .await?;
    sign_in(app, &email, password, None).await
}

/// Signs in on the embedded server, with a code of the second factor where it has asked for one.
///
/// # Errors
/// The server's refusal; `LocalServerFailed`.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: SecretString,
    code: Option<SecretString>,
) -> Result<SignedInView> {
    let email = email.trim();
    let known = app.configuration().instances.into_iter().find(|known| {
        known.kind == ServerKind::ThisComputer && known.login_name.eq_ignore_ascii_case(email)
    });
    let preferred = known.as_ref().map(|known| &known.url);
    let url = app.local_server.url(preferred).await?;
    let mut instance = known.unwrap_or_else(|| {
        Instance::new(
            ServerKind::ThisComputer,
            url.clone(),
            SignInMethod::Password,
        )
    });
    instance.url = url;
    email.clone_into(&mut instance.login_name);
    let entering = Entering::begin(app, instance)?;
    let signed_in = entering
        .session()
        .sign_in_with_password(email, password, code, false)
        .await;
    entering.end(signed_in)
}
