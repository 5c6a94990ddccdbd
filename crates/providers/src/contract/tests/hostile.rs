//! Descriptions that mean harm, or nothing at all.

use std::time::{Duration, Instant};

use keydesk_core::contract::Finding;
use proptest::prelude::*;
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{compared, instance};
use crate::operations::{is_alike, parameters, parse};

/// Our own requests, to see that a finding keeps their sort.
fn own(label: &str) -> (Method, String) {
    let provider = crate::build(
        &instance("https://a.example"),
        crate::ProviderOptions::default(),
    );
    let rows = provider.unwrap().operations();
    let row = rows.into_iter().find(|row| row.name == label).unwrap();
    let (method, path) = row.request.split_once(' ').unwrap();
    (method.parse().unwrap(), path.to_owned())
}

fn description(paths: &Value) -> String {
    let mut paths = paths.clone();
    paths["/api/v1/users/logout"] = json!({"post": {}});
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths,
    "components": {"schemas": {
        "Round": {"$ref": "#/components/schemas/About"},
        "About": {"allOf": [{"$ref": "#/components/schemas/Round"}]},
        "Self": {"$ref": "#/components/schemas/Self"},
        "Wide": {"allOf": vec![json!({"$ref": "#/components/schemas/Wide"}); 400],
            "properties": {"id": {}}},
        "Keys": {"type": "array", "items": {"properties": {"id": {"type": "integer"},
            "title": {"type": "string"}, "expireTime": {"type": "integer"}}}},
    }}})
    .to_string()
}

#[test]
fn references_that_go_round_come_to_an_end() {
    for name in [
        "Round",
        "Self",
        "Wide",
        "Nowhere",
        "Keys/items/properties/id",
    ] {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let answer = json!({"200": {"content": {"application/json": {"schema": schema}}}});
        let body = json!({"content": {"application/json": {"schema": schema}}});
        let operation = json!({"requestBody": body, "responses": answer});
        let description = description(&json!({
            "/api/v2/api-keys": {"get": operation, "post": operation},
            "/api/v1/users": {"put": operation},
        }));
        let started = Instant::now();
        compared(&instance("https://a.example"), &description).unwrap();
        assert!(started.elapsed() < Duration::from_secs(5), "{name}");
    }
}

#[test]
fn a_reference_out_of_the_document_is_not_followed() {
    let schema = json!({"$ref": "https://evil.example/schema.json#/x"});
    let answer = json!({"200": {"content": {"application/json": {"schema": schema}}}});
    let description = description(&json!({"/api/v1/users": {"get": {"responses": answer}}}));
    let learnt = compared(&instance("https://a.example"), &description).unwrap();
    assert_eq!(learnt.findings["current-user"], Finding::Confirmed);
}

#[test]
fn no_description_leads_a_request_elsewhere_or_makes_it_do_harm() {
    let answer = json!({"200": {"content": {"application/json":
        {"schema": {"$ref": "#/components/schemas/Keys"}}}}});
    let list = json!({"operationId": "listApiKeys", "tags": ["api keys"], "responses": answer});
    let password = json!({"operationId": "changePassword", "parameters": [
        {"in": "query", "name": "oldPassword", "required": true},
        {"in": "query", "name": "newPassword", "required": true}]});
    for paths in [
        json!({"https://evil.example/api-keys": {"get": list}}),
        json!({"//evil.example/api-keys": {"get": list}}),
        json!({"/@evil.example/../../api-keys": {"get": list}}),
        json!({"/%2e%2e/%2e%2e/api-keys": {"get": list}}),
        json!({"/api-keys?delete=all": {"get": list}}),
        json!({"/api-keys#x": {"get": list}}),
        json!({"/api-keys": {"delete": list, "post": list}}),
        json!({"/api-keys/delete": {"get": list}}),
        json!({"/api-keys/revoke-all": {"get": list}}),
        json!({"/users/me/password": {"put": password, "get": password}}),
    ] {
        let learnt = compared(&instance("https://a.example"), &description(&paths)).unwrap();
        assert_eq!(learnt.findings["list-keys"], Finding::Missing, "{paths}");
        assert_eq!(
            learnt.findings["change-password"],
            Finding::Missing,
            "{paths}"
        );
    }
    // Another origin gives its path away and nothing else.
    let elsewhere = json!({"/api-keys": {"servers": [{"url": "https://evil.example/x"}],
        "get": list}});
    let learnt = compared(&instance("https://a.example"), &description(&elsewhere)).unwrap();
    let Finding::FoundElsewhere { request, .. } = &learnt.findings["list-keys"] else {
        panic!("{:?}", learnt.findings);
    };
    assert_eq!(request, "GET /x/api-keys");
}

