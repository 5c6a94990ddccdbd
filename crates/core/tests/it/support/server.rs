//! A server that holds state like a real one and fails on demand.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use keydesk_core::api_key::{ApiKey, ApiKeyId, ApiKeyList, CreatedApiKey, Expiration, NewApiKey};
use keydesk_core::capabilities::{Capabilities, Reveal};
use keydesk_core::credential::Credential;
use keydesk_core::instance::SignInMethod;
use keydesk_core::profile::{LoginType, Profile, ProfileEdit};
use keydesk_core::provider::{AvatarImage, OperationRow, ServerCheck, SignedIn};
use keydesk_core::time::{ServerClock, Timestamp};
use keydesk_core::{Error, ErrorCode, Provider, Result};
use keydesk_vault::SecretString;

use super::capabilities::capabilities;
use super::{LOGIN, PASSWORD};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The server does not act and says so.
    Refuses(ErrorCode),
    /// The server acts and its answer does not arrive.
    Loses(ErrorCode),
}

#[derive(Debug)]
pub(crate) struct ServerState {
    pub(crate) password: String,
    pub(crate) tokens: HashSet<String>,
    issued: u32,
    pub(crate) api_key: Option<String>,
    pub(crate) cloud: Option<(String, String)>,
    pub(crate) profile: Profile,
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) avatar: Option<Vec<u8>>,
    pub(crate) reveal: Reveal,
    /// A change of password ends every session.
    pub(crate) revokes: bool,
    /// A wrong current password is answered with 401, as a dead session is.
    pub(crate) confuses: bool,
    faults: HashMap<&'static str, VecDeque<Fault>>,
    pub(crate) calls: Vec<&'static str>,
}

/// The server.
#[derive(Debug)]
pub(crate) struct FakeServer {
    state: Mutex<ServerState>,
}

impl FakeServer {
    pub(crate) fn new() -> Arc<Self> {
        let profile = Profile {
            id: "7".into(),
            first_name: "Jane".into(),
            last_name: "Doe".into(),
            email: LOGIN.into(),
            phone: String::new(),
            position: String::new(),
            description: String::new(),
            login_type: LoginType::Password,
        };
        let state = Mutex::new(ServerState {
            password: PASSWORD.into(),
            tokens: HashSet::new(),
            issued: 0,
            api_key: Some("api_1.canary-key".into()),
            cloud: Some(("canary-authorization".into(), "canary-access".into())),
            profile,
            keys: Vec::new(),
            avatar: None,
            reveal: Reveal::Again,
            revokes: false,
            confuses: false,
            faults: HashMap::new(),
            calls: Vec::new(),
        });
        Arc::new(Self { state })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, ServerState> {
        self.state.lock().unwrap()
    }

    /// The next call of an operation fails like this; several queue up.
    pub(crate) fn fail(&self, operation: &'static str, fault: Fault) {
        self.state()
            .faults
            .entry(operation)
            .or_default()
            .push_back(fault);
    }

    /// How often an operation was asked for.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.state()
            .calls
            .iter()
            .filter(|call| **call == operation)
            .count()
    }

    pub(crate) fn forget_calls(&self) {
        self.state().calls.clear();
    }

    /// Every session ends.
    pub(crate) fn end_sessions(&self) {
        self.state().tokens.clear();
    }

    /// Runs an operation with its fault, if any. Other tasks get their turn before it answers.
    async fn run<T>(
        &self,
        operation: &'static str,
        act: impl FnOnce(&mut ServerState) -> Result<T>,
    ) -> Result<T> {
        tokio::task::yield_now().await;
        let answer = {
            let mut state = self.state();
            state.calls.push(operation);
            let fault = state
                .faults
                .get_mut(operation)
                .and_then(VecDeque::pop_front);
            match fault {
                Some(Fault::Refuses(code)) => Err(Error::new(code, "refused")),
                Some(Fault::Loses(code)) => {
                    let _ = act(&mut state);
                    Err(Error::new(code, "lost"))
                }
                None => act(&mut state),
            }
        };
        tokio::task::yield_now().await;
        answer
    }

