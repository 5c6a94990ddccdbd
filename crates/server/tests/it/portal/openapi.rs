//! The description that the portals give of themselves.

use reqwest::Method;
use serde_json::Value;

use crate::support::Server;

async fn document() -> Value {
    let server = Server::start().await;
    let answer = server
        .send(server.request(Method::GET, "/openapi.json"))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(move |(method, operation)| (method, path, operation))
        })
}

#[tokio::test]
async fn it_lists_the_operations_of_the_contract() {
    let document = document().await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["info"]["title"], "Keydesk portal");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    for (method, path) in [
        ("post", "/sessions"),
        ("get", "/sessions"),
        ("delete", "/sessions/current"),
        ("delete", "/sessions/{id}"),
        ("post", "/sessions/end-others"),
        ("get", "/account"),
        ("patch", "/account"),
        ("put", "/account/password"),
        ("get", "/account/avatar"),
        ("put", "/account/avatar"),
        ("delete", "/account/avatar"),
        ("get", "/account/deletion"),
        ("post", "/account/deletion"),
        ("get", "/account/second-factor"),
        ("post", "/account/second-factor"),
        ("put", "/account/second-factor"),
        ("post", "/account/second-factor/removal"),
        ("post", "/account/second-factor/recovery-codes"),
        ("get", "/account/security-log"),
        ("get", "/users"),
        ("post", "/users"),
        ("get", "/users/{id}"),
        ("patch", "/users/{id}"),
        ("delete", "/users/{id}"),
        ("put", "/users/{id}/password"),
        ("get", "/capabilities"),
        ("get", "/organizations"),
        ("get", "/organizations/{organization}/api-keys"),
        ("post", "/organizations/{organization}/api-keys"),
        ("get", "/organizations/{organization}/api-keys/{id}"),
        ("delete", "/organizations/{organization}/api-keys/{id}"),
        (
            "post",
            "/organizations/{organization}/api-keys/{id}/revocation",
        ),
        ("get", "/organizations/{organization}/api-key-metrics"),
        ("get", "/api-keys"),
        ("post", "/api-keys"),
        ("get", "/api-keys/{id}"),
        ("delete", "/api-keys/{id}"),
        ("post", "/api-keys/{id}/revocation"),
        ("get", "/api-key-metrics"),
    ] {
        let operation = &document["paths"][format!("/portal/v1{path}")][method];
        assert!(operation["summary"].is_string(), "{method} {path}");
    }
}

#[tokio::test]
async fn every_operation_says_how_it_refuses() {
    let document = document().await;
    let mut ids = Vec::new();
    for (method, path, operation) in operations(&document) {
        assert!(path.starts_with("/portal/v1/"), "{path}");
        ids.push(operation["operationId"].as_str().unwrap().to_owned());
        let responses = operation["responses"].as_object().unwrap();
        let mut expected = vec!["400", "401", "403", "408", "421", "500", "503", "507"];
        if operation["requestBody"].is_object() {
            expected.extend(["413", "415", "422"]);
        }
        if path.contains('{') {
            expected.push("404");
        }
        for status in expected {
            assert!(responses.contains_key(status), "{method} {path}: {status}");
        }
        for (status, response) in responses {
            assert!(response["description"].is_string());
            if status.as_str() >= "400" {
                let media_types: Vec<_> = response["content"].as_object().unwrap().keys().collect();
                assert_eq!(
                    media_types,
                    ["application/problem+json"],
                    "{method} {path} {status}"
                );
            }
            if ["429", "503"].contains(&status.as_str()) {
                assert!(response["headers"]["Retry-After"].is_object());
            }
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "every operation has an id of its own");
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let document = document().await;
    let text = document.to_string();
    let references: Vec<_> = text
        .split("\"$ref\":\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(references.len() > 30);
    for pointer in references {
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
