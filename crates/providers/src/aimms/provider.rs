//! [`Provider`] for AIMMS Cloud: each operation from the domain's types to a request, and back.

use async_trait::async_trait;
use keydesk_core::api_key::{ApiKey, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, NewApiKey};
use keydesk_core::capabilities::{Availability, PortalPage, Reason, Scope};
use keydesk_core::contract::{DescriptionSource, LearntContract};
use keydesk_core::credential::Credential;
use keydesk_core::instance::Instance;
use keydesk_core::organization::OrganizationId;
use keydesk_core::profile::{LoginType, Profile, ProfileChange};
use keydesk_core::provider::{
    Account, AvatarImage, Directory, OperationRow, Security, ServerCheck, SignedIn,
};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::time::ServerClock;
use keydesk_core::{Error, ErrorCode, Field, Provider, Result};
use keydesk_vault::SecretString;
use reqwest::Method;
use url::Url;

use super::call::{Api, Call};
use super::capabilities::{Found, capabilities};
use super::operations::{BASE, Name};
use super::standing::{self, Standing};
use super::wire::{self, Mfa};
use super::{check, keys};
use crate::http::{Http, KeyHeader};
use crate::operations::Operations;
use crate::{ProviderOptions, contract, refusal};

/// One AIMMS Cloud account's User Manager service.
#[derive(Debug)]
pub(crate) struct AimmsProvider {
    pub(super) api: Api,
    standing: Standing,
}

impl AimmsProvider {
    pub(crate) fn new(instance: &Instance, options: ProviderOptions) -> Result<Self> {
        let based = Instance {
            url: service(&instance.url)?,
            ..instance.clone()
        };
        let key_header = KeyHeader::ApiKey;
        Ok(Self {
            api: Api {
                operations: Operations::new(instance)?,
                http: Http::new(&based, key_header, options.user_agent, options.limits)?,
            },
            standing: Standing::default(),
        })
    }

    async fn profile(&self, credential: &Credential) -> Result<Profile> {
        let call = Call::by(Name::Info, credential);
        let reply = self.api.ask(&call).await?;
        wire::profile(reply.value()).ok_or_else(|| self.api.unexpected(&call, &reply, "no user"))
    }

    /// The scopes that a key can be given, and whether one can be made with this key.
    async fn scopes(&self, credential: &Credential) -> Result<(Vec<Scope>, Availability)> {
        let call = Call::by(Name::Scopes, credential);
        match self.api.ask(&call).await {
            Ok(reply) => {
                let scopes = wire::scopes(reply.value())
                    .ok_or_else(|| self.api.unexpected(&call, &reply, "no scopes"))?;
                Ok((scopes, self.api.operations.availability(Name::CreateKey)))
            }
            // Without its scopes no key can be made that could do anything.
            Err(error) => Ok((Vec::new(), why_not(error)?)),
        }
    }

    /// Whether the keys can be seen: the key in use may lack the scope.
    async fn key_rights(&self, credential: &Credential) -> Result<Availability> {
        let described = self.api.operations.availability(Name::ListKeys);
        if !described.is_available() {
            return Ok(described);
        }
        match keys::all(&self.api, credential).await {
            Ok(_) => Ok(Availability::Available),
            Err(error) => why_not(error),
        }
    }

    /// How MFA stands, or why it cannot be managed here.
    async fn mfa_rights(&self, credential: &Credential) -> Result<(Availability, Option<Mfa>)> {
        for name in [Name::ReadMfa, Name::StartMfa, Name::ConfirmMfa] {
            let standing = self.standing.of(&self.api, credential, name).await?;
            if !standing.is_available() {
                return Ok((standing, None));
            }
        }
        match self.mfa(credential).await {
            Ok(mfa) => Ok((Availability::Available, Some(mfa))),
            Err(error) => Ok((why_not(error)?, None)),
        }
    }

