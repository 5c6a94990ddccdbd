//! The users of the admin portal: listed, made, changed, reset, deleted. Who may is in
//! `user_permissions`.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{ADMIN, Portal, READER, ROOT, send};
use crate::support::{ADA, Answer, PASSWORD, text};

pub(super) const PATH: &str = "/portal/v1/users";
pub(super) const GOOD: &str = "Aa1!aaaa";

pub(super) async fn id_of(portal: &Portal, email: &str) -> String {
    let root = portal.token(ROOT).await;
    let found = portal
        .server
        .get(&format!("{PATH}?search={email}"), &root)
        .await;
    text(&found.json()["items"][0]["id"])
}

pub(super) fn new_user(email: &str, roles: &[&str]) -> Value {
    json!({ "email": email, "displayName": "New One", "password": GOOD, "roles": roles })
}

/// Changes a user in whichever version there is.
pub(super) async fn edit(portal: &Portal, credential: &str, id: &str, body: &Value) -> Answer {
    let request = portal
        .server
        .request(Method::PATCH, &format!("{PATH}/{id}"));
    let request = request
        .bearer_auth(credential)
        .header(header::IF_MATCH, "*");
    portal.server.send(request.json(body)).await
}

pub(super) async fn reset(portal: &Portal, credential: &str, id: &str) -> Answer {
    let body = json!({ "newPassword": GOOD });
    portal
        .server
        .put(&format!("{PATH}/{id}/password"), credential, &body)
        .await
}

#[tokio::test]
async fn users_are_those_who_have_a_role_in_the_admin_portal() {
    let portal = Portal::start().await;
    portal.server.login(READER, PASSWORD).await;
    let token = portal.token(ADMIN).await;
    let answer = portal.server.get(PATH, &token).await;
    assert_eq!(answer.status, 200);
    let users = answer.json();
    assert_eq!(users["total"], 3);
    assert_eq!(users["next"], Value::Null);
    let emails: Vec<String> = users["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| text(&user["email"]))
        .collect();
    assert_eq!(emails, [ADMIN, READER, ROOT]);
    let (admin, reader, root) = (&users["items"][0], &users["items"][1], &users["items"][2]);
    assert_eq!(admin["you"], true);
    assert_eq!(reader["you"], false);
    assert_eq!(root["roles"], json!(["super-admin"]));
    assert_eq!(root["status"], "active");
    assert_eq!(root["displayName"], "Some Body");
    assert_eq!(root["lastLoginAt"], Value::Null);
    assert!(text(&reader["lastLoginAt"]).ends_with('Z'));
    let ada = portal.token(ADA).await;
    let account = portal.server.get("/portal/v1/account", &ada).await.json();
    let path = format!("{PATH}/{}", text(&account["id"]));
    portal
        .server
        .get(&path, &token)
        .await
        .problem(404, "not-found");
}

#[tokio::test]
async fn users_are_found_by_email_and_name_and_listed_in_parts() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    for number in 0..5 {
        let mut user = new_user(&format!("u{number}@example.org"), &["read-only"]);
        user["displayName"] = json!(format!("Zoë {number}"));
        assert_eq!(portal.server.post(PATH, &token, &user).await.status, 201);
    }
    let search = |query: &str| {
        let path = format!("{PATH}?{query}");
        let (server, token) = (&portal.server, &token);
        async move { server.get(&path, token).await.json() }
    };
    assert_eq!(search("search=ZO%C3%8B").await["total"], 5);
    assert_eq!(
        search("search=U3@").await["items"][0]["displayName"],
        "Zoë 3"
    );
    assert_eq!(search("search=nobody").await["items"], json!([]));
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = search(&format!("search=zo%C3%AB&limit=2{cursor}")).await;
        assert_eq!(page["total"], 5);
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| text(&user["email"])),
        );
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let all: Vec<String> = (0..5)
        .map(|number| format!("u{number}@example.org"))
        .collect();
    assert_eq!(seen, all);
    for query in ["limit=0", "limit=201", "limit=x", "cursor=x"] {
        let answer = portal.server.get(&format!("{PATH}?{query}"), &token).await;
        answer.problem(400, "malformed");
    }
}

