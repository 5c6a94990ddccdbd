//! An instance: one account on one server, as the configuration keeps it. No secret in it.
//!
//! Not here: the configuration file (`config`), the live session (`session`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::api_key::{ApiKeyId, KeyMark};
use crate::contract::LearntContract;
use crate::organization::OrganizationId;
use crate::server_url::ServerUrl;
use crate::text::{self, TextRule};
use crate::time::Timestamp;
use crate::{Field, Result};

/// What the name that a person gives an instance may be.
const NAME: TextRule = TextRule {
    required: false,
    maximum_length: 64,
    multiline: false,
};

/// An instance's id on this computer: random, never shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct InstanceId(pub String);

/// What kind of server an instance talks to. Decides which provider is built, and nothing in the
/// interface but a name and an icon: what a server can do is in its capabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ServerKind {
    /// TDengine IDMP, self-hosted.
    IdmpSelfHosted,
    /// TDengine IDMP Cloud.
    IdmpCloud,
    /// AIMMS Cloud.
    AimmsCloud,
    /// A Keydesk server: organization portal and admin portal.
    Keydesk,
    /// The server embedded in Keydesk, on this computer.
    ThisComputer,
}

/// How the person signs in on an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SignInMethod {
    /// User name and password.
    Password,
    /// An API key: profile only, keys cannot be managed with a key.
    ApiKey,
    /// The cloud's pair of tokens.
    CloudTokens,
}

/// What is trusted for this server beyond the system's own authorities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Trust {
    /// Certificates of one's own authority, PEM.
    pub authority_pem: Option<String>,
    /// SHA-256 of the one certificate to accept (lower-case hex); a changed one is a hard stop.
    pub pinned_sha256: Option<String>,
}

/// One account on one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// Its id on this computer.
    pub id: InstanceId,
    /// The kind of server.
    pub kind: ServerKind,
    /// The name that the person sees; the host at first.
    pub name: String,
    /// Where the server is.
    pub url: ServerUrl,
    /// What is trusted for it.
    #[serde(default)]
    pub trust: Trust,
    /// How the person signs in.
    pub sign_in: SignInMethod,
    /// The user name, for the sign-in sheet.
    #[serde(default)]
    pub login_name: String,
    /// Whether the password is kept in the keyring to renew the session by itself.
    #[serde(default)]
    pub remember_password: bool,
    /// Whether the person has signed out: the account stays in the list and nothing is asked of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed_out: bool,
    /// Last known name of the account, for the switcher before anything is loaded.
    #[serde(default)]
    pub display_name: String,
    /// Last known email of the account, likewise.
    #[serde(default)]
    pub email: String,
    /// Overrides of the table of operations: operation name → `METHOD /path`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub endpoints: BTreeMap<String, String>,
    /// What was learnt from the server's description of its API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<LearntContract>,
    /// The person's choice: the table of operations stays as it is built in, and no description is
    /// read before they ask for it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub built_in_operations: bool,
    /// The organization that is in front, where keys belong to organizations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The keys of which this computer's keyring holds a copy.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub kept_keys: BTreeSet<ApiKeyId>,
    /// By what these keys were told from others when a list showed them first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept_marks: BTreeMap<ApiKeyId, KeyMark>,
    /// The server's id of the person whose account this was when it was last heard.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// The keys of which there is a copy in memory alone. Never written: it is gone at quit.
    #[serde(skip)]
    pub kept_until_quit: BTreeSet<ApiKeyId>,
}

impl Instance {
    /// A new account on a server, named after its host until the person gives it a name.
    pub fn new(kind: ServerKind, url: ServerUrl, sign_in: SignInMethod) -> Self {
        Self {
            id: InstanceId(uuid::Uuid::new_v4().simple().to_string()),
            kind,
            name: url.host_and_port(),
            url,
            trust: Trust::default(),
            sign_in,
            login_name: String::new(),
            remember_password: false,
            signed_out: false,
            display_name: String::new(),
            email: String::new(),
            endpoints: BTreeMap::new(),
            contract: None,
            built_in_operations: false,
            organization: None,
            kept_keys: BTreeSet::new(),
            kept_marks: BTreeMap::new(),
            person: String::new(),
            kept_until_quit: BTreeSet::new(),
        }
    }

    /// Whether the server's own description is to be read without anyone asking for it.
    pub fn is_description_due(&self, now: Timestamp) -> bool {
        let due = |contract: &LearntContract| contract.is_due(now);
        !self.built_in_operations && self.contract.as_ref().is_none_or(due)
    }

    /// Whether there is a copy of a key on this computer.
    pub fn keeps(&self, key: &ApiKeyId) -> bool {
        self.kept_keys.contains(key) || self.kept_until_quit.contains(key)
    }

