//! Who sends a request: a session token or an API key, and on servers that ask for two
//! headers the access token that belongs with it.
//!
//! Everything is looked up at every request, so an end takes effect at the next one.

use zeroize::Zeroizing;

use super::Accounts;
use super::error::{AccountsError, CredentialPart};
use crate::auth::api_key::PresentedKey;
use crate::auth::sha256;
use crate::store::users::User;
use crate::store::{StoreError, api_keys, sessions};

/// The credentials of a request, as its headers gave them.
#[derive(Default)]
pub(crate) struct Presented {
    /// What followed `Bearer `.
    pub(crate) authorization: Option<Zeroizing<String>>,
    /// The companion token, where one was sent.
    pub(crate) access_token: Option<Zeroizing<String>>,
}

/// Somebody whose credentials are good at this moment.
pub(crate) struct Caller {
    pub(crate) user: User,
    kind: Kind,
}

enum Kind {
    Session { id: String },
    ApiKey,
}

impl Caller {
    /// The session of this request. A request that carries an API key has none, and may not
    /// do what needs one.
    pub(crate) fn session_id(&self) -> Result<&str, AccountsError> {
        match &self.kind {
            Kind::Session { id } => Ok(id),
            Kind::ApiKey => Err(AccountsError::NeedsSession),
        }
    }
}

impl Accounts {
    /// Finds out who sends a request.
    pub(crate) async fn authenticate(&self, presented: Presented) -> Result<Caller, AccountsError> {
        let Some(credential) = presented.authorization else {
            return Err(missing(CredentialPart::Authorization));
        };
        let caller = if PresentedKey::is_claimed_by(&credential) {
            self.owner_of_key(credential).await?
        } else {
            self.owner_of_session(&credential).await?
        };
        let caller =
            caller
                .filter(|caller| caller.user.active)
                .ok_or(AccountsError::invalid_credential(
                    CredentialPart::Authorization,
                ))?;
        if self.settings.require_access_token {
            self.check_access_token(&caller, presented.access_token)
                .await?;
        }
        Ok(caller)
    }

    async fn owner_of_session(&self, token: &str) -> Result<Option<Caller>, AccountsError> {
        let now = self.now();
        let Some(named) = self.tokens.verify(token, now) else {
            return Ok(None);
        };
        let id = named.session_id.clone();
        let owner = self
            .store
            .read(move |connection| sessions::owner(connection, &id, now))
            .await?;
        Ok(owner
            .filter(|user| user.id == named.user_id)
            .map(|user| Caller {
                user,
                kind: Kind::Session {
                    id: named.session_id,
                },
            }))
    }

    async fn owner_of_key(
        &self,
        credential: Zeroizing<String>,
    ) -> Result<Option<Caller>, AccountsError> {
        let now = self.now();
        let owner = self
            .store
            .read(move |connection| {
                let Some(key) = PresentedKey::parse(&credential) else {
                    return Ok(None);
                };
                let found = api_keys::owner(connection, key.id)?;
                Ok::<_, StoreError>(found.filter(|found| key.matches(&found.secret_hash)))
            })
            .await?;
        Ok(owner
            .filter(|found| found.expire_time.is_none_or(|end| end > now))
            .map(|found| Caller {
                user: found.owner,
                kind: Kind::ApiKey,
            }))
    }

    /// The access token must be of the same session; with an API key, of any session of the
    /// key's owner.
    async fn check_access_token(
        &self,
        caller: &Caller,
        token: Option<Zeroizing<String>>,
    ) -> Result<(), AccountsError> {
        let token = token.ok_or(missing(CredentialPart::AccessToken))?;
        let now = self.now();
        let session = self
            .store
            .read(move |connection| {
                sessions::by_access_token(connection, &sha256(token.as_bytes()), now)
            })
            .await?;
        let belongs = session.is_some_and(|(session_id, user_id)| match &caller.kind {
            Kind::Session { id } => *id == session_id,
            Kind::ApiKey => caller.user.id == user_id,
        });
        if belongs {
            Ok(())
        } else {
            Err(AccountsError::invalid_credential(
                CredentialPart::AccessToken,
            ))
        }
    }
}

fn missing(part: CredentialPart) -> AccountsError {
    AccountsError::Credential {
        part,
        missing: true,
    }
}
