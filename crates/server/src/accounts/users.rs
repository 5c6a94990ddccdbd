//! Accounts as an administrator handles them: made, switched off and on, deleted, listed.
//! There is no way to make an account over the network.

use zeroize::Zeroizing;

use super::Accounts;
use super::deletion;
use super::error::{AccountsError, Field};
use super::password_policy::PasswordPolicy;
use super::profiles::{FIRST_NAME, LAST_NAME};
use super::text::{self, Lines, TextRule};
use crate::auth::random_hex;
use crate::store::users::{self, Profile, User};
use crate::store::{StoreError, login_failures, sessions};
use crate::vocabulary::PortalRole;

const ROLE: TextRule = TextRule {
    field: Field::Role,
    max: 64,
    required: true,
    lines: Lines::One,
};

/// How an account signs in.
pub enum SignInMethod {
    /// With its email and this password.
    Password(Zeroizing<String>),
    /// At an identity provider; it has no password here.
    Elsewhere,
}

/// An account to be made.
pub struct NewUser {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// The address with which it signs in.
    pub email: String,
    /// What it may do. Nothing on this server depends on it yet.
    pub role: String,
    /// How it signs in.
    pub sign_in: SignInMethod,
}

impl NewUser {
    /// An ordinary account that signs in with a password.
    pub fn with_password(
        first_name: impl Into<String>,
        last_name: impl Into<String>,
        email: impl Into<String>,
        password: Zeroizing<String>,
    ) -> Self {
        Self {
            first_name: first_name.into(),
            last_name: last_name.into(),
            email: email.into(),
            role: "user".to_owned(),
            sign_in: SignInMethod::Password(password),
        }
    }
}

impl Accounts {
    /// Makes an account, with what it may do in the admin portal; its id.
    pub(crate) async fn add_user(
        &self,
        new: NewUser,
        portal_roles: Vec<PortalRole>,
    ) -> Result<String, AccountsError> {
        let email = text::email(&new.email)?;
        let profile = Profile {
            first_name: FIRST_NAME.apply(&new.first_name)?,
            last_name: LAST_NAME.apply(&new.last_name)?,
            phone: String::new(),
            position: String::new(),
            description: String::new(),
        };
        let role = ROLE.apply(&new.role)?;
        let password_hash = match new.sign_in {
            SignInMethod::Elsewhere => None,
            SignInMethod::Password(password) => {
                let personal = [&email, &profile.first_name, &profile.last_name];
                self.check_new_password(
                    PasswordPolicy::HardToGuess,
                    &password,
                    personal.map(Clone::clone),
                )
                .await?;
                let turn = self.hashing.turn().await?;
                Some(self.hashing.hash(turn, &password).await?)
            }
        };
        let login_name = self.login_name(&email);
        let user = User {
            id: random_hex::<10>()?,
            email,
            profile,
            role,
            password_hash,
            active: true,
            create_time: self.now(),
            display_name: String::new(),
            contact_email: String::new(),
            last_login_time: None,
            version: 1,
            portal_roles,
        };
        let id = user.id.clone();
        self.store
            .write(move |transaction| {
                if users::insert(transaction, &user, &login_name)? {
                    Ok(())
                } else {
                    Err(AccountsError::EmailTaken)
                }
            })
            .await?;
        Ok(id)
    }

    /// Switches an account off or on. Off: its sessions end for good, and its keys are
    /// refused for as long as it is off.
    pub(crate) async fn set_active(&self, email: &str, active: bool) -> Result<(), AccountsError> {
        let user = self.user_by_email(email).await?;
        self.store
            .write(move |transaction| {
                users::set_active(transaction, &user.id, active)?;
                if !active {
                    sessions::delete_of_user(transaction, &user.id, None)?;
                }
                Ok(())
            })
            .await
    }

    /// Deletes an account with everything that belongs to it, by right of whoever holds the
    /// data folder: also the last owner, and the last super-admin.
    pub(crate) async fn delete_user(&self, email: &str) -> Result<(), AccountsError> {
        let user = self.user_by_email(email).await?;
        let mac = self.login_name(&user.email).mac;
        self.store
            .write(move |transaction| {
                deletion::remove_in_any_case(transaction, &user.id)?;
                Ok(login_failures::clear(transaction, &mac)?)
            })
            .await
    }

    /// How many accounts there are, switched off ones among them.
    pub(crate) async fn user_count(&self) -> Result<u64, StoreError> {
        self.store.read(users::count).await
    }

    pub(super) async fn user_by_email(&self, email: &str) -> Result<User, AccountsError> {
        let email_key = self.login_name(email).email_key;
        self.store
            .read(move |connection| users::by_email_key(connection, &email_key))
            .await?
            .ok_or(AccountsError::NotFound)
    }

    pub(super) async fn active_user(&self, email: &str) -> Result<User, AccountsError> {
        let user = self.user_by_email(email).await?;
        if user.active {
            Ok(user)
        } else {
            Err(AccountsError::NotFound)
        }
    }
}