    async fn found(&self, credential: &Credential) -> Result<(Found, LoginType)> {
        // The service is asked all at once: a person waits for the slowest answer only.
        let (scopes, list_keys, mfa) = tokio::join!(
            self.scopes(credential),
            self.key_rights(credential),
            self.mfa_rights(credential),
        );
        let ((scopes, create_key), list_keys, (mfa, state)) = (scopes?, list_keys?, mfa?);
        let standing = |name| self.standing.of(&self.api, credential, name);
        let mut profile = standing(Name::UpdateInfo).await?;
        let mut password = standing(Name::ChangePassword).await?;
        let mut directory = self.api.operations.availability(Name::Users);
        // One refusal speaks for all that needs the same scope, or a password kept here.
        if let Availability::Unavailable { reason } = mfa {
            if reason == Reason::ScopeInsufficient {
                for other in [&mut profile, &mut password, &mut directory] {
                    limit(other, reason);
                }
            }
            if reason == Reason::PasswordKeptElsewhere {
                limit(&mut password, reason);
            }
        }
        let login_type = match (state, mfa) {
            (Some(_), _) => LoginType::Password,
            (None, elsewhere)
                if elsewhere == Availability::unavailable(Reason::PasswordKeptElsewhere) =>
            {
                LoginType::SingleSignOn
            }
            _ => LoginType::Unknown,
        };
        // Whoever may not see the keys may do nothing with them, for the same reason.
        let with_list = |of_one: Availability| {
            if list_keys.is_available() {
                of_one
            } else {
                list_keys
            }
        };
        let found = Found {
            profile,
            password,
            mfa,
            mfa_enforced: state.is_some_and(|mfa| mfa.enforced),
            create_key: with_list(create_key),
            delete_key: with_list(self.api.operations.availability(Name::DeleteKey)),
            list_keys,
            scopes,
            directory,
        };
        Ok((found, login_type))
    }
}

/// The address of the service: below the server's, unless the person typed a longer one.
fn service(typed: &ServerUrl) -> Result<ServerUrl> {
    if typed.join("").path().trim_end_matches('/').is_empty() {
        // The same server, so the same choice of encryption.
        ServerUrl::parse(typed.join(BASE).as_str(), typed.is_plain_http())
    } else {
        Ok(typed.clone())
    }
}

/// Why something cannot be done with this key or for this account; any other error stays one.
fn why_not(error: Error) -> Result<Availability> {
    match error.code {
        // It is not the key that is at fault, it is the password: there is none here.
        ErrorCode::Forbidden if error.field == Some(Field::CurrentPassword) => {
            Ok(Availability::unavailable(Reason::PasswordKeptElsewhere))
        }
        ErrorCode::Forbidden => Ok(Availability::unavailable(Reason::ScopeInsufficient)),
        ErrorCode::NotFound | ErrorCode::NotSupported => {
            Ok(Availability::unavailable(Reason::OnlyInBrowser))
        }
        _ => Err(error),
    }
}

/// Takes away what could be done otherwise.
fn limit(availability: &mut Availability, reason: Reason) {
    if availability.is_available() {
        *availability = Availability::unavailable(reason);
    }
}

fn not_here() -> Error {
    Error::new(ErrorCode::NotSupported, "the service does not do that")
}

#[async_trait]
impl Provider for AimmsProvider {
    fn operations(&self) -> Vec<OperationRow> {
        self.api.operations.rows()
    }

    fn clock(&self) -> ServerClock {
        self.api.http.clock()
    }

    async fn check(&self) -> Result<ServerCheck> {
        check::check(&self.api, &self.standing).await
    }

    async fn sign_in(
        &self,
        _login_name: &str,
        _password: &SecretString,
        _code: Option<&SecretString>,
    ) -> Result<SignedIn> {
        Err(Error::new(
            ErrorCode::NotSupported,
            "the service is entered with an API key",
        ))
    }

    async fn probe(&self, credential: &Credential) -> Result<()> {
        self.profile(credential).await.map(drop)
    }

    async fn sign_out(&self, _credential: &Credential) -> Result<()> {
        Ok(()) // a key has no session
    }

    async fn request_password_reset(&self, _email: &str) -> Result<()> {
        Err(not_here())
    }

    async fn account(
        &self,
        credential: &Credential,
        _organization: Option<&OrganizationId>,
    ) -> Result<Account> {
        let (profile, found) = tokio::join!(self.profile(credential), self.found(credential));
        let (mut profile, (found, login_type)) = (profile?, found?);
        profile.login_type = login_type;
        let info = self.api.operations.get(Name::Info);
        let info = info.url(self.api.http.server(), &[])?;
        Ok(Account {
            profile,
            capabilities: capabilities(found, &info),
        })
    }

