//! [`Provider`] for IDMP: each operation from the domain's types to a request, and back.

use async_trait::async_trait;
use bytes::Bytes;
use keydesk_core::api_key::{ApiKey, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, NewApiKey};
use keydesk_core::capabilities::PasswordRule;
use keydesk_core::contract::{DescriptionSource, LearntContract};
use keydesk_core::credential::Credential;
use keydesk_core::instance::{Instance, ServerKind};
use keydesk_core::organization::OrganizationId;
use keydesk_core::profile::{Profile, ProfileChange};
use keydesk_core::provider::{Account, AvatarImage, OperationRow, ServerCheck, SignedIn};
use keydesk_core::time::ServerClock;
use keydesk_core::{Error, ErrorCode, Field, Provider, Result, token};
use keydesk_vault::SecretString;
use serde_json::{Value, json};

use super::call::{Api, Call, Reply};
use super::capabilities::{capabilities, reset_mail};
use super::operations::Name;
use super::{avatar, check, keys, session, wire};
use crate::http::{AVATAR_LIMIT, Body, DESCRIPTION_LIMIT, FilePart, Http, KeyHeader};
use crate::operations::Operations;
use crate::{ProviderOptions, contract, refusal};

/// One IDMP server, or one that speaks its dialect.
#[derive(Debug)]
pub(crate) struct IdmpProvider {
    kind: ServerKind,
    password_rules: Vec<PasswordRule>,
    api: Api,
}

impl IdmpProvider {
    pub(crate) fn new(instance: &Instance, options: ProviderOptions) -> Result<Self> {
        Ok(Self {
            kind: instance.kind,
            password_rules: options.password_rules,
            api: Api {
                operations: Operations::new(instance)?,
                http: Http::new(
                    instance,
                    KeyHeader::Bearer,
                    options.user_agent,
                    options.limits,
                )?,
            },
        })
    }

    /// The date of a refused expiration, judged by the server's clock: then the person is told
    /// that it has passed, whatever words the server found.
    fn judge_expiration(&self, error: Error, expiration: Expiration) -> Error {
        let about_it =
            error.code == ErrorCode::InputRefused && error.field == Some(Field::Expiration);
        if about_it && expiration.has_passed(self.clock().now()) {
            return Error {
                code: ErrorCode::ExpirationPast,
                ..error
            };
        }
        error
    }

    async fn profile(&self, credential: &Credential) -> Result<Profile> {
        let call = Call::by(Name::CurrentUser, credential);
        let reply = self.api.ask(&call).await?;
        let user = reply.inside().and_then(wire::profile);
        user.ok_or_else(|| self.api.unexpected(&call, &reply, "no user"))
    }

    /// The value of a key that was just made, where the answer to its making had only the key.
    async fn value_of(&self, credential: &Credential, key: &ApiKey) -> Result<SecretString> {
        let value = self.reveal_api_key(credential, &key.id).await;
        value.map_err(|error| Error {
            // The key exists, and only the list can tell.
            code: ErrorCode::OutcomeUnknown,
            ..error
        })
    }
}

fn expire_time(expiration: Expiration) -> Value {
    match expiration {
        Expiration::Never => Value::Null,
        Expiration::At(at) => json!(at.0),
    }
}

