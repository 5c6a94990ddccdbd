//! What the tabs of an account are shown and send, but for its keys.
//!
//! Not here: the commands that take them (`commands::{profile, security, administration}`).

use keydesk_core::ErrorCode;
use keydesk_core::profile::Profile;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::InstanceView;
use crate::ipc::{IpcError, SecretText};

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
    /// A code of the app, or a recovery code; empty while no second factor is in force.
    pub code: SecretText,
}

/// What is left here of an account that was deleted on its server.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeletedView {
    /// The accounts in the list. The deleted one is among them for as long as the keyring may hold a
    /// secret of it: nobody would find that without its entry.
    pub instances: Vec<InstanceView>,
    /// Why the keyring may still hold one; none where nothing is left.
    pub left_in_keyring: Option<ErrorCode>,
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
