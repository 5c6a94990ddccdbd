//! Signing in by password and second factor, and signing out.
//!
//! Whether an account does not exist, is deactivated, signs in elsewhere or has another
//! password makes no difference, neither in the answer nor in the work that is done.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::error::AccountsError;
use super::password_policy::is_too_long;
use super::text::MAX_EMAIL_CHARS;
use super::{Accounts, Caller};
use crate::auth::password::Turn;
use crate::auth::{NoRandomness, random_hex, sha256, throttle};
use crate::client::Client;
use crate::clock::{UnixMillis, to_millis};
use crate::comparison::comparable;
use crate::store::sessions::{self, Session};
use crate::store::users::{self, LoginName, User};
use crate::store::{StoreError, login_failures, security_log};
use crate::vocabulary::SecurityEvent;

/// The two tokens of a new session. They are shown once and not stored.
pub struct IssuedSession {
    /// What follows `Bearer ` in the `Authorization` header.
    pub authorization: Zeroizing<String>,
    /// The value of the `Access-token` header, for servers that ask for it.
    pub access_token: Zeroizing<String>,
    /// When both end.
    pub expire_time: UnixMillis,
}

impl Accounts {
    /// Signs in with an email, a password, and a code where the account has a second factor.
    pub(crate) async fn sign_in(
        &self,
        login_name: &str,
        password: Zeroizing<String>,
        code: Option<Zeroizing<String>>,
        client: Client,
    ) -> Result<IssuedSession, AccountsError> {
        if self.settings.require_access_token {
            return Err(AccountsError::NoPasswordSignIn);
        }
        // The turn comes first: while it is held, at most one more try can be under way, so
        // that many at once cannot slip past the count.
        let turn = self.hashing.turn().await?;
        let name = self.login_name(login_name);
        let email_key = name.email_key.clone();
        let user = self
            .store
            .read(move |connection| users::by_email_key(connection, &email_key))
            .await?
            .filter(|user| user.active);
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        let turn = self
            .check_password(turn, &name.mac, &password, stored.as_deref(), Some(&client))
            .await?;
        let user = user.ok_or(AccountsError::SignInFailed)?;
        self.check_second_factor(turn, &user, code.as_ref(), Some(&client))
            .await?;
        // Between the look and this moment the account may have changed; then it was no sign-in.
        let unchanged = move |now: &User| now.active && now.password_hash == stored;
        self.issue_to(user.id, unchanged, name.mac, client).await
    }

    /// Compares a password, counts a failure, and answers with the wait when there is one.
    /// The turn goes on for as long as the password is not all that is asked for. Where it is
    /// a try to sign in, a failure is written down with the place from which it came.
    pub(super) async fn check_password(
        &self,
        turn: Turn,
        mac: &[u8],
        password: &Zeroizing<String>,
        stored: Option<&str>,
        from: Option<&Client>,
    ) -> Result<Turn, AccountsError> {
        let known = mac.to_vec();
        let failures = self
            .store
            .read(move |connection| login_failures::get(connection, &known))
            .await?;
        if let Some(retry_after) = throttle::wait_left(failures, self.now()) {
            return Err(AccountsError::TooManyFailures { retry_after });
        }
        // Longer ones cannot have been set: they are not hashed, the decoy is.
        let too_long = is_too_long(password);
        let nothing = Zeroizing::new(String::new());
        let (password, stored) = if too_long {
            (&nothing, None)
        } else {
            (password, stored)
        };
        let (equal, turn) = self.hashing.matches(turn, password, stored).await?;
        if !equal {
            self.count_failure(mac, from).await?;
        }
        if equal {
            Ok(turn)
        } else {
            Err(AccountsError::SignInFailed)
        }
    }

