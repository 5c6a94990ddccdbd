//! Keys: made, listed, deleted, and what they are good for.

use reqwest::Method;
use serde_json::{Value, json};

use super::{ALL, Aimms, BASE, INFO, KEYS, day_from_now, first_key, moment_from_now, refused};
use crate::support::{ADA, BOB, text};

#[tokio::test]
async fn a_new_key_is_shown_once_and_works() {
    let aimms = Aimms::start().await;
    let answer = aimms.create("ci build", &["Tasks", "Authentication"]).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let made = answer.json();
    assert_eq!(made["name"], "ci build");
    assert_eq!(made["scopes"], json!(["Authentication", "Tasks"]));
    let end = day_from_now(&aimms.server, 30);
    assert_eq!(made["expiration_date"], format!("{end}T00:00:00.000Z"));
    let value = text(&made["value"]);
    let info = aimms.send(Method::GET, INFO, &value, None).await;
    assert_eq!(info.json()["user_name"], ADA);
    let list = aimms.get(KEYS).await;
    assert_eq!(aimms.names().await, ["ci build", "first"]);
    assert!(list.json()[0].get("value").is_none());
    assert!(
        !String::from_utf8(list.bytes)
            .unwrap()
            .contains(&value[30..])
    );
}

#[tokio::test]
async fn a_name_is_a_keys_identity_whatever_stands_in_it() {
    let aimms = Aimms::start().await;
    for name in [
        "a/b",
        "a b",
        "构建 服务器",
        "100%2F",
        "?query#x",
        "...",
        "@current",
    ] {
        let made = aimms.create(name, &["Session"]).await;
        assert_eq!(made.status, 201, "{name}");
        refused(
            &aimms.create(name, &["Session"]).await,
            409,
            "name_taken",
            Some("name"),
        );
        let upper = name.to_uppercase();
        if upper != name {
            refused(&aimms.delete(&upper).await, 404, "not_found", None);
        }
        assert_eq!(aimms.delete(name).await.status, 204, "{name}");
        refused(&aimms.delete(name).await, 404, "not_found", None);
        let value = text(&made.json()["value"]);
        let after = aimms.send(Method::GET, INFO, &value, None).await;
        refused(&after, 401, "invalid_key", None);
    }
    assert_eq!(aimms.names().await, ["first"]);
}