    async fn signed_in<T>(
        &self,
        operation: &'static str,
        credential: &Credential,
        act: impl FnOnce(&mut ServerState) -> Result<T>,
    ) -> Result<T> {
        self.run(operation, |state| {
            accepts(state, credential)?;
            act(state)
        })
        .await
    }
}

fn accepts(state: &ServerState, credential: &Credential) -> Result<()> {
    let (accepted, code) = match credential {
        Credential::Session(token) => (
            state.tokens.contains(token.expose().as_str()),
            ErrorCode::SignedOut,
        ),
        Credential::ApiKey(key) => (
            state.api_key.as_ref() == Some(key.expose()),
            ErrorCode::ApiKeyRefused,
        ),
        Credential::CloudTokens {
            authorization,
            access_token,
        } => (
            state.cloud.as_ref().is_some_and(|(one, other)| {
                one == authorization.expose() && other == access_token.expose()
            }),
            ErrorCode::CloudTokensRefused,
        ),
    };
    if accepted {
        Ok(())
    } else {
        Err(Error::new(code, "refused"))
    }
}

fn issue(state: &mut ServerState) -> SignedIn {
    state.issued += 1;
    let token = format!("canary-token-{}", state.issued);
    state.tokens.insert(token.clone());
    SignedIn {
        credential: Credential::Session(SecretString::from(token)),
        expires_at: None,
    }
}

fn find<'a>(state: &'a mut ServerState, id: &ApiKeyId) -> Result<&'a mut ApiKey> {
    let found = state.keys.iter_mut().find(|key| key.id == *id);
    found.ok_or_else(|| Error::new(ErrorCode::NotFound, "gone"))
}

#[async_trait]
impl Provider for FakeServer {
    fn capabilities(&self, method: SignInMethod, login_type: LoginType) -> Capabilities {
        capabilities(method, login_type, self.state().reveal)
    }

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

    async fn sign_in(&self, login_name: &str, password: &SecretString) -> Result<SignedIn> {
        self.run("sign_in", |state| {
            if login_name != LOGIN || *password.expose() != state.password {
                return Err(Error::new(ErrorCode::WrongCredentials, "wrong"));
            }
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

    async fn profile(&self, credential: &Credential) -> Result<Profile> {
        self.signed_in("profile", credential, |state| Ok(state.profile.clone()))
            .await
    }

    async fn update_profile(&self, credential: &Credential, edit: &ProfileEdit) -> Result<Profile> {
        self.signed_in("update_profile", credential, |state| {
            state.profile.first_name.clone_from(&edit.first_name);
            state.profile.last_name.clone_from(&edit.last_name);
            state.profile.phone.clone_from(&edit.phone);
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

    async fn api_keys(&self, credential: &Credential) -> Result<ApiKeyList> {
        self.signed_in("api_keys", credential, |state| {
            Ok(ApiKeyList {
                keys: state.keys.clone(),
                server_time: Timestamp::now(),
            })
        })
        .await
    }

    async fn create_api_key(
        &self,
        credential: &Credential,
        new: &NewApiKey,
    ) -> Result<CreatedApiKey> {
        self.signed_in("create_api_key", credential, |state| {
            if state.keys.iter().any(|key| key.title == new.title) {
                return Err(Error::new(ErrorCode::Conflict, "title"));
            }
            state.issued += 1;
            let key = ApiKey {
                id: ApiKeyId(state.issued.to_string()),
                title: new.title.clone(),
                masked: "api_****".into(),
                added_on: Some(Timestamp::now()),
                expiration: new.expiration,
                made_by_server: false,
            };
            state.keys.insert(0, key.clone());
            let value = value_of(&key.id);
            Ok(CreatedApiKey { key, value })
        })
        .await
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
}

/// The whole value of a key of the fake server.
pub(crate) fn value_of(id: &ApiKeyId) -> SecretString {
    SecretString::from(format!("api_{}.canary-value", id.0))
}
