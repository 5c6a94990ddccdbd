//! What the app holds while it runs: one value that every command gets.
//!
//! Not here: what is done with it (`connections`, `people`, `keys`).

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keydesk_core::api_key::CreatedApiKey;
use keydesk_core::cache::Cache;
use keydesk_core::capabilities::KeyForm;
use keydesk_core::config::{ConfigNotice, ConfigStore, Configuration};
use keydesk_core::instance::{Instance, InstanceId, ServerKind};
use keydesk_core::preferences::Preferences;
use keydesk_core::session::Session;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::{SecretClipboard, SecretString, Vault};

use crate::avatars::Avatars;
use crate::cancellations::Cancellations;
use crate::handles::Handles;
use crate::ipc::views::{InstanceView, Start};
use crate::local_server::LocalServer;
use crate::pasted::Pasted;
use crate::servers;

/// Secrets of a build for development never mix with those of a release.
const KEYRING_SERVICE: &str = if cfg!(debug_assertions) {
    "keydesk-development"
} else {
    "keydesk"
};

/// The key that a dialog shows, with the instance that it belongs to.
pub struct ShownKey {
    /// Whose key.
    pub instance: InstanceId,
    /// The forms in which it can be copied.
    pub forms: Vec<KeyForm>,
    /// The key with its value.
    pub created: CreatedApiKey,
}

/// Where things lie on this computer.
pub struct Folders {
    /// `config.json`
    pub configuration: PathBuf,
    /// `cache/` and `local/`
    pub data: PathBuf,
    /// The fingerprint of a secret on the clipboard, where the system has a place for it.
    pub clipboard_note: Option<PathBuf>,
}

/// The app's state.
pub struct App {
    folders: Folders,
    config: ConfigStore,
    notices: Vec<ConfigNotice>,
    sessions: Mutex<HashMap<InstanceId, Arc<Session>>>,
    /// The instances whose description was asked for in this run.
    descriptions_asked_for: Mutex<HashSet<InstanceId>>,
    /// Last known lists, without secrets.
    pub cache: Arc<Mutex<Cache>>,
    /// The keyring.
    pub vault: Vault,
    /// For the secrets of accounts that the configuration cannot keep.
    until_quit: Vault,
    /// The accounts that the configuration had at the start.
    on_disk: HashSet<InstanceId>,
    /// The clipboard, for secrets.
    pub clipboard: SecretClipboard,
    /// The embedded server.
    pub local_server: LocalServer,
    /// What can be cancelled.
    pub cancellations: Cancellations,
    /// Pictures that were chosen and not yet sent.
    pub avatars: Avatars,
    /// Requests that were pasted and not yet used.
    pub pasted: Pasted,
    /// Keys that were just made and are still shown.
    pub created_keys: Handles<ShownKey>,
    /// Keys of authenticator apps and recovery codes that are shown, each with its instance.
    pub shown_secrets: Handles<(InstanceId, SecretString)>,
}

impl App {
    /// Reads the configuration; asks neither network nor keyring.
    pub fn open(folders: Folders) -> Self {
        let opened = ConfigStore::open(folders.configuration.clone());
        let Configuration {
            instances,
            unfinished,
            ..
        } = opened.store.get();
        Self {
            config: opened.store,
            notices: opened.notices,
            sessions: Mutex::default(),
            descriptions_asked_for: Mutex::default(),
            cache: Arc::new(Mutex::new(Cache::new(folders.data.join("cache")))),
            vault: Vault::new(KEYRING_SERVICE),
            until_quit: Vault::in_memory(),
            on_disk: instances
                .into_iter()
                .chain(unfinished)
                .map(|instance| instance.id)
                .collect(),
            clipboard: SecretClipboard::new(folders.clipboard_note.clone()),
            local_server: LocalServer::new(folders.data.join("local")),
            cancellations: Cancellations::default(),
            avatars: Avatars::default(),
            pasted: Pasted::default(),
            created_keys: Handles::default(),
            shown_secrets: Handles::default(),
            folders,
        }
    }

