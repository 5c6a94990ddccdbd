//! The Profile tab: profile, password, avatar.

use keydesk_core::cache::LastKnown;
use keydesk_core::instance::InstanceId;
use keydesk_core::organization::OrganizationId;
use keydesk_core::profile::ProfileChange;
use keydesk_core::provider::Account;
use tauri::{AppHandle, State};

use crate::dialogs;
use crate::ipc::IpcResult;
use crate::ipc::views::{AvatarDraftView, CropView, PasswordChangeRequest, PictureView, SavedView};
use crate::people;
use crate::state::App;

/// What is known of an instance from last time; asks nobody.
#[tauri::command]
#[specta::specta]
pub async fn last_known(app: State<'_, App>, instance: InstanceId) -> IpcResult<Option<LastKnown>> {
    Ok(people::last_known(&app, &instance).await)
}

/// The profile and what can be done with the account while this organization is in front.
#[tauri::command]
#[specta::specta]
pub async fn account(
    app: State<'_, App>,
    instance: InstanceId,
    organization: Option<OrganizationId>,
) -> IpcResult<Account> {
    let work = people::account(&app, &instance, organization.as_ref());
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Saves a change of the profile and, where asked for, a change of password.
#[tauri::command]
#[specta::specta]
pub async fn save_profile(
    app: State<'_, App>,
    instance: InstanceId,
    change: ProfileChange,
    password: Option<PasswordChangeRequest>,
) -> IpcResult<SavedView> {
    let work = people::save(&app, &instance, change, password);
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// The avatar, where there is one.
#[tauri::command]
#[specta::specta]
pub async fn avatar(app: State<'_, App>, instance: InstanceId) -> IpcResult<Option<PictureView>> {
    let work = people::avatar(&app, &instance);
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Lets the person choose a picture, and checks it.
#[tauri::command]
#[specta::specta]
pub async fn choose_avatar(
    handle: AppHandle,
    app: State<'_, App>,
) -> IpcResult<Option<AvatarDraftView>> {
    let Some(path) = dialogs::picture_file(&handle).await else {
        return Ok(None);
    };
    Ok(Some(app.avatars.draft_from_file(path).await?))
}

/// Checks a picture that was dropped or pasted. `base64` is the file's content.
#[tauri::command]
#[specta::specta]
pub async fn take_avatar(app: State<'_, App>, base64: String) -> IpcResult<AvatarDraftView> {
    Ok(app.avatars.draft_from_base64(&base64).await?)
}

/// Forgets a picture that was chosen.
#[tauri::command]
#[specta::specta]
pub fn discard_avatar(app: State<'_, App>, handle: u32) {
    app.avatars.discard(handle);
}

/// Crops a chosen picture and sends it. Answers with the avatar as it is now.
#[tauri::command]
#[specta::specta]
pub async fn upload_avatar(
    app: State<'_, App>,
    instance: InstanceId,
    handle: u32,
    crop: CropView,
) -> IpcResult<PictureView> {
    let work = people::upload_avatar(&app, &instance, handle, crop);
    Ok(app.cancellations.run_change(&instance, work).await?)
}
