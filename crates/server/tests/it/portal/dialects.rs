//! A key keeps to the dialect that it was made under, and to what its owner still may.

use keydesk_server::OrganizationRole;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ADMIN, KEYS, Portal, READER, ROOT};
use crate::support::{ADA, BOB, SSO, text};

const IDMP_KEYS: &str = "/api/v1/users/api-keys";

#[tokio::test]
async fn a_key_is_good_on_the_paths_of_its_dialect_alone() {
    let portal = Portal::start().await;
    let (ada, root) = (portal.token(ADA).await, portal.token(ROOT).await);
    let idmp = portal.server.key(&ada, "idmp", None).await.1;
    let body = json!({ "name": "portal" });
    let organization = portal.key(&portal.organization_keys(), &ada, &body).await.1;
    let admin = portal.admin_key(&root, &["read"]).await.1;
    assert!(portal.server.is_good(&idmp).await);
    Portal::is_refused(&portal.read(&idmp).await);
    for key in [&organization, &admin] {
        assert_eq!(portal.read(key).await.status, 200);
        assert!(!portal.server.is_good(key).await);
    }
    // Nor under the beginning of another dialect.
    let disguised = organization.replacen("portal_", "api_", 1);
    assert!(!portal.server.is_good(&disguised).await);
    let disguised = idmp.replacen("api_", "portal_", 1);
    Portal::is_refused(&portal.read(&disguised).await);
}

#[tokio::test]
async fn lists_of_one_dialect_never_show_keys_of_another() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let (idmp_id, _) = portal.server.key(&token, "idmp", None).await;
    let (id, value) = portal.admin_key(&token, &["read"]).await;
    let idmp = portal.server.get(IDMP_KEYS, &token).await.data();
    assert_eq!(idmp["total"], 1);
    assert_eq!(idmp["rows"][0]["id"], json!(idmp_id));
    let list = portal.server.get(KEYS, &token).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["id"], json!(id));
    // Neither can one be reached by its id: not to be shown whole, prolonged or deleted.
    let path = format!("{IDMP_KEYS}/{id}");
    portal
        .server
        .get(&format!("{path}/value"), &token)
        .await
        .refused(404, None);
    let body = json!({ "expire_time": null });
    portal
        .server
        .put(&path, &token, &body)
        .await
        .refused(404, None);
    portal.server.delete(&path, &token).await.refused(404, None);
    let path = format!("{KEYS}/{idmp_id}");
    portal
        .server
        .get(&path, &token)
        .await
        .problem(404, "not-found");
    portal
        .server
        .delete(&path, &token)
        .await
        .problem(404, "not-found");
    assert_eq!(portal.read(&value).await.status, 200);
}

#[tokio::test]
async fn a_key_is_refused_while_its_owner_is_deactivated_and_when_they_are_gone() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    let (bob, root) = (portal.token(BOB).await, portal.token(ROOT).await);
    let body = json!({ "name": "portal" });
    let organization = portal.key(&portal.organization_keys(), &bob, &body).await.1;
    let admin = portal.admin_key(&root, &["read"]).await.1;
    for (email, key) in [(BOB, organization), (ROOT, admin)] {
        administration.deactivate(email).await.unwrap();
        Portal::is_refused(&portal.read(&key).await);
        administration.activate(email).await.unwrap();
        assert_eq!(portal.read(&key).await.status, 200);
        administration.delete_user(email).await.unwrap();
        Portal::is_refused(&portal.read(&key).await);
    }
}

#[tokio::test]
async fn a_key_of_the_admin_portal_may_no_more_than_its_owner_at_that_moment() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let read = portal.admin_key(&root, &["read"]).await.1;
    let write = portal.admin_key(&root, &["write"]).await.1;
    let capabilities = "/portal/v1/capabilities";
    assert_eq!(portal.server.get(capabilities, &read).await.status, 200);
    let answer = portal.server.get(capabilities, &write).await;
    answer.problem(403, "scope-insufficient");
    let users = |key: &serde_json::Value| key["users"]["view"]["allowed"].clone();
    let seen = portal.server.get(capabilities, &read).await.json();
    assert_eq!(users(&seen), true);
    take_roles(&portal, "super-admin", Some("read-only"));
    let seen = portal.server.get(capabilities, &read).await.json();
    assert_eq!(users(&seen), false);
    assert_eq!(seen["users"]["view"]["reason"], "role-insufficient");
    // Without any role there is no admin portal for it.
    take_roles(&portal, "read-only", None);
    Portal::is_refused(&portal.read(&read).await);
    Portal::is_refused(&portal.read(&write).await);
    portal
        .server
        .get(KEYS, &root)
        .await
        .problem(403, "role-insufficient");
}

