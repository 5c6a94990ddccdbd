//! Runs an operation with the account's credential, and renews the session once where it may.
//!
//! Not here: retries of requests that failed on their way (`keydesk-providers`).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use keydesk_vault::{SecretString, Slot, VaultError};

use super::state::Held;
use super::{Session, signed_out};
use crate::credential::Credential;
use crate::instance::SignInMethod;
use crate::{Error, ErrorCode, Result};

/// How the last attempt at a silent sign-in ended, for those who waited while it was made, and for
/// those who come before the server takes another.
#[derive(Debug, Default)]
pub(super) struct LastRenewal {
    failure: Option<Failure>,
}

#[derive(Debug)]
struct Failure {
    generation: u64,
    error: Error,
    /// The server asked to wait until then.
    not_before: Option<Instant>,
}

impl Session {
    /// Runs an operation. When the server refuses the credential of a session whose password is
    /// remembered, signs in again and repeats the operation once.
    ///
    /// Repeating is safe for changes too: a 401 is the server's word that it did not act.
    pub(super) async fn call<T, F, Fut>(&self, operation: F) -> Result<T>
    where
        F: Fn(Arc<Credential>) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let held = self.credential().await?;
        let refusal = match operation(held.credential.clone()).await {
            Err(error) if error.asks_for_sign_in() => error,
            answer => {
                if answer.is_ok() {
                    self.state().accepted(held.generation);
                }
                return answer;
            }
        };
        let Some(renewed) = self.renew(&held).await? else {
            self.note_refusal(&held).await;
            return Err(refusal);
        };
        match operation(renewed.credential.clone()).await {
            Err(error) if error.asks_for_sign_in() => {
                // A brand-new token refused as well: more of them would not help.
                self.give_up(&renewed).await;
                Err(error)
            }
            answer => answer,
        }
    }

    /// [`Self::call`] for a change that can be made twice with the same effect: when its answer is
    /// lost, it is made again, once.
    pub(super) async fn call_repeatable<T, F, Fut>(&self, operation: F) -> Result<T>
    where
        F: Fn(Arc<Credential>) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        match self.call(&operation).await {
            Err(error) if answer_was_lost(error.code) => self.call(&operation).await,
            answer => answer,
        }
    }

    /// The credential: from memory, else from the keyring, else by a silent sign-in.
    pub(super) async fn credential(&self) -> Result<Held> {
        if let Some(known) = self.known_credential() {
            return known;
        }
        let waiting_since = self.shared.attempts.load(Ordering::Acquire);
        let mut last = self.shared.gate.lock().await;
        if let Some(known) = self.known_credential() {
            return known;
        }
        let (generation, method) = {
            let state = self.state();
            (state.generation, state.method)
        };
        last.repeated(self, waiting_since, generation)?;
        let outcome = self.load(generation, method).await;
        last.record(self, generation, outcome.as_ref().err());
        outcome
    }

    /// What memory alone can say.
    fn known_credential(&self) -> Option<Result<Held>> {
        let state = self.state();
        match state.held() {
            Some(held) => Some(Ok(held)),
            None if state.known_signed_out => Some(Err(signed_out(state.method))),
            None => None,
        }
    }

    async fn load(&self, generation: u64, method: SignInMethod) -> Result<Held> {
        if let Some(found) = self.read_credential(method).await? {
            let mut state = self.state();
            if state.generation == generation {
                state.replace(found);
                state.kept = Some(self.where_kept());
            }
            return state.held().ok_or_else(|| signed_out(state.method));
        }
        if method == SignInMethod::Password
            && let Some(held) = self.sign_in_silently(generation).await?
        {
            return Ok(held);
        }
        let mut state = self.state();
        // A keyring that was left alone may be asked again, and have it.
        if state.generation == generation && !self.keyring_is_left_alone() {
            state.drop_credential();
        }
        // Someone may have signed in meanwhile.
        state.held().ok_or_else(|| signed_out(state.method))
    }

    /// Another credential in place of a refused one, or `None` where the person must sign in.
    /// Any number of callers share one attempt.
    async fn renew(&self, refused: &Held) -> Result<Option<Held>> {
        if refused.credential.method() != SignInMethod::Password {
            return Ok(None);
        }
        let waiting_since = self.shared.attempts.load(Ordering::Acquire);
        let mut last = self.shared.gate.lock().await;
        {
            let state = self.state();
            if state.generation != refused.generation {
                return Ok(state
                    .held()
                    .filter(|held| held.generation != refused.generation));
            }
        }
        last.repeated(self, waiting_since, refused.generation)?;
        let outcome = self.sign_in_silently(refused.generation).await;
        last.record(self, refused.generation, outcome.as_ref().err());
        outcome
    }

    /// Signs in with the remembered password, if there is one that was never refused. The gate is
    /// held by the caller. An error is one that may pass; the password stays.
    async fn sign_in_silently(&self, generation: u64) -> Result<Option<Held>> {
        let (login_name, in_memory, may_renew) = {
            let state = self.state();
            (
                state.login_name.clone(),
                state.password.clone(),
                state.may_renew && state.remember,
            )
        };
        if !may_renew || login_name.is_empty() {
            return Ok(None);
        }
        let password = match in_memory {
            Some(password) => password,
            None => match self.read_password().await {
                Ok(Some(password)) => Arc::new(password),
                Ok(None) => return Ok(None),
                // It is there, and will be read once the person has unlocked it.
                Err(error @ (VaultError::Locked | VaultError::TimedOut)) => {
                    return Err(error.into());
                }
                Err(error) => {
                    tracing::warn!(%error, "the remembered password cannot be read");
                    return Ok(None);
                }
            },
        };
        match self.provider.sign_in(&login_name, &password, None).await {
            Ok(signed_in) => {
                let installed = {
                    let mut state = self.state();
                    if state.generation == generation {
                        Ok((state.replace(signed_in), state.held()))
                    } else {
                        Err((signed_in, state.held()))
                    }
                };
                match installed {
                    Ok((renewed, held)) => {
                        tracing::info!("the session was renewed");
                        self.store_unseen(renewed).await;
                        Ok(held)
                    }
                    Err((superseded, held)) => {
                        // The person signed in or out meanwhile: theirs counts, ours is ended.
                        let _ = self.provider.sign_out(&superseded.credential).await;
                        Ok(held)
                    }
                }
            }
            Err(error) if may_pass(error.code) => Err(error),
            Err(error) => {
                tracing::info!(code = ?error.code, "the session could not be renewed");
                self.stop_renewing(generation, error.code, &password).await;
                Ok(None)
            }
        }
    }

    /// The server will not take the remembered password again, so it is not sent again; a wrong
    /// one is forgotten altogether.
    async fn stop_renewing(&self, generation: u64, code: ErrorCode, password: &SecretString) {
        let is_wrong = matches!(code, ErrorCode::WrongCredentials | ErrorCode::SignedOut);
        let held = {
            let mut state = self.state();
            if state.generation != generation {
                return;
            }
            state.may_renew = false;
            if is_wrong {
                state.password = None;
                state.remember = false;
            }
            let held = state.held();
            state.drop_credential();
            held
        };
        if is_wrong {
            self.forget(Slot::Password, password).await;
        }
        if let Some(held) = held {
            self.forget_token(&held.credential).await;
        }
    }

    /// A refusal that nothing can be done about. One may be a slip of something in between; after
    /// the second in a row the credential is dropped.
    async fn note_refusal(&self, tried: &Held) {
        let twice = self.state().refused(tried);
        if twice {
            self.give_up(tried).await;
        }
    }

    /// The credential is of no use. A session's token is removed from the keyring; an API key and
    /// the cloud's tokens are only set aside, since a person may have no other copy of them and
    /// a server may accept them again.
    async fn give_up(&self, useless: &Held) {
        {
            let mut state = self.state();
            if state.generation != useless.generation {
                return;
            }
            state.may_renew = false;
            state.drop_credential();
        }
        self.forget_token(&useless.credential).await;
    }

    async fn forget_token(&self, credential: &Credential) {
        if let Credential::Session(token) = credential {
            self.forget(Slot::SessionToken, token).await;
        }
    }
}

