//! The second factor: set up, confirmed, asked for, replaced, removed.
//!
//! It stands between a password that was right and what the password opens, in every dialect.
//! A code is good once: of an authenticator app none is taken whose step was taken before, and
//! a recovery code is used up. Codes that fail count as failed sign-ins.

use zeroize::Zeroizing;

use super::error::{AccountsError, Field, Problem};
use super::{Accounts, Caller};
use crate::auth::password::Turn;
use crate::auth::second_factor::{SharedSecret, new_recovery_codes, recovery_hash};
use crate::client::Client;
use crate::clock::UnixMillis;
use crate::seal::SealError;
use crate::store::second_factors::{self, SecondFactor};
use crate::store::security_log;
use crate::store::users::User;
use crate::vocabulary::SecurityEvent;

/// How long one that was begun waits to be confirmed.
pub(super) const PENDING_LIFE: UnixMillis = 15 * 60 * 1000;

/// How an account's second factor stands.
pub(crate) struct SecondFactorStatus {
    /// Since when it is asked for; nothing: it is not.
    pub(crate) since: Option<UnixMillis>,
    pub(crate) recovery_codes_left: u64,
    /// Whether one was begun and waits to be confirmed.
    pub(crate) pending: bool,
}

/// What an authenticator app needs. It is handed out once.
pub(crate) struct SecondFactorSetUp {
    /// In Base32, for typing.
    pub(crate) secret: Zeroizing<String>,
    /// An `otpauth` address, for a QR code.
    pub(crate) uri: Zeroizing<String>,
}

/// Codes that are handed out once, each good once.
pub(crate) type RecoveryCodes = Vec<Zeroizing<String>>;

impl Accounts {
    /// How the caller's second factor stands.
    pub(crate) async fn second_factor(
        &self,
        caller: &Caller,
    ) -> Result<SecondFactorStatus, AccountsError> {
        caller.check_self_service()?;
        let (user_id, now) = (caller.user.id.clone(), self.now());
        self.store
            .read(move |connection| {
                let factor = second_factors::get(connection, &user_id)?;
                let pending = second_factors::pending(connection, &user_id)?;
                Ok(SecondFactorStatus {
                    since: factor.map(|factor| factor.confirm_time),
                    recovery_codes_left: second_factors::recovery_codes_left(connection, &user_id)?,
                    pending: pending.is_some_and(|(_, since)| still_waits(since, now)),
                })
            })
            .await
    }

    /// Begins a second factor. Where there is one already, it takes a code of that, and that
    /// one stays in force until the new one is confirmed.
    pub(crate) async fn start_second_factor(
        &self,
        caller: &Caller,
        password: Zeroizing<String>,
        code: Option<Zeroizing<String>>,
    ) -> Result<SecondFactorSetUp, AccountsError> {
        caller.check_self_service()?;
        self.prove_again(caller, &password, code.as_ref()).await?;
        let secret = SharedSecret::random()?;
        let set_up = SecondFactorSetUp {
            uri: secret.uri(&caller.user.email),
            secret: secret.base32(),
        };
        let sealed = self.factors.seal(&caller.user.id, &set_up.secret)?;
        let (user_id, now) = (caller.user.id.clone(), self.now());
        self.store
            .write(move |transaction| {
                second_factors::put_pending(transaction, &user_id, &sealed, now)
            })
            .await?;
        Ok(set_up)
    }

    /// Puts the second factor that was begun into force, and hands out its recovery codes.
    pub(crate) async fn confirm_second_factor(
        &self,
        caller: &Caller,
        code: Zeroizing<String>,
    ) -> Result<RecoveryCodes, AccountsError> {
        caller.check_self_service()?;
        let (user_id, now) = (caller.user.id.clone(), self.now());
        let id = user_id.clone();
        let (sealed, _) = self
            .store
            .read(move |connection| second_factors::pending(connection, &id))
            .await?
            .filter(|(_, since)| still_waits(*since, now))
            .ok_or(AccountsError::NotFound)?;
        let step = self
            .step_of(&user_id, &sealed, &code)?
            .ok_or(AccountsError::invalid(Field::Code, Problem::Wrong))?;
        let codes = new_recovery_codes()?;
        let hashes = hashes_of(&codes);
        let client = caller.client.clone();
        self.store
            .write(move |transaction| {
                // Another request may have begun a new one, or confirmed this one.
                let pending = second_factors::pending(transaction, &user_id)?;
                if pending.is_none_or(|(pending, _)| pending != sealed) {
                    return Err(AccountsError::NotFound);
                }
                let factor = SecondFactor {
                    sealed,
                    confirm_time: now,
                    last_step: step,
                };
                second_factors::put(transaction, &user_id, &factor)?;
                second_factors::delete_pending(transaction, &user_id)?;
                second_factors::replace_recovery_codes(transaction, &user_id, &hashes)?;
                let event = SecurityEvent::SecondFactorEnabled;
                security_log::record(transaction, &user_id, now, event, &client, "")?;
                Ok(())
            })
            .await?;
        Ok(codes)
    }

    /// Removes the caller's second factor with its recovery codes.
    pub(crate) async fn remove_second_factor(
        &self,
        caller: &Caller,
        password: Zeroizing<String>,
        code: Zeroizing<String>,
    ) -> Result<(), AccountsError> {
        self.prove_both(caller, &password, &code).await?;
        let (user_id, client, now) = (caller.user.id.clone(), caller.client.clone(), self.now());
        self.store
            .write(move |transaction| {
                if second_factors::delete(transaction, &user_id)? {
                    let event = SecurityEvent::SecondFactorDisabled;
                    security_log::record(transaction, &user_id, now, event, &client, "")?;
                }
                Ok(())
            })
            .await
    }

