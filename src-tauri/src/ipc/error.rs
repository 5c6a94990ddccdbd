//! The one shape in which an error reaches the page.

use keydesk_core::{Error, ErrorCode, Field};
use serde::Serialize;
use specta::Type;

/// What a command answers.
pub type IpcResult<T> = Result<T, IpcError>;

/// An error for the page, which has one table from `code` to words and next action.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IpcError {
    /// What the page acts on.
    pub code: ErrorCode,
    /// A stable English label, for support; not shown as the first line.
    pub message: String,
    /// The field of the form that it belongs to.
    pub field: Option<Field>,
    /// How long to wait before trying again, in milliseconds.
    pub retry_after_ms: Option<u32>,
    /// Copyable facts without secrets.
    pub detail: Option<String>,
}

impl From<Error> for IpcError {
    fn from(error: Error) -> Self {
        Self {
            code: error.code,
            message: error.message.into_owned(),
            field: error.field,
            retry_after_ms: error
                .retry_after
                .map(|wait| u32::try_from(wait.as_millis()).unwrap_or(u32::MAX)),
            detail: error.detail,
        }
    }
}

impl From<ErrorCode> for IpcError {
    fn from(code: ErrorCode) -> Self {
        Error::new(code, "refused by the shell").into()
    }
}
