//! What surrounds every operation, worded as problems.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{KEYS, Portal, ROOT};
use crate::support::{ADA, PASSWORD, SSO, Server, closed_operations};

const SESSIONS: &str = "/portal/v1/sessions";

#[tokio::test]
async fn signing_in_gives_a_session_that_says_when_it_ends() {
    let portal = Portal::start().await;
    let body = json!({ "email": "ADA@example.org", "password": PASSWORD });
    let request = portal.server.request(Method::POST, SESSIONS).json(&body);
    let answer = portal.server.send(request).await;
    assert_eq!(answer.status, 201);
    let session = answer.json();
    let token = session["token"].as_str().unwrap();
    assert_eq!(portal.read(token).await.status, 200);
    let end = session["expiresAt"].as_str().unwrap();
    assert_eq!(&end[19..], ".000Z", "{end}");
    portal.server.advance_hours(7 * 24);
    Portal::is_refused(&portal.read(token).await);
}

#[tokio::test]
async fn who_cannot_sign_in_is_not_told_why() {
    let portal = Portal::start().await;
    for (email, password) in [
        (ADA, "wrong"),
        ("nobody@example.org", PASSWORD),
        (SSO, PASSWORD),
        ("", ""),
    ] {
        let body = json!({ "email": email, "password": password });
        let request = portal.server.request(Method::POST, SESSIONS).json(&body);
        let answer = portal.server.send(request).await;
        answer.problem(401, "wrong-credentials");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn too_many_failures_are_told_to_wait() {
    let portal = Portal::start().await;
    let body = json!({ "email": ADA, "password": "wrong" });
    let try_it = async || {
        let request = portal.server.request(Method::POST, SESSIONS).json(&body);
        portal.server.send(request).await
    };
    for _ in 0..6 {
        if try_it().await.status == 429 {
            break;
        }
    }
    let answer = try_it().await;
    answer.problem(429, "rate-limited");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn nobody_is_told_anything_without_a_credential() {
    let portal = Portal::start().await;
    let description = portal.server.request(Method::GET, "/openapi.json");
    let operations = closed_operations(&portal.server.send(description).await.json());
    assert_eq!(operations.len(), 38);
    for (method, path) in operations {
        // Neither does a query that makes no sense come first, nor a body.
        let path = format!("{path}?limit=0");
        let request = portal
            .server
            .request(method.clone(), &path)
            .body("not JSON");
        let answer = portal.server.send(request).await;
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        for wrong in ["", "x", "portal_", "portal_0123456789abcdef0123.x"] {
            let request = portal.server.request(method.clone(), &path);
            let answer = portal.server.send(request.bearer_auth(wrong)).await;
            Portal::is_refused(&answer);
        }
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_problems_and_never_repeated() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let send = async |content_type: &str, body: Vec<u8>| {
        let request = portal
            .server
            .request(Method::POST, KEYS)
            .bearer_auth(&token);
        let request = request
            .header(header::CONTENT_TYPE, content_type)
            .body(body);
        portal.server.send(request).await
    };
    for content_type in ["", "text/plain", "application/jsonx", "multipart/form-data"] {
        let answer = send(content_type, b"{}".to_vec()).await;
        answer.problem(415, "unsupported-media-type");
    }
    let deep = "[".repeat(100_000);
    for body in [
        "",
        "{",
        "{\"name\":\"planted\"",
        "\u{feff}{}",
        deep.as_str(),
    ] {
        let answer = send("application/json", body.as_bytes().to_vec()).await;
        answer.problem(400, "malformed");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("planted"));
    }
    let answer = send("application/json", b"{\"name\":\"\xff\"}".to_vec()).await;
    answer.problem(400, "malformed");
    for body in ["null", "[]", "\"planted\"", "{\"name\":{\"planted\":1}}"] {
        let answer = send("application/json", body.as_bytes().to_vec()).await;
        answer.problem(422, "invalid-input");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("planted"));
    }
    let answer = send("application/json", vec![b' '; 3 * 1024 * 1024]).await;
    answer.problem(413, "payload-too-large");
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_too() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    for path in [
        "/portal/v1/nothing",
        "/portal/v1/api-keys/",
        "/portal/v1/api-keys/%ff",
        "/portal/v1/organizations/%ff/api-keys",
        "/openapi.json/more",
    ] {
        portal
            .server
            .get(path, &token)
            .await
            .problem(404, "not-found");
    }
    let answer = portal.server.delete(KEYS, &token).await;
    answer.problem(405, "method-not-allowed");
    let allowed = answer.header("allow");
    assert!(
        allowed.contains("GET") && allowed.contains("POST"),
        "{allowed}"
    );
}

#[tokio::test]
async fn hosts_and_origins_of_others_are_refused() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    for path in [KEYS, "/openapi.json", "/portal/v1/nothing"] {
        let request = portal.server.request(Method::GET, path).bearer_auth(&token);
        let answer = portal
            .server
            .send(request.header(header::HOST, "evil.example"))
            .await;
        answer.problem(421, "not-this-server");
        let request = portal.server.request(Method::GET, path).bearer_auth(&token);
        let answer = portal
            .server
            .send(request.header(header::ORIGIN, "http://evil.example"))
            .await;
        answer.problem(403, "foreign-origin");
    }
}

#[tokio::test]
async fn a_server_that_takes_its_sessions_from_elsewhere_takes_no_password_here_either() {
    let server = Server::start_with(|options| options.require_access_token = true).await;
    let body = json!({ "email": ADA, "password": PASSWORD });
    let request = server.request(Method::POST, SESSIONS).json(&body);
    server.send(request).await.problem(403, "single-sign-on");
    let administration = server.running.administration();
    let session = administration.issue_session(ADA).await.unwrap();
    let path = "/portal/v1/organizations";
    let request = || {
        server
            .request(Method::GET, path)
            .bearer_auth(&*session.authorization)
    };
    server.send(request()).await.problem(401, "unauthenticated");
    let with_both = request().header("Access-token", &*session.access_token);
    let answer = server.send(with_both).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["next"], Value::Null);
}
