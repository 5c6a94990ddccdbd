//! Requests that a person pasted, kept until they sign in with them or change their mind.

use keydesk_core::pasted_request::PastedRequest;
use keydesk_core::server_url::ServerUrl;
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

    /// The `Authorization` token of a pasted request and, where it has one, the second; for the
    /// server that the request went to and no other.
    ///
    /// # Errors
    /// `PasteNotUnderstood` where the first is missing or the request was forgotten,
    /// `PasteOtherHost` where the request went to another server; it is then forgotten.
    pub fn tokens(
        &self,
        handle: u32,
        server: &ServerUrl,
    ) -> Result<(SecretString, Option<SecretString>)> {
        let request = self.requests.get(handle);
        let sent_to = request
            .as_ref()
            .and_then(|request| ServerUrl::parse(request.address.as_ref()?, true).ok());
        if let Some(other) = sent_to.filter(|sent_to| sent_to.realm() != server.realm()) {
            self.forget(handle);
            return Err(Error::new(
                ErrorCode::PasteOtherHost,
                "the pasted request went to another server",
            )
            .with_detail(other.host_and_port()));
        }
        request
            .as_ref()
            .and_then(|request| {
                let authorization = request.authorization.as_ref()?.duplicate();
                let access_token = request.access_token.as_ref();
                Some((authorization, access_token.map(SecretString::duplicate)))
            })
            .ok_or_else(|| Error::new(ErrorCode::PasteNotUnderstood, "a token is missing"))
    }

    /// Whether a pasted request carried a second token.
    pub fn has_second(&self, handle: u32) -> bool {
        let request = self.requests.get(handle);
        request.is_some_and(|request| request.access_token.is_some())
    }

    /// Forgets a pasted request.
    pub fn forget(&self, handle: u32) {
        self.requests.close(handle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COPIED: &str = "curl 'https://id.idmp.taosdata.com/api/v1/permissions/menus' \
        -H 'Authorization: Bearer planted-a' -H 'Access-token: planted-b'";

    fn server(address: &str) -> ServerUrl {
        ServerUrl::parse(address, false).unwrap()
    }

    #[test]
    fn tokens_are_for_the_server_that_their_request_went_to() {
        let pasted = Pasted::default();
        let view = pasted.take_in(&COPIED.to_owned().into()).unwrap();
        let home = server("https://id.idmp.taosdata.com/");
        assert!(pasted.tokens(view.handle, &home).is_ok());
        let elsewhere = server("https://id.idmp.taosdata.com.example.org/");
        let refused = pasted.tokens(view.handle, &elsewhere).unwrap_err();
        assert_eq!(refused.code, ErrorCode::PasteOtherHost);
        assert!(!format!("{refused:?}").contains("planted"));
        let gone = pasted.tokens(view.handle, &home).unwrap_err();
        assert_eq!(gone.code, ErrorCode::PasteNotUnderstood, "it was forgotten");
    }
}
