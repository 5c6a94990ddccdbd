//! Profile, password and avatar.

use std::sync::Arc;

use super::{PasswordChange, SavedProfile, Session};
use crate::capabilities::{Availability, Capabilities, PasswordCapabilities};
use crate::credential::Credential;
use crate::organization::OrganizationId;
use crate::profile::{Profile, ProfileChange};
use crate::provider::{Account, AvatarImage};
use crate::{Error, ErrorCode, Field, Result, avatar, password};

impl Session {
    /// The profile and what can be done with the account, as the server has them now. The
    /// capabilities may depend on the organization that is in front.
    pub async fn account(&self, organization: Option<&OrganizationId>) -> Result<Account> {
        self.state().bring_to_front(organization);
        let _others_wait = self.shared.asking.read().await;
        self.ask_for_account(organization).await
    }

    /// What can be done with the account, as last heard; asks the server where nothing was heard.
    pub async fn capabilities(
        &self,
        organization: Option<&OrganizationId>,
    ) -> Result<Capabilities> {
        Ok(self.heard_account(organization).await?.capabilities)
    }

    /// The account as last heard while this organization was in front; asks the server, once for
    /// however many are waiting, where it was not heard.
    async fn heard_account(&self, organization: Option<&OrganizationId>) -> Result<Account> {
        let heard = || self.state().account_in(organization).cloned();
        if let Some(account) = heard() {
            return Ok(account);
        }
        let _one_at_a_time = self.shared.asking.write().await;
        if let Some(account) = heard() {
            return Ok(account);
        }
        self.ask_for_account(organization).await
    }

    async fn ask_for_account(&self, organization: Option<&OrganizationId>) -> Result<Account> {
        let person = self.person();
        let account = self
            .call(
                |credential| async move { self.provider.account(&credential, organization).await },
            )
            .await?;
        self.state().heard_account(person, organization, &account);
        Ok(account)
    }

    /// The account as last heard, whichever organization was in front: for what does not depend
    /// on one.
    pub(super) async fn known_account(&self) -> Result<Account> {
        let known = self.state().account().cloned();
        if let Some(account) = known {
            return Ok(account);
        }
        let organization = self.state().in_front();
        self.heard_account(organization.as_ref()).await
    }

    /// Saves a change of the profile and, where asked for, a change of password: rules first, then the profile,
    /// then the password. An error means that nothing was saved.
    ///
    /// In this order nothing is lost whatever fails. The part that fails most, a current password
    /// that is not right, comes last and leaves a password that the person knows; a password
    /// changed first could end the session under the profile's feet.
    pub async fn save_profile(
        &self,
        change: ProfileChange,
        password: Option<PasswordChange>,
    ) -> Result<SavedProfile> {
        let Account {
            profile: known,
            capabilities,
        } = self.known_account().await?;
        let change = change.checked(&capabilities.profile)?;
        if let Some(password) = &password {
            check_change(password, &capabilities.password)?;
        }
        // With a new password only, there is no profile to save, and none to save by half.
        let password_only = password.is_some() && change.is_empty();
        let profile = if password_only {
            known
        } else {
            self.update_profile(&change).await?
        };
        let Some(password) = password else {
            return Ok(SavedProfile {
                profile,
                password_changed: false,
                password_error: None,
            });
        };
        match self.change_password(password).await {
            Ok(()) => Ok(SavedProfile {
                profile,
                password_changed: true,
                password_error: None,
            }),
            Err(error) if password_only => Err(error),
            Err(error) => Ok(SavedProfile {
                profile,
                password_changed: false,
                password_error: Some(error),
            }),
        }
    }

    async fn update_profile(&self, change: &ProfileChange) -> Result<Profile> {
        let person = self.person();
        let profile = self
            .call_repeatable(|credential| async move {
                self.provider.update_profile(&credential, change).await
            })
            .await?;
        self.state().heard_profile(person, &profile);
        Ok(profile)
    }

    async fn change_password(&self, change: PasswordChange) -> Result<()> {
        let (current, new) = (&change.current, &change.new);
        let changed = self
            .call(|credential| async move {
                match self
                    .provider
                    .change_password(&credential, current, new)
                    .await
                {
                    // Some servers answer 401 to a wrong current password. If the session still
                    // stands, the password was meant.
                    Err(error)
                        if error.asks_for_sign_in() && self.verify(&credential).await.is_ok() =>
                    {
                        Err(current_password_wrong())
                    }
                    Err(error) if error.code == ErrorCode::WrongCredentials => {
                        Err(current_password_wrong())
                    }
                    answer => answer,
                }
            })
            .await;
        match changed {
            Ok(()) => {
                self.follow_new_password(change.new, false).await;
                Ok(())
            }
            Err(error) if is_uncertain(error.code) => {
                self.find_out_about_password(change, error).await
            }
            Err(error) => Err(error),
        }
    }