#[tokio::test]
async fn a_key_ends_within_a_year_and_never_is_not_offered() {
    let aimms = Aimms::start().await;
    let server = &aimms.server;
    let body = |end: Value| json!({ "name": "k", "expiration_date": end, "scopes": ["Session"] });
    for end in [
        json!(null),
        json!("never"),
        json!(""),
        json!(1_900_000_000_000_i64),
        json!(moment_from_now(server, 400)),
        json!(day_from_now(server, 400)),
        json!(moment_from_now(server, -1)),
        json!(day_from_now(server, 0)),
    ] {
        let answer = aimms.write(Method::POST, KEYS, &body(end.clone())).await;
        refused(&answer, 400, "invalid_entry", Some("expiration_date"));
    }
    let without = json!({ "name": "k", "scopes": ["Session"] });
    let answer = aimms.write(Method::POST, KEYS, &without).await;
    refused(&answer, 400, "invalid_entry", Some("expiration_date"));
    let a_year = json!(moment_from_now(server, 365));
    let answer = aimms.write(Method::POST, KEYS, &body(a_year)).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn a_key_fails_when_its_time_has_come() {
    let aimms = Aimms::start().await;
    let made = aimms.create("short", &["Session"]).await;
    let value = text(&made.json()["value"]);
    aimms.server.advance_hours(31 * 24);
    let answer = aimms.send(Method::GET, INFO, &value, None).await;
    refused(&answer, 401, "invalid_key", None);
    assert_eq!(answer.header("www-authenticate"), "apikey");
    assert_eq!(aimms.get(INFO).await.status, 200);
    assert_eq!(
        aimms.names().await,
        ["short", "first"],
        "it is still listed"
    );
}

#[tokio::test]
async fn names_and_scopes_are_checked() {
    let aimms = Aimms::start().await;
    let long = "x".repeat(129);
    for (name, scopes, field) in [
        ("", ALL, "name"),
        ("\u{200b}", ALL, "name"),
        ("a\nb", ALL, "name"),
        (".", ALL, "name"),
        (" .. ", ALL, "name"),
        (long.as_str(), ALL, "name"),
        ("k", &[], "scopes"),
        ("k", &["apikey"], "scopes"),
        ("k", &["APIKey", "Root"], "scopes"),
    ] {
        let answer = aimms.create(name, scopes).await;
        refused(&answer, 400, "invalid_entry", Some(field));
    }
}

#[tokio::test]
async fn scopes_come_from_the_server() {
    let aimms = Aimms::start().await;
    let scopes = aimms
        .get("/user/@current/authorization-scopes")
        .await
        .json();
    let names: Vec<String> = scopes
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| text(&scope["name"]))
        .collect();
    assert_eq!(names, ALL);
    assert_eq!(scopes[2]["description"], "Allows management of Tasks");
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_no_more() {
    let aimms = Aimms::start().await;
    let mut keys = Vec::new();
    for scope in ALL {
        let made = aimms.create(scope, &[scope]).await;
        keys.push((*scope, text(&made.json()["value"])));
    }
    let end = day_from_now(&aimms.server, 1);
    let new = json!({ "name": "other", "expiration_date": end, "scopes": ["Session"] });
    let password = json!({ "current_password": "x", "new_password": "y" });
    let nothing = json!({});
    for (method, path, body, scope) in [
        (Method::GET, KEYS, None, Some("APIKey")),
        (Method::POST, KEYS, Some(&new), Some("APIKey")),
        (
            Method::DELETE,
            "/user/@current/api-key/other",
            None,
            Some("APIKey"),
        ),
        (Method::GET, "/user", None, Some("Authentication")),
        (Method::GET, "/group", None, Some("Authentication")),
        (Method::GET, "/environment", None, Some("Authentication")),
        (
            Method::GET,
            "/environment/keydesk/ROOT/info",
            None,
            Some("Authentication"),
        ),
        (
            Method::GET,
            "/user/keydesk/ROOT/bob@example.org/info",
            None,
            Some("Authentication"),
        ),
        (Method::PATCH, INFO, Some(&nothing), Some("Authentication")),
        (
            Method::PUT,
            "/user/@current/password",
            Some(&password),
            Some("Authentication"),
        ),
        (
            Method::GET,
            "/user/@current/mfa",
            None,
            Some("Authentication"),
        ),
        (
            Method::POST,
            "/user/@current/mfa",
            Some(&password),
            Some("Authentication"),
        ),
        (Method::GET, INFO, None, None),
        (Method::GET, "/environment/@current/info", None, None),
        (
            Method::GET,
            "/user/@current/authorization-scopes",
            None,
            None,
        ),
    ] {
        for (given, key) in &keys {
            let answer = aimms.send(method.clone(), path, key, body).await;
            let allowed = scope.is_none_or(|scope| scope == *given);
            let refusal = answer.status == 403;
            assert_eq!(refusal, !allowed, "{method} {path} with {given}");
            // Some bodies are not what the operation takes; then the scope is looked at later.
            if refusal {
                refused(&answer, 403, "missing_scope", None);
            }
        }
    }
}

#[tokio::test]
async fn only_keys_of_this_dialect_count_and_only_here() {
    let aimms = Aimms::start().await;
    let token = aimms.server.ada().await;
    let (_, idmp) = aimms.server.key(&token, "idmp", None).await;
    for key in [token.as_str(), &idmp, "", "aimms_", &aimms.key[..40]] {
        let answer = aimms.send(Method::GET, INFO, key, None).await;
        refused(&answer, 401, "invalid_key", None);
    }
    let bare = aimms.server.request(Method::GET, &format!("{BASE}{INFO}"));
    refused(&aimms.server.send(bare).await, 401, "invalid_key", None);
    let bearer = aimms.server.get(&format!("{BASE}{INFO}"), &aimms.key).await;
    refused(&bearer, 401, "invalid_key", None);
    assert!(!aimms.server.is_good(&aimms.key).await, "not in IDMP");
    assert_eq!(aimms.names().await, ["first"], "IDMP's are not listed");
    let page = aimms.server.get("/api/v1/users/api-keys", &token).await;
    assert_eq!(page.data()["total"], 1, "nor are these there");
}

#[tokio::test]
async fn a_key_ends_with_its_owner() {
    let aimms = Aimms::start().await;
    let administration = aimms.server.running.administration();
    administration.deactivate(ADA).await.unwrap();
    refused(&aimms.get(INFO).await, 401, "invalid_key", None);
    administration.activate(ADA).await.unwrap();
    assert_eq!(aimms.get(INFO).await.status, 200);
    administration.delete_user(ADA).await.unwrap();
    refused(&aimms.get(INFO).await, 401, "invalid_key", None);
}

#[tokio::test]
async fn keys_of_others_are_out_of_reach() {
    let aimms = Aimms::start().await;
    aimms.create("mine", &["Session"]).await;
    let bobs = first_key(&aimms.server, BOB, ALL).await;
    let path = format!("{KEYS}/mine");
    let answer = aimms.send(Method::DELETE, &path, &bobs, None).await;
    refused(&answer, 404, "not_found", None);
    let list = aimms.send(Method::GET, KEYS, &bobs, None).await.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
}
