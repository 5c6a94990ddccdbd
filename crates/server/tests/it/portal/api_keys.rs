//! API keys of both portals: made, listed, seen in detail, revoked, deleted.

use reqwest::Method;
use serde_json::{Value, json};

use super::{ADMIN, KEYS, Portal, READER, ROOT, send};
use crate::support::{ADA, BOB, text};

const YEAR: i64 = 365 * 24 * 3_600_000;

fn millis(moment: &Value) -> i64 {
    let text = text(moment);
    assert_eq!(text.len(), "2026-01-02T03:04:05.678Z".len(), "{text}");
    assert!(text.ends_with('Z'));
    seconds(&text) * 1000 + text[20..23].parse::<i64>().unwrap()
}

/// Seconds since 1970 of an RFC 3339 text in UTC, counted by hand: days by the calendar.
fn seconds(text: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let years: i64 = (1970..year)
        .map(|year| 365 + i64::from(is_leap(year)))
        .sum();
    let lengths = [
        31,
        28 + i64::from(is_leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let months: i64 = lengths[..usize::try_from(month - 1).unwrap()].iter().sum();
    (years + months + day - 1) * 86_400
        + number(11..13) * 3600
        + number(14..16) * 60
        + number(17..19)
}

#[tokio::test]
async fn a_key_is_shown_whole_once_and_works() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let body = json!({ "name": " ci ", "description": "Builds", "scopes": ["write", "read"] });
    let key = portal.server.post(KEYS, &token, &body).await;
    assert_eq!(key.status, 201);
    assert_eq!(key.header("cache-control"), "no-store");
    let key = key.json();
    let value = text(&key["value"]);
    assert_eq!(key["name"], "ci");
    assert_eq!(key["description"], "Builds");
    assert_eq!(key["scopes"], json!(["read", "write"]));
    assert_eq!(key["status"], "active");
    for absent in ["expiresAt", "lastUsedAt", "revokedAt"] {
        assert_eq!(key[absent], Value::Null, "{absent}");
    }
    assert!((millis(&key["createdAt"]) - portal.server.clock.now()).abs() < 10_000);
    let (prefix, suffix) = (text(&key["prefix"]), text(&key["suffix"]));
    assert!(value.starts_with(&prefix) && value.ends_with(&suffix));
    assert_eq!(suffix.len(), 4);
    assert_eq!(value.len() - prefix.len(), 43, "256 bits in base64");
    assert_eq!(portal.read(&value).await.status, 200);
    let details = portal
        .server
        .get(&format!("{KEYS}/{}", text(&key["id"])), &token)
        .await;
    let list = portal.server.get(KEYS, &token).await;
    for answer in [details, list] {
        let body = String::from_utf8(answer.bytes).unwrap();
        assert!(!body.contains(&value));
        assert!(!body.contains(&value[prefix.len()..prefix.len() + 8]));
        assert!(!body.contains("\"value\""));
    }
}

#[tokio::test]
async fn a_key_of_an_organization_lives_for_a_year_at_most() {
    let portal = Portal::start().await;
    let (token, path) = (portal.token(BOB).await, portal.organization_keys());
    let make = async |body: Value| portal.server.post(&path, &token, &body).await;
    let usual = make(json!({ "name": "usual" })).await.json();
    let life = millis(&usual["expiresAt"]) - millis(&usual["createdAt"]);
    assert_eq!(life, YEAR);
    assert_eq!(usual["scopes"], json!([]));
    make(json!({ "name": "longer", "expiresAt": "2100-01-01T00:00:00Z" }))
        .await
        .entry("/expiresAt", "too-far");
    make(json!({ "name": "never", "expiresAt": null }))
        .await
        .entry("/expiresAt", "too-far");
    make(json!({ "name": "past", "expiresAt": "2001-01-01T00:00:00Z" }))
        .await
        .entry("/expiresAt", "not-in-the-future");
    make(json!({ "name": "scoped", "scopes": ["read"] }))
        .await
        .entry("/scopes", "unknown-value");
    let value = text(&usual["value"]);
    assert_eq!(portal.read(&value).await.status, 200);
    portal.server.advance_hours(365 * 24);
    Portal::is_refused(&portal.read(&value).await);
    let token = portal.token(BOB).await;
    let list = portal.server.get(&path, &token).await.json();
    assert_eq!(list["items"][0]["status"], "expired");
}

#[tokio::test]
async fn a_key_of_the_admin_portal_has_at_most_the_scopes_of_its_owners_roles() {
    let portal = Portal::start().await;
    for (email, scopes, allowed) in [
        (ROOT, &["read", "write", "admin"][..], true),
        (ADMIN, &["read", "write"], true),
        (ADMIN, &["admin"], false),
        (READER, &["read"], true),
        (READER, &["write"], false),
    ] {
        let token = portal.token(email).await;
        let body = json!({ "name": format!("{scopes:?}"), "scopes": scopes });
        let answer = portal.server.post(KEYS, &token, &body).await;
        if allowed {
            assert_eq!(answer.status, 201, "{email} {scopes:?}");
        } else {
            answer.problem(403, "role-insufficient");
        }
    }
    let token = portal.token(ROOT).await;
    for (scopes, code) in [
        (Value::Null, "required"),
        (json!([]), "required"),
        (json!(["everything"]), "unknown-value"),
        (json!(["read", "READ"]), "unknown-value"),
    ] {
        let body = json!({ "name": "scopes", "scopes": scopes });
        let answer = portal.server.post(KEYS, &token, &body).await;
        answer.entry("/scopes", code);
    }
}

#[tokio::test]
async fn who_has_no_role_has_no_keys_of_the_admin_portal() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let body = json!({ "name": "ci", "scopes": ["read"] });
    for answer in [
        portal.server.get(KEYS, &token).await,
        portal.server.post(KEYS, &token, &body).await,
        portal.server.get(&format!("{KEYS}/x"), &token).await,
        portal.server.delete(&format!("{KEYS}/x"), &token).await,
        portal
            .server
            .get("/portal/v1/api-key-metrics", &token)
            .await,
    ] {
        answer.problem(403, "role-insufficient");
    }
}