#[test]
fn many_operations_are_read_in_a_moment() {
    let one = json!({"operationId": "listApiKeys", "parameters": [{"in": "query", "name": "a"}]});
    let paths: Map<String, Value> = (0..30_000)
        .map(|number| (format!("/api/v{number}/api-keys"), json!({"get": one})))
        .collect();
    let description = description(&Value::Object(paths));
    let started = Instant::now();
    let learnt = compared(&instance("https://a.example"), &description).unwrap();
    assert_eq!(learnt.findings["list-keys"], Finding::Missing);
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}

fn word() -> impl Strategy<Value = String> {
    let words = [
        "openapi",
        "swagger",
        "paths",
        "get",
        "post",
        "put",
        "delete",
        "parameters",
        "schema",
        "requestBody",
        "content",
        "application/json",
        "multipart/form-data",
        "responses",
        "200",
        "properties",
        "type",
        "items",
        "allOf",
        "oneOf",
        "$ref",
        "required",
        "servers",
        "url",
        "in",
        "name",
        "query",
        "body",
        "operationId",
        "tags",
        "basePath",
        "title",
        "password",
        "id",
        "expires_at",
        "token",
        "data",
        "email",
        "login_name",
        "username",
    ];
    prop_oneof![6 => prop::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn path() -> impl Strategy<Value = String> {
    let segments = [
        "api", "v1", "users", "me", "api-keys", "tokens", "{id}", "{x}", "value", "login",
        "password", "avatar", "..", "", "a b", "%2e%2e", "@current", "admin",
    ];
    prop::collection::vec(prop::sample::select(segments.to_vec()), 0..6)
        .prop_map(|segments| format!("/{}", segments.join("/")))
}

fn value() -> impl Strategy<Value = Value> {
    let references = ["#", "#/paths", "#/components/schemas/A", "#/nowhere", "x"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word().prop_map(Value::from),
        path().prop_map(Value::from),
        prop::sample::select(references.to_vec()).prop_map(Value::from),
        prop::sample::select(vec!["string", "integer", "array", "object"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::vec((word(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn whatever_is_described_a_request_keeps_its_sort_and_its_place(
        paths in prop::collection::vec((path(), value()), 0..8),
        schemas in value(),
        base in path(),
    ) {
        let paths: Map<String, Value> = paths.into_iter().collect();
        let mut document = json!({"openapi": "3.1.0", "paths": paths,
            "components": {"schemas": schemas}, "servers": [{"url": base}]});
        document["paths"]["/api/v1/users/logout"] = json!({"post": {}});
        let Ok(learnt) = compared(&instance("https://a.example/base"), &document.to_string())
        else {
            return Ok(());
        };
        let mut requests = std::collections::HashSet::new();
        for (label, finding) in &learnt.findings {
            let Finding::FoundElsewhere { request, .. } = finding else {
                continue;
            };
            let (method, path) = own(label);
            let parsed = parse(request, &parameters(&path));
            prop_assert!(parsed.is_some(), "{label}: {request}");
            prop_assert!(is_alike(&parsed.unwrap().0, &method), "{label}: {request}");
            prop_assert!(requests.insert(request.clone()), "{request} twice");
        }
    }

    #[test]
    fn no_value_makes_it_panic(document in value()) {
        let _ = compared(&instance("https://a.example"), &document.to_string());
    }
}