#[tokio::test]
async fn users_are_found_by_the_name_that_they_have_now() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let found = async |text: &str| {
        let path = format!("{PATH}?search={text}");
        portal.server.get(&path, &root).await.json()["total"].clone()
    };
    assert_eq!(found("SOME%20body").await, 3);
    let id = id_of(&portal, READER).await;
    let name = json!({ "displayName": "Grace Hopper" });
    edit(&portal, &root, &id, &name).await;
    assert_eq!(found("grace").await, 1);
    let own = json!({ "displayName": "Amazing Grace" });
    let reader = portal.token(READER).await;
    let account = "/portal/v1/account";
    send(&portal.server, Method::PATCH, account, &reader, Some(&own)).await;
    assert_eq!(found("hopper").await, 0);
    assert_eq!(found("amazing").await, 1);
    // And by another dialect, where names have two parts.
    let idmp = json!({ "first_name": "Rosalind" });
    let admin = portal.token(ADMIN).await;
    portal.server.put("/api/v1/users", &admin, &idmp).await;
    assert_eq!(found("rosalind%20b").await, 1);
    assert_eq!(found("some%20body").await, 1);
}

#[tokio::test]
async fn a_name_that_is_sent_back_goes_on_following_first_and_last_name() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let id = id_of(&portal, READER).await;
    let body = json!({ "displayName": "Some Body", "roles": ["admin"] });
    assert_eq!(edit(&portal, &root, &id, &body).await.status, 200);
    let token = portal.token(READER).await;
    let own = json!({ "last_name": "One" });
    portal
        .server
        .put("/api/v1/users", &token, &own)
        .await
        .data();
    let user = portal.server.get(&format!("{PATH}/{id}"), &root).await;
    assert_eq!(user.json()["displayName"], "Some One");
}

#[tokio::test]
async fn a_new_user_signs_in_with_the_password_they_were_given() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let user = new_user(" Eve@example.org ", &["read-only", "admin", "admin"]);
    let answer = portal.server.post(PATH, &token, &user).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let made = answer.json();
    assert_eq!(made["email"], "Eve@example.org");
    assert_eq!(made["roles"], json!(["admin", "read-only"]));
    assert_eq!(made["status"], "active");
    let path = format!("{PATH}/{}", text(&made["id"]));
    let read = portal.server.get(&path, &token).await;
    assert_eq!(read.json(), made);
    assert_eq!(read.header("etag"), answer.header("etag"));
    portal.server.login("eve@example.org", GOOD).await;
    let again = new_user("EVE@example.org", &["admin"]);
    portal
        .server
        .post(PATH, &token, &again)
        .await
        .problem(409, "email-taken");
}

#[tokio::test]
async fn a_creation_that_is_repeated_makes_one_user() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let post = |body: Value| {
        let request = portal
            .server
            .request(Method::POST, PATH)
            .bearer_auth(&token);
        let request = request.header("idempotency-key", "once").json(&body);
        portal.server.send(request)
    };
    let first = post(new_user("eve@example.org", &["admin"])).await;
    let second = post(new_user("eve@example.org", &["admin"])).await;
    assert_eq!((first.status, first.json()), (second.status, second.json()));
    let other = post(new_user("mallory@example.org", &["admin"])).await;
    other.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn entries_that_cannot_be_are_refused_on_their_field() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    for (name, value, code) in [
        ("email", json!("nowhere"), "malformed"),
        ("email", json!(""), "required"),
        ("displayName", json!(" "), "required"),
        ("displayName", json!("x".repeat(258)), "too-long"),
        ("password", json!("aaaaaaa1!"), "policy"),
        ("roles", json!([]), "required"),
        ("roles", json!(["root"]), "unknown-value"),
        ("roles", json!("admin"), "malformed"),
    ] {
        let mut user = new_user("eve@example.org", &["admin"]);
        user[name] = value;
        let answer = portal.server.post(PATH, &token, &user).await;
        answer.entry(&format!("/{name}"), code);
    }
    let id = id_of(&portal, READER).await;
    for (name, value, code) in [
        ("displayName", json!(""), "required"),
        ("roles", json!([]), "required"),
        ("roles", json!(["owner"]), "unknown-value"),
        ("status", json!("asleep"), "malformed"),
    ] {
        let answer = edit(&portal, &token, &id, &json!({ name: value })).await;
        answer.entry(&format!("/{name}"), code);
    }
}