#[tokio::test]
async fn entries_that_do_not_fit_are_named() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    for (body, pointer, code) in [
        (json!({ "scopes": ["read"] }), "/name", "required"),
        (
            json!({ "name": " ", "scopes": ["read"] }),
            "/name",
            "required",
        ),
        (
            json!({ "name": "x".repeat(129), "scopes": ["read"] }),
            "/name",
            "too-long",
        ),
        (
            json!({ "name": "a\nb", "scopes": ["read"] }),
            "/name",
            "forbidden-characters",
        ),
        (
            json!({ "name": 3, "scopes": ["read"] }),
            "/name",
            "malformed",
        ),
        (
            json!({ "name": "a", "scopes": "read" }),
            "/scopes",
            "malformed",
        ),
        (
            json!({ "name": "a", "scopes": [3] }),
            "/scopes/0",
            "malformed",
        ),
        (
            json!({ "name": "a", "scopes": ["read"], "description": "x".repeat(513) }),
            "/description",
            "too-long",
        ),
        (
            json!({ "name": "a", "scopes": ["read"], "expiresAt": "tomorrow" }),
            "/expiresAt",
            "malformed",
        ),
        (
            json!({ "name": "a", "scopes": ["read"], "expiresAt": 4_102_444_800_i64 }),
            "/expiresAt",
            "malformed",
        ),
    ] {
        let answer = portal.server.post(KEYS, &token, &body).await;
        answer.entry(pointer, code);
    }
    let list = portal.server.get(KEYS, &token).await.json();
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn a_revoked_key_is_kept_and_good_for_nothing() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let (id, value) = portal.admin_key(&token, &["read"]).await;
    assert_eq!(portal.read(&value).await.status, 200);
    let path = format!("{KEYS}/{id}/revocation");
    let revoke = async || send(&portal.server, Method::POST, &path, &token, None).await;
    let revoked = revoke().await.json();
    assert_eq!(revoked["status"], "revoked");
    Portal::is_refused(&portal.read(&value).await);
    portal.server.advance_hours(1);
    let again = revoke().await;
    assert_eq!(again.status, 200);
    assert_eq!(
        again.json()["revokedAt"],
        revoked["revokedAt"],
        "the first time counts"
    );
    let list = portal.server.get(KEYS, &token).await.json();
    assert_eq!(list["items"][0]["status"], "revoked");
    Portal::is_refused(&portal.read(&value).await);
}

#[tokio::test]
async fn a_deleted_key_is_gone_and_good_for_nothing() {
    let portal = Portal::start().await;
    let (token, path) = (portal.token(ADA).await, portal.organization_keys());
    let (id, value) = portal.key(&path, &token, &json!({ "name": "ci" })).await;
    assert_eq!(portal.read(&value).await.status, 200);
    let delete = async || portal.server.delete(&format!("{path}/{id}"), &token).await;
    assert_eq!(delete().await.status, 204);
    Portal::is_refused(&portal.read(&value).await);
    delete().await.problem(404, "not-found");
    let answer = portal.server.get(&format!("{path}/{id}"), &token).await;
    answer.problem(404, "not-found");
}

