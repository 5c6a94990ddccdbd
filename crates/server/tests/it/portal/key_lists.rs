//! Lists of API keys: in parts, each by itself, with names that are unique in one.

use serde_json::{Value, json};

use super::{ADMIN, KEYS, Portal, ROOT, names};
use crate::support::{ADA, BOB, text};

#[tokio::test]
async fn lists_are_newest_first_and_stay_whole_while_keys_come_and_go() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let make = async |name: &str| {
        let body = json!({ "name": name, "scopes": ["read"] });
        portal.key(KEYS, &token, &body).await.0
    };
    let mut ids = Vec::new();
    for number in 0..7 {
        ids.push(make(&number.to_string()).await);
    }
    let page = async |cursor: &Value| {
        let cursor = cursor.as_str().map(|cursor| format!("&cursor={cursor}"));
        let path = format!("{KEYS}?limit=3{}", cursor.unwrap_or_default());
        portal.server.get(&path, &token).await.json()
    };
    let first = page(&Value::Null).await;
    assert_eq!(names(&first), ["6", "5", "4"]);
    make("7").await;
    let delete = async |id: &str| portal.server.delete(&format!("{KEYS}/{id}"), &token).await;
    // The very key on which the page ended, and one of the next.
    assert_eq!(delete(&ids[4]).await.status, 204);
    assert_eq!(delete(&ids[2]).await.status, 204);
    let second = page(&first["next"]).await;
    assert_eq!(names(&second), ["3", "1", "0"]);
    assert_eq!(second["next"], Value::Null);
    let all = portal.server.get(KEYS, &token).await.json();
    assert_eq!(names(&all), ["7", "6", "5", "3", "1", "0"]);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_alone() {
    let portal = Portal::start().await;
    let (root, admin) = (portal.token(ROOT).await, portal.token(ADMIN).await);
    for token in [&root, &admin] {
        portal.admin_key(token, &["read"]).await;
        portal.admin_key(token, &["write"]).await;
    }
    let path = format!("{KEYS}?limit=1");
    let cursor = text(&portal.server.get(&path, &root).await.json()["next"]);
    let path = format!("{KEYS}?limit=1&cursor={cursor}");
    assert_eq!(portal.server.get(&path, &root).await.status, 200);
    portal
        .server
        .get(&path, &admin)
        .await
        .problem(400, "malformed");
    let path = format!("/portal/v1/organizations?cursor={cursor}");
    portal
        .server
        .get(&path, &root)
        .await
        .problem(400, "malformed");
    for query in [
        "cursor=x",
        "cursor=",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "limit=1&limit=2",
    ] {
        let answer = portal.server.get(&format!("{KEYS}?{query}"), &root).await;
        answer.problem(400, "malformed");
    }
}

#[tokio::test]
async fn a_name_is_unique_in_its_list_and_free_in_every_other() {
    let portal = Portal::start().await;
    let (root, path) = (portal.token(ROOT).await, portal.organization_keys());
    let named = |name: &str| json!({ "name": name, "scopes": ["read"] });
    portal.key(KEYS, &root, &named("ci")).await;
    let answer = portal.server.post(KEYS, &root, &named(" CI\u{200b}")).await;
    answer.problem(409, "title-taken");
    assert_eq!(answer.json()["errors"][0]["pointer"], "/name");
    portal
        .key(KEYS, &portal.token(ADMIN).await, &named("ci"))
        .await;
    let ada = portal.token(ADA).await;
    portal.server.key(&ada, "ci", None).await;
    let named = json!({ "name": "ci" });
    portal.key(&path, &ada, &named).await;
    portal.key(&path, &portal.token(BOB).await, &named).await;
    let answer = portal.server.post(&path, &ada, &named).await;
    answer.problem(409, "title-taken");
}
