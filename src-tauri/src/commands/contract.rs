//! "Connection details": what is known of the server's API, and its pages in the browser.

use keydesk_core::capabilities::PortalPage;
use keydesk_core::instance::InstanceId;
use tauri::{AppHandle, State};

use crate::contracts;
use crate::ipc::IpcResult;
use crate::ipc::views::ConnectionView;
use crate::state::App;

/// Reads the server's own description of its API. The answer's `contract` is none where the
/// server serves no description.
#[tauri::command]
#[specta::specta]
pub async fn learn_contract(
    app: State<'_, App>,
    instance: InstanceId,
) -> IpcResult<ConnectionView> {
    let work = contracts::learn(&app, &instance);
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Reads the server's own description where it is due. Answers whether what can be done may have
/// changed with it.
#[tauri::command]
#[specta::specta]
pub async fn keep_contract_current(app: State<'_, App>, instance: InstanceId) -> IpcResult<bool> {
    let work = contracts::keep_up(&app, &instance);
    Ok(app.cancellations.run(Some(&instance), work).await?)
}

/// Goes back to the table of operations as it is built in.
#[tauri::command]
#[specta::specta]
pub async fn forget_contract(
    app: State<'_, App>,
    instance: InstanceId,
) -> IpcResult<ConnectionView> {
    Ok(contracts::forget(&app, &instance).await?)
}

/// Lets the person choose a file with a description; none where they chose none.
#[tauri::command]
#[specta::specta]
pub async fn import_contract(
    handle: AppHandle,
    app: State<'_, App>,
    instance: InstanceId,
) -> IpcResult<Option<ConnectionView>> {
    Ok(contracts::import(&handle, &app, &instance).await?)
}

/// Uses an operation where the description lists it, or no longer.
#[tauri::command]
#[specta::specta]
pub async fn confirm_operation(
    app: State<'_, App>,
    instance: InstanceId,
    operation: String,
    confirmed: bool,
) -> IpcResult<ConnectionView> {
    Ok(contracts::confirm(&app, &instance, &operation, confirmed).await?)
}

/// Opens a page of the server's own portal in the person's browser.
#[tauri::command]
#[specta::specta]
pub async fn open_portal_page(
    app: State<'_, App>,
    instance: InstanceId,
    page: PortalPage,
) -> IpcResult<()> {
    Ok(contracts::open_page(&app, &instance, page).await?)
}
