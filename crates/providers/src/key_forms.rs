//! How a key is handed on: the value, a header, a variable, a command that tries it.
//!
//! Not here: the value itself, which stands for `{key}` and is filled in when it is copied.

use keydesk_core::capabilities::{KeyForm, KeyFormKind};
use url::Url;

/// The letters of a bearer token (RFC 6750). Nothing among them means anything to a shell, into
/// which keys are pasted.
pub(crate) fn is_bearer(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

/// The forms of a kind of server. What a key may hold means nothing to a shell (each kind reads it
/// so), and what an address may hold is escaped here.
pub(crate) struct KeyForms<'a> {
    /// The header that carries a key.
    pub(crate) header: &'a str,
    /// More headers of the command, each in quotes and with a blank before it.
    pub(crate) more: &'a str,
    /// The line that sets a variable.
    pub(crate) environment: &'a str,
    /// What a key can be tried at.
    pub(crate) trial: &'a Url,
}

impl KeyForms<'_> {
    pub(crate) fn all(self) -> Vec<KeyForm> {
        // Double quotes serve every shell; what would still mean something inside them is escaped.
        let mut address = self.trial.as_str().to_owned();
        for (character, escaped) in [("$", "%24"), ("`", "%60"), ("!", "%21"), ("\"", "%22")] {
            address = address.replace(character, escaped);
        }
        let (header, more) = (self.header, self.more);
        [
            (KeyFormKind::Value, "{key}".to_owned()),
            (KeyFormKind::Header, header.to_owned()),
            (KeyFormKind::Environment, self.environment.to_owned()),
            (
                KeyFormKind::Curl,
                format!(r#"curl -H "{header}"{more} "{address}""#),
            ),
        ]
        .map(|(kind, template)| KeyForm { kind, template })
        .to_vec()
    }
}
