//! API keys: listing, making, copying, changing, switching off, deleting.
//!
//! Not here: which keys this computer keeps a copy of (the instance's configuration says so).

use keydesk_vault::SecretString;

use super::account::{is_uncertain, require};
use super::{Kept, KeptCopy, MadeKey, Session};
use crate::api_key::{
    self, ApiKey, ApiKeyDetails, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, KeyMetrics,
    NewApiKey,
};
use crate::capabilities::{ApiKeyCapabilities, Reveal};
use crate::organization::OrganizationId;
use crate::{Error, ErrorCode, Result};

impl Session {
    /// Every key, newest first; those of one organization where keys belong to organizations.
    pub async fn api_keys(&self, organization: Option<&OrganizationId>) -> Result<ApiKeyList> {
        require(self.key_rules(organization).await?.manage)?;
        let person = self.person();
        let list = self
            .call(
                |credential| async move { self.provider.api_keys(&credential, organization).await },
            )
            .await?;
        self.state().heard_keys(person, organization, &list.keys);
        Ok(list)
    }

    /// Makes a key. With `keep`, a key that its server shows only once goes into the keyring
    /// before anyone sees it; [`MadeKey::kept`] says whether it did.
    ///
    /// When the answer is lost, it is asked for once more where the server tells a repetition from
    /// a second key. Else, or when that is lost too, the list is read: a key of this title that
    /// was not there before is the one, and its value is fetched, or is lost for good
    /// ([`ErrorCode::KeyNotReceived`]). Otherwise the error is [`ErrorCode::OutcomeUnknown`]: the
    /// request may still be on its way.
    pub async fn create_api_key(
        &self,
        organization: Option<&OrganizationId>,
        new: NewApiKey,
        keep: bool,
    ) -> Result<MadeKey> {
        let rules = self.key_rules(organization).await?;
        require(rules.create)?;
        let person = self.person();
        let known = self.state().keys(organization).map(<[ApiKey]>::to_vec);
        let before = match known {
            Some(keys) => keys,
            None => self.api_keys(organization).await?.keys,
        };
        let now = self.provider.clock().now();
        let new = &api_key::validate(&new, &before, &rules, now)?;
        let create = || {
            self.call(|credential| async move {
                self.provider
                    .create_api_key(&credential, organization, new)
                    .await
            })
        };
        let mut created = create().await;
        if self.provider.repeats_creation()
            && created
                .as_ref()
                .is_err_and(|error| may_have_happened(error.code))
        {
            created = create().await;
        }
        let created = match created {
            Err(error) if may_have_happened(error.code) => {
                self.find_created(organization, &new.title, &before, rules.reveal, error)
                    .await?
            }
            answer => answer?,
        };
        self.state().made_key(person, organization, &created.key);
        let kept = if keep && rules.reveal == Reveal::Once {
            Some(self.keep(&created).await)
        } else {
            None
        };
        Ok(MadeKey { created, kept })
    }

    async fn keep(&self, created: &CreatedApiKey) -> KeptCopy {
        match self.keep_key(&created.key.id, &created.value).await {
            Ok(()) if self.where_kept() == Kept::InKeyring => KeptCopy::InKeyring,
            Ok(()) => KeptCopy::UntilQuit,
            Err(error) => KeptCopy::NotKept(Error::from(error).code),
        }
    }

