//! API keys: listing, making, copying, changing, deleting.

use keydesk_vault::SecretString;

use super::Session;
use super::account::{is_uncertain, require};
use crate::api_key::{self, ApiKey, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, NewApiKey};
use crate::capabilities::{ApiKeyCapabilities, Reveal};
use crate::{Error, ErrorCode, Result};

impl Session {
    /// Every key, newest first.
    pub async fn api_keys(&self) -> Result<ApiKeyList> {
        self.key_rules()?;
        let person = self.state().person();
        let list = self
            .call(|credential| async move { self.provider.api_keys(&credential).await })
            .await?;
        self.state().heard_keys(person, &list.keys);
        Ok(list)
    }

    /// Makes a key.
    ///
    /// When the answer is lost, the list is read: a key of this title that was not there before is
    /// the one, and its value is fetched. Otherwise the error is [`ErrorCode::OutcomeUnknown`]:
    /// the request may still be on its way.
    pub async fn create_api_key(&self, new: NewApiKey) -> Result<CreatedApiKey> {
        let rules = self.key_rules()?;
        let person = self.state().person();
        let known = self.state().keys().map(<[ApiKey]>::to_vec);
        let before = match known {
            Some(keys) => keys,
            None => self.api_keys().await?.keys,
        };
        let now = self.provider.clock().now();
        let new = &api_key::validate(&new, &before, &rules, now)?;
        let created = self
            .call(|credential| async move { self.provider.create_api_key(&credential, new).await })
            .await;
        let created = match created {
            Err(error) if may_have_happened(error.code) => {
                self.find_created(&new.title, &before, rules.reveal, error)
                    .await?
            }
            answer => answer?,
        };
        self.state().change_keys(person, |keys| {
            if keys.iter().all(|key| key.id != created.key.id) {
                keys.insert(0, created.key.clone());
            }
        });
        Ok(created)
    }

    async fn find_created(
        &self,
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
        let Ok(listed) = self.api_keys().await else {
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
            return Err(unknown("the key was made and its value was never received"));
        }
        match self.reveal_api_key(&key.id).await {
            Ok(value) => Ok(CreatedApiKey { key, value }),
            Err(_) => Err(unknown(
                "the key was made and its value could not be fetched",
            )),
        }
    }

    /// The whole value of a key.
    pub async fn reveal_api_key(&self, id: &ApiKeyId) -> Result<SecretString> {
        self.key_rules()?;
        self.call(|credential| async move { self.provider.reveal_api_key(&credential, id).await })
            .await
    }

    /// Changes until when a key is valid. Answers with the key as it is now, where known.
    pub async fn set_api_key_expiration(
        &self,
        id: &ApiKeyId,
        expiration: Expiration,
    ) -> Result<Option<ApiKey>> {
        let rules = self.key_rules()?;
        if !rules.expiration_editable {
            return Err(Error::new(
                ErrorCode::NotSupported,
                "this server does not change the expiration of a key",
            ));
        }
        let now = self.provider.clock().now();
        let expiration = api_key::validate_expiration(expiration, &rules, now)?;
        let person = self.state().person();
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

    /// Deletes a key. One that is gone already counts as deleted.
    pub async fn delete_api_key(&self, id: &ApiKeyId) -> Result<()> {
        self.key_rules()?;
        let person = self.state().person();
        self.call_repeatable(|credential| async move {
            self.provider.delete_api_key(&credential, id).await
        })
        .await?;
        self.state()
            .change_keys(person, |keys| keys.retain(|key| key.id != *id));
        Ok(())
    }

    /// The rules for keys, where keys can be managed at all.
    fn key_rules(&self) -> Result<ApiKeyCapabilities> {
        let rules = self.capabilities().api_keys;
        require(rules.manage)?;
        Ok(rules)
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
