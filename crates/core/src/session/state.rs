//! What a session holds in memory, and which changes of it are allowed.
//!
//! Everything that outlives an `await` is tied to a *generation*: a number that changes with every
//! sign-in, renewal and sign-out. Work that comes back to another generation than it started from
//! is too late and changes nothing.

use std::sync::Arc;

use keydesk_vault::SecretString;

use super::{Kept, SessionStatus};
use crate::api_key::ApiKey;
use crate::credential::Credential;
use crate::instance::{Instance, SignInMethod};
use crate::organization::OrganizationId;
use crate::profile::Profile;
use crate::provider::{Account, SignedIn};
use crate::time::Timestamp;

/// A credential at hand.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) generation: u64,
    pub(super) credential: Arc<Credential>,
    pub(super) until: Option<Timestamp>,
    /// The server has refused it once since it last accepted it.
    pub(super) refused_once: bool,
}

/// All of a session's memory.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and none follows from the others"
)]
pub(super) struct State {
    pub(super) generation: u64,
    /// Changes with every sign-in by a person and every sign-out: what was asked for one account
    /// is not remembered for another.
    person: u64,
    /// Changes when the connection's settings do: what can be done depends on them.
    connection: u64,
    pub(super) method: SignInMethod,
    pub(super) login_name: String,
    held: Option<Held>,
    /// Whether the password is remembered, in memory or in the keyring.
    pub(super) remember: bool,
    /// The remembered password, only while the keyring does not have it.
    pub(super) password: Option<Arc<SecretString>>,
    /// Whether the remembered password may be used without asking.
    pub(super) may_renew: bool,
    /// Another session of the same account has taken over, for good.
    retired: bool,
    /// There is no credential and the keyring need not be asked.
    pub(super) known_signed_out: bool,
    pub(super) kept: Option<Kept>,
    /// The organization that is in front, as far as anyone has asked about one.
    in_front: Option<OrganizationId>,
    /// As last heard from the server, with the organization that was in front.
    account: Option<(Option<OrganizationId>, Account)>,
    /// As last heard from the server, with the organization whose keys they are.
    keys: Option<(Option<OrganizationId>, Vec<ApiKey>)>,
}

/// Whose answer is awaited, and over which connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Person {
    person: u64,
    connection: u64,
}

impl State {
    pub(super) fn new(instance: &Instance) -> Self {
        Self {
            generation: 0,
            person: 0,
            connection: 0,
            method: instance.sign_in,
            login_name: instance.login_name.clone(),
            held: None,
            remember: instance.remember_password,
            password: None,
            may_renew: true,
            retired: false,
            known_signed_out: false,
            kept: None,
            in_front: instance.organization.clone(),
            account: None,
            keys: None,
        }
    }

    pub(super) fn held(&self) -> Option<Held> {
        self.held.clone()
    }

    pub(super) fn status(&self) -> SessionStatus {
        SessionStatus {
            signed_in: match (&self.held, self.known_signed_out) {
                (Some(_), _) => Some(true),
                (None, true) => Some(false),
                (None, false) => None,
            },
            method: self.method,
            until: self.held.as_ref().and_then(|held| held.until),
            kept: self.kept,
        }
    }

    /// A person signed in. It may be another account than before, so nothing heard is kept. A
    /// retired session hands the credential back.
    pub(super) fn sign_in(&mut self, signed_in: SignedIn) -> Result<u64, SignedIn> {
        if self.retired {
            return Err(signed_in);
        }
        self.person += 1;
        self.method = signed_in.credential.method();
        self.may_renew = true;
        self.account = None;
        self.keys = None;
        self.password = None;
        self.remember = false;
        Ok(self.replace(signed_in))
    }

    /// Another credential of the same account: renewed, or read from the keyring. A retired
    /// session takes none.
    pub(super) fn replace(&mut self, signed_in: SignedIn) -> u64 {
        self.generation += 1;
        if self.retired {
            return self.generation;
        }
        self.known_signed_out = false;
        self.kept = None;
        self.held = Some(Held {
            generation: self.generation,
            credential: Arc::new(signed_in.credential),
            until: signed_in.expires_at,
            refused_once: false,
        });
        self.generation
    }

    /// There is no usable credential any more.
    pub(super) fn drop_credential(&mut self) {
        self.generation += 1;
        self.held = None;
        self.known_signed_out = true;
        self.kept = None;
    }

    /// Everything is forgotten.
    pub(super) fn sign_out(&mut self) {
        self.person += 1;
        self.drop_credential();
        self.password = None;
        self.remember = false;
        self.may_renew = false;
        self.account = None;
        self.keys = None;
    }

