//! [`Provider`] for portals: each operation from the domain's types to a request, and back.

use async_trait::async_trait;
use bytes::Bytes;
use keydesk_core::api_key::{
    ApiKey, ApiKeyDetails, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, KeyMetrics, NewApiKey,
};
use keydesk_core::contract::{DescriptionSource, LearntContract};
use keydesk_core::credential::Credential;
use keydesk_core::instance::Instance;
use keydesk_core::organization::OrganizationId;
use keydesk_core::profile::{Profile, ProfileChange};
use keydesk_core::provider::{
    Account, Administration, AvatarImage, OperationRow, Organizations, Security, ServerCheck,
    SignedIn,
};
use keydesk_core::time::ServerClock;
use keydesk_core::{Error, ErrorCode, Provider, Result};
use keydesk_vault::SecretString;

use super::call::{Api, Call, Reply};
use super::keys::{self, KeyPlace};
use super::operations::Name;
use super::profile;
use super::repetition::Open;
use super::{capabilities, check, wire};
use crate::http::{AVATAR_LIMIT, Body, DESCRIPTION_LIMIT, Http, KeyHeader};
use crate::operations::Operations;
use crate::{ProviderOptions, contract};

/// One portal.
#[derive(Debug)]
pub(crate) struct PortalProvider {
    pub(super) api: Api,
    /// Creations whose outcome is not known.
    pub(super) open: Open,
}

impl PortalProvider {
    pub(crate) fn new(instance: &Instance, options: ProviderOptions) -> Result<Self> {
        Ok(Self {
            api: Api {
                operations: Operations::new(instance)?,
                http: Http::new(
                    instance,
                    KeyHeader::Bearer,
                    options.user_agent,
                    options.limits,
                )?,
            },
            open: Open::default(),
        })
    }

    /// The document of what can be done, with this organization in front.
    async fn rules(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<Reply> {
        let query: Vec<_> = organization
            .map(|organization| ("organization", organization.0.clone()))
            .into_iter()
            .collect();
        let call = Call::by(Name::Capabilities, credential).query(&query);
        self.api.ask(&call).await
    }
}

#[async_trait]
impl Provider for PortalProvider {
    fn operations(&self) -> Vec<OperationRow> {
        self.api.operations.rows()
    }

    fn clock(&self) -> ServerClock {
        self.api.http.clock()
    }

    async fn check(&self) -> Result<ServerCheck> {
        check::check(&self.api).await
    }

    async fn sign_in(
        &self,
        login_name: &str,
        password: &SecretString,
        code: Option<&SecretString>,
    ) -> Result<SignedIn> {
        let mut call = Call::new(Name::SignIn)
            .field("email", login_name)
            .secret_field("password", password);
        if let Some(code) = code {
            call = call.secret_field("code", code);
        }
        self.api.read(&call, "no session", wire::signed_in).await
    }

    async fn probe(&self, credential: &Credential) -> Result<()> {
        let call = Call::by(Name::Account, credential);
        let read = self.api.read(&call, "no account", wire::profile);
        read.await.map(drop)
    }