    /// The copy of a key is gone.
    pub fn forget_copy(&mut self, key: &ApiKeyId) {
        self.kept_keys.remove(key);
        self.kept_marks.remove(key);
        self.kept_until_quit.remove(key);
    }

    /// All copies are gone.
    pub fn forget_copies(&mut self) {
        self.kept_keys.clear();
        self.kept_marks.clear();
        self.kept_until_quit.clear();
    }

    /// Holds the kept keys against a list that was asked for while this was `before`. Answers with
    /// those that are others by now, whose copies are forgotten: the key that was kept is gone, and
    /// its name was given again. A key that the list does not show keeps its copy, which may be the
    /// only one: no list says for sure that it is whole.
    pub fn recognize_copies(
        &mut self,
        before: &Self,
        listed: Vec<(ApiKeyId, KeyMark)>,
    ) -> Vec<ApiKeyId> {
        let mut replaced = Vec::new();
        for (key, mark) in listed {
            let known_by = self.kept_marks.get(&key);
            // It was kept after the list was asked for, which may show the key before it.
            let is_new =
                !before.kept_keys.contains(&key) || known_by != before.kept_marks.get(&key);
            if is_new || !self.kept_keys.contains(&key) {
                continue;
            }
            match known_by {
                None => {
                    self.kept_marks.insert(key, mark);
                }
                Some(known) if *known != mark => {
                    self.forget_copy(&key);
                    replaced.push(key);
                }
                Some(_) => {}
            }
        }
        replaced
    }

    /// Gives the instance another name; an empty one means its host again.
    ///
    /// # Errors
    /// `TooLong`, `ForbiddenCharacters`
    pub fn rename(&mut self, typed: &str) -> Result<()> {
        let name = text::check(typed, NAME, Field::Name)?;
        self.name = if name.is_empty() {
            self.url.host_and_port()
        } else {
            name
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance() -> Instance {
        let url = ServerUrl::parse("https://idmp.example.com:6034/base", false).unwrap();
        Instance::new(ServerKind::IdmpSelfHosted, url, SignInMethod::Password)
    }

    #[test]
    fn two_accounts_on_one_server_are_two_instances() {
        assert_ne!(instance().id, instance().id);
    }

    #[test]
    fn a_copy_in_memory_is_never_written() {
        let mut instance = instance();
        let key = |id: &str| ApiKeyId(id.into());
        instance.kept_keys.insert(key("in-keyring"));
        instance.kept_until_quit.insert(key("in-memory"));
        let written = serde_json::to_string(&instance).unwrap();
        assert!(written.contains("in-keyring") && !written.contains("in-memory"));
        assert!(instance.keeps(&key("in-memory")) && !instance.keeps(&key("other")));
        instance.forget_copy(&key("in-memory"));
        instance.forget_copy(&key("in-keyring"));
        assert!(instance.kept_keys.is_empty() && instance.kept_until_quit.is_empty());
    }

    #[test]
    fn a_copy_is_of_the_key_that_was_kept_and_of_no_later_one() {
        let key = ApiKeyId("publish-from-ci".into());
        let listed = |at| vec![(key.clone(), KeyMark::AddedOn(Timestamp(at)))];
        let mut instance = instance();
        let empty = instance.clone();
        instance.kept_keys.insert(key.clone());
        // The list was asked for before the key was made.
        assert!(instance.recognize_copies(&empty, listed(1)).is_empty());
        assert!(instance.kept_marks.is_empty());

        for _ in 0..2 {
            let before = instance.clone();
            assert!(instance.recognize_copies(&before, listed(2)).is_empty());
            assert!(instance.recognize_copies(&before, Vec::new()).is_empty());
            assert!(instance.keeps(&key));
        }
        let before = instance.clone();
        // Meanwhile it was made again here, and the copy is of the new one.
        instance.kept_marks.clear();
        assert!(instance.recognize_copies(&before, listed(3)).is_empty());
        assert!(instance.keeps(&key));

        let mut instance = before.clone();
        let replaced = instance.recognize_copies(&before, listed(3));
        assert_eq!(replaced, std::slice::from_ref(&key));
        assert!(!instance.keeps(&key) && instance.kept_marks.is_empty());
    }

    #[test]
    fn an_empty_name_means_the_host_again() {
        let mut instance = instance();
        instance.rename("  Production ").unwrap();
        assert_eq!(instance.name, "Production");
        instance.rename("   ").unwrap();
        assert_eq!(instance.name, "idmp.example.com:6034");
        assert!(instance.rename("a\u{202e}b").is_err());
    }

    #[test]
    fn an_instance_survives_being_written_and_read() {
        let instance = instance();
        let text = serde_json::to_string(&instance).unwrap();
        assert_eq!(serde_json::from_str::<Instance>(&text).unwrap(), instance);
    }
}
