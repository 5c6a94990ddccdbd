//! API keys: made, listed, copied, changed, deleted, used, and when they end.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADA, Server, text};

const PATH: &str = "/api/v1/users/api-keys";

fn titles(page: &Value) -> Vec<String> {
    let rows = page["rows"].as_array().unwrap();
    rows.iter().map(|row| text(&row["title"])).collect()
}

#[tokio::test]
async fn a_new_key_is_shown_whole_and_works() {
    let server = Server::start().await;
    let token = server.ada().await;
    let body = json!({ "title": " ci-build ", "expire_time": null });
    let key = server.post(PATH, &token, &body).await.data();
    assert_eq!(key["title"], "ci-build");
    assert_eq!(key["expire_time"], Value::Null);
    assert!((server.clock.now() - key["create_time"].as_i64().unwrap()).abs() < 10_000);
    let value = text(&key["api_key"]);
    let (id, secret) = value.strip_prefix("api_").unwrap().split_once('.').unwrap();
    assert_eq!(id, key["id"]);
    assert_eq!(secret.len(), 43, "256 bits in base64");
    assert_eq!(
        server.get("/api/v1/users", &value).await.json()["email"],
        ADA
    );
}

#[tokio::test]
async fn lists_are_newest_first_and_masked() {
    let server = Server::start().await;
    let token = server.ada().await;
    let mut values = Vec::new();
    for title in ["one", "two", "three"] {
        values.push(server.key(&token, title, None).await.1);
    }
    let answer = server.get(PATH, &token).await;
    let page = answer.data();
    assert_eq!(titles(&page), ["three", "two", "one"]);
    assert_eq!(page["total"], 3);
    let body = String::from_utf8(answer.bytes).unwrap();
    for value in &values {
        let secret = value.split_once('.').unwrap().1;
        assert!(!body.contains(value));
        assert!(!body.contains(&secret[..8]));
    }
    for row in page["rows"].as_array().unwrap() {
        let masked = text(&row["api_key"]);
        assert!(
            masked.starts_with(&format!("api_{}.********", text(&row["id"]))),
            "{masked}"
        );
        assert!(!server.is_good(&masked).await);
    }
}

#[tokio::test]
async fn lists_come_in_pages() {
    let server = Server::start().await;
    let token = server.ada().await;
    for number in 0..5 {
        server.key(&token, &format!("key {number}"), None).await;
    }
    let page = server
        .get(&format!("{PATH}?current=2&size=2"), &token)
        .await
        .data();
    assert_eq!(titles(&page), ["key 2", "key 1"]);
    assert_eq!(page["total"], 5);
    assert_eq!(page["current"], 2);
    assert_eq!(page["size"], 2);
    server
        .get(&format!("{PATH}?current=0"), &token)
        .await
        .refused(400, Some("current"));
}

#[tokio::test]
async fn a_key_is_copied_again_as_often_as_its_owner_likes() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (id, value) = server.key(&token, "ci", None).await;
    for _ in 0..2 {
        let copied = server
            .get(&format!("{PATH}/{id}/value"), &token)
            .await
            .data();
        assert_eq!(copied["api_key"], value);
        assert_eq!(copied["title"], "ci");
    }
}

#[tokio::test]
async fn titles_are_unique_however_they_are_typed() {
    let server = Server::start().await;
    let token = server.ada().await;
    server.key(&token, "Café build", None).await;
    for title in [
        "Café build",
        " café BUILD ",
        "Cafe\u{301} build",
        "Café\u{200b} build",
        "Café\u{a0}build",
        "Ｃafé build\u{feff}",
    ] {
        let body = json!({ "title": title, "expire_time": null });
        server
            .post(PATH, &token, &body)
            .await
            .refused(409, Some("title"));
    }
    server.key(&token, "Cafe build", None).await;
    server.key(&server.bob().await, "Café build", None).await;
}

