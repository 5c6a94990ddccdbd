//! Who sends a request: a session token or an API key, and on servers that ask for two
//! headers the access token that belongs with it.
//!
//! Everything is looked up at every request, so an end takes effect at the next one.

use zeroize::Zeroizing;

use super::Accounts;
use super::error::{AccountsError, CredentialPart};
use crate::auth::api_key::PresentedKey;
use crate::auth::sha256;
use crate::client::Client;
use crate::store::api_keys::KeyOwner;
use crate::store::users::User;
use crate::store::{StoreError, api_keys, sessions};
use crate::vocabulary::{AimmsScope, Dialect, Named, Scope};

/// The credentials of a request, as its headers gave them.
pub(crate) struct Presented {
    /// In which dialect it came: keys of the others are good for nothing there.
    pub(crate) dialect: Dialect,
    /// Where it came from.
    pub(crate) client: Client,
    /// What followed `Bearer `.
    pub(crate) authorization: Option<Zeroizing<String>>,
    /// The companion token, where one was sent.
    pub(crate) access_token: Option<Zeroizing<String>>,
}

/// Somebody whose credentials are good at this moment.
pub(crate) struct Caller {
    /// With the roles in the admin portal that count for this request.
    pub(crate) user: User,
    /// Where the request comes from.
    pub(crate) client: Client,
    kind: Kind,
}

enum Kind {
    Session { id: String },
    ApiKey(Key),
}

/// What is known of the key that a request carries.
struct Key {
    id: String,
    /// The one organization for which it was made.
    organization_id: Option<String>,
    scopes: Vec<String>,
}

impl Caller {
    /// The session of this request. A request that carries an API key has none, and may not
    /// do what needs one.
    pub(crate) fn session_id(&self) -> Result<&str, AccountsError> {
        match &self.kind {
            Kind::Session { id } => Ok(id),
            Kind::ApiKey(_) => Err(AccountsError::NeedsSession),
        }
    }

    /// Whether this request may do what a key needs `scope` for. A session may; a key of an
    /// organization may only look; a key of the admin portal needs the scope, and its owner
    /// a role that still grants it.
    pub(crate) fn check_scope(&self, scope: Scope) -> Result<(), AccountsError> {
        let Kind::ApiKey(key) = &self.kind else {
            return Ok(());
        };
        let is_given = if key.organization_id.is_some() {
            scope == Scope::Read
        } else {
            key.scopes.iter().any(|given| given == scope.name())
        };
        if !is_given {
            Err(AccountsError::ScopeInsufficient)
        } else if key.organization_id.is_none() && !self.granted_scopes().contains(&scope) {
            Err(AccountsError::RoleInsufficient)
        } else {
            Ok(())
        }
    }

    /// Whether the key of this request was given this scope. A session is no key.
    pub(crate) fn check_aimms_scope(&self, scope: AimmsScope) -> Result<(), AccountsError> {
        match &self.kind {
            Kind::Session { .. } => Err(AccountsError::invalid_credential(
                CredentialPart::Authorization,
            )),
            Kind::ApiKey(key) if key.scopes.iter().any(|given| given == scope.name()) => Ok(()),
            Kind::ApiKey(_) => Err(AccountsError::ScopeInsufficient),
        }
    }

    /// Whether this request may change how its user signs in. A session may, and where people
    /// speak by key alone, a key that was given the scope for it.
    pub(crate) fn check_self_service(&self) -> Result<(), AccountsError> {
        match self.check_aimms_scope(AimmsScope::Authentication) {
            Err(_) => self.session_id().map(|_| ()),
            Ok(()) => Ok(()),
        }
    }

    /// The scopes that the account's roles grant at this moment.
    pub(crate) fn granted_scopes(&self) -> Vec<Scope> {
        let roles = self.user.portal_roles.iter();
        roles.flat_map(|role| role.scopes()).copied().collect()
    }

