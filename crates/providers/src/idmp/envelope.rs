//! The wrappings in which an IDMP server hands out its answers, and taking them off.
//!
//! A bare value, `{"code":0,"message","data"}` and `{"code":200,"message":"success"}` all occur;
//! a code other than 0 or 200 is a refusal whatever the status says (see `refusal`).

use serde_json::{Map, Value};
use zeroize::Zeroize;

/// A JSON value out of an answer, which may hold a token; wiped when dropped. Not `Debug`.
pub(super) struct Payload(Value);

impl Payload {
    /// Reads a body; an empty one is `null`. `None` where it is no JSON.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Some(Self(Value::Null));
        }
        // Deeper than 128 levels, serde_json refuses.
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        serde_json::from_slice(body).ok().map(Self)
    }

    /// The code of the envelope, where there is one.
    pub(super) fn code(&self) -> Option<i64> {
        let object = self.0.as_object()?;
        is_envelope(object).then(|| object.get("code").and_then(number))?
    }

    /// The whole of it, wrapping included.
    pub(super) fn whole(&self) -> &Value {
        &self.0
    }

    /// What is inside: `data` where there is an envelope with one, else everything.
    pub(super) fn inside(&self) -> &Value {
        match &self.0 {
            Value::Object(object) if is_envelope(object) => object.get("data").unwrap_or(&self.0),
            // Some answers wrap without a code.
            Value::Object(object) if object.len() == 1 && object.contains_key("data") => {
                object.get("data").unwrap_or(&self.0)
            }
            bare => bare,
        }
    }
}

impl Drop for Payload {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Whether an object is an envelope and not a thing that happens to have a code.
fn is_envelope(object: &Map<String, Value>) -> bool {
    object.get("code").and_then(number).is_some()
        && (object.len() == 1
            || ["data", "message", "msg", "success"]
                .iter()
                .any(|name| object.contains_key(*name)))
}

/// A whole number, also where it was written as text.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        #[allow(clippy::cast_possible_truncation)] // saturates, and a fraction is noise
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|float| float as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
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

    #[test]
    fn what_is_no_json_is_nothing() {
        for body in [&b"<html>"[..], b"{\"a\":", b"\xff\xfe", b"{} {}"] {
            assert!(Payload::read(body).is_none());
        }
        assert!(
            Payload::read("[".repeat(100_000).as_bytes()).is_none(),
            "too deep"
        );
        assert_eq!(Payload::read(b" \n").unwrap().whole(), &Value::Null);
    }
}
