//! What surrounds every operation, and the description.

use reqwest::Method;
use serde_json::json;

use super::{Aimms, BASE, INFO, KEYS, refused};

#[tokio::test]
async fn broken_bodies_and_paths_are_answered_in_the_dialects_shape() {
    let aimms = Aimms::start().await;
    let request = |method, path: &str| {
        let request = aimms.server.request(method, &format!("{BASE}{path}"));
        request.header("apikey", &aimms.key)
    };
    let send = |request| aimms.server.send(request);
    let form = request(Method::POST, KEYS).body("name=x");
    refused(&send(form).await, 415, "not_json", None);
    let json = |body: &'static str| {
        let request = request(Method::POST, KEYS).header("content-type", "application/json");
        request.body(body)
    };
    refused(&send(json("{")).await, 400, "malformed", None);
    refused(&send(json("{}")).await, 400, "invalid_entry", Some("name"));
    refused(&send(json("[1]")).await, 400, "invalid_entry", None);
    let list = request(Method::PATCH, INFO).json(&[None::<String>, None]);
    refused(&send(list).await, 400, "invalid_entry", None);
    let huge = request(Method::POST, KEYS).header("content-type", "application/json");
    let huge = huge.body(vec![b' '; 2 * 1024 * 1024 + 1]);
    refused(&send(huge).await, 413, "too_large", None);
    refused(
        &send(request(Method::GET, "/nothing")).await,
        404,
        "not_found",
        None,
    );
    let method = send(request(Method::PUT, KEYS)).await;
    refused(&method, 405, "method_not_allowed", None);
    assert!(method.header("allow").contains("POST"));
    let foreign = request(Method::GET, INFO).header("host", "evil.example");
    refused(&send(foreign).await, 421, "not_this_server", None);
    let page = request(Method::GET, INFO).header("origin", "http://evil.example");
    refused(&send(page).await, 403, "foreign_origin", None);
    let nobody = request(Method::POST, KEYS).header("apikey", "second");
    refused(&send(nobody).await, 401, "invalid_key", None);
}

#[tokio::test]
async fn nothing_is_told_without_a_key() {
    let aimms = Aimms::start().await;
    let key = "/user/@current/api-key/first";
    for (method, path) in [
        (Method::GET, KEYS),
        (Method::POST, KEYS),
        (Method::DELETE, key),
        (Method::GET, "/user/@current/authorization-scopes"),
        (Method::GET, INFO),
        (Method::PATCH, INFO),
        (Method::PUT, "/user/@current/password"),
        (Method::GET, "/user/@current/mfa"),
        (Method::POST, "/user/@current/mfa"),
        (Method::PUT, "/user/@current/mfa"),
        (Method::DELETE, "/user/@current/mfa"),
        (Method::GET, "/environment/@current/info"),
        (Method::GET, "/environment?limit=0"),
        (Method::GET, "/environment/keydesk/ROOT/info"),
        (Method::GET, "/group?limit=0"),
        (Method::GET, "/group/keydesk/ROOT/x/info"),
        (Method::GET, "/user?limit=0"),
        (Method::GET, "/user/keydesk/ROOT/ada%40example.org/info"),
    ] {
        let request = aimms.server.request(method, &format!("{BASE}{path}"));
        let answer = aimms.server.send(request.body("not JSON")).await;
        refused(&answer, 401, "invalid_key", None);
        assert_eq!(answer.header("www-authenticate"), "apikey");
    }
    assert_eq!(aimms.names().await, ["first"]);
}

#[tokio::test]
async fn a_key_is_neither_edited_nor_renamed() {
    let aimms = Aimms::start().await;
    let path = format!("{KEYS}/first");
    let body = json!({ "name": "other", "expiration_date": "2999-01-01", "scopes": ["Session"] });
    for method in [Method::PUT, Method::PATCH, Method::POST] {
        let answer = aimms.write(method, &path, &body).await;
        refused(&answer, 405, "method_not_allowed", None);
    }
    assert_eq!(aimms.names().await, ["first"]);
}

#[tokio::test]
async fn a_full_disk_is_said_and_keys_are_still_deleted() {
    let aimms = Aimms::start_with(|options| options.database_limit = Some(300 * 1024)).await;
    let mut number = 0;
    let refusal = loop {
        let answer = aimms
            .create(&format!("{number} {}", "x".repeat(100)), &["Session"])
            .await;
        if answer.status != 201 {
            break answer;
        }
        number += 1;
        assert!(number < 5000, "the limit is never met");
    };
    refused(&refusal, 507, "disk_full", None);
    assert_eq!(aimms.names().await.len(), number + 1);
    let name = format!("0 {}", "x".repeat(100));
    assert_eq!(aimms.delete(&name).await.status, 204);
}

#[tokio::test]
async fn it_describes_itself_in_yaml() {
    let aimms = Aimms::start().await;
    let request = aimms
        .server
        .request(Method::GET, &format!("{BASE}/openapi.yaml"));
    let answer = aimms.server.send(request).await;
    assert_eq!(
        answer.header("content-type"),
        "application/yaml;charset=UTF-8"
    );
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.starts_with("openapi: 3.1"));
    for path in [
        "/user/@current/api-key",
        "/user/@current/api-key/{name}",
        "/user/@current/authorization-scopes",
        "/user/@current/info",
        "/user/@current/password",
        "/user/@current/mfa",
        "/environment/@current/info",
        "/environment/{account_name}/{environment_name}/info",
        "/group/{account_name}/{environment_name}/{group_name}/info",
        "/user/{account_name}/{environment_name}/{user_name}/info",
        "/user",
        "/group",
        "/environment",
    ] {
        assert!(text.contains(&format!("  {BASE}{path}:\n")), "{path}");
    }
    for word in ["user_name_contain_ci", "group_name_not_in", "name: apikey"] {
        assert!(text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_server_that_asks_for_two_tokens_elsewhere_asks_for_the_key_alone_here() {
    let aimms = Aimms::start_with(|options| options.require_access_token = true).await;
    assert_eq!(aimms.get(INFO).await.status, 200);
    assert_eq!(aimms.get(KEYS).await.status, 200);
}