    async fn update_profile(
        &self,
        credential: &Credential,
        change: &ProfileChange,
    ) -> Result<Profile> {
        let now = self.profile(credential).await?;
        let Some(edit) = change.onto(&now)? else {
            return Ok(now);
        };
        // With PATCH what is left out stays as it is; a service that wants PUT wants the whole. An
        // address that is empty was never set.
        let wants_whole = self.api.operations.get(Name::UpdateInfo).method == Method::PUT;
        let mut call = Call::by(Name::UpdateInfo, credential);
        if wants_whole || edit.full_name != now.full_name {
            call = call.field("full_name", edit.full_name.as_str());
        }
        if wants_whole && !edit.email.is_empty() || edit.email != now.email {
            call = call.field("email", edit.email.as_str());
        }
        let reply = self.api.ask(&call).await?;
        if let Some(profile) = wire::profile(reply.value()) {
            return Ok(profile);
        }
        self.profile(credential).await.map_err(|error| Error {
            code: ErrorCode::OutcomeUnknown,
            ..error
        })
    }

    async fn avatar(&self, _credential: &Credential) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    async fn upload_avatar(&self, _credential: &Credential, _image: &AvatarImage) -> Result<()> {
        Err(not_here())
    }

    async fn change_password(
        &self,
        credential: &Credential,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<()> {
        let call = Call::by(Name::ChangePassword, credential)
            .secret_field("current_password", current)
            .secret_field("new_password", new);
        self.api.ask(&call).await.map(drop)
    }

    async fn api_keys(
        &self,
        credential: &Credential,
        _organization: Option<&OrganizationId>,
    ) -> Result<ApiKeyList> {
        Ok(ApiKeyList {
            keys: keys::all(&self.api, credential).await?,
            server_time: self.clock().now(),
            organization: None,
        })
    }

    async fn create_api_key(
        &self,
        credential: &Credential,
        _organization: Option<&OrganizationId>,
        new: &NewApiKey,
    ) -> Result<CreatedApiKey> {
        let end = match new.expiration {
            Expiration::At(at) => wire::written(at),
            Expiration::Never => None,
        };
        let end = end.ok_or_else(|| {
            Error::new(ErrorCode::ExpirationTooFar, "a key ends within a year")
                .in_field(Field::Expiration)
        })?;
        let call = Call::by(Name::CreateKey, credential)
            .field("name", new.title.as_str())
            .field("expiration_date", end)
            .field("scopes", new.scopes.clone());
        let reply = self.api.ask(&call).await?;
        let value = wire::key_value(reply.value())
            .ok_or_else(|| self.api.unexpected(&call, &reply, "no value"))?;
        let key = wire::api_key(reply.value()).unwrap_or_else(|| ApiKey {
            scopes: new.scopes.clone(),
            ..ApiKey::new(
                ApiKeyId(new.title.clone()),
                new.title.clone(),
                new.expiration,
            )
        });
        Ok(CreatedApiKey { key, value })
    }

    async fn reveal_api_key(
        &self,
        _credential: &Credential,
        _id: &ApiKeyId,
    ) -> Result<SecretString> {
        Err(not_here())
    }

    async fn set_api_key_expiration(
        &self,
        _credential: &Credential,
        _id: &ApiKeyId,
        _expiration: Expiration,
    ) -> Result<Option<ApiKey>> {
        Err(not_here())
    }

    async fn delete_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<()> {
        let call = Call::by(Name::DeleteKey, credential).value("name", &id.0);
        match self.api.ask(&call).await {
            Err(refused) if refused.code == ErrorCode::NotFound => {
                refusal::gone(refused, id, &keys::all(&self.api, credential).await?)
            }
            outcome => outcome.map(drop),
        }
    }

    async fn learn_contract(&self, credential: &Credential) -> Result<Option<LearntContract>> {
        standing::learn(&self.api, Some(credential)).await
    }

    fn compare_contract(
        &self,
        description: &[u8],
        source: DescriptionSource,
    ) -> Result<LearntContract> {
        let server = self.api.http.server();
        contract::compare(&self.api.operations, server, description, source)
    }

    /// The portal's own address: which path leads to a page of it is not documented.
    fn portal_page(&self, _page: PortalPage) -> Option<Url> {
        let mut portal = self.api.http.server().join("/");
        portal.set_path("/");
        Some(portal)
    }

    fn security(&self) -> Option<&dyn Security> {
        Some(self)
    }

    fn directory(&self) -> Option<&dyn Directory> {
        Some(self)
    }
}
