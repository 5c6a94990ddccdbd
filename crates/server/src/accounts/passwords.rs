//! Passwords: proven once more, changed, and set anew by an administrator.

use rusqlite::Transaction;
use zeroize::Zeroizing;

use super::error::{AccountsError, Field, Problem};
use super::password_policy::PasswordPolicy;
use super::{Accounts, Caller};
use crate::auth::password::Turn;
use crate::client::Client;
use crate::store::users::{self, User};
use crate::store::{login_failures, security_log, sessions};
use crate::vocabulary::SecurityEvent;

/// Whether the password may still be put in its place, given the account as it is now: hashing
/// takes its time, and waiting for a turn longer.
pub(super) trait StillMay:
    FnOnce(&Transaction<'_>, &User) -> Result<(), AccountsError> + Send + 'static
{
}

impl<F> StillMay for F where
    F: FnOnce(&Transaction<'_>, &User) -> Result<(), AccountsError> + Send + 'static
{
}

/// A password that is to take the place of another.
struct Replacement {
    user: User,
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
        let proven = user.password_hash.clone();
        let replacement = Replacement {
            user: user.clone(),
            new,
            keep: caller.session_id().ok().map(str::to_owned),
            event: SecurityEvent::PasswordChanged,
            client: caller.client.clone(),
        };
        self.put_password(replacement, move |_, stored| {
            if stored.password_hash == proven {
                Ok(())
            } else {
                // Somebody else was faster: what was given as the old one no longer is.
                Err(AccountsError::invalid(Field::OldPassword, Problem::Wrong))
            }
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
        let (policy, client) = (PasswordPolicy::HardToGuess, Client::default());
        self.reset_password(user, new, policy, client, |_, _| Ok(()))
            .await
    }

    /// Sets a password for somebody else, whose right to do so was looked at and is looked at
    /// once more within the change.
    pub(super) async fn reset_password(
        &self,
        user: User,
        new: Zeroizing<String>,
        policy: PasswordPolicy,
        client: Client,
        still_may: impl StillMay,
    ) -> Result<(), AccountsError> {
        if user.password_hash.is_none() {
            return Err(AccountsError::SignsInElsewhere);
        }
        self.check_new_password(policy, &new, personal(&user))
            .await?;
        let replacement = Replacement {
            user,
            new,
            keep: None,
            event: SecurityEvent::PasswordReset,
            client,
        };
        self.put_password(replacement, still_may).await
    }

    async fn put_password(
        &self,
        replacement: Replacement,
        still_may: impl StillMay,
    ) -> Result<(), AccountsError> {
        let Replacement {
            user,
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
                still_may(transaction, &stored)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{NewUser, Presented};
    use crate::clock::Clock;
    use crate::config::Settings;
    use crate::store::portal_roles;
    use crate::vocabulary::{Dialect, PortalRole};

    const PASSWORD: &str = "Canary-Herons-7!";

    async fn put_roles(accounts: &Accounts, email: &str, roles: &'static [PortalRole]) {
        let id = accounts.user_by_email(email).await.unwrap().id;
        let put = accounts
            .store
            .write(move |transaction| portal_roles::set(transaction, &id, roles));
        put.await.unwrap();
    }

    #[tokio::test]
    async fn a_right_that_was_taken_since_the_request_began_sets_no_password() {
        let dir = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(dir.path(), Settings::default(), Clock::system()).unwrap();
        for (email, role) in [
            ("root@example.org", PortalRole::SuperAdmin),
            ("reader@example.org", PortalRole::ReadOnly),
        ] {
            let user = NewUser::with_password("Some", "Body", email, PASSWORD.to_owned().into());
            accounts.add_user(user, vec![role]).await.unwrap();
        }
        let session = accounts.issue_session("root@example.org").await.unwrap();
        let caller = accounts.authenticate(Presented {
            dialect: Dialect::Portal,
            client: Client::default(),
            authorization: Some(session.authorization.clone()),
            access_token: None,
        });
        let caller = caller.await.unwrap();
        let reader = accounts.user_by_email("reader@example.org").await.unwrap();
        let reset = || {
            let new = Zeroizing::new("Canary-Otters-9!".to_owned());
            accounts.reset_portal_password(&caller, &reader.id, new)
        };
        put_roles(&accounts, "root@example.org", &[PortalRole::Admin]).await;
        assert!(matches!(
            reset().await,
            Err(AccountsError::RoleInsufficient)
        ));
        let unchanged = accounts.user_by_email("reader@example.org").await.unwrap();
        assert_eq!(unchanged.password_hash, reader.password_hash);
        put_roles(&accounts, "root@example.org", &[PortalRole::SuperAdmin]).await;
        reset().await.unwrap();
        let changed = accounts.user_by_email("reader@example.org").await.unwrap();
        assert_ne!(changed.password_hash, reader.password_hash);
    }
}
