//! A keyring in memory that has the limits of the real ones and every fault they can have.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use keydesk_vault::keyring::BoxedStore;
use keydesk_vault::{Deadlines, SecretKey, SecretStore, SecretString, Slot, Vault};
use keyring::Error;

/// What one entry of Windows holds.
const LIMIT: usize = 2_560;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Build,
    Read,
    Write,
    Delete,
    Users,
}

pub(crate) enum Fault {
    Error(Error),
    Panic,
    /// Until [`FakeKeyring::release`].
    Hang,
}

type Behaviour = Box<dyn FnMut(Call, &str) -> Option<Fault> + Send>;

/// Clones are the same keyring.
#[derive(Clone, Default)]
pub(crate) struct FakeKeyring {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    released: Condvar,
}

#[derive(Default)]
struct State {
    entries: BTreeMap<(String, String), Vec<u8>>,
    behaviour: Option<Behaviour>,
    calls: Vec<Call>,
    released: bool,
    hanging: usize,
}

impl FakeKeyring {
    /// With deadlines that no busy machine misses.
    pub(crate) fn vault(&self) -> Vault {
        self.vault_with(Deadlines::default())
    }

    /// With deadlines that a test can wait for.
    pub(crate) fn impatient_vault(&self) -> Vault {
        self.vault_with(quick())
    }

    fn vault_with(&self, deadlines: Deadlines) -> Vault {
        let keyring = self.clone();
        let build = move || {
            keyring.meet(Call::Build, "")?;
            Ok(Box::new(keyring.clone()) as BoxedStore)
        };
        Vault::with_store("keydesk-test", Arc::new(build), deadlines)
    }

    /// Decides the fate of every call from now on.
    pub(crate) fn behave(
        &self,
        behaviour: impl FnMut(Call, &str) -> Option<Fault> + Send + 'static,
    ) {
        self.state().behaviour = Some(Box::new(behaviour));
    }

    /// The next call of this kind does not come back before [`Self::release`].
    pub(crate) fn hang_once(&self, kind: Call) {
        let mut armed = true;
        self.behave(move |call, _| {
            let strike = armed && call == kind;
            armed &= !strike;
            strike.then_some(Fault::Hang)
        });
    }

    pub(crate) fn behave_well(&self) {
        self.state().behaviour = None;
    }

    /// Lets the hung calls go on.
    pub(crate) fn release(&self) {
        self.state().released = true;
        self.inner.released.notify_all();
    }

    pub(crate) fn hanging(&self) -> usize {
        self.state().hanging
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    pub(crate) fn entries(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.state();
        state
            .entries
            .iter()
            .map(|((_, user), value)| (user.clone(), value.clone()))
            .collect()
    }

    pub(crate) fn plant(&self, user: &str, value: &[u8]) {
        self.state()
            .entries
            .insert(("keydesk-test".into(), user.into()), value.to_vec());
    }

    pub(crate) fn remove(&self, user: &str) {
        self.state()
            .entries
            .remove(&("keydesk-test".into(), user.into()));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap()
    }

    fn meet(&self, call: Call, user: &str) -> keyring::Result<()> {
        let mut state = self.state();
        state.calls.push(call);
        let fault = state
            .behaviour
            .as_mut()
            .and_then(|behaviour| behaviour(call, user));
        match fault {
            None => Ok(()),
            Some(Fault::Error(error)) => Err(error),
            Some(Fault::Panic) => {
                drop(state);
                panic!("the keyring's library gave up");
            }
            Some(Fault::Hang) => {
                state.hanging += 1;
                let guard = self
                    .inner
                    .released
                    .wait_while(state, |state| !state.released)
                    .unwrap();
                let mut state = guard;
                state.hanging -= 1;
                Ok(())
            }
        }
    }
}

impl SecretStore for FakeKeyring {
    fn read(&self, service: &str, user: &str) -> keyring::Result<Vec<u8>> {
        self.meet(Call::Read, user)?;
        let state = self.state();
        state
            .entries
            .get(&(service.into(), user.into()))
            .cloned()
            .ok_or(Error::NoEntry)
    }

    fn write(&self, service: &str, user: &str, value: &[u8]) -> keyring::Result<()> {
        self.meet(Call::Write, user)?;
        if value.len() > LIMIT {
            return Err(Error::TooLong("secret".into(), 2_560));
        }
        if std::str::from_utf8(value).is_err() {
            return Err(Error::BadEncoding(value.to_vec())); // as a keyring of text would
        }
        self.state()
            .entries
            .insert((service.into(), user.into()), value.to_vec());
        Ok(())
    }

    fn delete(&self, service: &str, user: &str) -> keyring::Result<()> {
        self.meet(Call::Delete, user)?;
        let removed = self.state().entries.remove(&(service.into(), user.into()));
        removed.map(drop).ok_or(Error::NoEntry)
    }

    fn users(&self, service: &str) -> keyring::Result<Vec<String>> {
        self.meet(Call::Users, "")?;
        let state = self.state();
        let of_service = state
            .entries
            .keys()
            .filter(|(of_service, _)| of_service == service);
        Ok(of_service.map(|(_, user)| user.clone()).collect())
    }
}

/// Deadlines that a test can wait for.
pub(crate) fn quick() -> Deadlines {
    let unit = Duration::from_millis(400);
    Deadlines {
        prompt: unit * 2,
        answer: unit,
    }
}

pub(crate) fn token() -> SecretKey {
    SecretKey::new("https://idmp.example|jane", Slot::SessionToken)
}

pub(crate) fn secret(text: impl Into<String>) -> SecretString {
    SecretString::from(text.into())
}

pub(crate) fn text(value: Option<SecretString>) -> Option<String> {
    value.map(|value| value.expose().clone())
}
