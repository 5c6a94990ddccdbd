//! A server that holds state like a real one and fails on demand.

mod people;
mod provider;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use keydesk_core::administration::User;
use keydesk_core::api_key::{ApiKey, ApiKeyId};
use keydesk_core::capabilities::Reveal;
use keydesk_core::credential::Credential;
use keydesk_core::organization::Organization;
use keydesk_core::profile::{LoginType, Profile};
use keydesk_core::provider::SignedIn;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;

pub(crate) use self::people::CODE;
use super::{LOGIN, PASSWORD};

/// What must be typed before the account is deleted.
pub(crate) const PHRASE: &str = "delete my account";

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The server does not act and says so.
    Refuses(ErrorCode),
    /// The server does not act, and says when it will again.
    Waits(Duration),
    /// The server acts and its answer does not arrive.
    Loses(ErrorCode),
}

#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own for a test to turn"
)]
pub(crate) struct ServerState {
    pub(crate) password: String,
    pub(crate) tokens: HashSet<String>,
    issued: u32,
    pub(crate) api_key: Option<String>,
    pub(crate) cloud: Option<(String, String)>,
    pub(crate) profile: Profile,
    /// Those of an organization have its id in theirs.
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) avatar: Option<Vec<u8>>,
    pub(crate) reveal: Reveal,
    /// A change of password ends every session.
    pub(crate) revokes: bool,
    /// A wrong current password is answered with 401, as a dead session is.
    pub(crate) confuses: bool,
    /// The code that is right, where the account has a second factor.
    pub(crate) code: Option<String>,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) users: Vec<User>,
    /// The password that was set for a user last.
    pub(crate) reset_to: Option<String>,
    /// The account is gone.
    pub(crate) deleted: bool,
    /// A creation whose answer was lost can be asked for again.
    pub(crate) repeats_creation: bool,
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
            login_type: LoginType::Password,
            ..Profile::default()
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
            code: None,
            organizations: Vec::new(),
            users: Vec::new(),
            reset_to: None,
            deleted: false,
            repeats_creation: false,
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
                Some(Fault::Waits(wait)) => {
                    Err(Error::new(ErrorCode::RateLimited, "too many").retry_after(wait))
                }
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

/// The whole value of a key of the fake server.
pub(crate) fn value_of(id: &ApiKeyId) -> SecretString {
    SecretString::from(format!("api_{}.canary-value", id.0))
}