    /// Whether the account has a password here.
    pub(crate) fn has_password(&self) -> Result<(), AccountsError> {
        match self.user.password_hash {
            Some(_) => Ok(()),
            None => Err(AccountsError::SignsInElsewhere),
        }
    }

    /// The one organization that this request may see; nothing means all of the user's.
    pub(crate) fn only_organization(&self) -> Option<&str> {
        match &self.kind {
            Kind::Session { .. } => None,
            Kind::ApiKey(key) => key.organization_id.as_deref(),
        }
    }
}

impl Accounts {
    /// Finds out who sends a request.
    pub(crate) async fn authenticate(&self, presented: Presented) -> Result<Caller, AccountsError> {
        let Some(credential) = presented.authorization else {
            return Err(missing(CredentialPart::Authorization));
        };
        let dialect = presented.dialect;
        let found = if PresentedKey::is_claimed_by(&credential, dialect) {
            self.owner_of_key(credential, dialect).await?
        } else {
            self.owner_of_session(&credential).await?
        };
        let (user, kind) =
            found
                .filter(|(user, _)| user.active)
                .ok_or(AccountsError::invalid_credential(
                    CredentialPart::Authorization,
                ))?;
        let caller = Caller {
            user,
            client: presented.client,
            kind,
        };
        // The dialect that knows nothing of such a token is spoken by key alone.
        if self.settings.require_access_token && dialect != Dialect::Aimms {
            self.check_access_token(&caller, presented.access_token)
                .await?;
        }
        match &caller.kind {
            Kind::Session { id } => self.usage.session_was_used(id, self.now()),
            Kind::ApiKey(key) => self.usage.key_was_used(&key.id, self.now()),
        }
        Ok(caller)
    }

    async fn owner_of_session(&self, token: &str) -> Result<Option<(User, Kind)>, AccountsError> {
        let now = self.now();
        let Some(named) = self.tokens.verify(token, now) else {
            return Ok(None);
        };
        let id = named.session_id.clone();
        let owner = self
            .store
            .read(move |connection| sessions::owner(connection, &id, now))
            .await?;
        Ok(owner.filter(|user| user.id == named.user_id).map(|user| {
            let id = named.session_id;
            (user, Kind::Session { id })
        }))
    }

    async fn owner_of_key(
        &self,
        credential: Zeroizing<String>,
        dialect: Dialect,
    ) -> Result<Option<(User, Kind)>, AccountsError> {
        let now = self.now();
        let found = self
            .store
            .read(move |connection| {
                let Some(key) = PresentedKey::parse(&credential, dialect) else {
                    return Ok(None);
                };
                let found = api_keys::owner(connection, key.id)?;
                Ok::<_, StoreError>(
                    found
                        .filter(|found| key.matches(&found.secret_hash))
                        .map(|found| (key.id.to_owned(), found)),
                )
            })
            .await?;
        Ok(found
            .filter(|(_, found)| {
                found.dialect == dialect
                    && found.revoke_time.is_none()
                    && found.expire_time.is_none_or(|end| end > now)
                    && has_a_place(found)
            })
            .map(|(id, mut found)| {
                if found.organization.is_some() {
                    // Made for that organization: what its owner is in the admin portal lends
                    // it nothing.
                    found.owner.portal_roles.clear();
                }
                let key = Key {
                    id,
                    organization_id: found.organization.map(|(id, _)| id),
                    scopes: found.scopes,
                };
                (found.owner, Kind::ApiKey(key))
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
            Kind::ApiKey(_) => caller.user.id == user_id,
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

/// A key of the admin portal ends with its owner's last role there. Keys of an organization
/// end with the membership by themselves: the database removes them.
fn has_a_place(key: &KeyOwner) -> bool {
    key.dialect != Dialect::Portal
        || key.organization.is_some()
        || !key.owner.portal_roles.is_empty()
}

fn missing(part: CredentialPart) -> AccountsError {
    AccountsError::Credential {
        part,
        missing: true,
    }
}
