//! Reads what a browser copied of a request and keeps three things of it: the server's address,
//! `Authorization` and `Access-token`.
//!
//! Not here: judging the address (`server_url`), signing in (`session`). Cookies, bodies and
//! every other header are forgotten; what was held on the way is wiped.

mod curl;
mod found;
mod lines;
mod script;

use keydesk_vault::SecretString;
use zeroize::Zeroizing;

use self::found::Found;
use crate::{Error, ErrorCode, Result};

/// More text than this is no request that was copied.
const MAXIMUM_BYTES: usize = 1024 * 1024;

/// What was found in a pasted request.
#[derive(Debug)]
pub struct PastedRequest {
    /// The server's address: scheme, host, port and the path before `/api/`.
    pub address: Option<String>,
    /// The `Authorization` token, without the word `Bearer`.
    pub authorization: Option<SecretString>,
    /// The `Access-token` header's value.
    pub access_token: Option<SecretString>,
}

impl PastedRequest {
    /// Reads a request copied as cURL (for bash or for Windows), as fetch (for the browser or for
    /// Node.js), for PowerShell, as HTTP text, or as lines of headers. Of several requests the one
    /// that has most of what is looked for is taken.
    ///
    /// Fails with [`ErrorCode::PasteNotUnderstood`] when none of the three is in it.
    pub fn read(text: &SecretString) -> Result<Self> {
        let text = text.expose();
        if text.len() > MAXIMUM_BYTES {
            return Err(not_understood("the text is too long for a request"));
        }
        [
            curl::read,
            script::read_fetch,
            script::read_powershell,
            lines::read,
            script::read_object,
        ]
        .into_iter()
        .find_map(|read| best(read(text)))
        .map(Found::into_request)
        .ok_or_else(|| not_understood("neither an address nor a token was found"))
    }
}

/// Appends a character. Where the text has to move to a larger place, what stays behind is wiped.
fn push(text: &mut Zeroizing<String>, c: char) {
    if text.capacity() - text.len() < c.len_utf8() {
        let mut larger = Zeroizing::new(String::with_capacity(2 * text.len() + 64));
        larger.push_str(text);
        *text = larger;
    }
    text.push(c);
}

fn not_understood(label: &'static str) -> Error {
    Error::new(ErrorCode::PasteNotUnderstood, label)
}

/// The first of those that have most.
fn best(requests: Vec<Found>) -> Option<Found> {
    requests
        .into_iter()
        .rev() // `max_by_key` takes the last of equals
        .max_by_key(Found::count)
        .filter(|found| found.count() > 0)
}
