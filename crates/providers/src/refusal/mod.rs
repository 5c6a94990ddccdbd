//! What a server says when it says no, and what that means wherever it is said.
//!
//! Not here: what only one kind of server or one operation can mean by it.

mod context;

use keydesk_core::api_key::{ApiKey, ApiKeyId};
use keydesk_core::{Error, ErrorCode, Result};
use serde_json::Value;

pub(crate) use self::context::Context;
use crate::json::{field, text};

/// A refusal.
pub(crate) struct Refusal {
    /// The status, or the envelope's code where that is one.
    pub(crate) status: u16,
    /// The server's sentence, raw.
    pub(crate) sentence: Option<String>,
    /// The field that it is about: lower-case letters and digits only.
    pub(crate) field: String,
    /// Codes and sentence in lower case, to look for words in.
    pub(crate) words: String,
    /// Whether it came as JSON, so from the application and not from a gateway before it.
    pub(crate) is_json: bool,
}

impl Refusal {
    /// The refusal in a body, in whichever shape it came.
    pub(crate) fn new(status: u16, body: &Value) -> Self {
        let said = told(body);
        let words = [
            said.key.as_deref(),
            said.sentence.as_deref(),
            said.field.as_deref(),
        ];
        Self {
            status,
            words: words
                .map(Option::unwrap_or_default)
                .join(" ")
                .to_lowercase(),
            sentence: said.sentence,
            field: letters(&said.field.unwrap_or_default()),
            is_json: body.is_object(),
        }
    }

    /// Whether code or sentence hold one of these words.
    pub(crate) fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(word))
    }
}

/// What "not there" means for a key that was to be deleted. "Gone" and "no such operation" look
/// the same; only the list tells them apart, and a key that is believed dead and is not is the
/// worst outcome.
///
/// # Errors
/// `NotSupported` where the key is still among those that are left.
pub(crate) fn gone(refused: Error, id: &ApiKeyId, left: &[ApiKey]) -> Result<()> {
    if left.iter().any(|key| key.id == *id) {
        return Err(Error {
            code: ErrorCode::NotSupported,
            ..refused
        });
    }
    Ok(())
}

/// What a body tells.
#[derive(Default)]
struct Told {
    key: Option<String>,
    sentence: Option<String>,
    field: Option<String>,
}

/// Reads the usual shapes: flat, under `error`, a list of violations, problem details.
fn told(body: &Value) -> Told {
    let nested = ["error", "data"]
        .iter()
        .find_map(|name| field(body, &[name]).filter(|value| value.is_object()));
    let listed = [
        "errors",
        "violations",
        "parameter_violations",
        "field_errors",
    ]
    .iter()
    .find_map(|name| field(body, &[name])?.as_array()?.first());
    let sources = [listed, nested, Some(body)];
    let mut said = Told::default();
    for source in sources.into_iter().flatten() {
        let one = |names: &[&str]| text(source, names).filter(|text| !text.trim().is_empty());
        said.key = said
            .key
            .or_else(|| one(&["error_code", "error", "code", "type"]));
        said.sentence = said.sentence.or_else(|| {
            one(&[
                "message",
                "msg",
                "error_message",
                "error_description",
                "detail",
                "title",
            ])
        });
        // Validators name the way to a field: `create.request.title`.
        said.field = said.field.or_else(|| {
            let path = one(&["field", "param", "path", "property"])?;
            path.rsplit(['.', '/']).next().map(str::to_owned)
        });
    }
    if said.sentence.is_none() {
        said.sentence = text(body, &["error"]);
    }
    said
}

fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
