//! Calls are counted by key and day, in every dialect, and written in batches.

use std::time::{Duration, Instant};

use keydesk_server::{Clock, ServeOptions, start};
use reqwest::Method;
use serde_json::{Value, json};

use super::{KEYS, Portal, ROOT, send};
use crate::support::{ADA, text};

const METRICS: &str = "/portal/v1/api-key-metrics";

#[tokio::test]
async fn figures_tell_how_many_keys_there_are_and_how_often_they_called() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let metrics = async || portal.server.get(METRICS, &token).await.json();
    let zero = json!({ "total": 0, "active": 0, "expired": 0, "revoked": 0, "callsToday": 0 });
    assert_eq!(metrics().await, zero);
    let (id, value) = portal.admin_key(&token, &["read"]).await;
    let (revoked, _) = portal.admin_key(&token, &["write"]).await;
    let path = format!("{KEYS}/{revoked}/revocation");
    send(&portal.server, Method::POST, &path, &token, None).await;
    for _ in 0..3 {
        assert_eq!(portal.read(&value).await.status, 200);
    }
    // What is refused for want of a scope or a session was called all the same.
    portal
        .server
        .get(KEYS, &value)
        .await
        .problem(403, "session-required");
    let expected = json!({ "total": 2, "active": 1, "expired": 0, "revoked": 1, "callsToday": 4 });
    assert_eq!(metrics().await, expected);
    let key = portal
        .server
        .get(&format!("{KEYS}/{id}"), &token)
        .await
        .json();
    let usage = key["usage"].as_array().unwrap();
    assert_eq!(usage.len(), 30);
    assert_eq!(usage[29]["calls"], 4);
    assert!(usage[..29].iter().all(|day| day["calls"] == 0));
    assert_eq!(text(&usage[29]["day"]), text(&key["lastUsedAt"])[..10]);
}

#[tokio::test]
async fn a_day_ends_at_midnight_utc_and_is_shown_for_thirty_days() {
    let portal = Portal::start().await;
    let body = json!({ "name": "ci" });
    let path = portal.organization_keys();
    let (id, value) = portal.key(&path, &portal.token(ADA).await, &body).await;
    portal.read(&value).await;
    portal.server.advance_hours(24);
    portal.read(&value).await;
    portal.read(&value).await;
    let token = portal.token(ADA).await;
    let usage = async |token: &str| -> Vec<Value> {
        let key = portal
            .server
            .get(&format!("{path}/{id}"), token)
            .await
            .json();
        let days = key["usage"].as_array().unwrap().iter();
        days.map(|day| day["calls"].clone()).collect()
    };
    assert_eq!(usage(&token).await[28..], [json!(1), json!(2)]);
    let metrics = path.replace("api-keys", "api-key-metrics");
    let figures = portal.server.get(&metrics, &token).await.json();
    assert_eq!(figures["callsToday"], 2);
    portal.server.advance_hours(29 * 24);
    let token = portal.token(ADA).await;
    let days = usage(&token).await;
    assert_eq!(days[0], 2);
    assert_eq!(days[1..], vec![json!(0); 29]);
    let figures = portal.server.get(&metrics, &token).await.json();
    assert_eq!(figures["callsToday"], 0);
}

#[tokio::test]
async fn what_does_not_authenticate_does_not_count() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let (id, value) = portal.admin_key(&token, &["read"]).await;
    let wrong = format!("{}x", &value[..value.len() - 1]);
    Portal::is_refused(&portal.read(&wrong).await);
    assert!(!portal.server.is_good(&value).await);
    let path = format!("{KEYS}/{id}/revocation");
    send(&portal.server, Method::POST, &path, &token, None).await;
    Portal::is_refused(&portal.read(&value).await);
    let figures = portal.server.get(METRICS, &token).await.json();
    assert_eq!(figures["callsToday"], 0);
    let key = portal
        .server
        .get(&format!("{KEYS}/{id}"), &token)
        .await
        .json();
    assert!(key["lastUsedAt"].is_null());
}

fn calls_on_disk(portal: &Portal, key_id: &str) -> i64 {
    let database = portal.server.dir.path().join("data/keydesk.db");
    rusqlite::Connection::open(database)
        .unwrap()
        .query_row(
            "SELECT ifnull(sum(calls), 0) FROM api_key_usage WHERE key_id = ?1",
            [key_id],
            |row| row.get(0),
        )
        .unwrap()
}

#[tokio::test]
async fn counts_are_written_in_batches_and_in_every_dialect() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let (id, value) = portal.server.key(&token, "idmp", None).await;
    let start = Instant::now();
    for _ in 0..20 {
        assert!(portal.server.is_good(&value).await);
    }
    let written_at_once = calls_on_disk(&portal, &id);
    assert!(
        written_at_once < 20 || start.elapsed() > Duration::from_secs(2),
        "no request writes"
    );
    while calls_on_disk(&portal, &id) < 20 {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "they are written after a while"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(calls_on_disk(&portal, &id), 20);
}

#[tokio::test]
async fn an_end_loses_no_count() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let (id, value) = portal.admin_key(&token, &["read"]).await;
    for _ in 0..5 {
        portal.read(&value).await;
    }
    let data = portal.server.dir.path().join("data");
    portal.server.running.shutdown().await;
    let running = start(ServeOptions {
        clock: Clock::system(),
        ..ServeOptions::new(&data)
    })
    .await
    .unwrap();
    let session = running.administration().issue_session(ROOT).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let key: Value = client
        .get(format!("{}{KEYS}/{id}", running.url()))
        .bearer_auth(&*session.authorization)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let calls: i64 = key["usage"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["calls"].as_i64().unwrap())
        .sum();
    assert_eq!(calls, 5);
    assert!(key["lastUsedAt"].is_string());
    running.shutdown().await;
}

#[tokio::test]
async fn calls_of_a_key_stay_counted_in_its_list_when_it_is_deleted() {
    let portal = Portal::start().await;
    let (root, ada) = (portal.token(ROOT).await, portal.token(ADA).await);
    let organization_path = portal.organization_keys();
    let (id, value) = portal.admin_key(&root, &["read"]).await;
    let body = json!({ "name": "ci" });
    let (other_id, other) = portal.key(&organization_path, &ada, &body).await;
    for _ in 0..3 {
        portal.read(&value).await;
    }
    portal.read(&other).await;
    // Before anything was written, and after.
    portal.server.delete(&format!("{KEYS}/{id}"), &root).await;
    let path = format!("{organization_path}/{other_id}");
    portal.server.get(&path, &ada).await;
    portal.server.delete(&path, &ada).await;
    let (_, second) = portal.admin_key(&root, &["read"]).await;
    portal.read(&second).await;
    let figures = async |path: &str, token: &str| {
        let figures = portal.server.get(path, token).await.json();
        (figures["total"].clone(), figures["callsToday"].clone())
    };
    assert_eq!(figures(METRICS, &root).await, (json!(1), json!(4)));
    let path = organization_path.replace("api-keys", "api-key-metrics");
    assert_eq!(figures(&path, &ada).await, (json!(0), json!(1)));
    portal.server.advance_hours(24);
    assert_eq!(figures(METRICS, &root).await, (json!(1), json!(0)));
}
