//! A server that asks for both headers on every request, as the cloud does.

use keydesk_server::IssuedSession;
use reqwest::Method;
use serde_json::json;

use crate::support::{ADA, Answer, BOB, PASSWORD, SSO, Server, closed_operations, text};

async fn cloud() -> Server {
    Server::start_with(|options| options.require_access_token = true).await
}

async fn issue(server: &Server, email: &str) -> IssuedSession {
    server
        .running
        .administration()
        .issue_session(email)
        .await
        .unwrap()
}

async fn get(
    server: &Server,
    path: &str,
    authorization: Option<&str>,
    access: Option<&str>,
) -> Answer {
    let mut request = server.request(Method::GET, path);
    if let Some(token) = authorization {
        request = request.bearer_auth(token);
    }
    if let Some(token) = access {
        request = request.header("Access-token", token);
    }
    server.send(request).await
}

#[tokio::test]
async fn both_tokens_of_one_session_are_good_together() {
    let server = cloud().await;
    for email in [ADA, SSO] {
        let session = issue(&server, email).await;
        let answer = get(
            &server,
            "/api/v1/users",
            Some(&session.authorization),
            Some(&session.access_token),
        )
        .await;
        assert_eq!(answer.json()["email"], email);
    }
}

#[tokio::test]
async fn the_answer_says_which_token_failed() {
    let server = cloud().await;
    let (ada, again, bob) = (
        issue(&server, ADA).await,
        issue(&server, ADA).await,
        issue(&server, BOB).await,
    );
    let authorization = Some(ada.authorization.as_str());
    let access = Some(ada.access_token.as_str());
    let expected_of_authorization = "Bearer error=\"invalid_token\"";
    let expected_of_access = "Access-token error=\"invalid_token\"";
    for (authorization, access, field, challenge) in [
        (None, None, "authorization", "Bearer"),
        (None, access, "authorization", "Bearer"),
        (
            Some("x"),
            access,
            "authorization",
            expected_of_authorization,
        ),
        (
            access,
            authorization,
            "authorization",
            expected_of_authorization,
        ),
        (authorization, None, "access_token", "Access-token"),
        (authorization, Some(""), "access_token", expected_of_access),
        (authorization, Some("x"), "access_token", expected_of_access),
        (
            authorization,
            authorization,
            "access_token",
            expected_of_access,
        ),
        (
            authorization,
            Some(&*again.access_token),
            "access_token",
            expected_of_access,
        ),
        (
            authorization,
            Some(&*bob.access_token),
            "access_token",
            expected_of_access,
        ),
    ] {
        let answer = get(&server, "/api/v1/users", authorization, access).await;
        answer.refused(401, Some(field));
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
}

#[tokio::test]
async fn every_route_that_needs_a_session_needs_both() {
    let server = cloud().await;
    let session = issue(&server, ADA).await;
    let description = get(&server, "/q/openapi?format=json", None, None).await;
    let operations = closed_operations(&description.json());
    assert_eq!(operations.len(), 13);
    for (method, path) in operations {
        let request = server.request(method, &path);
        let answer = server.send(request.bearer_auth(&*session.authorization));
        answer.await.refused(401, Some("access_token"));
    }
    assert_eq!(get(&server, "/q/health", None, None).await.status, 200);
}

#[tokio::test]
async fn a_key_needs_an_access_token_of_its_owner() {
    let server = cloud().await;
    let (ada, bob) = (issue(&server, ADA).await, issue(&server, BOB).await);
    let request = server
        .request(Method::POST, "/api/v1/users/api-keys")
        .bearer_auth(&*ada.authorization)
        .header("Access-token", &*ada.access_token)
        .json(&json!({ "title": "ci", "expire_time": null }));
    let key = text(&server.send(request).await.data()["api_key"]);
    let path = "/api/v1/users";
    assert_eq!(
        get(&server, path, Some(&key), Some(&ada.access_token))
            .await
            .status,
        200
    );
    let answer = get(&server, path, Some(&key), Some(&bob.access_token)).await;
    answer.refused(401, Some("access_token"));
    get(&server, path, Some(&key), None)
        .await
        .refused(401, Some("access_token"));
    let path = "/api/v1/users/api-keys";
    get(&server, path, Some(&key), Some(&ada.access_token))
        .await
        .refused(403, None);
}

#[tokio::test]
async fn nobody_signs_in_by_password() {
    let server = cloud().await;
    server.try_login(ADA, PASSWORD).await.refused(403, None);
}

#[tokio::test]
async fn signing_out_ends_both_tokens() {
    let server = cloud().await;
    let session = issue(&server, ADA).await;
    let request = server
        .request(Method::POST, "/api/v1/users/logout")
        .bearer_auth(&*session.authorization)
        .header("Access-token", &*session.access_token);
    assert_eq!(server.send(request).await.status, 200);
    let answer = get(
        &server,
        "/api/v1/users",
        Some(&session.authorization),
        Some(&session.access_token),
    )
    .await;
    answer.refused(401, Some("authorization"));
}

#[tokio::test]
async fn a_server_that_asks_for_one_token_does_not_mind_the_other() {
    let server = Server::start().await;
    let token = server.ada().await;
    assert_eq!(
        get(&server, "/api/v1/users", Some(&token), Some("x"))
            .await
            .status,
        200
    );
}
