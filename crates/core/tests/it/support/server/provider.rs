//! What every server has.

use async_trait::async_trait;
use keydesk_core::api_key::{
    ApiKey, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, KeyStatus, NewApiKey,
};
use keydesk_core::contract::{DescriptionSource, LearntContract};
use keydesk_core::credential::Credential;
use keydesk_core::organization::OrganizationId;
use keydesk_core::profile::{Profile, ProfileChange};
use keydesk_core::provider::{
    Account, Administration, AvatarImage, OperationRow, Organizations, Security, ServerCheck,
    SignedIn,
};
use keydesk_core::time::{ServerClock, Timestamp};
use keydesk_core::{Error, ErrorCode, Field, Provider, Result};
use keydesk_vault::SecretString;

use super::super::capabilities::capabilities;
use super::super::{LOGIN, value_of};
use super::{FakeServer, ServerState, find, issue};

/// The part of an id that names the organization.
fn prefix(organization: Option<&OrganizationId>) -> String {
    organization.map_or_else(String::new, |organization| format!("{}:", organization.0))
}

fn check_code(state: &ServerState, code: Option<&SecretString>) -> Result<()> {
    match (&state.code, code) {
        (Some(_), None) => Err(Error::new(ErrorCode::SecondFactorRequired, "a code")),
        (Some(right), Some(code)) if right != code.expose() => {
            Err(Error::new(ErrorCode::SecondFactorRefused, "wrong").in_field(Field::Code))
        }
        _ => Ok(()),
    }
}

#[async_trait]
impl Provider for FakeServer {
    fn operations(&self) -> Vec<OperationRow> {
        Vec::new()
    }

    fn clock(&self) -> ServerClock {
        ServerClock::default()
    }

    async fn check(&self) -> Result<ServerCheck> {
        Ok(ServerCheck {
            healthy: true,
            version: None,
        })
    }

    async fn sign_in(
        &self,
        login_name: &str,
        password: &SecretString,
        code: Option<&SecretString>,
    ) -> Result<SignedIn> {
        self.run("sign_in", |state| {
            if state.deleted || login_name != LOGIN || *password.expose() != state.password {
                return Err(Error::new(ErrorCode::WrongCredentials, "wrong"));
            }
            check_code(state, code)?;
            Ok(issue(state))
        })
        .await
    }

    async fn probe(&self, credential: &Credential) -> Result<()> {
        self.signed_in("probe", credential, |_| Ok(())).await
    }

    async fn sign_out(&self, credential: &Credential) -> Result<()> {
        self.signed_in("sign_out", credential, |state| {
            if let Credential::Session(token) = credential {
                state.tokens.remove(token.expose());
            }
            Ok(())
        })
        .await
    }

    async fn request_password_reset(&self, _email: &str) -> Result<()> {
        Ok(())
    }

    async fn account(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<Account> {
        self.signed_in("account", credential, |state| {
            let role = organization.and_then(|id| {
                let found = state.organizations.iter().find(|found| found.id == *id);
                found.map(|found| found.role.as_str())
            });
            Ok(Account {
                profile: state.profile.clone(),
                capabilities: capabilities(
                    credential.method(),
                    state.profile.login_type,
                    state.reveal,
                    role,
                ),
            })
        })
        .await
    }

    async fn update_profile(
        &self,
        credential: &Credential,
        change: &ProfileChange,
    ) -> Result<Profile> {
        self.signed_in("update_profile", credential, |state| {
            if let Some(edit) = change.onto(&state.profile)? {
                state.profile.first_name = edit.first_name;
                state.profile.last_name = edit.last_name;
                state.profile.phone = edit.phone;
            }
            Ok(state.profile.clone())
        })
        .await
    }

    async fn avatar(&self, credential: &Credential) -> Result<Option<Vec<u8>>> {
        self.signed_in("avatar", credential, |state| Ok(state.avatar.clone()))
            .await
    }

    async fn upload_avatar(&self, credential: &Credential, image: &AvatarImage) -> Result<()> {
        self.signed_in("upload_avatar", credential, |state| {
            state.avatar = Some(image.bytes.clone());
            Ok(())
        })
        .await
    }

    async fn change_password(
        &self,
        credential: &Credential,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<()> {
        self.signed_in("change_password", credential, |state| {
            if *current.expose() != state.password {
                let code = if state.confuses {
                    ErrorCode::SignedOut
                } else {
                    ErrorCode::CurrentPasswordWrong
                };
                return Err(Error::new(code, "wrong"));
            }
            state.password.clone_from(new.expose());
            if state.revokes {
                state.tokens.clear();
            }
            Ok(())
        })
        .await
    }

    async fn api_keys(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<ApiKeyList> {
        self.signed_in("api_keys", credential, |state| {
            let of = prefix(organization);
            let keys = state.keys.iter().filter(|key| key.id.0.starts_with(&of));
            Ok(ApiKeyList {
                keys: keys.cloned().collect(),
                server_time: Timestamp::now(),
                organization: organization.cloned(),
            })
        })
        .await
    }

    async fn create_api_key(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
        new: &NewApiKey,
    ) -> Result<CreatedApiKey> {
        self.signed_in("create_api_key", credential, |state| {
            let of = prefix(organization);
            let twin = state
                .keys
                .iter()
                .find(|key| key.title == new.title && key.id.0.starts_with(&of));
            if let Some(twin) = twin {
                if state.repeats_creation {
                    let value = value_of(&twin.id);
                    let key = twin.clone();
                    return Ok(CreatedApiKey { key, value });
                }
                return Err(Error::new(ErrorCode::Conflict, "title"));
            }
            state.issued += 1;
            let id = ApiKeyId(format!("{of}{}", state.issued));
            let key = ApiKey {
                masked: "api_****".into(),
                added_on: Some(Timestamp::now()),
                ..ApiKey::new(id, new.title.clone(), new.expiration)
            };
            state.keys.insert(0, key.clone());
            let value = value_of(&key.id);
            Ok(CreatedApiKey { key, value })
        })
        .await
    }

    fn repeats_creation(&self) -> bool {
        self.state().repeats_creation
    }

    async fn reveal_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<SecretString> {
        self.signed_in("reveal_api_key", credential, |state| {
            find(state, id).map(|key| value_of(&key.id))
        })
        .await
    }

    async fn set_api_key_expiration(
        &self,
        credential: &Credential,
        id: &ApiKeyId,
        expiration: Expiration,
    ) -> Result<Option<ApiKey>> {
        self.signed_in("set_api_key_expiration", credential, |state| {
            find(state, id)?.expiration = expiration;
            Ok(None)
        })
        .await
    }

    async fn delete_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<()> {
        self.signed_in("delete_api_key", credential, |state| {
            state.keys.retain(|key| key.id != *id);
            Ok(())
        })
        .await
    }

    async fn revoke_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<ApiKey> {
        self.signed_in("revoke_api_key", credential, |state| {
            let key = find(state, id)?;
            key.status = KeyStatus::Revoked;
            Ok(key.clone())
        })
        .await
    }

    async fn learn_contract(&self, _credential: &Credential) -> Result<Option<LearntContract>> {
        Ok(None)
    }

    fn compare_contract(
        &self,
        _description: &[u8],
        _source: DescriptionSource,
    ) -> Result<LearntContract> {
        Err(Error::new(ErrorCode::DescriptionNotUnderstood, "none"))
    }

    fn security(&self) -> Option<&dyn Security> {
        Some(self)
    }

    fn administration(&self) -> Option<&dyn Administration> {
        Some(self)
    }

    fn organizations(&self) -> Option<&dyn Organizations> {
        Some(self)
    }
}
