//! The Organization switcher and the Users and Directory tabs.

use keydesk_core::administration::{
    DirectoryPage, DirectoryQuery, NewUser, User, UserEdit, UserId, UserPage, UserQuery,
};
use keydesk_core::instance::InstanceId;
use keydesk_core::organization::{Organization, OrganizationId};
use tauri::State;

use crate::ipc::views::NewUserRequest;
use crate::ipc::{IpcResult, SecretText};
use crate::state::App;

/// All organizations that the person belongs to.
#[tauri::command]
#[specta::specta]
pub async fn organizations(
    app: State<'_, App>,
    instance: InstanceId,
) -> IpcResult<Vec<Organization>> {
    let work = async { app.session(&instance).await?.organizations().await };
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Remembers which organization is in front.
#[tauri::command]
#[specta::specta]
pub fn select_organization(
    app: State<'_, App>,
    instance: InstanceId,
    organization: Option<OrganizationId>,
) -> IpcResult<()> {
    Ok(app.update_instance(&instance, |stored| stored.organization = organization)?)
}

/// A part of the list of users.
#[tauri::command]
#[specta::specta]
pub async fn users(
    app: State<'_, App>,
    instance: InstanceId,
    query: UserQuery,
) -> IpcResult<UserPage> {
    let work = async { app.session(&instance).await?.users(&query).await };
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// "Create User"
#[tauri::command]
#[specta::specta]
pub async fn create_user(
    app: State<'_, App>,
    instance: InstanceId,
    user: NewUserRequest,
) -> IpcResult<User> {
    let work = async {
        let new = NewUser {
            email: user.email,
            display_name: user.display_name,
            password: user.password.into_secret(),
            roles: user.roles,
        };
        app.session(&instance).await?.create_user(new).await
    };
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// "Edit". `before` are the roles that the account had when the edit began.
#[tauri::command]
#[specta::specta]
pub async fn edit_user(
    app: State<'_, App>,
    instance: InstanceId,
    id: UserId,
    edit: UserEdit,
    before: Vec<String>,
) -> IpcResult<User> {
    let work = async {
        let session = app.session(&instance).await?;
        session.edit_user(&id, edit, &before).await
    };
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// "Reset Password"
#[tauri::command]
#[specta::specta]
pub async fn reset_user_password(
    app: State<'_, App>,
    instance: InstanceId,
    id: UserId,
    password: SecretText,
) -> IpcResult<()> {
    let work = async {
        let session = app.session(&instance).await?;
        session
            .reset_user_password(&id, &password.into_secret())
            .await
    };
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// "Delete"
#[tauri::command]
#[specta::specta]
pub async fn delete_user(app: State<'_, App>, instance: InstanceId, id: UserId) -> IpcResult<()> {
    let work = async { app.session(&instance).await?.delete_user(&id).await };
    Ok(app.cancellations.run_change(&instance, work).await?)
}

/// A part of a directory of users, groups or environments.
#[tauri::command]
#[specta::specta]
pub async fn look_up(
    app: State<'_, App>,
    instance: InstanceId,
    query: DirectoryQuery,
) -> IpcResult<DirectoryPage> {
    let work = async { app.session(&instance).await?.look_up(&query).await };
    Ok(app.cancellations.run(Some(&instance), work).await?)
}
