//! The wrappings in which an IDMP server hands out its answers, and taking them off.
//!
//! A bare value, `{"code":0,"message","data"}` and `{"code":200,"message":"success"}` all occur;
//! a code other than 0 or 200 is a refusal whatever the status says (see `refusal`).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::json::{Json, number};

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
        let object = self.whole().as_object()?;
        is_envelope(object).then(|| object.get("code").and_then(number))?
    }

    /// The whole of it, wrapping included.
    pub(super) fn whole(&self) -> &Value {
        self.0.whole()
    }

    /// What is inside: `data` where there is an envelope with one, else everything.
    pub(super) fn inside(&self) -> &Value {
        let whole = self.whole();
        match whole {
            Value::Object(object) if is_envelope(object) => object.get("data").unwrap_or(whole),
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

/// Whether an object is an envelope and not a thing that happens to have a code.
fn is_envelope(object: &Map<String, Value>) -> bool {
    object.get("code").and_then(number).is_some()
        && (object.len() == 1
            || ["data", "message", "msg", "success"]
                .iter()
                .any(|name| object.contains_key(*name)))
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
        let thing = payload(&json!({"id": 1, "code": 500, "title": "x"}));
        assert_eq!(thing.code(), None);
        assert_eq!(payload(&json!({"code": 401})).code(), Some(401));
        assert_eq!(
            payload(&json!({"code": 0, "data": null})).inside(),
            &Value::Null
        );
    }
}
