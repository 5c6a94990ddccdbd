//! Whatever a server sends, reading it ends in a value or in nothing, never in a panic.

use keydesk_core::credential::Credential;
use keydesk_core::instance::{Instance, ServerKind, SignInMethod};
use keydesk_core::server_url::ServerUrl;
use keydesk_vault::SecretString;
use proptest::prelude::*;
use serde_json::{Map, Value};
use url::Url;
use zeroize::Zeroizing;

use super::keys::KeyPlace;
use super::lists::Part;
use super::operations::Name;
use super::problem::Context;
use super::wire::Persona;
use super::{capabilities, security_wire, wire};
use crate::http::{Answer, Scrubber};
use crate::json::Json;
use crate::operations::Operations;

fn operations() -> Operations<Name> {
    let url = ServerUrl::parse("https://keydesk.example", false).unwrap();
    let instance = Instance::new(ServerKind::Keydesk, url, SignInMethod::Password);
    Operations::new(&instance).unwrap()
}

/// Everything that reads an answer.
fn read_in_every_way(operations: &Operations<Name>, status: u16, body: Vec<u8>) {
    let json = Json::read(&body);
    let answer = Answer {
        status,
        media_type: "application/json".to_owned(),
        challenges: String::new(),
        entity_tag: None,
        retry_after: None,
        body: Zeroizing::new(body),
    };
    let value = json.as_ref().map_or(&Value::Null, Json::whole);
    let credential = Credential::Session(SecretString::from("a-token".to_owned()));
    for name in [Name::SignIn, Name::UploadAvatar, Name::CreateUser] {
        let context = Context {
            operation: operations.get(name),
            method: Some(SignInMethod::Password),
            server: "keydesk.example".to_owned(),
            scrubber: Scrubber::new(Some(&credential), &[]),
        };
        for error in [
            context.refused(value, &answer),
            context.unexpected(&answer, "x"),
        ] {
            assert!(
                error
                    .detail
                    .is_some_and(|detail| detail.chars().count() < 400)
            );
        }
    }
    let trial = Url::parse("https://keydesk.example/").unwrap();
    for persona in [Persona::Organization, Persona::Admin] {
        let _ = capabilities::capabilities(value, persona, operations, &trial);
    }
    let _ = wire::persona(value);
    let _ = wire::signed_in(value);
    let _ = wire::profile(value);
    let _ = wire::metrics(value);
    let _ = security_wire::second_factor(value);
    let _ = security_wire::enrolment(value);
    let _ = security_wire::recovery_codes(value);
    let place = KeyPlace::Of("acme");
    if let Some(details) = wire::details(value, &place) {
        assert!(details.key.masked.chars().count() <= 64);
    }
    let _ = Part::read(value, |item| wire::api_key(item, &place));
    let _ = Part::read(value, security_wire::session);
    let _ = Part::read(value, security_wire::security_event);
    let _ = Part::read(value, wire::organization);
    let _ = security_wire::consequences(value);
    let _ = Part::read(value, wire::user);
}

/// Names that mean something, and some that do not.
fn name() -> impl Strategy<Value = String> {
    let known = [
        "items",
        "next",
        "total",
        "id",
        "name",
        "email",
        "roles",
        "status",
        "prefix",
        "suffix",
        "createdAt",
        "expiresAt",
        "usage",
        "day",
        "calls",
        "value",
        "token",
        "type",
        "detail",
        "errors",
        "pointer",
        "code",
        "account",
        "apiKeys",
        "fields",
        "policy",
        "rule",
        "characters",
        "allowed",
        "reason",
        "scopes",
        "users",
        "recoveryCodes",
        "uri",
        "secret",
        "enabled",
        "event",
        "at",
        "text",
        "count",
        "active",
        "expired",
        "callsToday",
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
        ".{0,24}".prop_map(Value::from),
        "urn:keydesk:problem:[a-z-]{0,20}".prop_map(Value::from),
        prop::sample::select(
            &[
                "urn:keydesk:problem:invalid-input",
                "/newPassword",
                "/",
                "policy",
                "fixed"
            ][..]
        )
        .prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{0,12}(Z|[+-][0-9]{2}:[0-9]{2})?".prop_map(Value::from),
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
        read_in_every_way(&operations(), status, value.to_string().into_bytes());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(
        status in 200..600_u16,
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        read_in_every_way(&operations(), status, body);
    }
}
