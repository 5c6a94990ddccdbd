//! Creation that is repeated, with and without its Idempotency-Key.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::users::{PATH, new_user};
use super::{ADMIN, KEYS, Portal, ROOT, names, send};
use crate::support::{ADA, Answer, text};

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
    let soon = OffsetDateTime::now_utc() + time::Duration::hours(1);
    body["expiresAt"] = json!(soon.format(&Rfc3339).unwrap());
    let first = create(&portal, KEYS, &token, "key", &body).await;
    // Its name is taken by now, and its end has come.
    portal.server.advance_hours(2);
    let again = create(&portal, KEYS, &token, "key", &body).await;
    assert_eq!(again.status, 201);
    assert_eq!(first.json(), again.json());
}

#[tokio::test]
async fn the_value_of_a_deleted_key_is_not_handed_out_again_as_a_new_one() {
    let portal = Portal::start().await;
    let (root, ada) = (portal.token(ROOT).await, portal.token(ADA).await);
    let organization = portal.organization_keys();
    for (path, token, body) in [
        (KEYS, &root, order("ci")),
        (&*organization, &ada, json!({ "name": "ci" })),
    ] {
        let first = create(&portal, path, token, "lost", &body).await.json();
        let path_of_first = format!("{path}/{}", text(&first["id"]));
        let deleted = portal.server.delete(&path_of_first, token).await;
        assert_eq!(deleted.status, 204);
        let (one, other) = tokio::join!(
            create(&portal, path, token, "lost", &body),
            create(&portal, path, token, "lost", &body),
        );
        assert_eq!(one.status, 201, "{}", one.json());
        assert_ne!(one.json()["id"], first["id"]);
        let value = text(&one.json()["value"]);
        assert_eq!(portal.read(&value).await.status, 200);
        // From here on it is the new one that is remembered.
        let again = create(&portal, path, token, "lost", &body).await;
        for same in [other, again] {
            assert_eq!(same.json(), one.json());
        }
        let list = portal.server.get(path, token).await.json();
        assert_eq!(names(&list), ["ci"]);
    }
}

#[tokio::test]
async fn the_value_of_a_revoked_key_is_not_handed_out_again() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let first = create(&portal, KEYS, &token, "lost", &order("ci")).await;
    let path = format!("{KEYS}/{}/revocation", text(&first.json()["id"]));
    let revoked = send(&portal.server, Method::POST, &path, &token, None).await;
    assert_eq!(revoked.status, 200);
    // The revoked one is kept, and its name with it.
    let again = create(&portal, KEYS, &token, "lost", &order("ci")).await;
    again.problem(409, "title-taken");
}

#[tokio::test]
async fn a_deleted_user_is_made_anew_and_not_told_of_again() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let body = new_user("eve@example.org", &["admin"]);
    let first = create(&portal, PATH, &token, "lost", &body).await.json();
    let again = create(&portal, PATH, &token, "lost", &body).await;
    assert_eq!(again.json(), first);
    let path = format!("{PATH}/{}", text(&first["id"]));
    assert_eq!(portal.server.delete(&path, &token).await.status, 204);
    let other = create(&portal, PATH, &token, "lost", &body).await;
    assert_eq!(other.status, 201);
    let path = format!("{PATH}/{}", text(&other.json()["id"]));
    assert_eq!(portal.server.get(&path, &token).await.status, 200);
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
    let ada = portal.token(ADA).await;
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
