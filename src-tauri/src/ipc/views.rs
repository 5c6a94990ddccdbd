//! What the page is shown, where a domain type would say too much or too little.
//!
//! Not here: rules. Each view is built from domain values and holds no secret, but for
//! [`CreatedKey`], whose purpose is to show one.

use keydesk_core::api_key::{ApiKey, ApiKeyId};
use keydesk_core::capabilities::KeyFormKind;
use keydesk_core::config::ConfigNotice;
use keydesk_core::contract::{DescriptionSource, LearntContract};
use keydesk_core::instance::{Instance, InstanceId, ServerKind, SignInMethod, Trust};
use keydesk_core::organization::OrganizationId;
use keydesk_core::preferences::Preferences;
use keydesk_core::profile::Profile;
use keydesk_core::provider::OperationRow;
use keydesk_core::session::{Kept, SessionStatus};
use keydesk_core::time::Timestamp;
use keydesk_core::{Error, ErrorCode};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{IpcError, SecretText};

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
        }
    }
}

/// A server that is not an instance yet: what was typed on the connect screen.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ServerTarget {
    /// The kind that was chosen.
    pub kind: ServerKind,
    /// The address as typed.
    pub address: String,
    /// The person's visible choice to go without encryption, for this server.
    pub plain_http_chosen: bool,
    /// What is trusted beyond the system's authorities.
    pub trust: Trust,
}

/// What answered at an address.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckedServer {
    /// The address as Keydesk will use it.
    pub address: String,
    /// Host and port.
    pub host: String,
    /// Whether requests go without encryption.
    pub plain_http: bool,
    /// Whether the server says it is healthy.
    pub healthy: bool,
    /// Product and version, where the server tells.
    pub version: Option<String>,
}

/// A certificate, for the eyes of a person who decides whether to trust it.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// SHA-256 of the certificate, lower-case hex.
    pub sha256: String,
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The hosts that it covers.
    pub names: Vec<String>,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
}

/// A file with certificates of one's own authority.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityFile {
    /// The file's name, without its folder.
    pub file_name: String,
    /// Its certificates.
    pub pem: String,
}

/// Which parts were found in a pasted request. The tokens stay in Rust, under `handle`.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastedView {
    /// What to sign in with.
    pub handle: u32,
    /// The address that the request went to.
    pub address: Option<String>,
    /// Whether `Authorization` was in it.
    pub has_authorization: bool,
    /// Whether `Access-token` was in it.
    pub has_access_token: bool,
}

/// How a person signs in.
#[derive(Debug, Deserialize, Type)]
#[serde(
    tag = "method",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum SignInRequest {
    /// "User name" and "Password".
    Password {
        /// "User name"
        login_name: String,
        /// "Password"
        password: SecretText,
        /// A code of the second factor, where the server has asked for one; else empty.
        code: SecretText,
        /// "Remember password"
        remember: bool,
    },
    /// "API key".
    ApiKey {
        /// The key.
        key: SecretText,
    },
    /// "Authorization" and "Access-token", typed.
    CloudTokens {
        /// "Authorization", with or without the word `Bearer`.
        authorization: SecretText,
        /// "Access-token"
        access_token: SecretText,
    },
    /// The tokens of a pasted request.
    Pasted {
        /// What [`PastedView`] named.
        handle: u32,
    },
}

/// A successful sign-in.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignedInView {
    /// The account.
    pub instance: InstanceView,
    /// Where the credential is kept.
    pub kept: Kept,
}

/// "Try it on this computer": the account to make.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewLocalAccount {
    /// "First Name"
    pub first_name: String,
    /// "Last Name"
    pub last_name: String,
    /// "Email"
    pub email: String,
    /// "Password"
    pub password: SecretText,
}

/// Whether the account is signed in, as far as is known without asking anyone.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// What is known of the session.
    pub status: SessionStatus,
    /// What is trusted beyond the system's authorities.
    pub trust: Trust,
    /// The table of operations in force.
    pub operations: Vec<OperationRow>,
    /// The description that the table was held against, if any.
    pub contract: Option<ContractView>,
}

/// A description of an API that was read.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ContractView {
    /// Where it came from.
    pub source: DescriptionSource,
    /// Title and version, in the description's words.
    pub version: String,
    /// When it was read.
    pub read_at: Timestamp,
}

impl From<&LearntContract> for ContractView {
    fn from(contract: &LearntContract) -> Self {
        Self {
            source: contract.source.clone(),
            version: contract.version.clone(),
            read_at: contract.read_at,
        }
    }
}

/// What an authenticator app must learn, handed out once.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentView {
    /// What to copy the key from, until the dialog closes.
    pub handle: u32,
    /// The app's key in letters and digits, to be typed.
    pub secret: String,
    /// The same as a picture.
    pub qr: QrView,
}

/// A QR code.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QrView {
    /// The dark squares as the data of one SVG path, a unit a square.
    pub path: String,
    /// Squares on a side.
    pub size: u32,
}

/// Recovery codes, handed out once.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodesView {
    /// What to copy them from, until the dialog closes.
    pub handle: u32,
    /// The codes.
    pub codes: Vec<String>,
}

/// What proves that a change of the second factor is the person's own.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProofRequest {
    /// The account's password; empty where the server does not ask for it.
    pub password: SecretText,
    /// A code of the app, or a recovery code.
    pub code: SecretText,
}

/// "Create User"
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewUserRequest {
    /// "Email"
    pub email: String,
    /// "Display Name"
    pub display_name: String,
    /// "Password"
    pub password: SecretText,
    /// "Roles"
    pub roles: Vec<String>,
}

/// A change of password.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PasswordChangeRequest {
    /// The current password.
    pub current: SecretText,
    /// The new password.
    pub new: SecretText,
}

/// What became of a save. Both parts can differ.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    /// The profile as it is now.
    pub profile: Profile,
    /// Whether the password was changed.
    pub password_changed: bool,
    /// Why it was not, where that was asked for.
    pub password_error: Option<IpcError>,
}

/// A picture for the page.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureView {
    /// The picture as a `data:` address.
    pub data_url: String,
}

/// A picture that was chosen and not yet sent.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AvatarDraftView {
    /// What to crop and upload.
    pub handle: u32,
    /// A preview, upright and without metadata.
    pub data_url: String,
    /// Its width in pixels, as the crop counts them.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// The square of a draft that becomes the avatar, in pixels of the upright picture.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CropView {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Length of a side.
    pub size: u32,
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
    pub kept: Option<Kept>,
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