    /// The answer to a change of password was lost. Which password is right, the server tells.
    async fn find_out_about_password(&self, change: PasswordChange, lost: Error) -> Result<()> {
        let login_name = self.state().login_name.clone();
        if login_name.is_empty() {
            return Err(lost);
        }
        match self.provider.sign_in(&login_name, &change.new, None).await {
            Ok(signed_in) => {
                self.state().replace(signed_in);
                self.follow_new_password(change.new, true).await;
                Ok(())
            }
            // Only whoever knows the password is asked for a code.
            Err(error) if error.code == ErrorCode::SecondFactorRequired => {
                self.follow_new_password(change.new, false).await;
                Ok(())
            }
            Err(error) if error.code == ErrorCode::WrongCredentials => Err(Error::new(
                ErrorCode::ConnectionFailed,
                "the connection broke and the password was not changed",
            )),
            Err(_) => Err(lost),
        }
    }

    /// Brings memory and keyring in line with a changed password. A server may have ended every
    /// session of the account with it; then a new one is begun before anyone notices.
    async fn follow_new_password(&self, new: keydesk_vault::SecretString, renewed: bool) {
        let new = Arc::new(new);
        let (held, login_name) = {
            let mut state = self.state();
            if state.remember {
                state.password = Some(new.clone());
            }
            (state.held(), state.login_name.clone())
        };
        let Some(held) = held else { return };
        let mut generation = held.generation;
        let is_session = matches!(*held.credential, Credential::Session(_));
        if is_session
            && !renewed
            && !login_name.is_empty()
            && self
                .provider
                .probe(&held.credential)
                .await
                .is_err_and(|e| e.asks_for_sign_in())
            && let Ok(signed_in) = self.provider.sign_in(&login_name, &new, None).await
        {
            let mut state = self.state();
            if state.generation == generation {
                generation = state.replace(signed_in);
            }
        }
        self.store(generation, false).await;
    }

    /// The avatar, made safe to show; `None` where there is none.
    pub async fn avatar(&self) -> Result<Option<AvatarImage>> {
        let bytes = self
            .call(|credential| async move { self.provider.avatar(&credential).await })
            .await?;
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
            return Ok(None);
        };
        tokio::task::spawn_blocking(move || avatar::sanitise_downloaded(&bytes))
            .await
            .map_err(|_| Error::new(ErrorCode::Internal, "decoding the avatar was broken off"))?
            .map(Some)
    }

    /// Replaces the avatar.
    pub async fn upload_avatar(&self, image: &AvatarImage) -> Result<()> {
        let rules = self.known_account().await?.capabilities.profile;
        require(rules.avatar)?;
        if u64::try_from(image.bytes.len()).unwrap_or(u64::MAX)
            >= u64::from(rules.avatar_byte_limit)
        {
            return Err(
                Error::new(ErrorCode::AvatarTooLarge, "the server takes less")
                    .in_field(Field::Avatar)
                    .with_detail(format!("less than {} bytes", rules.avatar_byte_limit)),
            );
        }
        self.call_repeatable(|credential| async move {
            self.provider.upload_avatar(&credential, image).await
        })
        .await
    }
}

/// Whether something can be done here and now, as an error where not.
pub(super) fn require(availability: Availability) -> Result<()> {
    if availability.is_available() {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::NotSupported,
        "not possible with this server or this sign-in",
    ))
}

fn check_change(change: &PasswordChange, rules: &PasswordCapabilities) -> Result<()> {
    require(rules.change)?;
    if change.current.is_empty() {
        return Err(
            Error::new(ErrorCode::Required, "the current password is missing")
                .in_field(Field::CurrentPassword),
        );
    }
    if change.new.is_empty() {
        return Err(
            Error::new(ErrorCode::Required, "the new password is missing")
                .in_field(Field::NewPassword),
        );
    }
    if !password::unmet(&rules.rules, &change.new).is_empty() {
        return Err(
            Error::new(ErrorCode::PasswordTooWeak, "the new password breaks a rule")
                .in_field(Field::NewPassword),
        );
    }
    Ok(())
}

fn current_password_wrong() -> Error {
    Error::new(
        ErrorCode::CurrentPasswordWrong,
        "the current password is not right",
    )
    .in_field(Field::CurrentPassword)
}

/// Whether a change may have happened although no answer says so.
pub(super) fn is_uncertain(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::OutcomeUnknown | ErrorCode::ConnectionFailed | ErrorCode::TimedOut
    )
}
