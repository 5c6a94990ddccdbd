//! The description that the server gives of itself.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::support::Server;

/// The contract's operations, as this dialect must have them.
const OPERATIONS: &[(&str, &str)] = &[
    ("get", "/q/health"),
    ("post", "/api/v1/users/login"),
    ("post", "/api/v1/users/logout"),
    ("post", "/api/v1/users/password-reset-email"),
    ("post", "/api/v1/users/send/verifycode"),
    ("get", "/api/v1/permissions/menus"),
    ("get", "/api/v1/users"),
    ("put", "/api/v1/users"),
    ("get", "/api/v1/users/page"),
    ("get", "/api/v1/users/avatar"),
    ("post", "/api/v1/users/avatar"),
    ("put", "/api/v1/users/password"),
    ("get", "/api/v1/users/api-keys"),
    ("post", "/api/v1/users/api-keys"),
    ("put", "/api/v1/users/api-keys/{id}"),
    ("delete", "/api/v1/users/api-keys/{id}"),
    ("get", "/api/v1/users/api-keys/{id}/value"),
];

async fn document(server: &Server) -> Value {
    let answer = server
        .send(server.request(Method::GET, "/q/openapi?format=json"))
        .await;
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

#[tokio::test]
async fn it_lists_every_operation_of_the_contract_and_no_other() {
    let server = Server::start().await;
    let document = document(&server).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut listed = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(
                operation["summary"].is_string(),
                "{method} {path} says what it does"
            );
            assert!(operation["responses"]["200"].is_object());
            listed.insert((method.clone(), path.clone()));
        }
    }
    let expected = OPERATIONS
        .iter()
        .map(|(method, path)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let server = Server::start().await;
    let document = document(&server).await;
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 30);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (name, entry) in entries {
                match entry {
                    Value::String(text) if name == "$ref" => references.push(text.clone()),
                    entry => collect(entry, references),
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, references)),
        _ => {}
    }
}

#[tokio::test]
async fn bodies_and_credentials_are_described() {
    let server = Server::start().await;
    let document = document(&server).await;
    for (method, path) in OPERATIONS {
        let operation = &document["paths"][path][method];
        let has_body = matches!(*method, "post" | "put") && *path != "/api/v1/users/logout";
        assert_eq!(
            operation["requestBody"].is_object(),
            has_body,
            "{method} {path}"
        );
    }
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["bearer"]["scheme"], "bearer");
    assert_eq!(schemes["access_token"]["name"], "Access-token");
    let new = &document["components"]["schemas"]["PasswordRequest"]["properties"]["new_password"];
    assert_eq!(new["minLength"], keydesk_server::PASSWORD_MIN_CHARS);
}

#[tokio::test]
async fn it_is_yaml_unless_json_is_asked_for() {
    let server = Server::start().await;
    let answer = server.send(server.request(Method::GET, "/q/openapi")).await;
    assert_eq!(
        answer.header("content-type"),
        "application/yaml;charset=UTF-8"
    );
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.starts_with("openapi: 3.1"));
    for (_, path) in OPERATIONS {
        assert!(text.contains(&format!("  {path}:")), "{path}");
    }
}
