//! Requests that a person pasted, kept until they sign in with them or change their mind.

use keydesk_core::pasted_request::PastedRequest;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;

use crate::handles::Handles;
use crate::ipc::views::PastedView;

/// Pasted requests by handle.
#[derive(Default)]
pub struct Pasted {
    requests: Handles<PastedRequest>,
}

impl Pasted {
    /// Takes host and tokens out of the text, and forgets the rest.
    ///
    /// # Errors
    /// `PasteNotUnderstood`
    pub fn take_in(&self, text: &SecretString) -> Result<PastedView> {
        Ok(self.keep(PastedRequest::read(text)?))
    }

    /// Keeps tokens however they were had, and tells which.
    pub fn keep(&self, request: PastedRequest) -> PastedView {
        PastedView {
            address: request.address.clone(),
            has_authorization: request.authorization.is_some(),
            has_access_token: request.access_token.is_some(),
            handle: self.requests.keep(request),
        }
    }

    /// The two tokens of a pasted request.
    ///
    /// # Errors
    /// `PasteNotUnderstood` where one is missing or the request was forgotten.
    pub fn tokens(&self, handle: u32) -> Result<(SecretString, SecretString)> {
        let request = self.requests.get(handle);
        request
            .as_ref()
            .and_then(|request| {
                let authorization = request.authorization.as_ref()?.duplicate();
                Some((authorization, request.access_token.as_ref()?.duplicate()))
            })
            .ok_or_else(|| Error::new(ErrorCode::PasteNotUnderstood, "a token is missing"))
    }

    /// Forgets a pasted request.
    pub fn forget(&self, handle: u32) {
        self.requests.close(handle);
    }
}
