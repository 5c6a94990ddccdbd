//! What the page is shown, where a domain type would say too much or too little.
//!
//! Not here: rules. Each view is built from domain values and holds no secret, but for
//! [`CreatedKey`], [`EnrolmentView`] and [`RecoveryCodesView`], whose purpose is to show one.

mod account;
mod connect;

use keydesk_core::api_key::{ApiKey, ApiKeyId};
use keydesk_core::capabilities::KeyFormKind;
use keydesk_core::config::ConfigNotice;
use keydesk_core::instance::{Instance, InstanceId, ServerKind, SignInMethod};
use keydesk_core::organization::OrganizationId;
use keydesk_core::preferences::Preferences;
use keydesk_core::session::KeptCopy;
use keydesk_core::time::Timestamp;
use keydesk_core::{Error, ErrorCode};
use serde::Serialize;
use specta::Type;

pub use account::{
    AvatarDraftView, CropView, DeletedView, EnrolmentView, NewUserRequest, PasswordChangeRequest,
    PictureView, ProofRequest, QrView, RecoveryCodesView, SavedView,
};
pub use connect::{
    AuthorityFile, CertificateView, CheckedServer, ConnectionView, NewLocalAccount, PastedView,
    ServerTarget, SignInRequest, SignedInView,
};

/// Everything that the first paint needs; read from one small file.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// Keydesk's own version.
    pub version: String,
    /// Language, theme, clipboard.
    pub preferences: Preferences,
    /// The person's accounts, in their order.
    pub instances: Vec<InstanceView>,
    /// The one that was in front.
    pub selected: Option<InstanceId>,
    /// What went wrong with the configuration file, if anything.
    pub notices: Vec<ConfigNotice>,
    /// The kinds of server that can be connected to.
    pub kinds: Vec<ServerKindInfo>,
    /// Where the configuration lies.
    pub configuration_folder: String,
    /// Where the embedded server and the cache lie.
    pub data_folder: String,
}

/// A kind of server, and how one signs in there.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the page asks for by name"
)]
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ServerKindInfo {
    /// Which kind.
    pub kind: ServerKind,
    /// The ways to sign in, the usual one first.
    pub methods: Vec<SignInMethod>,
    /// Whether an account is named by its email, not by a user name.
    pub login_by_email: bool,
    /// Whether a person may have the password kept, to renew a session by itself.
    pub remembers_password: bool,
    /// Runs inside Keydesk: it has no address to type, and accounts are made here.
    pub embedded: bool,
    /// What an address looks like, for the empty field.
    pub address_example: String,
    /// Whether it asks for a second token beside `Authorization`.
    pub second_token: bool,
    /// Whether its own sign-in page can be opened in a window, from which the tokens are taken.
    pub sign_in_page: bool,
    /// Whether it mails a link to those who forgot their password.
    pub reset_mail: bool,
}

/// One account on one server.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that the page asks for by name"
)]
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InstanceView {
    /// Its id on this computer.
    pub id: InstanceId,
    /// The kind of server, for its name and icon.
    pub kind: ServerKind,
    /// The name that the person sees.
    pub name: String,
    /// The whole address.
    pub address: String,
    /// Host and port.
    pub host: String,
    /// Whether requests go without encryption.
    pub plain_http: bool,
    /// Whether the server runs on this machine.
    pub loopback: bool,
    /// How the person signs in.
    pub sign_in: SignInMethod,
    /// The user name.
    pub login_name: String,
    /// Whether the password is kept in the keyring.
    pub remember_password: bool,
    /// Whether it is known, without asking anyone, that nobody is signed in.
    pub signed_out: bool,
    /// Last known name of the account.
    pub display_name: String,
    /// Last known email of the account.
    pub email: String,
    /// The organization that is in front, where keys belong to organizations.
    pub organization: Option<OrganizationId>,
    /// The keys of which this computer's keyring holds a copy.
    pub kept_keys: Vec<ApiKeyId>,
    /// The keys of which there is a copy in memory, until Keydesk quits.
    pub kept_until_quit: Vec<ApiKeyId>,
}

impl From<&Instance> for InstanceView {
    fn from(instance: &Instance) -> Self {
        Self {
            id: instance.id.clone(),
            kind: instance.kind,
            name: instance.name.clone(),
            address: instance.url.as_str().to_owned(),
            host: instance.url.host_and_port(),
            plain_http: instance.url.is_plain_http(),
            loopback: instance.url.is_loopback(),
            sign_in: instance.sign_in,
            login_name: instance.login_name.clone(),
            remember_password: instance.remember_password,
            signed_out: instance.signed_out,
            display_name: instance.display_name.clone(),
            email: instance.email.clone(),
            organization: instance.organization.clone(),
            kept_keys: instance.kept_keys.iter().cloned().collect(),
            kept_until_quit: instance.kept_until_quit.iter().cloned().collect(),
        }
    }
}

/// The keys of an account as they cross the boundary: a long list in several parts.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyListView {
    /// The first of them.
    pub keys: Vec<ApiKey>,
    /// How many more come through the channel.
    pub more: u32,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
    /// Whose keys these are, where keys belong to organizations.
    pub organization: Option<OrganizationId>,
}

/// A key that was just made. The one answer that carries a secret, handed out once; the value is
/// wiped here when its dialog closes.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CreatedKey {
    /// What to copy from, until the dialog closes.
    pub handle: u32,
    /// The key as it stands in the list.
    pub key: ApiKey,
    /// The value in the forms that people need next; the raw value first.
    pub forms: Vec<ShownForm>,
    /// Where a copy is kept; none where none was asked for or the server shows keys again.
    pub kept: Option<KeptCopy>,
}

/// One form of a key's value, to be shown.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShownForm {
    /// Which form.
    pub kind: KeyFormKind,
    /// The text, with the value in it.
    pub text: String,
}

/// What the clipboard does with the secret that was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type, tauri_specta::Event)]
#[serde(rename_all = "camelCase")]
pub struct ClipboardChanged {
    /// Whether a secret of ours is on the clipboard.
    pub holds_secret: bool,
    /// In how many milliseconds it will be cleared; none for never.
    pub clears_in_ms: Option<u32>,
    /// Whether clearing it failed; the person should do it.
    pub clear_failed: bool,
}

/// The person wants to close the window, and something typed would be lost: the page asks.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub struct CloseRequested;

/// Whether secrets can be kept.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyringView {
    /// What is wrong, if anything.
    pub problem: Option<ErrorCode>,
    /// The person chose to keep secrets only until they quit.
    pub until_quit: bool,
    /// The keyring is being asked, perhaps with a prompt of its own on the screen.
    pub waiting: bool,
}

impl From<keydesk_vault::VaultStatus> for KeyringView {
    fn from(status: keydesk_vault::VaultStatus) -> Self {
        Self {
            problem: match status.keyring {
                keydesk_vault::KeyringState::Failed(error) => Some(Error::from(error).code),
                _ => None,
            },
            until_quit: status.persistence == keydesk_vault::Persistence::UntilQuit,
            waiting: status.waiting,
        }
    }
}
