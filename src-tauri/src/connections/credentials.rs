//! What a person signs in with: taken out of the page's request and shown to the server.
//!
//! Not here: what becomes of it when the server accepts it (the session).

use keydesk_core::instance::{ServerKind, SignInMethod};
use keydesk_core::session::{Kept, Session};
use keydesk_core::{Error, ErrorCode, Field, Result};
use keydesk_vault::SecretString;

use crate::ipc::views::SignInRequest;
use crate::state::App;

/// By which means an account is signed in after this. One token alone is what a server gives for a
/// password, had in the browser: where sign-in asks for a captcha there is no other way to it.
pub(super) fn method_of(app: &App, request: &SignInRequest) -> SignInMethod {
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

/// Shows the server what the person gave.
pub(super) async fn present(app: &App, session: &Session, request: SignInRequest) -> Result<Kept> {
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

fn non_empty(secret: SecretString, field: Field) -> Result<SecretString> {
    if secret.expose().trim().is_empty() {
        return Err(required(field));
    }
    Ok(secret)
}

fn required(field: Field) -> Error {
    Error::new(ErrorCode::Required, "a required field is empty").in_field(field)
}