#[async_trait]
impl Provider for IdmpProvider {
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
        _code: Option<&SecretString>,
    ) -> Result<SignedIn> {
        if self.kind == ServerKind::IdmpCloud {
            // The cloud's sign-in lives in the browser; its tokens are pasted.
            return Err(Error::new(
                ErrorCode::NotSupported,
                "the cloud has no sign-in with a password",
            ));
        }
        let call = Call::new(Name::SignIn)
            .field("login_name", login_name)
            .secret_field("password", password);
        let reply = self.api.ask(&call).await?;
        let token = reply
            .inside()
            .and_then(session::token)
            .ok_or_else(|| self.api.unexpected(&call, &reply, "no token"))?;
        Ok(SignedIn {
            expires_at: token::expires_at(&token),
            credential: Credential::Session(token),
        })
    }

    async fn probe(&self, credential: &Credential) -> Result<()> {
        let call = Call::by(Name::Probe, credential);
        let reply = self.api.ask(&call).await?;
        match reply.payload {
            Some(_) => Ok(()),
            None => Err(self.api.unexpected(&call, &reply, "no menus")),
        }
    }

    async fn sign_out(&self, credential: &Credential) -> Result<()> {
        // A key has no session, and the session behind cloud tokens is the browser's.
        let Credential::Session(_) = credential else {
            return Ok(());
        };
        match self.api.ask(&Call::by(Name::SignOut, credential)).await {
            Err(error) if error.code == ErrorCode::SignedOut => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    async fn request_password_reset(&self, email: &str) -> Result<()> {
        if !reset_mail(self.kind).is_available() {
            return Err(Error::new(ErrorCode::NotSupported, "no mail from here"));
        }
        let call = Call::new(Name::ResetMail).field("email", email);
        self.api.ask(&call).await.map(drop)
    }

    async fn account(
        &self,
        credential: &Credential,
        _organization: Option<&OrganizationId>,
    ) -> Result<Account> {
        let profile = self.profile(credential).await?;
        let probe = self
            .api
            .operations
            .get(Name::Probe)
            .url(self.api.http.server(), &[])?;
        let capabilities = capabilities(
            self.kind,
            &self.api.operations,
            &probe,
            credential.method(),
            profile.login_type,
            &self.password_rules,
        );
        Ok(Account {
            profile,
            capabilities,
        })
    }

    async fn update_profile(
        &self,
        credential: &Credential,
        change: &ProfileChange,
    ) -> Result<Profile> {
        // This server takes all fields at once and knows no If-Match: what someone else changed
        // between this question and the update is all that can still be overwritten.
        let now = self.profile(credential).await?;
        let Some(edit) = change.onto(&now)? else {
            return Ok(now);
        };
        let call = Call::by(Name::UpdateProfile, credential)
            .field("first_name", edit.first_name.as_str())
            .field("last_name", edit.last_name.as_str())
            .field("phone", edit.phone.as_str())
            .field("position", edit.position.as_str())
            .field("description", edit.description.as_str());
        let reply = self.api.ask(&call).await?;
        // Some servers answer with the user, others with a nod; a part of a user is a nod too.
        let user = reply.inside().and_then(wire::profile);
        if let Some(user) = user.filter(|user| !user.id.is_empty() && !user.email.is_empty()) {
            return Ok(user);
        }
        self.profile(credential).await.map_err(|error| Error {
            code: ErrorCode::OutcomeUnknown,
            ..error
        })
    }

    async fn avatar(&self, credential: &Credential) -> Result<Option<Vec<u8>>> {
        let call = Call::by(Name::ReadAvatar, credential).body_limit(AVATAR_LIMIT);
        let reply = match self.api.ask(&call).await {
            // "No picture" and "no such operation" look the same, and mean the same here.
            Err(error) if matches!(error.code, ErrorCode::NotFound | ErrorCode::NotSupported) => {
                return Ok(None);
            }
            reply => reply?,
        };
        avatar::read(&reply.answer, reply.payload.as_ref())
            .map_err(|avatar::NoPicture| self.api.unexpected(&call, &reply, "no picture"))
    }

    async fn upload_avatar(&self, credential: &Credential, image: &AvatarImage) -> Result<()> {
        let file_name = match image.media_type {
            "image/png" => "avatar.png",
            _ => "avatar.jpg",
        };
        let file = FilePart {
            field: "file".into(),
            file_name,
            media_type: image.media_type,
            bytes: Bytes::from(image.bytes.clone()),
        };
        let call = Call::by(Name::UploadAvatar, credential)
            .body(Body::Form(file))
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
            .secret_field("old_password", current)
            .secret_field("new_password", new);
        self.api.ask(&call).await.map(drop)
    }

    async fn api_keys(
        &self,
        credential: &Credential,
        _organization: Option<&OrganizationId>,
    ) -> Result<ApiKeyList> {
        let keys = keys::all(&self.api, credential).await?;
        Ok(ApiKeyList {
            keys,
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
        let call = Call::by(Name::CreateKey, credential)
            .field("title", new.title.as_str())
            .field("expire_time", expire_time(new.expiration));
        let reply = self.api.ask(&call).await;
        let reply = reply.map_err(|error| self.judge_expiration(error, new.expiration))?;
        let inside = reply.inside().unwrap_or(&Value::Null);
        let value = wire::key_value(inside);
        let key = wire::api_key(inside).or_else(|| key_of_value(value.as_ref()?, new));
        let Some(mut key) = key else {
            return Err(self.api.unexpected(&call, &reply, "no key"));
        };
        if key.title.is_empty() {
            key.title.clone_from(&new.title);
        }
        key.added_on.get_or_insert(self.clock().now());
        let value = match value {
            Some(value) => value,
            None => self.value_of(credential, &key).await?,
        };
        key.masked = wire::masked(value.expose());
        Ok(CreatedApiKey { key, value })
    }

    async fn reveal_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<SecretString> {
        let call = Call::by(Name::CopyKey, credential).on(&id.0);
        let reply = self.api.ask(&call).await?;
        let value = match reply.inside() {
            Some(inside) => wire::key_value(inside),
            None => plain_value(&reply),
        };
        value.ok_or_else(|| self.api.unexpected(&call, &reply, "no value"))
    }

    async fn set_api_key_expiration(
        &self,
        credential: &Credential,
        id: &ApiKeyId,
        expiration: Expiration,
    ) -> Result<Option<ApiKey>> {
        let call = Call::by(Name::EditExpiration, credential)
            .on(&id.0)
            .field("expire_time", expire_time(expiration));
        let reply = self.api.ask(&call).await;
        let reply = reply.map_err(|error| self.judge_expiration(error, expiration))?;
        let key = reply.inside().and_then(wire::api_key);
        // An answer with a part of the key is as good as none.
        Ok(key.filter(|key| key.id == *id && key.expiration == expiration))
    }

    async fn delete_api_key(&self, credential: &Credential, id: &ApiKeyId) -> Result<()> {
        match self
            .api
            .ask(&Call::by(Name::DeleteKey, credential).on(&id.0))
            .await
        {
            Err(refused) if refused.code == ErrorCode::NotFound => {
                refusal::gone(refused, id, &keys::all(&self.api, credential).await?)
            }
            outcome => outcome.map(drop),
        }
    }

    async fn learn_contract(&self, credential: &Credential) -> Result<Option<LearntContract>> {
        let query = [("format", "json".to_owned())];
        let call = Call::by(Name::ApiDescription, credential)
            .query(&query)
            .body_limit(DESCRIPTION_LIMIT);
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
}

/// A key of which the server told only the value.
fn key_of_value(value: &SecretString, new: &NewApiKey) -> Option<ApiKey> {
    let id = ApiKeyId(wire::id_in_value(value)?.to_owned());
    Some(ApiKey {
        masked: wire::masked(value.expose()),
        ..ApiKey::new(id, new.title.clone(), new.expiration)
    })
}

/// A key's value that came as plain text.
fn plain_value(reply: &Reply) -> Option<SecretString> {
    let text = std::str::from_utf8(&reply.answer.body).ok()?;
    let is_key = text.trim_start().starts_with("api_") && text.len() < 4096;
    is_key.then(|| wire::key_value(&Value::String(text.to_owned())))?
}
