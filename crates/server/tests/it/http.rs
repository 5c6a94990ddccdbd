//! What surrounds every operation: hosts, origins, content types, broken bodies, limits.

use std::time::{Duration, Instant};

use reqwest::{Method, header};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{ADA, PASSWORD, Server};

/// Sends text as it is; what comes back until the server closes or falls silent.
async fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", server.running.port()))
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(2), read).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn health_needs_no_credential() {
    let server = Server::start().await;
    let answer = server.send(server.request(Method::GET, "/q/health")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["status"], "UP");
}

#[tokio::test]
async fn a_foreign_host_is_refused_whatever_the_path() {
    let server = Server::start().await;
    let token = server.ada().await;
    for path in ["/api/v1/users", "/q/health", "/q/openapi", "/nothing"] {
        for host in [
            "evil.example",
            "127.0.0.1",
            "127.0.0.1:1",
            "evil.example:6042",
        ] {
            let request = server.request(Method::GET, path).bearer_auth(&token);
            let answer = server.send(request.header(header::HOST, host)).await;
            answer.refused(421, None);
        }
    }
    let port = server.running.port();
    let local = server.request(Method::GET, "/q/health");
    let answer = server
        .send(local.header(header::HOST, format!("localhost:{port}")))
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_request_without_a_host_or_with_two_is_refused() {
    let server = Server::start().await;
    let port = server.running.port();
    for request in [
        "GET /q/health HTTP/1.1\r\n\r\n".to_owned(),
        "GET /q/health HTTP/1.0\r\n\r\n".to_owned(),
        format!(
            "GET /q/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\
             Connection: close\r\n\r\n"
        ),
        format!(
            "GET http://evil.example/q/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
             Connection: close\r\n\r\n"
        ),
    ] {
        let answer = raw(&server, &request).await;
        assert!(answer.contains(" 400 "), "{request} -> {answer}");
    }
}

#[tokio::test]
async fn pages_of_others_are_refused_even_with_a_credential() {
    let server = Server::start().await;
    let token = server.ada().await;
    for origin in ["http://evil.example", "null", "http://localhost:3000"] {
        let request = server
            .request(Method::GET, "/api/v1/users")
            .bearer_auth(&token);
        let answer = server.send(request.header(header::ORIGIN, origin)).await;
        answer.refused(403, None);
        assert!(answer.headers.get("access-control-allow-origin").is_none());
    }
    let preflight = server
        .request(Method::OPTIONS, "/api/v1/users")
        .header(header::ORIGIN, "http://evil.example")
        .header("access-control-request-method", "PUT");
    server.send(preflight).await.refused(403, None);
}

#[tokio::test]
async fn json_must_say_that_it_is_json() {
    let server = Server::start().await;
    let body = json!({ "login_name": ADA, "password": PASSWORD }).to_string();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/jsonx",
    ] {
        let request = server
            .request(Method::POST, "/api/v1/users/login")
            .header(header::CONTENT_TYPE, content_type)
            .body(body.clone());
        server.send(request).await.refused(415, None);
    }
    let request = server
        .request(Method::POST, "/api/v1/users/login")
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .body(body);
    assert_eq!(server.send(request).await.status, 200);
}

#[tokio::test]
async fn broken_bodies_are_refused_and_never_repeated() {
    let server = Server::start().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        "",
        "{",
        "null",
        "[]",
        "[\"planted-secret\",\"b\"]",
        "\"text\"",
        "{\"login_name\":\"a\"}",
        "{\"login_name\":\"a\",\"password\":{\"planted-secret\":1}}",
        "{\"login_name\":[\"planted-secret\"],\"password\":\"b\"}",
        "{\"login_name\":\"planted-secret\",\"password\":\"b\"",
        "{\"login_name\":\"a\",\"password\":\"\\ud800\"}",
        "{\"login_name\":\"a\",\"login_name\":\"b\",\"password\":\"c\"}",
        deep.as_str(),
    ] {
        let request = server
            .request(Method::POST, "/api/v1/users/login")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_owned());
        let answer = server.send(request).await;
        assert_eq!(answer.status, 400, "{body:.60}");
        assert_eq!(answer.json()["code"], 400);
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("planted-secret"));
    }
    let request = server
        .request(Method::POST, "/api/v1/users/login")
        .header(header::CONTENT_TYPE, "application/json")
        .body(&b"{\"login_name\":\"\xff\",\"password\":\"b\"}"[..]);
    server.send(request).await.refused(400, None);
}

