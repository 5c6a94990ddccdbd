//! What is learnt of a server's API, kept with its instance; and the way to its own pages.
//!
//! A server's own description is read in the background once the account was heard, and looked at
//! again after a day: an update of the server is noticed without anyone asking.
//!
//! Not here: reading and comparing descriptions (the providers).

use std::collections::BTreeMap;

use keydesk_core::capabilities::PortalPage;
use keydesk_core::contract::{DescriptionSource, Finding, LearntContract};
use keydesk_core::instance::{Instance, InstanceId};
use keydesk_core::time::Timestamp;
use keydesk_core::{Error, ErrorCode, Result};
use tauri::AppHandle;

use crate::ipc::views::ConnectionView;
use crate::state::App;
use crate::{connections, dialogs};

/// Reads the server's own description where it is due, and once in a run of Keydesk at most.
/// Answers whether what can be done may be another than before.
///
/// # Errors
/// Those of the server and of the credential. A description that cannot be had changes nothing.
pub async fn keep_up(app: &App, id: &InstanceId) -> Result<bool> {
    let due = app.instance(id)?.is_description_due(Timestamp::now());
    if !due || !app.note_description_asked_for(id) {
        return Ok(false);
    }
    let Some(learnt) = app.session(id).await?.learn_contract().await? else {
        return Ok(false);
    };
    // Meanwhile a person may have chosen what the table shall rest on.
    if !app.instance(id)?.is_description_due(Timestamp::now()) {
        return Ok(false);
    }
    keep(app, id, learnt)
}

/// Reads the server's own description and keeps what it says.
///
/// # Errors
/// Those of the server and of the credential; `DescriptionNotUnderstood`.
pub async fn learn(app: &App, id: &InstanceId) -> Result<ConnectionView> {
    if let Some(learnt) = app.session(id).await?.learn_contract().await? {
        keep(app, id, learnt)?;
    }
    connections::details(app, id).await
}

/// Goes back to the table as it is built in, until a person asks for a description again.
///
/// # Errors
/// `InstanceUnknown`, `ConfigurationReadOnly`
pub async fn forget(app: &App, id: &InstanceId) -> Result<ConnectionView> {
    settle(app, id, |instance| {
        instance.contract = None;
        instance.built_in_operations = true;
    })?;
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
    keep(app, id, learnt)?;
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
    settle(app, id, |instance| {
        let Some(contract) = &mut instance.contract else {
            return;
        };
        if confirmed && contract.findings.contains_key(operation) {
            contract.confirmed.insert(operation.to_owned());
        } else {
            contract.confirmed.remove(operation);
        }
    })?;
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

/// Keeps what was learnt. Answers whether the table in force is another one by it; where it is not,
/// the session goes on as it is, with all that it knows.
fn keep(app: &App, id: &InstanceId, learnt: LearntContract) -> Result<bool> {
    let before = app.instance(id)?.contract;
    app.update_instance(id, |instance| {
        instance.contract = Some(learnt.in_place_of(instance.contract.as_ref()));
        instance.built_in_operations = false;
    })?;
    let after = app.instance(id)?.contract;
    let is_another = differences(before.as_ref()) != differences(after.as_ref());
    if is_another {
        app.rebuild_session(id)?;
    }
    Ok(is_another)
}

fn differences(contract: Option<&LearntContract>) -> BTreeMap<&str, (&Finding, bool)> {
    contract
        .map(LearntContract::differences)
        .unwrap_or_default()
}

/// Changes what the table of operations rests on; from now on the session uses it as it is then.
fn settle(app: &App, id: &InstanceId, change: impl FnOnce(&mut Instance)) -> Result<()> {
    app.update_instance(id, change)?;
    app.rebuild_session(id)
}
