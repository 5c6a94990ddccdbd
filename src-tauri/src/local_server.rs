//! The embedded server: started when it is first needed, on a loopback port it picks, and ended
//! with the app. What it does is `keydesk-server`'s; the app talks to it over its socket, like to
//! any other server.

use std::path::PathBuf;

use keydesk_core::capabilities::PasswordRule;
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Error, ErrorCode, Field, Result};
use keydesk_server::embedded::{self, EmbeddedOptions, Running};
use keydesk_server::{AccountsError, NewUser, PASSWORD_MIN_CHARS, Problem};
use keydesk_vault::SecretString;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};
use zeroize::Zeroizing;

/// The server of this computer.
pub struct LocalServer {
    folder: PathBuf,
    running: Mutex<Option<Running>>,
}

impl LocalServer {
    /// A server whose data lies in `folder`; nothing is started yet.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            running: Mutex::new(None),
        }
    }

    /// Where it listens, now that it does. `preferred` is where it listened last: it returns
    /// there, unless another program has taken the port.
    ///
    /// # Errors
    /// `LocalServerFailed`
    pub async fn url(&self, preferred: Option<&ServerUrl>) -> Result<ServerUrl> {
        let running = self.started(preferred).await?;
        ServerUrl::parse(running.url(), false)
    }

    /// Whether an account was already made here. `preferred` is where it listened last.
    ///
    /// # Errors
    /// `LocalServerFailed`
    pub async fn has_account(&self, preferred: Option<&ServerUrl>) -> Result<bool> {
        if !self.folder.is_dir() {
            return Ok(false);
        }
        let running = self.started(preferred).await?;
        let count = running.user_count().await.map_err(|error| failed(&error))?;
        Ok(count > 0)
    }

    /// Makes an account. Only the app itself can: over the network there is no way to make one.
    ///
    /// # Errors
    /// The server's rules of names, email and password; `LocalServerFailed`
    pub async fn add_account(
        &self,
        first_name: &str,
        last_name: &str,
        email: &str,
        password: &SecretString,
    ) -> Result<()> {
        let password = Zeroizing::new(password.expose().clone());
        let user = NewUser::with_password(first_name, last_name, email, password);
        let running = self.started(None).await?;
        let added = running.add_user(user).await;
        added.map(|_| ()).map_err(|error| refused(&error))
    }

    /// Ends it, letting requests under way finish.
    pub async fn end(&self) {
        let running = self.running.lock().await.take();
        if let Some(running) = running {
            running.shutdown().await;
        }
    }

    async fn started(
        &self,
        preferred: Option<&ServerUrl>,
    ) -> Result<MappedMutexGuard<'_, Running>> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let options = EmbeddedOptions {
                preferred_port: preferred.and_then(port),
                ..EmbeddedOptions::new(self.folder.clone())
            };
            *running = Some(
                embedded::start(options)
                    .await
                    .map_err(|error| failed(&error))?,
            );
        }
        MutexGuard::try_map(running, Option::as_mut)
            .map_err(|_| Error::new(ErrorCode::LocalServerFailed, "the embedded server is gone"))
    }
}

/// What the embedded server demands of a new password, for the live checklist. It decides in the
/// end: it also refuses what is easy to guess.
pub fn password_rules() -> Vec<PasswordRule> {
    vec![PasswordRule::MinimumLength {
        characters: u32::try_from(PASSWORD_MIN_CHARS).unwrap_or(u32::MAX),
    }]
}

/// The server's refusal in the words of the domain.
fn refused(error: &AccountsError) -> Error {
    match error {
        AccountsError::EmailTaken => {
            Error::new(ErrorCode::EmailTaken, "the email is taken").in_field(Field::Email)
        }
        AccountsError::Invalid { field, problem } => {
            let code = match problem {
                Problem::Empty => ErrorCode::Required,
                Problem::TooLong { .. } => ErrorCode::TooLong,
                Problem::ForbiddenCharacter => ErrorCode::ForbiddenCharacters,
                Problem::TooShort { .. } | Problem::TooCommon => ErrorCode::PasswordTooWeak,
                Problem::Malformed => ErrorCode::EmailInvalid,
                Problem::NotInTheFuture
                | Problem::TooFar
                | Problem::OutOfRange
                | Problem::UnknownValue
                | Problem::Wrong => ErrorCode::InputRefused,
            };
            let refused = Error::new(code, "the embedded server refused a field");
            match form_field(*field) {
                Some(field) => refused.in_field(field),
                None => refused,
            }
        }
        other => failed(other),
    }
}

/// The field of "Create account" that the server speaks of.
fn form_field(field: keydesk_server::Field) -> Option<Field> {
    match field {
        keydesk_server::Field::Email => Some(Field::Email),
        keydesk_server::Field::FirstName => Some(Field::FirstName),
        keydesk_server::Field::LastName => Some(Field::LastName),
        keydesk_server::Field::NewPassword => Some(Field::Password),
        _ => None,
    }
}

fn port(url: &ServerUrl) -> Option<u16> {
    tauri::Url::parse(url.as_str()).ok()?.port()
}

fn failed(error: &dyn std::error::Error) -> Error {
    Error::new(ErrorCode::LocalServerFailed, "the embedded server failed")
        .with_detail(error.to_string())
}