impl LastRenewal {
    /// The failure of an attempt that was made while the caller waited for its turn, or that the
    /// server does not want to see again yet: another would fare the same.
    fn repeated(&self, session: &Session, waiting_since: u64, generation: u64) -> Result<()> {
        let of_now = |failure: &&Failure| failure.generation == generation;
        let Some(failure) = self.failure.as_ref().filter(of_now) else {
            return Ok(());
        };
        let error = || failure.error.clone();
        let now = Instant::now();
        match failure.not_before {
            Some(at) if now < at => Err(error().retry_after(at - now)),
            _ if session.shared.attempts.load(Ordering::Acquire) != waiting_since => Err(error()),
            _ => Ok(()),
        }
    }

    /// Called when an attempt has ended: whoever came while it was under way waited for it.
    fn record(&mut self, session: &Session, generation: u64, error: Option<&Error>) {
        session.shared.attempts.fetch_add(1, Ordering::AcqRel);
        self.failure = error.map(|error| Failure {
            generation,
            error: error.clone(),
            not_before: error
                .retry_after
                .and_then(|wait| Instant::now().checked_add(wait)),
        });
    }
}

/// Whether a failed sign-in says nothing about the password, so that it may be tried again later.
fn may_pass(code: ErrorCode) -> bool {
    !matches!(
        code,
        ErrorCode::WrongCredentials
            | ErrorCode::SignedOut
            | ErrorCode::CaptchaRequired
            | ErrorCode::SecondFactorRequired
            | ErrorCode::Forbidden
            | ErrorCode::InputRefused
            | ErrorCode::NotFound
            | ErrorCode::NotSupported
    )
}

/// Whether a request may have been acted on although no answer came. A time-out is not among
/// them: whoever waited that long is not made to wait again.
fn answer_was_lost(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::OutcomeUnknown | ErrorCode::ConnectionFailed
    )
}
