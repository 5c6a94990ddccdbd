//! A session's secrets in the keyring.
//!
//! They are named by the server's realm and the instance: when the address of an instance is
//! changed, no secret follows it to the new place.

use std::time::Duration;

use keydesk_vault::{KeyringState, Persistence, SecretKey, SecretString, Slot, VaultError};

use super::{Kept, Session};
use crate::api_key::ApiKeyId;
use crate::credential::Credential;
use crate::instance::{Instance, ServerKind, SignInMethod};
use crate::provider::SignedIn;
use crate::token;
use crate::{Error, ErrorCode};

/// How long a renewal that nobody sees waits for the keyring.
const KEYRING_PATIENCE: Duration = Duration::from_secs(3);

/// Every slot that a sign-in may fill.
const SLOTS: [Slot; 5] = [
    Slot::SessionToken,
    Slot::Password,
    Slot::ApiKey,
    Slot::CloudAuthorization,
    Slot::CloudAccessToken,
];

/// The account's name in the vault, which hashes it before the keyring sees it.
pub(super) fn account_name(instance: &Instance) -> String {
    // The embedded server may come back on another port and is the same server still.
    let realm = match instance.kind {
        ServerKind::ThisComputer => "this-computer".to_owned(),
        ServerKind::IdmpSelfHosted
        | ServerKind::IdmpCloud
        | ServerKind::AimmsCloud
        | ServerKind::Keydesk => instance.url.realm().to_string(),
    };
    // A space can be in neither part, so no two pairs run together into one name.
    format!("{realm} {}", instance.id.0)
}

impl Session {
    fn key(&self, slot: Slot) -> SecretKey {
        SecretKey::new(account_name(&self.instance), slot)
    }

    async fn read(&self, slot: Slot) -> Result<Option<SecretString>, VaultError> {
        let secret = self.vault.get(&self.key(slot)).await?;
        Ok(secret.filter(|secret| !secret.is_empty()))
    }

    /// Whether secrets are kept in memory because the keyring failed: what it holds is not known.
    pub(super) fn keyring_is_left_alone(&self) -> bool {
        let status = self.vault.status();
        status.persistence == Persistence::UntilQuit
            && matches!(status.keyring, KeyringState::Failed(_))
    }

    /// The credential that an earlier sign-in by this method left in the keyring.
    pub(super) async fn read_credential(
        &self,
        method: SignInMethod,
    ) -> Result<Option<SignedIn>, VaultError> {
        let credential = match method {
            SignInMethod::Password => self
                .read(Slot::SessionToken)
                .await?
                .map(Credential::Session),
            SignInMethod::ApiKey => self.read(Slot::ApiKey).await?.map(Credential::ApiKey),
            SignInMethod::CloudTokens => {
                let authorization = self.read(Slot::CloudAuthorization).await?;
                let access_token = self.read(Slot::CloudAccessToken).await?;
                // Half a pair is none.
                authorization
                    .zip(access_token)
                    .map(|(authorization, access_token)| Credential::CloudTokens {
                        authorization,
                        access_token,
                    })
            }
        };
        Ok(credential.map(|credential| SignedIn {
            expires_at: expires_at(&credential),
            credential,
        }))
    }

    /// The password that the person asked to remember.
    pub(super) async fn read_password(&self) -> Result<Option<SecretString>, VaultError> {
        self.read(Slot::Password).await
    }

    /// Stores what this generation holds in memory. `replacing` also removes what earlier
    /// sign-ins by other means left. Records and answers where the secrets are now.
    pub(super) async fn store(&self, generation: u64, replacing: bool) -> Kept {
        let _order = self.shared.storing.lock().await;
        let Some(secrets) = self.secrets_of(generation) else {
            return Kept::UntilQuit(ErrorCode::Cancelled); // signed out in the meantime
        };
        let outcome = self.write(secrets, replacing).await;
        if self.state().is_retired() {
            return Kept::UntilQuit(ErrorCode::Cancelled);
        }
        let kept = match outcome {
            Ok(()) if self.vault.status().persistence == Persistence::UntilQuit => {
                Kept::UntilQuit(ErrorCode::KeyringUnavailable)
            }
            Ok(()) => Kept::InKeyring,
            Err(error) => Kept::UntilQuit(Error::from(error).code),
        };
        let mut state = self.state();
        if state.generation == generation {
            state.kept = Some(kept);
            if kept == Kept::InKeyring {
                state.password = None;
            }
        }
        kept
    }

    /// [`Self::store`] for a renewal that nobody sees: a keyring that does not answer keeps no
    /// request waiting. What it was asked to do it may still do.
    pub(super) async fn store_unseen(&self, generation: u64) {
        if tokio::time::timeout(KEYRING_PATIENCE, self.store(generation, false))
            .await
            .is_ok()
        {
            return;
        }
        let mut state = self.state();
        if state.generation == generation {
            state.kept = Some(Kept::UntilQuit(ErrorCode::KeyringTimedOut));
        }
    }

