//! The wrappings in which an IDMP server hands out its answers, and taking them off.
//!
//! A bare value, `{"code":0,"message","data"}` and `{"code":200,"message":"success"}` all occur;
//! a code other than 0 or 200 is a refusal whatever the status says (see `refusal`).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::{Json, field, number};

/// The JSON of an answer. Not `Debug`: there may be a token in it.
pub(super) struct Payload(Json);

impl Payload {
    /// Reads a body; an empty one is `null`. `None` where it is no JSON.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        Json::read(body).map(Self)
    }

    /// [`Self::read`], with the server's names of fields turned into ours.
    pub(super) fn renamed(body: &[u8], fields: &BTreeMap<String, String>) -> Option<Self> {
        let mut json = Json::read(body)?;
        json.rename(fields);
        Some(Self(json))
    }

    /// The code of the envelope, where there is one.
    pub(super) fn code(&self) -> Option<i64> {
        let whole = self.whole();
        is_envelope(whole).then(|| whole.get("code").and_then(number))?
    }

    /// The whole of it, wrapping included.
    pub(super) fn whole(&self) -> &Value {
        self.0.whole()
    }

    /// What is inside: `data` where there is an envelope with one, else everything.
    pub(super) fn inside(&self) -> &Value {
        let whole = self.whole();
        match whole {
            Value::Object(object) if is_envelope(whole) => object.get("data").unwrap_or(whole),
            // Some answers wrap without a code.
            Value::Object(object) if is_wrapping(object) => object.get("data").unwrap_or(whole),
            bare => bare,
        }
    }
}

/// Whether an object is nothing but `data` and words about it.
fn is_wrapping(object: &Map<String, Value>) -> bool {
    let words = ["data", "message", "msg", "success", "status", "timestamp"];
    object.contains_key("data") && object.keys().all(|name| words.contains(&name.as_str()))
}

/// Whether this is an envelope, and not a thing that happens to have a code: that has an id of its
/// own, or is a person with an email. Where neither is there, a code is never passed over: most
/// changes have nothing else by which they say no.
fn is_envelope(whole: &Value) -> bool {
    let words = ["data", "message", "msg", "success"];
    whole.get("code").and_then(number).is_some()
        && (words.iter().any(|word| whole.get(word).is_some())
            || field(whole, &["id", "user_id", "key_id", "email"]).is_none())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn payload(value: &Value) -> Payload {
        Payload::read(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn every_wrapping_holds_the_same() {
        let user = json!({"id": 7, "code": "K-7", "email": "a@b.example"});
        for wrapped in [
            user.clone(),
            json!({"code": 0, "message": "ok", "data": user}),
            json!({"code": 200, "message": "success", "data": user}),
            json!({"code": "200", "msg": "success", "data": user}),
            json!({"data": user}),
            json!({"success": true, "message": null, "data": user}),
        ] {
            assert_eq!(payload(&wrapped).inside(), &user, "{wrapped}");
        }
    }

    #[test]
    fn a_thing_with_a_code_is_no_envelope() {
        for thing in [
            json!({"id": 1, "code": 500, "title": "x"}),
            json!({"keyId": "7f", "code": 500, "error": null}),
            json!({"email": "a@b.example", "code": 500, "detail": "x"}),
        ] {
            assert_eq!(payload(&thing).code(), None, "{thing}");
            assert_eq!(payload(&thing).inside(), &thing);
        }
    }

    #[test]
    fn a_code_with_whatever_words_is_an_envelope() {
        for said in [
            json!({"code": 403}),
            json!({"code": 403, "error": "Forbidden"}),
            json!({"code": "403", "detail": "x", "title": "Forbidden"}),
            json!({"code": 403, "reason": "x", "request_id": "r1"}),
            json!({"code": 403, "status": "FAIL", "timestamp": 1, "path": "/x"}),
            json!({"id": 1, "code": 403, "message": "no"}),
        ] {
            assert_eq!(payload(&said).code(), Some(403), "{said}");
        }
        assert_eq!(
            payload(&json!({"code": 0, "data": null})).inside(),
            &Value::Null
        );
    }
}
