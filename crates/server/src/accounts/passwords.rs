//! Passwords: proven once more, changed, and set anew by an administrator.

use zeroize::Zeroizing;

use super::error::{AccountsError, Field, Problem};
use super::password_policy::PasswordPolicy;
use super::{Accounts, Caller};
use crate::auth::password::Turn;
use crate::client::Client;
use crate::store::users::{self, User};
use crate::store::{login_failures, security_log, sessions};
use crate::vocabulary::SecurityEvent;

/// A password that is to take the place of another.
struct Replacement {
    user: User,
    /// The hash that it replaces, where it must still be that one.
    expected: Option<String>,
    new: Zeroizing<String>,
    /// The session that goes on; all others end.
    keep: Option<String>,
    event: SecurityEvent,
    client: Client,
}

impl Accounts {
    /// Asks somebody who is signed in for their password once more. A wrong one counts as a
    /// failed sign-in, and is a refusal of `field`.
    pub(super) async fn confirm_password(
        &self,
        user: &User,
        password: &Zeroizing<String>,
        field: Field,
    ) -> Result<Turn, AccountsError> {
        let Some(stored) = &user.password_hash else {
            return Err(AccountsError::SignsInElsewhere);
        };
        let mac = self.login_name(&user.email).mac;
        let turn = self.hashing.turn().await?;
        match self
            .check_password(turn, &mac, password, Some(stored), None)
            .await
        {
            Err(AccountsError::SignInFailed) => Err(AccountsError::invalid(field, Problem::Wrong)),
            other => other,
        }
    }

    /// Changes the caller's password. Every other session of the account ends; the one that
    /// made the change goes on. With an API key, all sessions end. Keys live on.
    pub(crate) async fn change_password(
        &self,
        caller: &Caller,
        old: Zeroizing<String>,
        new: Zeroizing<String>,
        policy: PasswordPolicy,
    ) -> Result<(), AccountsError> {
        let user = &caller.user;
        if user.password_hash.is_none() {
            return Err(AccountsError::SignsInElsewhere);
        }
        self.check_new_password(policy, &new, personal(user))
            .await?;
        drop(
            self.confirm_password(user, &old, Field::OldPassword)
                .await?,
        );
        self.put_password(Replacement {
            user: user.clone(),
            expected: user.password_hash.clone(),
            new,
            keep: caller.session_id().ok().map(str::to_owned),
            event: SecurityEvent::PasswordChanged,
            client: caller.client.clone(),
        })
        .await
    }

    /// Sets a password by right of whoever holds the data folder: all sessions of the account
    /// end, and its failures are forgotten.
    pub(crate) async fn set_password(
        &self,
        email: &str,
        new: Zeroizing<String>,
    ) -> Result<(), AccountsError> {
        let user = self.user_by_email(email).await?;
        self.reset_password(user, new, PasswordPolicy::HardToGuess, Client::default())
            .await
    }

    /// Sets a password for somebody else, whose right to do so was looked at.
    pub(super) async fn reset_password(
        &self,
        user: User,
        new: Zeroizing<String>,
        policy: PasswordPolicy,
        client: Client,
    ) -> Result<(), AccountsError> {
        if user.password_hash.is_none() {
            return Err(AccountsError::SignsInElsewhere);
        }
        self.check_new_password(policy, &new, personal(&user))
            .await?;
        self.put_password(Replacement {
            user,
            expected: None,
            new,
            keep: None,
            event: SecurityEvent::PasswordReset,
            client,
        })
        .await
    }

    async fn put_password(&self, replacement: Replacement) -> Result<(), AccountsError> {
        let Replacement {
            user,
            expected,
            new,
            keep,
            event,
            client,
        } = replacement;
        let turn = self.hashing.turn().await?;
        let hash = self.hashing.hash(turn, &new).await?;
        let mac = self.login_name(&user.email).mac;
        let now = self.now();
        self.store
            .write(move |transaction| {
                let stored = users::by_id(transaction, &user.id)?.ok_or(AccountsError::NotFound)?;
                if expected.is_some() && stored.password_hash != expected {
                    // Somebody else was faster: what was given as the old one no longer is.
                    return Err(AccountsError::invalid(Field::OldPassword, Problem::Wrong));
                }
                users::set_password_hash(transaction, &user.id, &hash)?;
                sessions::delete_of_user(transaction, &user.id, keep.as_deref())?;
                login_failures::clear(transaction, &mac)?;
                security_log::record(transaction, &user.id, now, event, &client, "")?;
                Ok(())
            })
            .await
    }
}

/// What a guesser knows of an account.
fn personal(user: &User) -> [String; 3] {
    let profile = &user.profile;
    [&user.email, &profile.first_name, &profile.last_name].map(Clone::clone)
}
