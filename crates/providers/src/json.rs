//! JSON out of answers, read tolerantly: names in any style, numbers as text, times in every
//! usual writing.
//!
//! Not here: envelopes, and what the fields mean (each kind of server).

use std::collections::BTreeMap;

use keydesk_core::time::Timestamp;
use serde_json::Value;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{OffsetDateTime, PrimitiveDateTime};
use zeroize::Zeroize;

/// The names under which the rows of a list occur.
pub(crate) const ROWS: [&str; 6] = ["rows", "records", "items", "list", "data", "content"];
/// How deep fields are renamed: an envelope, a page, its rows, and one more.
const RENAMED_DEPTH: usize = 5;

/// A JSON value out of an answer, which may hold a secret; wiped when dropped. Not `Debug`.
pub(crate) struct Json(Value);

impl Json {
    /// Reads a body; an empty one is `null`. `None` where it is no JSON.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Some(Self(Value::Null));
        }
        // Deeper than 128 levels, serde_json refuses.
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        serde_json::from_slice(body).ok().map(Self)
    }

    pub(crate) fn whole(&self) -> &Value {
        &self.0
    }

    /// Gives the server's names of fields back our own, where `fields` (ours → the server's) has
    /// them and no field of our name is there.
    pub(crate) fn rename(&mut self, fields: &BTreeMap<String, String>) {
        if !fields.is_empty() {
            rename(&mut self.0, fields, RENAMED_DEPTH);
        }
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn rename(value: &mut Value, fields: &BTreeMap<String, String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rename(item, fields, depth)),
        Value::Object(object) => {
            for (ours, theirs) in fields {
                if !object.contains_key(ours)
                    && let Some(value) = object.remove(theirs)
                {
                    object.insert(ours.clone(), value);
                }
            }
            object
                .values_mut()
                .for_each(|value| rename(value, fields, depth));
        }
        _ => {}
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

/// The first field of these names that has a value.
pub(crate) fn field<'v>(object: &'v Value, names: &[&str]) -> Option<&'v Value> {
    let object = object.as_object()?;
    names
        .iter()
        .filter_map(|name| {
            object.get(*name).or_else(|| {
                let mut others = object.iter();
                others
                    .find(|(other, _)| same_name(other, name))
                    .map(|(_, value)| value)
            })
        })
        .find(|value| !value.is_null())
}

/// The rows of a list: bare, or in an object under one of the usual names.
pub(crate) fn rows(value: &Value) -> Option<&[Value]> {
    if let Value::Array(rows) = value {
        return Some(rows);
    }
    let list = |name: &&str| field(value, &[name])?.as_array();
    ROWS.iter().find_map(list).map(Vec::as_slice)
}

/// Whether two names differ in their style only: `expire_time`, `expireTime`, `Expire-Time`.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_lowercase())
}

/// A field as text; a number is text as well.
pub(crate) fn text(object: &Value, names: &[&str]) -> Option<String> {
    match field(object, names)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, also where it was written as text.
pub(crate) fn number(value: &Value) -> Option<i64> {
    match value {
        #[allow(clippy::cast_possible_truncation)] // saturates, and a fraction is noise
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|float| float as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A point in time: Unix milliseconds as number or text, RFC 3339, or a date and time without a
/// zone, which means UTC.
pub(crate) fn instant(value: &Value) -> Option<Timestamp> {
    if let Some(milliseconds) = number(value) {
        return Some(Timestamp(milliseconds));
    }
    let text = value.as_str()?.trim();
    let at = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| {
        let local = PrimitiveDateTime::parse(&text.replacen(' ', "T", 1), &Iso8601::PARSING);
        Some(local.ok()?.assume_utc())
    })?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000)
        .ok()
        .map(Timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_json_is_nothing() {
        for body in [&b"<html>"[..], b"{\"a\":", b"\xff\xfe", b"{} {}"] {
            assert!(Json::read(body).is_none());
        }
        assert!(
            Json::read("[".repeat(100_000).as_bytes()).is_none(),
            "too deep"
        );
        assert_eq!(Json::read(b" \n").unwrap().whole(), &Value::Null);
    }

    #[test]
    fn fields_get_our_names_back_where_they_are_free() {
        let fields = BTreeMap::from([("title".to_owned(), "label".to_owned())]);
        let mut json = Json::read(
            br#"{"data":{"rows":[{"label":"a"},{"label":"b","title":"c"}]},"label":null}"#,
        )
        .unwrap();
        json.rename(&fields);
        assert_eq!(
            json.whole(),
            &json!({"data": {"rows": [{"title": "a"}, {"label": "b", "title": "c"}]},
                "title": null})
        );
    }
}
