//! Creation that is repeated, with and without its Idempotency-Key.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::{ADMIN, KEYS, Portal, ROOT, names};
use crate::support::{Answer, text};

async fn create(portal: &Portal, path: &str, token: &str, key: &str, body: &Value) -> Answer {
    let request = portal.server.request(Method::POST, path).bearer_auth(token);
    let request = request.header("Idempotency-Key", key).json(body);
    portal.server.send(request).await
}

fn order(name: &str) -> Value {
    json!({ "name": name, "scopes": ["read"] })
}

#[tokio::test]
async fn the_same_request_is_answered_as_the_first_time_and_makes_nothing_more() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let first = create(&portal, KEYS, &token, "lost", &order("ci")).await;
    let again = create(&portal, KEYS, &token, "lost", &order("ci")).await;
    assert_eq!(first.status, 201);
    assert_eq!(again.status, 201);
    assert_eq!(first.json(), again.json());
    assert_eq!(portal.read(&text(&again.json()["value"])).await.status, 200);
    let list = portal.server.get(KEYS, &token).await.json();
    assert_eq!(names(&list), ["ci"]);
}

#[tokio::test]
async fn two_at_once_make_one() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let body = order("ci");
    let (one, other) = tokio::join!(
        create(&portal, KEYS, &token, "twice", &body),
        create(&portal, KEYS, &token, "twice", &body),
    );
    assert_eq!(one.status, 201);
    assert_eq!(one.json(), other.json());
    let list = portal.server.get(KEYS, &token).await.json();
    assert_eq!(names(&list), ["ci"]);
}

#[tokio::test]
async fn what_was_right_the_first_time_is_repeated_though_it_would_now_be_refused() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let mut body = order("short");
    body["expiresAt"] = json!("2999-01-01T00:00:00Z");
    let first = create(&portal, KEYS, &token, "key", &body).await;
    let id = text(&first.json()["id"]);
    let path = format!("{KEYS}/{id}");
    assert_eq!(portal.server.delete(&path, &token).await.status, 204);
    portal.key(KEYS, &token, &order("short")).await;
    // Its name is taken by now.
    let again = create(&portal, KEYS, &token, "key", &body).await;
    assert_eq!(first.json(), again.json());
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let first = create(&portal, KEYS, &token, "key", &order("one")).await;
    assert_eq!(first.status, 201);
    let other = create(&portal, KEYS, &token, "key", &order("two")).await;
    other.problem(422, "idempotency-key-reused");
    let list = portal.server.get(KEYS, &token).await.json();
    assert_eq!(names(&list), ["one"]);
}

#[tokio::test]
async fn a_refused_request_is_not_remembered() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let bad = json!({ "name": "", "scopes": ["read"] });
    let refused = create(&portal, KEYS, &token, "key", &bad).await;
    refused.entry("/name", "required");
    let mended = create(&portal, KEYS, &token, "key", &order("mended")).await;
    assert_eq!(mended.status, 201);
}

#[tokio::test]
async fn a_key_belongs_to_its_caller_and_its_path() {
    let portal = Portal::start().await;
    let (root, admin) = (portal.token(ROOT).await, portal.token(ADMIN).await);
    let first = create(&portal, KEYS, &root, "key", &order("ci")).await;
    let others = create(&portal, KEYS, &admin, "key", &order("ci")).await;
    assert_eq!(others.status, 201);
    assert_ne!(first.json()["value"], others.json()["value"]);
    let ada = portal.token(crate::support::ADA).await;
    let path = portal.organization_keys();
    let body = json!({ "name": "ci" });
    assert_eq!(create(&portal, &path, &ada, "key", &body).await.status, 201);
    // A session of the same person is the same caller.
    let again = create(
        &portal,
        KEYS,
        &portal.token(ROOT).await,
        "key",
        &order("ci"),
    )
    .await;
    assert_eq!(first.json(), again.json());
}

#[tokio::test]
async fn after_a_day_it_is_forgotten() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    create(&portal, KEYS, &token, "key", &order("one")).await;
    portal.server.advance_hours(23);
    let other = create(&portal, KEYS, &token, "key", &order("two")).await;
    other.problem(422, "idempotency-key-reused");
    portal.server.advance_hours(2);
    let other = create(&portal, KEYS, &token, "key", &order("two")).await;
    assert_eq!(other.status, 201);
}

fn rows_in(portal: &Portal, table: &str) -> i64 {
    let database = portal.server.dir.path().join("data/keydesk.db");
    rusqlite::Connection::open(database)
        .unwrap()
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })
        .unwrap()
}

#[tokio::test]
async fn a_secret_that_waited_long_enough_is_gone_though_nobody_asks() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    create(&portal, KEYS, &token, "key", &order("one")).await;
    let body = json!({ "password": crate::support::PASSWORD });
    let begun = portal
        .server
        .post("/portal/v1/account/second-factor", &token, &body);
    assert_eq!(begun.await.status, 201);
    let tables = ["idempotency", "pending_second_factors", "sessions"];
    for table in tables {
        assert!(rows_in(&portal, table) > 0, "{table}");
    }
    portal.server.advance_hours(8 * 24);
    let start = Instant::now();
    while tables.iter().any(|table| rows_in(&portal, table) > 0) {
        assert!(start.elapsed() < Duration::from_secs(20), "it stays");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    for key in ["", "two words", &"x".repeat(256)] {
        let answer = create(&portal, KEYS, &token, key, &order("ci")).await;
        answer.problem(400, "malformed");
    }
    let request = portal
        .server
        .request(Method::POST, KEYS)
        .bearer_auth(&token);
    let twice = request
        .header("Idempotency-Key", "a")
        .header("Idempotency-Key", "b")
        .json(&order("ci"));
    portal.server.send(twice).await.problem(400, "malformed");
}

#[tokio::test]
async fn what_is_remembered_is_not_readable_on_the_disk() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let made = create(&portal, KEYS, &token, "key", &order("ci"))
        .await
        .json();
    let value = text(&made["value"]);
    let secret = value.split_once('.').unwrap().1.as_bytes();
    for entry in std::fs::read_dir(portal.server.dir.path().join("data")).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!content.windows(secret.len()).any(|window| window == secret));
    }
}