#[tokio::test]
async fn who_may_not_view_users_does_not_find_them_by_another_dialect() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    let everyone = [ADA, ADMIN, BOB, READER, ROOT, SSO];
    for (email, seen) in [
        (ROOT, &everyone[..]),
        (ADMIN, &everyone),
        (READER, &[READER]),
        // Of one organization.
        (ADA, &[ADA, BOB]),
        (BOB, &[ADA, BOB]),
        // Of none, and of no portal.
        (SSO, &[SSO]),
    ] {
        let token = portal.token(email).await;
        let idmp_key = portal.server.key(&token, "idmp", None).await.1;
        for credential in [&token, &idmp_key] {
            let page = portal.server.get("/api/v1/users/page", credential).await;
            let page = page.data();
            assert_eq!(names_in(&page["rows"], "email"), seen, "{email}");
            assert_eq!(page["total"], seen.len(), "{email}");
        }
        let scopes = ["Authentication".to_owned()];
        let aimms_key = administration.add_aimms_key(email, "first", &scopes, 30);
        let aimms_key = aimms_key.await.unwrap();
        let look_up = async |path: &str| {
            let request = portal
                .server
                .request(Method::GET, &format!("/pro/user-manager/v1{path}"));
            let request = request.header("apikey", aimms_key.as_str());
            portal.server.send(request).await
        };
        let users = look_up("/user").await.json();
        assert_eq!(names_in(&users, "user_name"), seen, "{email}");
        for other in everyone {
            let answer = look_up(&format!("/user/keydesk/ROOT/{other}/info")).await;
            let status = if seen.contains(&other) { 200 } else { 404 };
            assert_eq!(answer.status, status, "{email}: {other}");
        }
    }
    administration.deactivate(BOB).await.unwrap();
    let token = portal.token(ADA).await;
    let page = portal.server.get("/api/v1/users/page", &token).await;
    assert_eq!(names_in(&page.data()["rows"], "email"), [ADA]);
}

fn names_in(rows: &Value, field: &str) -> Vec<String> {
    let rows = rows.as_array().unwrap();
    rows.iter().map(|row| text(&row[field])).collect()
}

/// Changes the roles of those who have this one, behind the server's back.
fn take_roles(portal: &Portal, role: &str, instead: Option<&str>) {
    let database = portal.server.dir.path().join("data/keydesk.db");
    let connection = rusqlite::Connection::open(database).unwrap();
    let changed = match instead {
        Some(other) => connection.execute(
            "UPDATE portal_roles SET role = ?2 WHERE role = ?1 \
             AND user_id = (SELECT id FROM users WHERE email = 'root@example.org')",
            [role, other],
        ),
        None => connection.execute(
            "DELETE FROM portal_roles WHERE role = ?1 \
             AND user_id = (SELECT id FROM users WHERE email = 'root@example.org')",
            [role],
        ),
    };
    assert_eq!(changed.unwrap(), 1);
}

#[tokio::test]
async fn a_session_is_good_in_every_dialect_until_it_ends() {
    let portal = Portal::start().await;
    let token = portal.token(ADMIN).await;
    assert!(portal.server.is_good(&token).await);
    assert_eq!(portal.read(&token).await.status, 200);
    let answer = portal
        .server
        .delete("/portal/v1/sessions/current", &token)
        .await;
    assert_eq!(answer.status, 204);
    assert!(answer.bytes.is_empty());
    assert!(!portal.server.is_good(&token).await);
    Portal::is_refused(&portal.read(&token).await);
}

#[tokio::test]
async fn a_role_in_an_organization_is_looked_up_at_every_request() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    let token = portal.token(BOB).await;
    let role = async || {
        let path = "/portal/v1/organizations";
        portal.server.get(path, &token).await.json()["items"][0]["role"].clone()
    };
    assert_eq!(role().await, "viewer");
    administration
        .put_member(&portal.organization, BOB, OrganizationRole::Admin)
        .await
        .unwrap();
    assert_eq!(role().await, "admin");
}