#[tokio::test]
async fn a_request_that_carries_a_key_manages_none() {
    let portal = Portal::start().await;
    let (root, ada) = (portal.token(ROOT).await, portal.token(ADA).await);
    let organization_path = portal.organization_keys();
    let (admin_id, admin_key) = portal.admin_key(&root, &["read", "write", "admin"]).await;
    let body = json!({ "name": "ci" });
    let (id, key) = portal.key(&organization_path, &ada, &body).await;
    for (path, id, key) in [(KEYS, admin_id, admin_key), (&organization_path, id, key)] {
        let metrics = path.replace("/api-keys", "/api-key-metrics");
        for (method, path, body) in [
            (Method::GET, path.to_owned(), None),
            (Method::POST, path.to_owned(), Some(&body)),
            (Method::GET, format!("{path}/{id}"), None),
            (Method::DELETE, format!("{path}/{id}"), None),
            (Method::POST, format!("{path}/{id}/revocation"), None),
            (Method::GET, metrics, None),
            (
                Method::DELETE,
                "/portal/v1/sessions/current".to_owned(),
                None,
            ),
        ] {
            let answer = send(&portal.server, method, &path, &key, body).await;
            answer.problem(403, "session-required");
        }
        assert_eq!(portal.read(&key).await.status, 200);
    }
}

#[tokio::test]
async fn keys_of_others_are_not_there() {
    let portal = Portal::start().await;
    let (ada, bob) = (portal.token(ADA).await, portal.token(BOB).await);
    let path = portal.organization_keys();
    let (id, value) = portal.key(&path, &ada, &json!({ "name": "ci" })).await;
    let (admin_id, _) = portal.admin_key(&portal.token(ROOT).await, &["read"]).await;
    let admin = portal.token(ADMIN).await;
    for (token, path) in [
        (&bob, format!("{path}/{id}")),
        (&admin, format!("{KEYS}/{admin_id}")),
    ] {
        portal
            .server
            .get(&path, token)
            .await
            .problem(404, "not-found");
        portal
            .server
            .delete(&path, token)
            .await
            .problem(404, "not-found");
        let revocation = format!("{path}/revocation");
        let answer = send(&portal.server, Method::POST, &revocation, token, None).await;
        answer.problem(404, "not-found");
    }
    let list = portal.server.get(&path, &bob).await.json();
    assert_eq!(list["items"], json!([]));
    assert_eq!(portal.read(&value).await.status, 200);
}

#[tokio::test]
async fn nothing_on_the_disk_leads_back_to_a_key() {
    let portal = Portal::start().await;
    let (id, value) = portal.admin_key(&portal.token(ROOT).await, &["read"]).await;
    let secret = value.split_once('.').unwrap().1.as_bytes();
    for entry in std::fs::read_dir(portal.server.dir.path().join("data")).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!content.windows(secret.len()).any(|window| window == secret));
    }
    let database = portal.server.dir.path().join("data/keydesk.db");
    let sealed: Option<Vec<u8>> = rusqlite::Connection::open(database)
        .unwrap()
        .query_row(
            "SELECT sealed_value FROM api_keys WHERE id = ?1",
            [id],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(sealed, None, "it is not kept, not even encrypted");
}

#[tokio::test]
async fn on_a_full_disk_keys_are_still_revoked_and_deleted() {
    let portal = Portal::start_with(|options| options.database_limit = Some(400 * 1024)).await;
    let (token, path) = (portal.token(ADA).await, portal.organization_keys());
    let (revoked, revoked_value) = portal.key(&path, &token, &json!({ "name": "one" })).await;
    let (deleted, deleted_value) = portal.key(&path, &token, &json!({ "name": "two" })).await;
    let mut number = 0;
    loop {
        number += 1;
        assert!(number < 5000, "the limit is never met");
        let body = json!({ "name": format!("{number} {}", "x".repeat(100)) });
        let answer = portal.server.post(&path, &token, &body).await;
        if answer.status != 201 {
            answer.problem(507, "storage-full");
            break;
        }
    }
    let revocation = format!("{path}/{revoked}/revocation");
    let answer = send(&portal.server, Method::POST, &revocation, &token, None).await;
    assert_eq!(answer.json()["status"], "revoked");
    let answer = portal
        .server
        .delete(&format!("{path}/{deleted}"), &token)
        .await;
    assert_eq!(answer.status, 204);
    Portal::is_refused(&portal.read(&revoked_value).await);
    Portal::is_refused(&portal.read(&deleted_value).await);
}
