//! Whatever a server sends, reading it ends in a value or in nothing, never in a panic.

use keydesk_core::token;
use proptest::prelude::*;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::envelope::Payload;
use super::{avatar, refusal, session, wire};
use crate::http::Answer;

/// Everything that reads an answer.
fn read_in_every_way(status: u16, body: Vec<u8>) {
    let payload = Payload::read(&body);
    let answer = Answer {
        status,
        media_type: "application/json".to_owned(),
        challenges: String::new(),
        entity_tag: None,
        retry_after: None,
        body: Zeroizing::new(body),
    };
    let _ = refusal::read(&answer, payload.as_ref());
    let _ = avatar::read(&answer, payload.as_ref());
    let Some(payload) = payload else {
        return;
    };
    let inside = payload.inside();
    let _ = wire::profile(inside);
    let _ = session::token(inside).map(|token| token::expires_at(&token));
    let value = wire::key_value(inside);
    let _ = value.as_ref().and_then(wire::id_in_value);
    let rows = wire::Page::read(inside).map_or(&[][..], |page| page.rows);
    for row in rows.iter().chain([inside]) {
        if let Some(key) = wire::api_key(row) {
            assert!(!key.id.0.is_empty());
            assert!(key.masked.chars().count() <= 128);
        }
    }
}

/// Names that mean something, and some that do not.
fn name() -> impl Strategy<Value = String> {
    let known = [
        "code",
        "data",
        "message",
        "success",
        "rows",
        "records",
        "total",
        "id",
        "title",
        "api_key",
        "apiKey",
        "expire_time",
        "expireTime",
        "create_time",
        "email",
        "first_name",
        "login_type",
        "token",
        "error",
        "errors",
        "violations",
        "field",
        "user",
        "avatar",
        "type",
        "isSystem",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(&[0, -1, 200, 401, 429][..]).prop_map(Value::from),
        ".{0,24}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{0,12}(Z|[+-][0-9]{2}:[0-9]{2})?"
            .prop_map(Value::from),
        "api_[a-z0-9]{0,8}\\.?[a-z0-9*]{0,24}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn any_json_is_read_without_a_panic(status in 200..600_u16, value in value()) {
        read_in_every_way(status, value.to_string().into_bytes());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(
        status in 200..600_u16,
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        read_in_every_way(status, body);
    }
}
