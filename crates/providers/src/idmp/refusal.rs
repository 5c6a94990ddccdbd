//! When an answer of an IDMP server is a refusal: by its status, or by the code in its envelope.

use serde_json::Value;

use super::envelope::Payload;
use crate::http::Answer;
use crate::json::field;
use crate::refusal::Refusal;

/// The refusal in an answer; `None` where the server said yes.
pub(super) fn read(answer: &Answer, payload: Option<&Payload>) -> Option<Refusal> {
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
    Some(Refusal::new(status, body))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zeroize::Zeroizing;

    use super::*;

    fn refusal(status: u16, body: &Value) -> Option<Refusal> {
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
        read(&answer, payload.as_ref())
    }

    #[test]
    fn a_code_in_the_envelope_is_a_refusal_whatever_the_status() {
        assert_eq!(
            refusal(200, &json!({"code": 401, "message": "no"}))
                .unwrap()
                .status,
            401
        );
        assert_eq!(
            refusal(200, &json!({"code": 10021, "message": "no"}))
                .unwrap()
                .status,
            400
        );
        assert_eq!(
            refusal(500, &json!({"code": 404, "message": "no"}))
                .unwrap()
                .status,
            404
        );
        assert_eq!(
            refusal(200, &json!({"success": false, "message": "no"}))
                .unwrap()
                .status,
            400
        );
        assert!(refusal(200, &json!({"code": 0, "message": "ok"})).is_none());
        assert!(refusal(204, &json!(null)).is_none());
        assert_eq!(
            refusal(403, &json!({"code": 0, "message": "?"}))
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
            let refusal = refusal(400, &body).unwrap();
            assert_eq!(refusal.field, "title", "{body}");
            assert_eq!(refusal.sentence.as_deref(), Some("Title exists"), "{body}");
            assert!(refusal.mentions(&["exists"]));
        }
        assert_eq!(
            refusal(400, &json!({"error": "invalid_grant"}))
                .unwrap()
                .sentence
                .as_deref(),
            Some("invalid_grant")
        );
    }
}
