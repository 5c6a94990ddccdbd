//! When a request is repeated, and when not.

use std::time::{Duration, Instant};

use keydesk_core::ErrorCode;

use crate::fault_server::{FaultServer, Say};
use crate::support::{code, hurried, provider, secret, session};

const USER: &str = r#"{"id":1,"email":"a@b.example"}"#;

#[tokio::test]
async fn reading_is_repeated_twice_and_no_more() {
    for say in [
        Say::json(503, ""),
        Say::json(500, ""),
        Say::json(429, ""),
        Say::Bytes(Vec::new()),
    ] {
        let passing = say.clone();
        let server = FaultServer::start(move |_, number| {
            if number < 2 {
                passing.clone()
            } else {
                Say::json(200, USER)
            }
        })
        .await;
        provider(&server.url)
            .account(&session(), None)
            .await
            .unwrap();
        assert_eq!(server.asked().len(), 3);
        let server = FaultServer::always(say).await;
        provider(&server.url)
            .account(&session(), None)
            .await
            .unwrap_err();
        assert_eq!(server.asked().len(), 3);
    }
}

#[tokio::test]
async fn what_will_not_pass_is_not_repeated() {
    for say in [
        Say::json(401, ""),
        Say::json(404, ""),
        Say::json(501, ""),
        Say::html(200),
        Say::Silence,
    ] {
        let server = FaultServer::always(say).await;
        hurried(&server.url)
            .account(&session(), None)
            .await
            .unwrap_err();
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_sign_in_and_a_change_are_never_repeated() {
    let server = FaultServer::always(Say::json(503, "")).await;
    let provider = provider(&server.url);
    provider.sign_in("a", &secret("b"), None).await.unwrap_err();
    provider
        .request_password_reset("a@b.example")
        .await
        .unwrap_err();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_short_wait_is_waited_for_and_a_long_one_is_told() {
    let dated = "Date: Thu, 01 Jan 2026 00:00:00 GMT\nRetry-After: Thu, 01 Jan 2026 00:20:00 GMT";
    for (headers, wait) in [
        ("Retry-After: 1200", 1200),
        (dated, 1200),
        ("Retry-After: 86400", 3600),
    ] {
        let server = FaultServer::always(Say::answer(429, headers, "")).await;
        let started = Instant::now();
        let error = provider(&server.url)
            .account(&session(), None)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::RateLimited);
        assert_eq!(
            error.retry_after,
            Some(Duration::from_secs(wait)),
            "{headers}"
        );
        assert_eq!(server.asked().len(), 1, "{headers}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
    for garbage in [
        "Retry-After: soon",
        "Retry-After: -1",
        "Retry-After: 0",
        "Retry-After:",
    ] {
        let server = FaultServer::always(Say::answer(429, garbage, "")).await;
        assert_eq!(
            code(provider(&server.url).account(&session(), None).await),
            ErrorCode::RateLimited
        );
        assert_eq!(server.asked().len(), 3, "{garbage}");
    }
}