    /// Stops at the first failure: a keyring that does not answer is not asked five times. Stops
    /// as well when another session has taken over, whose secrets these slots are by then.
    async fn write(
        &self,
        secrets: Vec<(Slot, SecretString)>,
        replacing: bool,
    ) -> Result<(), VaultError> {
        let slots: Vec<Slot> = secrets.iter().map(|(slot, _)| slot.clone()).collect();
        let is_pair = slots.contains(&Slot::CloudAccessToken);
        let mut outcome = Ok(());
        if is_pair {
            // The half that is written last goes first: wherever this ends, even by being
            // dropped, no new half ever stands beside an old one.
            outcome = self.delete_unless_retired(Slot::CloudAccessToken).await;
            // Memory is open to the pair although the keyring may hold on to an old one.
            if self.vault.status().persistence == Persistence::Keyring {
                outcome?;
            }
        }
        for (slot, secret) in secrets {
            if self.state().is_retired() {
                return Ok(());
            }
            if let Err(error) = self.vault.set(&self.key(slot), secret).await {
                if is_pair {
                    self.remove_broken_pair(error).await;
                }
                return Err(error);
            }
        }
        if replacing {
            for stale in SLOTS.into_iter().filter(|slot| !slots.contains(slot)) {
                // Were it to stay, it would be found again: as much a failure as one not written.
                self.delete_unless_retired(stale).await?;
            }
        }
        outcome
    }

    async fn delete_unless_retired(&self, slot: Slot) -> Result<(), VaultError> {
        if self.state().is_retired() {
            return Ok(());
        }
        self.vault.delete(&self.key(slot)).await
    }

    /// Half a pair is none, and none is what should lie in the keyring.
    async fn remove_broken_pair(&self, cause: VaultError) {
        if cause == VaultError::TimedOut {
            return; // it would keep the person waiting twice more
        }
        for half in [Slot::CloudAccessToken, Slot::CloudAuthorization] {
            if let Err(error) = self.delete_unless_retired(half).await {
                tracing::warn!(%error, "half a pair of tokens stays in the keyring");
            }
        }
    }

    /// Removes a secret that is no longer valid, if it is still the one that the keyring has:
    /// another sign-in may have replaced it, and that one's secret is not ours to remove.
    pub(super) async fn forget(&self, slot: Slot, invalid: &SecretString) {
        let _order = self.shared.storing.lock().await;
        self.remove_where_equal(slot, invalid).await;
    }

    /// [`Self::forget`] for all that one sign-in has stored. A sign-in that begins meanwhile
    /// stores after it: one person's two attempts may hold the same password.
    pub(super) async fn forget_each(&self, stored: &[(Slot, SecretString)]) {
        let _order = self.shared.storing.lock().await;
        for (slot, secret) in stored {
            self.remove_where_equal(slot.clone(), secret).await;
        }
    }

    async fn remove_where_equal(&self, slot: Slot, invalid: &SecretString) {
        let removed = match self.read(slot.clone()).await {
            Ok(Some(found)) if found == *invalid => self.vault.delete(&self.key(slot)).await,
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = removed {
            tracing::warn!(%error, "a secret that is no longer valid stays in the keyring");
        }
    }

    /// Keeps a copy of a key that its server shows only once.
    pub(super) async fn keep_key(
        &self,
        id: &ApiKeyId,
        value: &SecretString,
    ) -> Result<(), VaultError> {
        let _order = self.shared.storing.lock().await;
        let slot = Slot::StoredKey(id.0.clone());
        self.vault.set(&self.key(slot), value.duplicate()).await
    }

    /// The copy of a key that was kept.
    pub(super) async fn kept_key(&self, id: &ApiKeyId) -> Result<Option<SecretString>, VaultError> {
        self.read(Slot::StoredKey(id.0.clone())).await
    }

    /// Removes the copy of a key; one that was never kept counts as removed.
    pub(super) async fn drop_kept_key(&self, id: &ApiKeyId) -> Result<(), VaultError> {
        let _order = self.shared.storing.lock().await;
        let slot = Slot::StoredKey(id.0.clone());
        self.vault.delete(&self.key(slot)).await
    }

    /// Removes every secret of the account.
    pub(super) async fn forget_all(&self) -> Result<(), VaultError> {
        let _order = self.shared.storing.lock().await;
        self.wipe().await
    }

    /// [`Self::forget_all`] for who holds the order already.
    pub(super) async fn wipe(&self) -> Result<(), VaultError> {
        let account = account_name(&self.instance);
        self.vault.delete_account(&account).await
    }

    /// Copies for the keyring of what is in memory; `None` when the generation has passed.
    pub(super) fn secrets_of(&self, generation: u64) -> Option<Vec<(Slot, SecretString)>> {
        let state = self.state();
        let held = state.held().filter(|held| held.generation == generation)?;
        let mut secrets = match held.credential.as_ref() {
            Credential::Session(token) => vec![(Slot::SessionToken, token.duplicate())],
            Credential::ApiKey(key) => vec![(Slot::ApiKey, key.duplicate())],
            Credential::CloudTokens {
                authorization,
                access_token,
            } => vec![
                (Slot::CloudAuthorization, authorization.duplicate()),
                (Slot::CloudAccessToken, access_token.duplicate()),
            ],
        };
        if let Some(password) = &state.password {
            secrets.push((Slot::Password, password.duplicate()));
        }
        Some(secrets)
    }
}

/// Until when a credential lasts, as far as it says so itself.
pub(super) fn expires_at(credential: &Credential) -> Option<crate::time::Timestamp> {
    match credential {
        Credential::Session(token) => token::expires_at(token),
        Credential::CloudTokens { authorization, .. } => token::expires_at(authorization),
        Credential::ApiKey(_) => None,
    }
}