    async fn find_created(
        &self,
        organization: Option<&OrganizationId>,
        title: &str,
        before: &[ApiKey],
        reveal: Reveal,
        lost: Error,
    ) -> Result<CreatedApiKey> {
        let unknown = |label: &'static str| {
            let mut error = Error::new(ErrorCode::OutcomeUnknown, label);
            error.detail.clone_from(&lost.detail);
            error
        };
        let Ok(listed) = self.api_keys(organization).await else {
            return Err(unknown("the answer was lost and the list cannot be read"));
        };
        let is_new = |key: &ApiKey| before.iter().all(|old| old.id != key.id);
        let Some(key) = listed
            .keys
            .into_iter()
            .find(|key| key.title == title && is_new(key))
        else {
            return Err(if is_uncertain(lost.code) {
                unknown("the answer was lost and no such key is in the list")
            } else {
                lost // the server failed, and made nothing
            });
        };
        if reveal == Reveal::Once {
            return Err(Error {
                code: ErrorCode::KeyNotReceived,
                ..unknown("the key was made and its value was never received")
            });
        }
        match self.reveal_api_key(&key.id).await {
            Ok(value) => Ok(CreatedApiKey { key, value }),
            Err(_) => Err(unknown(
                "the key was made and its value could not be fetched",
            )),
        }
    }

    /// The whole value of a key: from the server where it shows it again, else the copy that is
    /// kept on this computer. For a copy, nobody but the keyring is asked.
    ///
    /// # Errors
    /// `NotSupported` where there is neither.
    pub async fn reveal_api_key(&self, id: &ApiKeyId) -> Result<SecretString> {
        let shows_again = {
            let state = self.state();
            let known = state.account();
            known.is_some_and(|known| known.capabilities.api_keys.reveal == Reveal::Again)
        };
        if !shows_again && let Some(kept) = self.kept_key(id).await? {
            return Ok(kept);
        }
        if self.known_key_rules().await?.reveal == Reveal::Once {
            return Err(Error::new(
                ErrorCode::NotSupported,
                "the server showed this key once, and no copy was kept",
            ));
        }
        self.call(|credential| async move { self.provider.reveal_api_key(&credential, id).await })
            .await
    }

    /// Removes the copy of a key that is kept on this computer.
    pub async fn forget_kept_key(&self, id: &ApiKeyId) -> Result<()> {
        Ok(self.drop_kept_key(id).await?)
    }

    /// Changes until when a key is valid. Answers with the key as it is now, where known.
    pub async fn set_api_key_expiration(
        &self,
        id: &ApiKeyId,
        expiration: Expiration,
    ) -> Result<Option<ApiKey>> {
        let rules = self.known_key_rules().await?;
        if !rules.expiration_editable {
            return Err(Error::new(
                ErrorCode::NotSupported,
                "this server does not change the expiration of a key",
            ));
        }
        let now = self.provider.clock().now();
        let expiration = api_key::validate_expiration(expiration, &rules, now)?;
        let person = self.person();
        let answered = self
            .call_repeatable(|credential| async move {
                self.provider
                    .set_api_key_expiration(&credential, id, expiration)
                    .await
            })
            .await?;
        let mut changed = None;
        self.state().change_keys(person, |keys| {
            if let Some(key) = keys.iter_mut().find(|key| key.id == *id) {
                key.expiration = answered.as_ref().map_or(expiration, |key| key.expiration);
                changed = Some(key.clone());
            }
        });
        Ok(answered.or(changed))
    }

    /// Switches a key off for good and keeps it in the list. The copy that is kept on this
    /// computer goes: it opens nothing any more.
    pub async fn revoke_api_key(&self, id: &ApiKeyId) -> Result<ApiKey> {
        let rules = self.known_key_rules().await?;
        if !rules.revoke {
            return Err(Error::new(
                ErrorCode::NotSupported,
                "this server deletes keys and does not revoke them",
            ));
        }
        let person = self.person();
        let revoked = self
            .call_repeatable(|credential| async move {
                self.provider.revoke_api_key(&credential, id).await
            })
            .await?;
        self.state().change_keys(person, |keys| {
            if let Some(key) = keys.iter_mut().find(|key| key.id == *id) {
                key.clone_from(&revoked);
            }
        });
        self.drop_dead_key(id, rules.reveal).await;
        Ok(revoked)
    }

    /// Deletes a key. One that is gone already counts as deleted. The copy that is kept on this
    /// computer goes with it; where the keyring will not give it up, the key is dead all the same.
    pub async fn delete_api_key(&self, id: &ApiKeyId) -> Result<()> {
        let rules = self.known_key_rules().await?;
        require(rules.delete)?;
        let person = self.person();
        self.call_repeatable(|credential| async move {
            self.provider.delete_api_key(&credential, id).await
        })
        .await?;
        self.state()
            .change_keys(person, |keys| keys.retain(|key| key.id != *id));
        self.drop_dead_key(id, rules.reveal).await;
        Ok(())
    }

    async fn drop_dead_key(&self, id: &ApiKeyId, reveal: Reveal) {
        if reveal == Reveal::Once
            && let Err(error) = self.drop_kept_key(id).await
        {
            tracing::warn!(%error, "the copy of a dead key stays in the keyring");
        }
    }

    /// All that the server tells of a key.
    pub async fn api_key_details(&self, id: &ApiKeyId) -> Result<ApiKeyDetails> {
        self.call(|credential| async move { self.provider.api_key_details(&credential, id).await })
            .await
    }

    /// The figures over the list.
    pub async fn key_metrics(&self, organization: Option<&OrganizationId>) -> Result<KeyMetrics> {
        self.call(
            |credential| async move { self.provider.key_metrics(&credential, organization).await },
        )
        .await
    }

    async fn key_rules(&self, organization: Option<&OrganizationId>) -> Result<ApiKeyCapabilities> {
        Ok(self.capabilities(organization).await?.api_keys)
    }

    /// The rules for what is done to one key, where keys can be managed at all. Its organization
    /// is part of its id, and may be another than the one that was last asked about: what the
    /// person may do there, the server says.
    async fn known_key_rules(&self) -> Result<ApiKeyCapabilities> {
        let capabilities = self.known_account().await?.capabilities;
        if !capabilities.organizations.is_available() {
            require(capabilities.api_keys.manage)?;
        }
        Ok(capabilities.api_keys)
    }
}

/// Whether a failed creation may have made the key all the same: the answer was lost, cut off, or
/// written by something between here and the server.
fn may_have_happened(code: ErrorCode) -> bool {
    is_uncertain(code)
        || matches!(
            code,
            ErrorCode::UnexpectedAnswer
                | ErrorCode::AnswerTooLarge
                | ErrorCode::ServerFailed
                | ErrorCode::ServerUnavailable
        )
}
