//! Where a person is signed in, and ending it.

use reqwest::{Method, header};
use serde_json::Value;

use super::{Portal, ROOT, send};
use crate::support::{ADA, PASSWORD, text};

const PATH: &str = "/portal/v1/sessions";

async fn listed(portal: &Portal, token: &str) -> Vec<Value> {
    let answer = portal.server.get(PATH, token).await;
    assert_eq!(answer.status, 200);
    answer.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn sessions_say_where_they_were_begun_and_which_is_this_one() {
    let portal = Portal::start().await;
    let old = portal.token(ADA).await;
    portal.server.advance_hours(1);
    let body = serde_json::json!({ "email": ADA, "password": PASSWORD });
    let request = portal.server.request(Method::POST, PATH).json(&body);
    let request = request.header(header::USER_AGENT, "Keydesk/1.0");
    let token = text(&portal.server.send(request).await.json()["token"]);
    let sessions = listed(&portal, &token).await;
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0]["userAgent"], "Keydesk/1.0");
    assert_eq!(sessions[0]["address"], "127.0.0.1");
    assert_eq!(sessions[0]["current"], true);
    assert_eq!(sessions[1]["current"], false);
    assert_eq!(sessions[1]["lastUsedAt"], Value::Null);
    assert!(text(&sessions[0]["lastUsedAt"]) >= text(&sessions[0]["createdAt"]));
    assert!(text(&sessions[0]["expiresAt"]) > text(&sessions[0]["createdAt"]));
    assert_eq!(listed(&portal, &old).await[1]["current"], true);
    assert!(!serde_json::to_string(&sessions).unwrap().contains(&token));
    portal.server.advance_hours(7 * 24 - 1);
    assert_eq!(
        listed(&portal, &token).await.len(),
        1,
        "the expired one is gone"
    );
}

#[tokio::test]
async fn lists_go_on_where_they_were_left() {
    let portal = Portal::start().await;
    let mut token = String::new();
    for _ in 0..5 {
        token = portal.token(ADA).await;
    }
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = portal
            .server
            .get(&format!("{PATH}?limit=2{next}"), &token)
            .await;
        let page = page.json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| text(&item["id"])),
        );
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    let all: Vec<String> = listed(&portal, &token)
        .await
        .iter()
        .map(|one| text(&one["id"]))
        .collect();
    assert_eq!(seen, all);
    assert_eq!(seen.len(), 5);
    let root = portal.token(ROOT).await;
    let foreign = portal
        .server
        .get(&format!("{PATH}?limit=2{next}"), &root)
        .await;
    foreign.problem(400, "malformed");
}

#[tokio::test]
async fn a_session_that_is_ended_is_over_at_the_next_request() {
    let portal = Portal::start().await;
    let (one, other) = (portal.token(ADA).await, portal.token(ADA).await);
    let sessions = listed(&portal, &one).await;
    let id = |current: bool| {
        let session = sessions
            .iter()
            .find(|session| session["current"] == current);
        text(&session.unwrap()["id"])
    };
    let path = format!("{PATH}/{}", id(false));
    assert_eq!(portal.server.delete(&path, &one).await.status, 204);
    Portal::is_refused(&portal.read(&other).await);
    portal
        .server
        .delete(&path, &one)
        .await
        .problem(404, "not-found");
    let own = format!("{PATH}/{}", id(true));
    assert_eq!(portal.server.delete(&own, &one).await.status, 204);
    Portal::is_refused(&portal.read(&one).await);
}

#[tokio::test]
async fn nobody_ends_the_sessions_of_others() {
    let portal = Portal::start().await;
    let (ada, root) = (portal.token(ADA).await, portal.token(ROOT).await);
    let id = text(&listed(&portal, &ada).await[0]["id"]);
    let answer = portal.server.delete(&format!("{PATH}/{id}"), &root).await;
    answer.problem(404, "not-found");
    assert_eq!(portal.read(&ada).await.status, 200);
}

#[tokio::test]
async fn all_others_end_at_once() {
    let portal = Portal::start().await;
    let (one, two, three) = (
        portal.token(ADA).await,
        portal.token(ADA).await,
        portal.token(ADA).await,
    );
    let root = portal.token(ROOT).await;
    let path = format!("{PATH}/end-others");
    let end = || send(&portal.server, Method::POST, &path, &two, None);
    assert_eq!(end().await.json()["ended"], 2);
    assert_eq!(end().await.json()["ended"], 0);
    for ended in [&one, &three] {
        Portal::is_refused(&portal.read(ended).await);
    }
    for good in [&two, &root] {
        assert_eq!(portal.read(good).await.status, 200);
    }
}