    async fn sign_out(&self, credential: &Credential) -> Result<()> {
        // A key has no session.
        let Credential::Session(_) = credential else {
            return Ok(());
        };
        match self.api.ask(&Call::by(Name::SignOut, credential)).await {
            Err(error) if error.code == ErrorCode::SignedOut => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    async fn request_password_reset(&self, _email: &str) -> Result<()> {
        Err(Error::new(
            ErrorCode::NotSupported,
            "a portal mails nothing",
        ))
    }

    async fn account(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<Account> {
        let (seen, rules) = tokio::join!(
            profile::read(&self.api, credential),
            self.rules(credential, organization),
        );
        let seen = seen?;
        let rules = match rules {
            // The person is no member any more; the account is there all the same.
            Err(error) if error.code == ErrorCode::NotFound && organization.is_some() => {
                self.rules(credential, None).await?
            }
            rules => rules?,
        };
        let operations = &self.api.operations;
        let trial = operations
            .get(Name::Account)
            .url(self.api.http.server(), &[])?;
        let capabilities =
            capabilities::capabilities(rules.body(), seen.persona, operations, &trial);
        let capabilities = capabilities.ok_or_else(|| {
            let call = Call::by(Name::Capabilities, credential);
            self.api.unexpected(&call, &rules, "no capabilities")
        })?;
        Ok(Account {
            profile: seen.profile,
            capabilities,
        })
    }

    async fn update_profile(
        &self,
        credential: &Credential,
        change: &ProfileChange,
    ) -> Result<Profile> {
        profile::update(&self.api, credential, change).await
    }

    async fn avatar(&self, credential: &Credential) -> Result<Option<Vec<u8>>> {
        let call = Call::by(Name::ReadAvatar, credential).body_limit(AVATAR_LIMIT);
        match self.api.ask(&call).await {
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(Some(reply.answer.body.to_vec())),
        }
    }

    async fn upload_avatar(&self, credential: &Credential, image: &AvatarImage) -> Result<()> {
        let bytes = Bytes::from(image.bytes.clone());
        let call = Call::by(Name::UploadAvatar, credential)
            .body(Body::Raw(image.media_type, bytes))
            .within(self.api.http.limits().upload);
        self.api.ask(&call).await.map(drop)
    }

    async fn change_password(
        &self,
        credential: &Credential,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<()> {
        let call = Call::by(Name::ChangePassword, credential)
            .secret_field("currentPassword", current)
            .secret_field("newPassword", new);
        self.api.ask(&call).await.map(drop)
    }

    async fn api_keys(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<ApiKeyList> {
        let keys = keys::all(&self.api, credential, KeyPlace::of(organization)).await?;
        Ok(ApiKeyList {
            keys,
            server_time: self.clock().now(),
            organization: organization.cloned(),
        })
    }

    async fn create_api_key(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
        new: &NewApiKey,
    ) -> Result<CreatedApiKey> {
        let place = KeyPlace::of(organization);
        keys::create(&self.api, &self.open, credential, place, new).await
    }

    fn repeats_creation(&self) -> bool {
        true
    }

    async fn reveal_api_key(
        &self,
        _credential: &Credential,
        _id: &ApiKeyId,
    ) -> Result<SecretString> {
        Err(Error::new(
            ErrorCode::NotSupported,
            "a portal shows a key once",
        ))
    }

    async fn set_api_key_expiration(
        &self,
        _credential: &Credential,
        _id: &ApiKeyId,
        _expiration: Expiration,
    ) -> Result<Option<ApiKey>> {
        Err(Error::new(
            ErrorCode::NotSupported,
            "a portal leaves a key's expiration as it was made",
        ))
    }

    async fn delete_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<()> {
        keys::delete(&self.api, &self.open, credential, id).await
    }

    async fn revoke_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<ApiKey> {
        keys::revoke(&self.api, &self.open, credential, id).await
    }

    async fn api_key_details(
        &self,
        credential: &Credential,
        id: &ApiKeyId,
    ) -> Result<ApiKeyDetails> {
        keys::details(&self.api, credential, id).await
    }

    async fn key_metrics(
        &self,
        credential: &Credential,
        organization: Option<&OrganizationId>,
    ) -> Result<KeyMetrics> {
        keys::metrics(&self.api, credential, KeyPlace::of(organization)).await
    }

    async fn learn_contract(&self, _credential: &Credential) -> Result<Option<LearntContract>> {
        // The description is for everyone: no credential goes with the question.
        let call = Call::new(Name::ApiDescription).body_limit(DESCRIPTION_LIMIT);
        contract::learn(&self.api, self.api.send(&call).await?).await
    }

    fn compare_contract(
        &self,
        description: &[u8],
        source: DescriptionSource,
    ) -> Result<LearntContract> {
        let server = self.api.http.server();
        contract::compare(&self.api.operations, server, description, source)
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
