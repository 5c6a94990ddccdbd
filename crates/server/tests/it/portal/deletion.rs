//! Deleting one's own account.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Portal, ROOT, send};
use crate::support::{ADA, BOB, BOBS_PASSWORD, PASSWORD, SSO, Server, text};
use keydesk_server::OrganizationRole;

const PATH: &str = "/portal/v1/account/deletion";

fn count(consequences: &Value, code: &str) -> u64 {
    let all = consequences["consequences"].as_array().unwrap();
    let found = all.iter().find(|one| one["code"] == code).unwrap();
    assert!(text(&found["text"]).ends_with('.'));
    found["count"].as_u64().unwrap()
}

/// What is in the database under the names of any table.
fn rows_with(server: &Server, needle: &str) -> usize {
    let path = server.dir.path().join("data/keydesk.db");
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap();
    let tables: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let rows = |table: &String| {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut found = 0;
        while let Some(row) = rows.next().unwrap() {
            let holds = (0..columns).any(|column| {
                matches!(row.get_ref(column).unwrap(), rusqlite::types::ValueRef::Text(text)
                    if text == needle.as_bytes())
            });
            found += usize::from(holds);
        }
        found
    };
    tables.iter().map(rows).sum()
}

#[tokio::test]
async fn the_consequences_are_told_and_then_everything_is_gone_at_once() {
    let portal = Portal::start().await;
    let server = &portal.server;
    let token = portal.token(BOB).await;
    let other = portal.token(BOB).await;
    let administration = server.running.administration();
    let own = administration.add_organization("Bob alone").await.unwrap();
    administration
        .put_member(&own, BOB, OrganizationRole::Owner)
        .await
        .unwrap();
    let new = json!({ "name": "ci" });
    let (_, key) = portal.key(&portal.organization_keys(), &token, &new).await;
    server.key(&token, "idmp", None).await;
    server.try_login(BOB, "wrong").await;
    let answer = server.get(PATH, &token).await.json();
    assert_eq!(answer["allowed"], true);
    assert!(answer.get("reason").is_none());
    assert_eq!(answer["phrase"], format!("delete {BOB}"));
    for (code, expected) in [
        ("account", 1),
        ("apiKeys", 2),
        ("organizations", 1),
        ("ownedOrganizations", 1),
        ("sessions", 2),
    ] {
        assert_eq!(count(&answer, code), expected, "{code}");
    }
    let account = server.get("/portal/v1/account", &token).await.json();
    let id = text(&account["id"]);
    assert!(rows_with(server, &id) > 8);
    for (phrase, pointer) in [("delete", "/phrase"), ("", "/phrase")] {
        let body = json!({ "phrase": phrase, "password": BOBS_PASSWORD });
        server
            .post(PATH, &token, &body)
            .await
            .entry(pointer, "mismatch");
    }
    let phrase = format!("delete {BOB}");
    let wrong = json!({ "phrase": phrase, "password": "x" });
    let wrong = server.post(PATH, &token, &wrong).await;
    wrong.problem(422, "current-password-wrong");
    assert_eq!(wrong.json()["errors"][0]["pointer"], "/password");
    let without = json!({ "phrase": phrase });
    server
        .post(PATH, &token, &without)
        .await
        .entry("/password", "required");
    let body = json!({ "phrase": phrase, "password": BOBS_PASSWORD });
    assert_eq!(server.post(PATH, &token, &body).await.status, 204);
    for credential in [&token, &other, &key] {
        Portal::is_refused(&portal.read(credential).await);
    }
    assert_eq!(server.try_login(BOB, BOBS_PASSWORD).await.status, 401);
    assert_eq!(rows_with(server, &id), 0);
    assert_eq!(rows_with(server, &own), 0, "nobody else was in it");
    assert_eq!(rows_with(server, BOB), 0);
    assert!(rows_with(server, &portal.organization) > 0);
}

#[tokio::test]
async fn the_last_owner_of_an_organization_with_members_stays() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let answer = portal.server.get(PATH, &token).await.json();
    assert_eq!(answer["allowed"], false);
    assert_eq!(answer["reason"], "last-owner");
    let body = json!({ "phrase": format!("delete {ADA}"), "password": PASSWORD });
    portal
        .server
        .post(PATH, &token, &body)
        .await
        .problem(409, "last-owner");
    let administration = portal.server.running.administration();
    let role = OrganizationRole::Owner;
    administration
        .put_member(&portal.organization, BOB, role)
        .await
        .unwrap();
    assert_eq!(portal.server.post(PATH, &token, &body).await.status, 204);
}

#[tokio::test]
async fn the_last_super_admin_stays() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let answer = portal.server.get(PATH, &token).await.json();
    assert_eq!(answer["reason"], "last-super-admin");
    let body = json!({ "phrase": format!("delete {ROOT}"), "password": PASSWORD });
    portal
        .server
        .post(PATH, &token, &body)
        .await
        .problem(409, "last-super-admin");
    assert_eq!(portal.read(&token).await.status, 200);
}

#[tokio::test]
async fn who_signs_in_elsewhere_has_only_the_phrase_to_type() {
    let portal = Portal::start().await;
    let token = portal.token(SSO).await;
    let body = json!({ "phrase": format!(" delete {SSO} ") });
    let answer = send(&portal.server, Method::POST, PATH, &token, Some(&body)).await;
    assert_eq!(answer.status, 204);
    Portal::is_refused(&portal.read(&token).await);
}