    /// Reads the count again within the change: two tries may be under way at once, and both
    /// count.
    pub(super) async fn count_failure(
        &self,
        mac: &[u8],
        from: Option<&Client>,
    ) -> Result<(), StoreError> {
        let (mac, from, now) = (mac.to_vec(), from.cloned(), self.now());
        self.store
            .write(move |transaction| {
                let failures = login_failures::get(transaction, &mac)?;
                let after = throttle::after_failure(failures, now);
                login_failures::put(transaction, &mac, after, now)?;
                let Some(client) = from else {
                    return Ok(());
                };
                // Looked for whether or not there is such an account. The row that is written for
                // one is lost in the time of the hash.
                if let Some(user_id) = users::id_by_login_name(transaction, &mac)? {
                    let event = SecurityEvent::SignInFailed;
                    security_log::record(transaction, &user_id, now, event, &client, "")?;
                }
                Ok(())
            })
            .await
    }

    /// Makes a session for an account, by right of an administrator and not of a password.
    pub(crate) async fn issue_session(&self, email: &str) -> Result<IssuedSession, AccountsError> {
        let user = self.active_user(email).await?;
        let name = self.login_name(&user.email);
        let client = Client::default();
        self.issue_to(user.id, |now| now.active, name.mac, client)
            .await
    }

    async fn issue_to(
        &self,
        user_id: String,
        still_allowed: impl Fn(&User) -> bool + Send + 'static,
        mac: Vec<u8>,
        client: Client,
    ) -> Result<IssuedSession, AccountsError> {
        let now = self.now();
        // Tokens count whole seconds; the stored end is the same as the token's.
        let expire_time = (now + to_millis(self.settings.session_life)) / 1000 * 1000;
        let access_token = random_token()?;
        let session = Session {
            id: random_hex::<16>()?,
            user_id,
            access_token_hash: sha256(access_token.as_bytes()),
            create_time: now,
            expire_time,
            client,
        };
        let authorization = self
            .tokens
            .sign(&session.id, &session.user_id, now, expire_time)?;
        self.store
            .write(move |transaction| {
                users::by_id(transaction, &session.user_id)?
                    .filter(|user| still_allowed(user))
                    .ok_or(AccountsError::SignInFailed)?;
                sessions::delete_expired(transaction, now)?;
                sessions::insert(transaction, &session)?;
                users::set_last_login_time(transaction, &session.user_id, now)?;
                let event = SecurityEvent::SignedIn;
                let client = &session.client;
                security_log::record(transaction, &session.user_id, now, event, client, "")?;
                login_failures::clear(transaction, &mac)?;
                Ok::<_, AccountsError>(())
            })
            .await?;
        Ok(IssuedSession {
            authorization,
            access_token,
            expire_time,
        })
    }

    /// Ends the session of the caller.
    pub(crate) async fn sign_out(&self, caller: &Caller) -> Result<(), AccountsError> {
        let (user_id, id) = (caller.user.id.clone(), caller.session_id()?.to_owned());
        self.end(caller, SecurityEvent::SignedOut, move |transaction| {
            sessions::delete(transaction, &user_id, &id)?;
            Ok(Some(String::new()))
        })
        .await
    }

    /// Forgets the failures of an account, so that it may be tried again.
    pub(crate) async fn unlock(&self, email: &str) -> Result<(), AccountsError> {
        let user = self.user_by_email(email).await?;
        let mac = self.login_name(&user.email).mac;
        self.store
            .write(move |transaction| Ok(login_failures::clear(transaction, &mac)?))
            .await
    }

    /// The forms under which a typed name is looked up and counted.
    pub(super) fn login_name(&self, typed: &str) -> LoginName {
        // Far longer than any address: cut, so that folding it costs nothing.
        let typed: String = typed.chars().take(MAX_EMAIL_CHARS * 2).collect();
        let email_key = comparable(&typed);
        let mac = self.names.of(&email_key);
        LoginName { email_key, mac }
    }
}

fn random_token() -> Result<Zeroizing<String>, NoRandomness> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| NoRandomness)?;
    Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}