    /// Everything is forgotten, and nothing is taken in any more.
    pub(super) fn retire(&mut self) {
        self.sign_out();
        self.retired = true;
    }

    /// From now on the account has a connection with other settings: its number. What was heard is
    /// heard anew.
    pub(super) fn reconnect(&mut self) -> u64 {
        self.connection += 1;
        self.account = None;
        self.keys = None;
        self.connection
    }

    /// Retires, and hands on who is signed in, for a session's first connection. What was heard
    /// depends on the connection, and is heard anew.
    pub(super) fn hand_over(&mut self) -> Self {
        let handed = Self {
            retired: false,
            connection: 0,
            account: None,
            keys: None,
            ..self.clone()
        };
        self.retire();
        handed
    }

    pub(super) fn is_retired(&self) -> bool {
        self.retired
    }

    pub(super) fn person(&self, connection: u64) -> Person {
        Person {
            person: self.person,
            connection,
        }
    }

    fn is_still(&self, of: Person) -> bool {
        of.person == self.person
    }

    pub(super) fn account(&self) -> Option<&Account> {
        self.account.as_ref().map(|(_, account)| account)
    }

    /// The organization that is in front.
    pub(super) fn in_front(&self) -> Option<OrganizationId> {
        self.in_front.clone()
    }

    /// Someone asks about this organization: it is in front from now on.
    pub(super) fn bring_to_front(&mut self, organization: Option<&OrganizationId>) {
        self.in_front = organization.cloned();
    }

    /// The account as it was heard with this organization in front.
    pub(super) fn account_in(&self, organization: Option<&OrganizationId>) -> Option<&Account> {
        let (heard_in, account) = self.account.as_ref()?;
        (heard_in.as_ref() == organization).then_some(account)
    }

    /// The keys that were heard for this organization.
    pub(super) fn keys(&self, organization: Option<&OrganizationId>) -> Option<&[ApiKey]> {
        let (heard_in, keys) = self.keys.as_ref()?;
        (heard_in.as_ref() == organization).then_some(keys)
    }

    /// Remembers an account that was heard for this person, over the connection that is in force.
    pub(super) fn heard_account(
        &mut self,
        of: Person,
        organization: Option<&OrganizationId>,
        account: &Account,
    ) {
        if of == self.person(self.connection) {
            self.account = Some((organization.cloned(), account.clone()));
        }
    }

    /// Remembers a profile that was heard for this person.
    pub(super) fn heard_profile(&mut self, of: Person, profile: &Profile) {
        if self.is_still(of)
            && let Some((_, account)) = &mut self.account
        {
            account.profile = profile.clone();
        }
    }

    /// Remembers the keys that were heard for this person.
    pub(super) fn heard_keys(
        &mut self,
        of: Person,
        organization: Option<&OrganizationId>,
        keys: &[ApiKey],
    ) {
        if self.is_still(of) {
            self.keys = Some((organization.cloned(), keys.to_vec()));
        }
    }

    /// Remembers a key that was made. Meanwhile another organization's keys may have been heard,
    /// and it is none of them.
    pub(super) fn made_key(
        &mut self,
        of: Person,
        organization: Option<&OrganizationId>,
        key: &ApiKey,
    ) {
        if self.is_still(of)
            && let Some((heard_in, keys)) = &mut self.keys
            && heard_in.as_ref() == organization
            && keys.iter().all(|known| known.id != key.id)
        {
            keys.insert(0, key.clone());
        }
    }

    /// Changes the remembered keys as the server has changed its own. Ids are the server's, so
    /// that a change meant for another organization's keys finds none here.
    pub(super) fn change_keys(&mut self, of: Person, change: impl FnOnce(&mut Vec<ApiKey>)) {
        if self.is_still(of)
            && let Some((_, keys)) = &mut self.keys
        {
            change(keys);
        }
    }

    /// The server accepted the credential of this generation.
    pub(super) fn accepted(&mut self, generation: u64) {
        if let Some(held) = &mut self.held
            && held.generation == generation
        {
            held.refused_once = false;
        }
    }

    /// The server refused this credential. Answers whether that was the second time in a row:
    /// requests that ran side by side and were refused together count once.
    pub(super) fn refused(&mut self, tried: &Held) -> bool {
        match &mut self.held {
            Some(held) if held.generation == tried.generation => {
                held.refused_once = true;
                tried.refused_once
            }
            _ => false,
        }
    }
}
