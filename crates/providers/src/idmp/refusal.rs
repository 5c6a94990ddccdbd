//! What a server says when it says no: its status, its code, its sentence and its field, out of
//! whichever shape it used.
//!
//! Not here: what that means for the operation at hand (`errors`).

use serde_json::Value;

use super::envelope::Payload;
use crate::http::Answer;
use crate::json::{field, text};

/// A refusal.
pub(super) struct Refusal {
    /// The status, or the envelope's code where that is one.
    pub(super) status: u16,
    /// The server's sentence, raw.
    pub(super) sentence: Option<String>,
    /// The field that it is about: lower-case letters and digits only.
    pub(super) field: String,
    /// Codes and sentence in lower case, to look for words in.
    pub(super) words: String,
    /// Whether it came as JSON, so from the application and not from a gateway before it.
    pub(super) is_json: bool,
}

impl Refusal {
    /// The refusal in an answer; `None` where the server said yes.
    pub(super) fn read(answer: &Answer, payload: Option<&Payload>) -> Option<Self> {
        let code = payload.and_then(Payload::code);
        let said_no = match code {
            Some(code) => !matches!(code, 0 | 200),
            None => payload.is_some_and(|payload| {
                field(payload.whole(), &["success"]) == Some(&Value::Bool(false))
            }),
        };
        if answer.is_success() && !said_no {
            return None;
        }
        let status = code
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| (400..600).contains(code))
            .unwrap_or(if answer.is_success() {
                400
            } else {
                answer.status
            });
        let body = payload.map_or(&Value::Null, Payload::whole);
        let said = told(body);
        let words = [
            said.key.as_deref(),
            said.sentence.as_deref(),
            said.field.as_deref(),
        ];
        Some(Self {
            status,
            words: words
                .map(Option::unwrap_or_default)
                .join(" ")
                .to_lowercase(),
            sentence: said.sentence,
            field: letters(&said.field.unwrap_or_default()),
            is_json: body.is_object(),
        })
    }

    /// Whether code or sentence hold one of these words.
    pub(super) fn mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(word))
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zeroize::Zeroizing;

    use super::*;

    fn read(status: u16, body: &Value) -> Option<Refusal> {
        let body = body.to_string().into_bytes();
        let payload = Payload::read(&body);
        let answer = Answer {
            status,
            media_type: "application/json".to_owned(),
            challenges: String::new(),
            entity_tag: None,
            retry_after: None,
            body: Zeroizing::new(body),
        };
        Refusal::read(&answer, payload.as_ref())
    }

    #[test]
    fn a_code_in_the_envelope_is_a_refusal_whatever_the_status() {
        assert_eq!(
            read(200, &json!({"code": 401, "message": "no"}))
                .unwrap()
                .status,
            401
        );
        assert_eq!(
            read(200, &json!({"code": 10021, "message": "no"}))
                .unwrap()
                .status,
            400
        );
        assert_eq!(
            read(500, &json!({"code": 404, "message": "no"}))
                .unwrap()
                .status,
            404
        );
        assert_eq!(
            read(200, &json!({"success": false, "message": "no"}))
                .unwrap()
                .status,
            400
        );
        assert!(read(200, &json!({"code": 0, "message": "ok"})).is_none());
        assert!(read(204, &json!(null)).is_none());
        assert_eq!(
            read(403, &json!({"code": 0, "message": "?"}))
                .unwrap()
                .status,
            403
        );
    }

    #[test]
    fn field_and_sentence_are_found_in_every_usual_shape() {
        for body in [
            json!({"code": 400, "message": "Title exists", "field": "title"}),
            json!({"error": {"code": "TITLE_TAKEN", "message": "Title exists", "field": "title"}}),
            json!({"title": "Constraint Violation", "status": 400,
                "violations": [{"field": "create.request.title", "message": "Title exists"}]}),
            json!({"type": "about:blank", "detail": "x",
                "errors": [{"path": "/title", "message": "Title exists"}]}),
        ] {
            let refusal = read(400, &body).unwrap();
            assert_eq!(refusal.field, "title", "{body}");
            assert_eq!(refusal.sentence.as_deref(), Some("Title exists"), "{body}");
            assert!(refusal.mentions(&["exists"]));
        }
        assert_eq!(
            read(400, &json!({"error": "invalid_grant"}))
                .unwrap()
                .sentence
                .as_deref(),
            Some("invalid_grant")
        );
    }
}
