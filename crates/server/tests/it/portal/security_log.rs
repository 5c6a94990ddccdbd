//! What happened to an account.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{KEYS, Portal, ROOT, send};
use crate::support::{ADA, BOB, PASSWORD, text};

const PATH: &str = "/portal/v1/account/security-log";

async fn entries(portal: &Portal, token: &str) -> Vec<Value> {
    let answer = portal.server.get(&format!("{PATH}?limit=200"), token).await;
    assert_eq!(answer.status, 200);
    answer.json()["items"].as_array().unwrap().clone()
}

fn events(entries: &[Value]) -> Vec<&str> {
    let events = entries.iter().map(|entry| entry["event"].as_str().unwrap());
    events.collect()
}

#[tokio::test]
async fn everything_that_concerns_the_safety_of_an_account_is_written_down() {
    let portal = Portal::start().await;
    let server = &portal.server;
    let sign_in = |password: &str| {
        let body = json!({ "email": ROOT, "password": password });
        let request = server.request(Method::POST, "/portal/v1/sessions");
        server.send(
            request
                .header(header::USER_AGENT, "Keydesk/1.0")
                .json(&body),
        )
    };
    sign_in("wrong").await.problem(401, "wrong-credentials");
    let gone = text(&sign_in(PASSWORD).await.json()["token"]);
    server.delete("/portal/v1/sessions/current", &gone).await;
    let token = text(&sign_in(PASSWORD).await.json()["token"]);
    portal.token(ROOT).await;
    send(
        server,
        Method::POST,
        "/portal/v1/sessions/end-others",
        &token,
        None,
    )
    .await;
    let name = json!({ "displayName": "Root" });
    for _ in 0..2 {
        send(
            server,
            Method::PATCH,
            "/portal/v1/account",
            &token,
            Some(&name),
        )
        .await;
    }
    let password = json!({ "currentPassword": PASSWORD, "newPassword": "Aa1!aaaa" });
    server
        .put("/portal/v1/account/password", &token, &password)
        .await;
    let (id, _) = portal.admin_key(&token, &["read"]).await;
    send(
        server,
        Method::POST,
        &format!("{KEYS}/{id}/revocation"),
        &token,
        None,
    )
    .await;
    server.delete(&format!("{KEYS}/{id}"), &token).await;
    let log = entries(&portal, &token).await;
    let newest_first = [
        "api-key-deleted",
        "api-key-revoked",
        "api-key-created",
        "password-changed",
        "profile-changed",
        "session-ended",
        "signed-in",
        "signed-in",
        "signed-out",
        "signed-in",
        "sign-in-failed",
    ];
    assert_eq!(events(&log), newest_first);
    assert_eq!(log[0]["subject"], "read");
    let failed = log.last().unwrap();
    assert_eq!(failed["userAgent"], "Keydesk/1.0");
    assert_eq!(failed["address"], "127.0.0.1");
    assert!(failed.get("subject").is_none());
    assert!(text(&failed["at"]).ends_with('Z'));
    let whole = serde_json::to_string(&log).unwrap();
    for secret in [PASSWORD, "Aa1!aaaa", token.as_str()] {
        assert!(!whole.contains(secret));
    }
}

#[tokio::test]
async fn what_other_dialects_do_is_in_it_as_well() {
    let portal = Portal::start().await;
    let server = &portal.server;
    server.try_login(ADA, "wrong").await;
    let idmp = server.ada().await;
    let (key, _) = server.key(&idmp, "ci", None).await;
    server
        .delete(&format!("/api/v1/users/api-keys/{key}"), &idmp)
        .await;
    server
        .put("/api/v1/users", &idmp, &json!({ "phone": "112" }))
        .await;
    let administration = server.running.administration();
    let scopes = ["APIKey".to_owned()];
    administration
        .add_aimms_key(ADA, "aimms", &scopes, 1)
        .await
        .unwrap();
    let token = portal.token(ADA).await;
    let log = entries(&portal, &token).await;
    let expected = [
        "signed-in",
        "api-key-created",
        "profile-changed",
        "api-key-deleted",
        "api-key-created",
        "signed-in",
        "sign-in-failed",
        "role-changed",
    ];
    assert_eq!(events(&log), expected);
}

#[tokio::test]
async fn an_account_sees_its_own_log_and_in_parts() {
    let portal = Portal::start().await;
    let ada = portal.token(ADA).await;
    portal.token(ADA).await;
    let bob = portal.token(BOB).await;
    let first = portal
        .server
        .get(&format!("{PATH}?limit=1"), &ada)
        .await
        .json();
    assert_eq!(first["items"].as_array().unwrap().len(), 1);
    let cursor = text(&first["next"]);
    // What happens meanwhile neither repeats nor loses an entry.
    portal.token(ADA).await;
    let rest = portal
        .server
        .get(&format!("{PATH}?cursor={cursor}"), &ada)
        .await
        .json();
    let rest = rest["items"].as_array().unwrap();
    let all = entries(&portal, &ada).await;
    assert_eq!(all.len(), rest.len() + 2);
    assert_eq!(all[1]["id"], first["items"][0]["id"]);
    assert_eq!(&all[2..], rest);
    let foreign = portal
        .server
        .get(&format!("{PATH}?cursor={cursor}"), &bob)
        .await;
    foreign.problem(400, "malformed");
}