#[tokio::test]
async fn a_title_is_free_again_when_its_key_is_deleted() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (id, _) = server.key(&token, "ci", None).await;
    server.delete(&format!("{PATH}/{id}"), &token).await;
    server.key(&token, "ci", None).await;
}

#[tokio::test]
async fn of_many_creations_with_one_title_one_succeeds() {
    let server = Server::start().await;
    let token = server.ada().await;
    let tries = (0..10).map(|_| {
        let body = json!({ "title": "ci", "expire_time": null });
        let request = server
            .request(Method::POST, PATH)
            .bearer_auth(&token)
            .json(&body);
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    });
    let mut statuses = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        statuses.push(attempt.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(
        statuses[1..].iter().all(|status| *status == 409),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn entries_that_break_a_rule_are_named() {
    let server = Server::start().await;
    let token = server.ada().await;
    let now = server.clock.now();
    for (body, field) in [
        (json!({ "title": "", "expire_time": null }), "title"),
        (
            json!({ "title": " \u{200b} ", "expire_time": null }),
            "title",
        ),
        (
            json!({ "title": "x".repeat(129), "expire_time": null }),
            "title",
        ),
        (
            json!({ "title": "x".repeat(10_000), "expire_time": null }),
            "title",
        ),
        (
            json!({ "title": "a\u{202e}b", "expire_time": null }),
            "title",
        ),
        (
            json!({ "title": "a\u{1b}[31mb", "expire_time": null }),
            "title",
        ),
        (json!({ "title": 3, "expire_time": null }), "title"),
        (json!({ "expire_time": null }), "title"),
        (
            json!({ "title": "x", "expire_time": now - 1 }),
            "expire_time",
        ),
        (json!({ "title": "x", "expire_time": 0 }), "expire_time"),
        (json!({ "title": "x", "expire_time": -1 }), "expire_time"),
        (
            json!({ "title": "x", "expire_time": i64::MAX }),
            "expire_time",
        ),
        (
            json!({ "title": "x", "expire_time": "tomorrow" }),
            "expire_time",
        ),
        (json!({ "title": "x", "expire_time": 1.5 }), "expire_time"),
        (
            json!({ "title": "x", "expireTime": now - 1 }),
            "expire_time",
        ),
    ] {
        server
            .post(PATH, &token, &body)
            .await
            .refused(400, Some(field));
    }
    assert_eq!(server.get(PATH, &token).await.data()["total"], 0);
}

#[tokio::test]
async fn a_key_dies_when_it_expires_and_lives_again_when_that_is_changed() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (id, key) = server.key(&token, "ci", Some(server.in_an_hour())).await;
    assert!(server.is_good(&key).await);
    server.advance_hours(1);
    assert!(!server.is_good(&key).await);
    let path = format!("{PATH}/{id}");
    server
        .put(
            &path,
            &token,
            &json!({ "expire_time": server.in_an_hour() }),
        )
        .await
        .data();
    assert!(server.is_good(&key).await);
    server.advance_hours(1);
    assert!(!server.is_good(&key).await);
    let never = server
        .put(&path, &token, &json!({ "expire_time": null }))
        .await
        .data();
    assert_eq!(never["expire_time"], Value::Null);
    assert_eq!(never["title"], "ci");
    assert!(text(&never["api_key"]).contains("********"));
    server.advance_hours(24 * 365);
    assert!(server.is_good(&key).await);
}

#[tokio::test]
async fn a_new_end_must_be_said_and_lie_in_the_future() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (id, key) = server.key(&token, "ci", None).await;
    let path = format!("{PATH}/{id}");
    for body in [
        json!({}),
        json!({ "expire_time": server.clock.now() - 1 }),
        json!({ "expire_time": "never" }),
    ] {
        server
            .put(&path, &token, &body)
            .await
            .refused(400, Some("expire_time"));
    }
    let camel = json!({ "expireTime": server.in_an_hour() });
    assert!(server.put(&path, &token, &camel).await.data()["expire_time"].is_i64());
    assert!(server.is_good(&key).await);
}

#[tokio::test]
async fn a_deleted_key_is_dead_at_the_next_request() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (id, key) = server.key(&token, "ci", None).await;
    assert!(server.is_good(&key).await);
    let path = format!("{PATH}/{id}");
    let answer = server.delete(&path, &token).await;
    assert_eq!(answer.json(), json!({ "code": 0, "message": "success" }));
    assert!(!server.is_good(&key).await);
    server.delete(&path, &token).await.refused(404, None);
    server
        .get(&format!("{path}/value"), &token)
        .await
        .refused(404, None);
    assert_eq!(server.get(PATH, &token).await.data()["total"], 0);
}

