//! Signing in by each means, and signing out.
//!
//! A credential is tried on the server before it is kept anywhere.

use std::sync::Arc;
use std::time::Duration;

use keydesk_vault::{Persistence, SecretString};

use super::{Kept, Leaving, Session, SignOutOutcome};
use crate::credential::Credential;
use crate::instance::SignInMethod;
use crate::provider::SignedIn;
use crate::second_factor::typed_code;
use crate::token::without_bearer;
use crate::{Error, ErrorCode, Field, Result};

/// How long a sign-out waits for the server; on this computer it has happened by then.
const SERVER_PATIENCE: Duration = Duration::from_secs(10);

impl Session {
    /// Signs in with user name and password, and a code of the second factor where the server
    /// has asked for one. With `remember`, the password is kept to renew the session by itself.
    pub async fn sign_in_with_password(
        &self,
        login_name: &str,
        password: SecretString,
        code: Option<SecretString>,
        remember: bool,
    ) -> Result<Kept> {
        let login_name = login_name.trim();
        if login_name.is_empty() {
            return Err(required(Field::LoginName));
        }
        if password.is_empty() {
            return Err(required(Field::Password));
        }
        let code = match code.filter(|code| !code.expose().trim().is_empty()) {
            Some(code) => Some(typed_code(&code)?),
            None => None,
        };
        let signed_in = self
            .provider
            .sign_in(login_name, &password, code.as_ref())
            .await?;
        if let Err(error) = self.verify(&signed_in.credential).await {
            // Nobody will use that session.
            let _ = self.provider.sign_out(&signed_in.credential).await;
            return Err(error);
        }
        let installed = {
            let mut state = self.state();
            let installed = state.sign_in(signed_in);
            if installed.is_ok() {
                login_name.clone_into(&mut state.login_name);
                state.remember = remember;
                state.password = remember.then(|| Arc::new(password));
            }
            installed
        };
        match installed {
            Ok(generation) => Ok(self.store(generation, true).await),
            Err(unused) => {
                let _ = self.provider.sign_out(&unused.credential).await;
                Err(taken_over())
            }
        }
    }

    /// Signs in with the token of a session that was begun elsewhere, as in a browser where a
    /// server asks for a captcha. A pasted word `Bearer` is dropped. The token is kept as that of
    /// a sign-in with a password: signing out ends that session on the server, for the browser
    /// too. No password is remembered, so nothing renews it.
    pub async fn sign_in_with_session_token(&self, token: SecretString) -> Result<Kept> {
        let token = bare(&token);
        if token.is_empty() {
            return Err(required(Field::Authorization));
        }
        let credential = Credential::Session(checked(token, Field::Authorization)?);
        self.sign_in_with(credential).await
    }

    /// Signs in with an API key. A pasted word `Bearer` before it is dropped.
    pub async fn sign_in_with_api_key(&self, key: SecretString) -> Result<Kept> {
        let key = bare(&key);
        if key.is_empty() {
            return Err(required(Field::ApiKey));
        }
        let credential = Credential::ApiKey(checked(key, Field::ApiKey)?);
        self.sign_in_with(credential).await
    }

    /// Signs in with the cloud's pair of tokens. A pasted word `Bearer` is dropped.
    pub async fn sign_in_with_cloud_tokens(
        &self,
        authorization: SecretString,
        access_token: SecretString,
    ) -> Result<Kept> {
        let (authorization, access_token) = (bare(&authorization), bare(&access_token));
        for (token, field) in [
            (&authorization, Field::Authorization),
            (&access_token, Field::AccessToken),
        ] {
            if token.is_empty() {
                return Err(required(field));
            }
        }
        let credential = Credential::CloudTokens {
            authorization: checked(authorization, Field::Authorization)?,
            access_token: checked(access_token, Field::AccessToken)?,
        };
        self.sign_in_with(credential).await
    }

    /// Tries again to store in the keyring what is in memory only.
    pub async fn keep_in_keyring(&self) -> Result<()> {
        let (generation, kept) = {
            let state = self.state();
            (state.generation, state.kept)
        };
        match kept {
            None | Some(Kept::InKeyring) => Ok(()), // nothing to keep, or kept already
            Some(Kept::UntilQuit(_)) => match self.store(generation, true).await {
                Kept::InKeyring => Ok(()),
                Kept::UntilQuit(code) => Err(Error::new(code, "the keyring did not take it")),
            },
        }
    }

    /// Signs out. Memory and keyring are wiped first and whatever the server says; then a session
    /// is ended on the server where it can be reached.
    pub async fn sign_out(&self) -> SignOutOutcome {
        let leaving = self.sign_out_here().await;
        self.sign_out_there(leaving).await
    }