#[tokio::test]
async fn a_body_has_at_most_two_mebibytes() {
    let server = Server::start().await;
    let token = server.ada().await;
    let body = json!({ "description": "x".repeat(2 * 1024 * 1024) });
    server
        .put("/api/v1/users", &token, &body)
        .await
        .refused(413, None);
}

#[tokio::test]
async fn what_does_not_exist_says_so_in_the_same_shape() {
    let server = Server::start().await;
    let token = server.ada().await;
    for path in [
        "/",
        "/api/v1/nothing",
        "/api/v1/users/",
        "/swagger-ui.html",
        "/api/v1/users/..%2f",
    ] {
        server.get(path, &token).await.refused(404, None);
    }
    server
        .delete("/api/v1/users", &token)
        .await
        .refused(405, None);
    server
        .get("/api/v1/users/login", &token)
        .await
        .refused(405, None);
}

#[tokio::test]
async fn nothing_is_told_to_those_who_are_not_signed_in() {
    let server = Server::start().await;
    for (method, path) in [
        (Method::GET, "/api/v1/users"),
        (Method::PUT, "/api/v1/users"),
        (Method::GET, "/api/v1/users/page?current=0"),
        (Method::GET, "/api/v1/users/avatar"),
        (Method::POST, "/api/v1/users/avatar"),
        (Method::PUT, "/api/v1/users/password"),
        (Method::POST, "/api/v1/users/logout"),
        (Method::GET, "/api/v1/users/api-keys?size=0"),
        (Method::POST, "/api/v1/users/api-keys"),
        (Method::PUT, "/api/v1/users/api-keys/x"),
        (Method::DELETE, "/api/v1/users/api-keys/x"),
        (Method::GET, "/api/v1/users/api-keys/x/value"),
        (Method::GET, "/api/v1/permissions/menus"),
    ] {
        let request = server.request(method, path).body("not JSON");
        server
            .send(request)
            .await
            .refused(401, Some("authorization"));
    }
}

#[tokio::test]
async fn the_date_is_that_of_the_clock_by_which_the_rules_decide() {
    let server = Server::start().await;
    let date =
        |answer: crate::support::Answer| httpdate::parse_http_date(answer.header("date")).unwrap();
    let before = date(server.send(server.request(Method::GET, "/q/health")).await);
    server.advance_hours(48);
    let after = date(server.send(server.request(Method::GET, "/q/health")).await);
    assert!(after.duration_since(before).unwrap() >= Duration::from_hours(48));
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let server = Server::start().await;
    let port = server.running.port();
    let request = format!(
        "GET /q/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX: {}\r\n\r\n",
        "x".repeat(64 * 1024)
    );
    let answer = raw(&server, &request).await;
    assert!(answer.is_empty() || answer.contains(" 431 "), "{answer}");
}

#[tokio::test]
async fn slow_clients_do_not_keep_others_out_and_are_let_go() {
    let server = Server::start().await;
    let mut slow = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.running.port()))
            .await
            .unwrap();
        stream
            .write_all(b"GET /q/health HTTP/1.1\r\nHost: ")
            .await
            .unwrap();
        slow.push(stream);
    }
    let start = Instant::now();
    for _ in 0..50 {
        let answer = server.send(server.request(Method::GET, "/q/health")).await;
        assert_eq!(answer.status, 200);
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    let mut rest = Vec::new();
    let closed = slow[0].read_to_end(&mut rest);
    let closed = tokio::time::timeout(Duration::from_secs(15), closed).await;
    assert!(closed.is_ok(), "a head that never ends is given up");
}

#[tokio::test]
async fn an_end_closes_idle_connections_and_frees_the_port() {
    let server = Server::start().await;
    server.ada().await; // leaves an idle connection in the client
    let port = server.running.port();
    let start = Instant::now();
    server.running.shutdown().await;
    assert!(start.elapsed() < Duration::from_secs(3));
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
}