    /// Hands out new recovery codes; the old ones are no longer good.
    pub(crate) async fn replace_recovery_codes(
        &self,
        caller: &Caller,
        password: Zeroizing<String>,
        code: Zeroizing<String>,
    ) -> Result<RecoveryCodes, AccountsError> {
        self.prove_both(caller, &password, &code).await?;
        let codes = new_recovery_codes()?;
        let hashes = hashes_of(&codes);
        let (user_id, client, now) = (caller.user.id.clone(), caller.client.clone(), self.now());
        self.store
            .write(move |transaction| {
                // Removed in the meantime: codes of nothing open nothing.
                second_factors::get(transaction, &user_id)?.ok_or(AccountsError::NotFound)?;
                second_factors::replace_recovery_codes(transaction, &user_id, &hashes)?;
                let event = SecurityEvent::RecoveryCodesReplaced;
                security_log::record(transaction, &user_id, now, event, &client, "")?;
                Ok::<_, AccountsError>(())
            })
            .await?;
        Ok(codes)
    }

    /// Removes an account's second factor by right of whoever holds the data folder: for
    /// somebody who lost both the authenticator app and the recovery codes.
    pub(crate) async fn forget_second_factor(&self, email: &str) -> Result<(), AccountsError> {
        let (user, now) = (self.user_by_email(email).await?, self.now());
        self.store
            .write(move |transaction| {
                if second_factors::delete(transaction, &user.id)? {
                    let event = SecurityEvent::SecondFactorDisabled;
                    let client = Client::default();
                    security_log::record(transaction, &user.id, now, event, &client, "")?;
                }
                Ok(())
            })
            .await
    }

    /// Password and code of somebody who has a second factor.
    async fn prove_both(
        &self,
        caller: &Caller,
        password: &Zeroizing<String>,
        code: &Zeroizing<String>,
    ) -> Result<(), AccountsError> {
        if self.second_factor(caller).await?.since.is_none() {
            return Err(AccountsError::NotFound);
        }
        self.prove_again(caller, password, Some(code)).await
    }

    /// Asks somebody who is signed in once more who they are.
    async fn prove_again(
        &self,
        caller: &Caller,
        password: &Zeroizing<String>,
        code: Option<&Zeroizing<String>>,
    ) -> Result<(), AccountsError> {
        let turn = self
            .confirm_password(&caller.user, password, Field::Password)
            .await?;
        let outcome = self
            .check_second_factor(turn, &caller.user, code, None)
            .await;
        match outcome {
            Err(AccountsError::SecondFactorRequired) => {
                Err(AccountsError::invalid(Field::Code, Problem::Empty))
            }
            Err(AccountsError::SecondFactorRefused) => {
                Err(AccountsError::invalid(Field::Code, Problem::Wrong))
            }
            other => other,
        }
    }

    /// After the password was right: takes a code, where the account has a second factor. The
    /// turn of the password is held until then, so that many codes at once cannot slip past
    /// the count of failures.
    pub(super) async fn check_second_factor(
        &self,
        turn: Turn,
        user: &User,
        code: Option<&Zeroizing<String>>,
        from: Option<&Client>,
    ) -> Result<(), AccountsError> {
        let user_id = user.id.clone();
        let factor = self
            .store
            .read(move |connection| second_factors::get(connection, &user_id))
            .await?;
        let Some(factor) = factor else {
            return Ok(());
        };
        // An empty field is no try.
        let code = code.filter(|code| !code.trim().is_empty());
        let code = code.ok_or(AccountsError::SecondFactorRequired)?;
        let client = from.cloned().unwrap_or_default();
        let taken = self.take_code(user, &factor, code, client).await?;
        if !taken {
            let mac = self.login_name(&user.email).mac;
            self.count_failure(&mac, from).await?;
        }
        drop(turn);
        if taken {
            Ok(())
        } else {
            Err(AccountsError::SecondFactorRefused)
        }
    }

    async fn take_code(
        &self,
        user: &User,
        factor: &SecondFactor,
        code: &Zeroizing<String>,
        client: Client,
    ) -> Result<bool, AccountsError> {
        let step = self.step_of(&user.id, &factor.sealed, code)?;
        let hash = recovery_hash(code);
        let (user_id, sealed) = (user.id.clone(), factor.sealed.clone());
        let now = self.now();
        self.store
            .write(move |transaction| {
                if let Some(step) = step {
                    return Ok(second_factors::take_step(
                        transaction,
                        &user_id,
                        &sealed,
                        step,
                    )?);
                }
                let Some(hash) = hash else {
                    return Ok(false);
                };
                let taken = second_factors::take_recovery_code(transaction, &user_id, &hash)?;
                if taken {
                    let event = SecurityEvent::RecoveryCodeUsed;
                    security_log::record(transaction, &user_id, now, event, &client, "")?;
                }
                Ok::<_, AccountsError>(taken)
            })
            .await
    }

    fn step_of(
        &self,
        user_id: &str,
        sealed: &[u8],
        code: &Zeroizing<String>,
    ) -> Result<Option<i64>, AccountsError> {
        let secret = self.factors.open(user_id, sealed)?;
        let secret = SharedSecret::from_base32(&secret).ok_or(SealError)?;
        Ok(secret.step_of(code, self.now()))
    }
}

fn still_waits(since: UnixMillis, now: UnixMillis) -> bool {
    now.saturating_sub(since) < PENDING_LIFE
}

fn hashes_of(codes: &RecoveryCodes) -> Vec<Vec<u8>> {
    codes
        .iter()
        .filter_map(|code| recovery_hash(code))
        .collect()
}