#[tokio::test]
async fn a_key_is_refused_while_its_owner_is_deactivated() {
    let server = Server::start().await;
    let (_, key) = server.key(&server.ada().await, "ci", None).await;
    let administration = server.running.administration();
    administration.deactivate(ADA).await.unwrap();
    assert!(!server.is_good(&key).await);
    administration.activate(ADA).await.unwrap();
    assert!(server.is_good(&key).await);
}

#[tokio::test]
async fn a_key_may_not_manage_keys_nor_end_sessions() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (id, key) = server.key(&token, "ci", None).await;
    let path = format!("{PATH}/{id}");
    let body = json!({ "title": "second", "expire_time": null });
    server.get(PATH, &key).await.refused(403, None);
    server.post(PATH, &key, &body).await.refused(403, None);
    server.post(PATH, &key, &json!([])).await.refused(403, None);
    server
        .get(&format!("{path}/value"), &key)
        .await
        .refused(403, None);
    server
        .put(&path, &key, &json!({ "expire_time": null }))
        .await
        .refused(403, None);
    server.delete(&path, &key).await.refused(403, None);
    server
        .post("/api/v1/users/logout", &key, &json!({}))
        .await
        .refused(403, None);
    assert_eq!(server.get(PATH, &token).await.data()["total"], 1);
}

#[tokio::test]
async fn keys_of_others_are_as_good_as_not_there() {
    let server = Server::start().await;
    let (ada, bob) = (server.ada().await, server.bob().await);
    let (id, key) = server.key(&ada, "ci", None).await;
    let path = format!("{PATH}/{id}");
    server
        .get(&format!("{path}/value"), &bob)
        .await
        .refused(404, None);
    let never = json!({ "expire_time": null });
    server.put(&path, &bob, &never).await.refused(404, None);
    server.delete(&path, &bob).await.refused(404, None);
    assert_eq!(server.get(PATH, &bob).await.data()["total"], 0);
    assert!(server.is_good(&key).await);
}

#[tokio::test]
async fn wrong_secrets_and_ids_are_refused() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (id, key) = server.key(&token, "ci", None).await;
    let (_, other) = server.key(&token, "other", None).await;
    let secret = key.split_once('.').unwrap().1;
    let others_secret = other.split_once('.').unwrap().1;
    for credential in [
        format!("api_{id}."),
        format!("api_{id}.{others_secret}"),
        format!("api_{id}.{}", &secret[1..]),
        format!("api_{id}.{secret}x"),
        format!("api_{id}.{}", secret.to_uppercase()),
        format!("api_00000000000000000000.{secret}"),
        format!("api_{id}{secret}"),
        format!("api_' OR 1=1 --.{secret}"),
        format!("API_{id}.{secret}"),
        secret.to_owned(),
        id.clone(),
    ] {
        assert!(!server.is_good(&credential).await, "{credential}");
    }
}

#[tokio::test]
async fn ids_that_make_no_sense_are_not_found() {
    let server = Server::start().await;
    let token = server.ada().await;
    for id in [
        "0",
        "%00",
        "%2e%2e",
        "a'b",
        &"x".repeat(5000),
        "%F0%9F%A7%AE",
    ] {
        let answer = server.delete(&format!("{PATH}/{id}"), &token).await;
        answer.refused(404, None);
    }
    let answer = server.delete(&format!("{PATH}/%FF"), &token).await;
    answer.refused(404, None);
}