    /// What the first paint needs.
    pub fn start(&self) -> Start {
        let configuration = self.config.get();
        Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            instances: configuration.instances.iter().map(Into::into).collect(),
            selected: configuration.selected,
            preferences: configuration.preferences,
            notices: self.notices.clone(),
            kinds: servers::kinds(),
            configuration_folder: self.folders.configuration.display().to_string(),
            data_folder: self.folders.data.display().to_string(),
        }
    }

    /// The configuration as it stands.
    pub fn configuration(&self) -> Configuration {
        self.config.get()
    }

    /// Changes the configuration and writes it. Where the start already said that it cannot be
    /// written, the change holds until Keydesk quits.
    ///
    /// # Errors
    /// `ConfigurationReadOnly` where writing failed; then nothing has changed.
    pub fn update(&self, change: impl FnOnce(&mut Configuration)) -> Result<()> {
        self.config.update(change)
    }

    /// Saves the preferences.
    ///
    /// # Errors
    /// As [`App::update`].
    pub fn set_preferences(&self, preferences: Preferences) -> Result<Preferences> {
        let preferences = preferences.within_limits();
        self.update(|configuration| configuration.preferences = preferences.clone())?;
        Ok(preferences)
    }

    /// Notes a new account whose sign-in begins: secrets of it may be in the keyring before it is
    /// in the list.
    ///
    /// # Errors
    /// As [`App::update`].
    pub fn note_unfinished(&self, instance: &Instance) -> Result<()> {
        self.update(|configuration| {
            let is_known = |known: &Instance| known.id == instance.id;
            if !configuration.instances.iter().any(is_known) {
                configuration.unfinished.push(instance.clone());
            }
        })
    }

    /// Nothing is left of a sign-in that did not come to its end. Where this cannot be noted, the
    /// next start looks for it in vain.
    pub fn forget_unfinished(&self, id: &InstanceId) {
        let noted = self.update(|configuration| {
            configuration.unfinished.retain(|left| &left.id != id);
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "an unfinished sign-in stays noted");
        }
    }

    /// The accounts, in the person's order.
    pub fn instances(&self) -> Vec<InstanceView> {
        let mut views: Vec<InstanceView> =
            self.config.get().instances.iter().map(Into::into).collect();
        let sessions = self.sessions();
        for view in &mut views {
            // A session that has asked knows better than what was noted at the last sign-out.
            let known = sessions.get(&view.id).map(|session| session.status());
            if let Some(signed_in) = known.and_then(|status| status.signed_in) {
                view.signed_out = !signed_in;
            }
        }
        views
    }

    /// One account.
    ///
    /// # Errors
    /// `InstanceUnknown`
    pub fn instance(&self, id: &InstanceId) -> Result<Instance> {
        self.config
            .get()
            .instances
            .into_iter()
            .find(|instance| &instance.id == id)
            .ok_or_else(|| Error::new(ErrorCode::InstanceUnknown, "no such instance"))
    }

    /// Takes an account off the list, and out of the copy that is kept of the file.
    ///
    /// # Errors
    /// As [`App::update`].
    pub fn drop_instance(&self, id: &InstanceId) -> Result<()> {
        self.config.update_and_replace_backup(|configuration| {
            configuration.instances.retain(|known| &known.id != id);
            if configuration.selected.as_ref() == Some(id) {
                configuration.selected = configuration
                    .instances
                    .first()
                    .map(|first| first.id.clone());
            }
        })
    }

    /// Changes one account's entry.
    ///
    /// # Errors
    /// As [`App::update`].
    pub fn update_instance(
        &self,
        id: &InstanceId,
        change: impl FnOnce(&mut Instance),
    ) -> Result<()> {
        self.update(|configuration| {
            if let Some(instance) = configuration
                .instances
                .iter_mut()
                .find(|instance| &instance.id == id)
            {
                change(instance);
            }
        })
    }

    /// Gives an instance another name; an empty one means its host.
    ///
    /// # Errors
    /// The rules of a name, and as [`App::update`].
    pub fn rename_instance(&self, id: &InstanceId, name: &str) -> Result<()> {
        let mut instance = self.instance(id)?;
        instance.rename(name)?;
        self.update_instance(id, |stored| stored.name = instance.name)
    }

    /// The session of an instance; the embedded server is started where it is needed.
    ///
    /// # Errors
    /// `InstanceUnknown`, `LocalServerFailed`
    pub async fn session(&self, id: &InstanceId) -> Result<Arc<Session>> {
        let mut instance = self.instance(id)?;
        if instance.kind == ServerKind::ThisComputer {
            let url = self.local_server.url(Some(&instance.url)).await?;
            if url != instance.url {
                // Its port was taken in the meantime. The server is the same: it moves along.
                instance.url = url.clone();
                if let Err(error) = self.update_instance(id, |stored| stored.url = url) {
                    tracing::warn!(%error, "the embedded server's new port was not kept");
                }
            }
        }
        let mut sessions = self.sessions();
        let before = sessions.get(id);
        if let Some(session) = before.filter(|session| session.instance().url == instance.url) {
            return Ok(session.clone());
        }
        let session = self.connect(instance)?;
        if let Some(before) = sessions.insert(id.clone(), session.clone()) {
            session.carry_on(&before);
        }
        Ok(session)
    }

    /// Reconnects an instance's session, because its settings have changed. The person stays
    /// signed in.
    ///
    /// # Errors
    /// `InstanceUnknown`, and where its certificates cannot be read.
    pub fn rebuild_session(&self, id: &InstanceId) -> Result<()> {
        let mut sessions = self.sessions();
        let instance = self.instance(id)?;
        if let Some(session) = sessions.get_mut(id) {
            let provider = servers::provider(&instance)?;
            *session = Arc::new(session.reconnected(instance, provider));
        }
        Ok(())
    }

    /// Whether this is the first time in this run that an instance's description is asked for.
    pub fn note_description_asked_for(&self, id: &InstanceId) -> bool {
        let asked = self.descriptions_asked_for.lock();
        asked
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.clone())
    }

    /// A session of an instance, whether it is in the list or not.
    ///
    /// # Errors
    /// Where its certificates cannot be read.
    pub fn connect(&self, instance: Instance) -> Result<Arc<Session>> {
        let provider = servers::provider(&instance)?;
        let vault = if self.is_lost_at_quit(&instance.id) {
            &self.until_quit
        } else {
            &self.vault
        };
        let session = Session::new(instance, provider, vault.clone());
        Ok(Arc::new(session))
    }

    /// Whether the entry of an instance will be gone at quit, and with it the name under which the
    /// keyring would hold its secrets.
    fn is_lost_at_quit(&self, id: &InstanceId) -> bool {
        !self.config.keeps_changes() && !self.on_disk.contains(id)
    }

    /// Takes an instance with its session into the list. An account that is in the list already
    /// is signed in even where the change cannot be written: its secrets are found under the entry
    /// as it stands.
    ///
    /// # Errors
    /// As [`App::update`]; then the session is in no list, and its secrets are to be wiped.
    pub fn adopt(&self, session: Arc<Session>) -> Result<()> {
        let instance = session.instance().clone();
        let id = instance.id.clone();
        let is_known = self.instance(&id).is_ok();
        let written = self.update(|configuration| {
            let place = configuration
                .instances
                .iter_mut()
                .find(|known| known.id == id);
            match place {
                // Its name may have been changed while the server was asked.
                Some(known) => {
                    known.url = instance.url;
                    known.trust = instance.trust;
                    known.sign_in = instance.sign_in;
                    known.login_name = instance.login_name;
                    known.remember_password = instance.remember_password;
                    known.signed_out = instance.signed_out;
                }
                None => configuration.instances.push(instance),
            }
            configuration.unfinished.retain(|left| left.id != id);
            configuration.selected = Some(id.clone());
        });
        match written {
            Err(error) if is_known => {
                tracing::warn!(%error, "the sign-in was not noted in the configuration");
            }
            written => written?,
        }
        if let Some(before) = self.sessions().insert(id, session) {
            before.retire();
        }
        Ok(())
    }

    /// The session of an instance as it stands, where there is one.
    pub fn session_at_hand(&self, id: &InstanceId) -> Option<Arc<Session>> {
        self.sessions().get(id).cloned()
    }

    /// Drops an instance's session; the next use builds it anew.
    pub fn forget_session(&self, id: &InstanceId) {
        self.sessions().remove(id);
    }

    /// Hands to the vault what sessions hold in memory only.
    pub async fn keep_everything(&self) {
        let sessions: Vec<_> = self.sessions().values().cloned().collect();
        for session in sessions {
            if let Err(error) = session.keep_in_keyring().await {
                tracing::warn!(%error, "a credential stays in memory only");
            }
        }
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<InstanceId, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
