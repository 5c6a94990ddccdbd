//! What is learnt of a server's API, kept with its instance; and the way to its own pages.
//!
//! Not here: reading and comparing descriptions (the providers).

use keydesk_core::capabilities::PortalPage;
use keydesk_core::contract::{DescriptionSource, LearntContract};
use keydesk_core::instance::InstanceId;
use keydesk_core::{Error, ErrorCode, Result};
use tauri::AppHandle;

use crate::ipc::views::ConnectionView;
use crate::state::App;
use crate::{connections, dialogs};

/// Reads the server's own description and keeps what it says.
///
/// # Errors
/// Those of the server and of the credential; `DescriptionNotUnderstood`.
pub async fn learn(app: &App, id: &InstanceId) -> Result<ConnectionView> {
    if let Some(learnt) = app.session(id).await?.learn_contract().await? {
        keep(app, id, Some(learnt))?;
    }
    connections::details(app, id).await
}

/// Reads a description from a file that the person chooses, and keeps what it says.
///
/// # Errors
/// `FileUnreadable`, `DescriptionNotUnderstood`, `ConfigurationReadOnly`
pub async fn import(
    handle: &AppHandle,
    app: &App,
    id: &InstanceId,
) -> Result<Option<ConnectionView>> {
    let Some((name, bytes)) = dialogs::description_file(handle).await? else {
        return Ok(None);
    };
    let provider = app.session(id).await?.provider().clone();
    let learnt = tokio::task::spawn_blocking(move || {
        provider.compare_contract(&bytes, DescriptionSource::File { name })
    })
    .await
    .map_err(|_| Error::new(ErrorCode::Internal, "the comparison was broken off"))??;
    keep(app, id, Some(learnt))?;
    connections::details(app, id).await.map(Some)
}

/// Notes whether an operation that was found elsewhere is used there.
///
/// # Errors
/// `InstanceUnknown`, `ConfigurationReadOnly`
pub async fn confirm(
    app: &App,
    id: &InstanceId,
    operation: &str,
    confirmed: bool,
) -> Result<ConnectionView> {
    let mut contract = app.instance(id)?.contract;
    if let Some(contract) = &mut contract {
        if confirmed && contract.findings.contains_key(operation) {
            contract.confirmed.insert(operation.to_owned());
        } else {
            contract.confirmed.remove(operation);
        }
    }
    keep(app, id, contract)?;
    connections::details(app, id).await
}

/// Opens a page of the server's own portal in the person's browser.
///
/// # Errors
/// `NotSupported` where the server has no such page or there is no browser.
pub async fn open_page(app: &App, id: &InstanceId, page: PortalPage) -> Result<()> {
    let url = app
        .session(id)
        .await?
        .provider()
        .portal_page(page)
        .ok_or_else(|| Error::new(ErrorCode::NotSupported, "no such page"))?;
    tokio::task::spawn_blocking(move || open::that_detached(url.as_str()))
        .await
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|_| Error::new(ErrorCode::NotSupported, "no browser could be opened"))
}

/// The session is built anew, with the operations as they are now.
fn keep(app: &App, id: &InstanceId, contract: Option<LearntContract>) -> Result<()> {
    if app.instance(id)?.contract == contract {
        return Ok(());
    }
    app.update_instance(id, |instance| instance.contract = contract)?;
    app.rebuild_session(id)
}