#[tokio::test]
async fn two_who_edit_at_once_do_not_overwrite_each_other() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let path = format!("{PATH}/{}", id_of(&portal, READER).await);
    let seen = portal
        .server
        .get(&path, &token)
        .await
        .header("etag")
        .to_owned();
    let sent = |tag: Option<String>, body: Value| {
        let request = portal
            .server
            .request(Method::PATCH, &path)
            .bearer_auth(&token);
        let request = match tag {
            Some(tag) => request.header(header::IF_MATCH, tag),
            None => request,
        };
        portal.server.send(request.json(&body))
    };
    let body = || json!({ "displayName": "One" });
    sent(None, body())
        .await
        .problem(428, "precondition-required");
    let first = sent(Some(seen.clone()), body()).await;
    assert_eq!(first.status, 200);
    sent(Some(seen), json!({ "displayName": "Two" }))
        .await
        .problem(412, "precondition-failed");
    let tag = first.header("etag").to_owned();
    let roles = sent(Some(tag.clone()), json!({ "roles": ["admin"] })).await;
    assert_eq!(roles.status, 200);
    assert_ne!(roles.header("etag"), tag, "roles count, too");
    assert_eq!(roles.json()["displayName"], "One");
}

#[tokio::test]
async fn a_user_who_is_switched_off_is_out_at_once() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let admin = portal.token(ADMIN).await;
    let (_, key) = portal.admin_key(&admin, &["read"]).await;
    let id = id_of(&portal, ADMIN).await;
    let off = edit(&portal, &root, &id, &json!({ "status": "inactive" })).await;
    assert_eq!(off.json()["status"], "inactive");
    for credential in [&admin, &key] {
        Portal::is_refused(&portal.read(credential).await);
    }
    assert_eq!(portal.server.try_login(ADMIN, PASSWORD).await.status, 401);
    edit(&portal, &root, &id, &json!({ "status": "active" })).await;
    Portal::is_refused(&portal.read(&admin).await);
    assert_eq!(portal.read(&key).await.status, 200);
    portal.server.login(ADMIN, PASSWORD).await;
}

#[tokio::test]
async fn a_password_that_is_reset_ends_the_users_sessions() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let reader = portal.token(READER).await;
    let id = id_of(&portal, READER).await;
    let weak = json!({ "newPassword": "short" });
    let path = format!("{PATH}/{id}/password");
    let weak = portal.server.put(&path, &root, &weak).await;
    weak.problem(422, "invalid-input");
    assert_eq!(weak.json()["errors"][0]["pointer"], "/newPassword");
    assert_eq!(reset(&portal, &root, &id).await.status, 204);
    Portal::is_refused(&portal.read(&reader).await);
    assert_eq!(portal.server.try_login(READER, PASSWORD).await.status, 401);
    let token = portal.server.login(READER, GOOD).await;
    let log = portal
        .server
        .get("/portal/v1/account/security-log", &token)
        .await
        .json();
    assert_eq!(log["items"][2]["event"], "password-reset");
    for id in ["nobody", "%FF"] {
        reset(&portal, &root, id).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_user_who_is_deleted_is_gone() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let admin = portal.token(ADMIN).await;
    let (_, key) = portal.admin_key(&admin, &["read"]).await;
    let path = format!("{PATH}/{}", id_of(&portal, ADMIN).await);
    assert_eq!(portal.server.delete(&path, &root).await.status, 204);
    for credential in [&admin, &key] {
        Portal::is_refused(&portal.read(credential).await);
    }
    portal
        .server
        .get(&path, &root)
        .await
        .problem(404, "not-found");
    portal
        .server
        .delete(&path, &root)
        .await
        .problem(404, "not-found");
}

#[tokio::test]
async fn roles_that_change_are_in_the_users_own_log() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let id = id_of(&portal, READER).await;
    edit(
        &portal,
        &root,
        &id,
        &json!({ "roles": ["admin", "read-only"] }),
    )
    .await;
    let token = portal.token(READER).await;
    let log = portal
        .server
        .get("/portal/v1/account/security-log", &token)
        .await
        .json();
    assert_eq!(log["items"][1]["event"], "role-changed");
    assert_eq!(log["items"][1]["subject"], "admin, read-only");
    let body = json!({});
    let none = send(
        &portal.server,
        Method::PATCH,
        &format!("{PATH}/{id}"),
        &root,
        Some(&body),
    )
    .await;
    none.problem(428, "precondition-required");
}
