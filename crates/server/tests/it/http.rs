//! What surrounds every operation: hosts, origins, content types, broken bodies, limits.

use std::time::{Duration, Instant};

use reqwest::{Method, header};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{ADA, PASSWORD, Server, closed_operations};

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
    let description = server.request(Method::GET, "/q/openapi?format=json");
    let operations = closed_operations(&server.send(description).await.json());
    assert_eq!(operations.len(), 13);
    for (method, path) in operations {
        // Neither does a query that makes no sense come first, nor a body.
        let path = format!("{path}?current=0");
        let request = server.request(method, &path).body("not JSON");
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
async fn a_request_that_never_arrives_whole_is_given_up() {
    let server = Server::start().await;
    let port = server.running.port();
    let until_closed = async |request: String| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let (mut answer, start) = (String::new(), Instant::now());
        let read = stream.read_to_string(&mut answer);
        let closed = tokio::time::timeout(Duration::from_secs(45), read).await;
        assert!(closed.is_ok(), "{request} is waited for");
        (answer, start.elapsed())
    };
    let head = "GET /q/health HTTP/1.1\r\nHost: ".to_owned();
    let body = format!(
        "POST /api/v1/users/login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    let ((head, head_time), (body, body_time)) =
        tokio::join!(until_closed(head), until_closed(body));
    assert!(head.is_empty() || head.contains(" 408 "), "{head}");
    // Our clients keep an idle connection for ten seconds; it must not end before.
    assert!(head_time > Duration::from_secs(11), "{head_time:?}");
    assert!(body.starts_with("HTTP/1.1 408 "), "{body}");
    assert!(body_time > Duration::from_secs(25), "{body_time:?}");
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