    /// The first half of [`Self::sign_out`]: when it has ended, nothing is left on this computer,
    /// and what is known of the account can be forgotten before the server is waited for.
    pub async fn sign_out_here(&self) -> Leaving {
        let (held, method, known_signed_out) = {
            let mut state = self.state();
            let before = (state.held(), state.method, state.known_signed_out);
            state.sign_out();
            before
        };
        // Held until all is wiped: what a sign-in stores that comes after this one's end stays.
        let _order = self.shared.storing.lock().await;
        let token = match held {
            Some(held) => Ok(Some(held.credential)),
            None if known_signed_out || method != SignInMethod::Password => Ok(None),
            None => self
                .read_credential(method)
                .await
                .map(|found| found.map(|found| Arc::new(found.credential))),
        };
        let left_in_keyring = self.wipe().await.err().map(|error| Error::from(error).code);
        Leaving {
            token,
            left_in_keyring,
        }
    }

    /// The second half of [`Self::sign_out`]: tells the server, where it can be reached.
    pub async fn sign_out_there(&self, leaving: Leaving) -> SignOutOutcome {
        let server_told = match leaving.token {
            Ok(Some(token)) if token.method() == SignInMethod::Password => {
                self.tell_server(&token).await
            }
            Ok(_) => true,
            Err(_) => false,
        };
        SignOutOutcome {
            server_told,
            left_in_keyring: leaving.left_in_keyring,
        }
    }

    /// Gives up a sign-in that the server has accepted, on an account that goes on without it.
    /// What it has stored is removed, and nothing else: the copies of keys stay, and `before`, the
    /// session that goes on, puts back what this one has replaced. Then its session is ended on
    /// the server where it can be reached.
    pub async fn take_back(&self, before: Option<&Self>) {
        let Some(held) = self.state().held() else {
            return;
        };
        let stored = self.secrets_of(held.generation).unwrap_or_default();
        self.retire();
        self.forget_each(&stored).await;
        let goes_on = before.and_then(|before| {
            let held = before.state().held();
            held.map(|held| (before, held))
        });
        if let Some((before, held)) = &goes_on {
            before.store(held.generation, false).await;
        }
        let Credential::Session(token) = held.credential.as_ref() else {
            return; // it is the person's, and not ours to end
        };
        // A token that was pasted twice is one session.
        let is_in_use = goes_on.is_some_and(
            |(_, held)| matches!(held.credential.as_ref(), Credential::Session(its) if its == token),
        );
        if !is_in_use {
            self.tell_server(&held.credential).await;
        }
    }

    /// Another session of the same account has taken over: forgets the credential in memory, for
    /// good, and touches neither keyring nor server. Requests that are still under way neither
    /// renew nor store anything any more; a sign-in that is answered with
    /// [`ErrorCode::Cancelled`]. A single write that has reached the keyring may still take
    /// effect.
    pub fn retire(&self) {
        self.state().retire();
    }

    /// Goes on where another session of the same account stands, which retires because its server
    /// is at another address now: with its credential and the remembered password, also where the
    /// keyring has not taken them. Call it on a session that is new.
    pub fn carry_on(&self, before: &Self) {
        let handed = before.state().hand_over();
        *self.state() = handed;
    }

    async fn tell_server(&self, token: &Credential) -> bool {
        let told = tokio::time::timeout(SERVER_PATIENCE, self.provider.sign_out(token)).await;
        match told {
            Ok(Ok(())) => true,
            Ok(Err(error)) => error.asks_for_sign_in(), // it had ended already
            Err(_) => false,
        }
    }

    async fn sign_in_with(&self, credential: Credential) -> Result<Kept> {
        self.verify(&credential).await?;
        let signed_in = SignedIn {
            expires_at: super::keeping::expires_at(&credential),
            credential,
        };
        let installed = self.state().sign_in(signed_in);
        match installed {
            Ok(generation) => Ok(self.store(generation, true).await),
            Err(_) => Err(taken_over()), // the credential is the person's, and not ours to end
        }
    }

    /// Whether the server knows who is asking. Being refused the right to a page proves that too.
    pub(super) async fn verify(&self, credential: &Credential) -> Result<()> {
        match self.provider.probe(credential).await {
            Err(error) if error.code != ErrorCode::Forbidden => Err(error),
            _ => Ok(()),
        }
    }

    /// Where the vault keeps secrets that it has.
    pub(super) fn where_kept(&self) -> Kept {
        match self.vault.status().persistence {
            Persistence::Keyring => Kept::InKeyring,
            Persistence::UntilQuit => Kept::UntilQuit(ErrorCode::KeyringUnavailable),
        }
    }
}

/// The token itself, of what people copy.
fn bare(pasted: &SecretString) -> SecretString {
    SecretString::from(without_bearer(pasted.expose()).to_owned())
}

/// A token can be sent in a header only if it is visible ASCII.
fn checked(token: SecretString, field: Field) -> Result<SecretString> {
    if token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(token);
    }
    Err(Error::new(
        ErrorCode::ForbiddenCharacters,
        "the token holds characters that no token has",
    )
    .in_field(field))
}

fn taken_over() -> Error {
    Error::new(
        ErrorCode::Cancelled,
        "another session has taken over meanwhile",
    )
}

fn required(field: Field) -> Error {
    Error::new(ErrorCode::Required, "a required field is empty").in_field(field)
}
