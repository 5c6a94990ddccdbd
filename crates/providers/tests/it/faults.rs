//! Answers that are none: pages, halves, floods, silence.

use std::sync::Arc;
use std::time::{Duration, Instant};

use keydesk_core::api_key::Expiration;
use keydesk_core::provider::AvatarImage;
use keydesk_core::{ErrorCode, Provider};

use proptest::prelude::*;

use crate::fault_server::{FaultServer, Say};
use crate::support::{code, hurried, new_key, png, provider, secret, session};

/// The provider for a server that says this.
fn provider_for(say: &Say, url: &str) -> Arc<dyn Provider> {
    match say {
        Say::Silence | Say::Drip(..) => hurried(url),
        Say::Bytes(_) | Say::Reset(_) | Say::Endless(..) => provider(url),
    }
}

async fn profile_code(say: Say) -> ErrorCode {
    let server = FaultServer::always(say.clone()).await;
    let error = provider_for(&say, &server.url)
        .account(&session(), None)
        .await
        .unwrap_err();
    let detail = error.detail.unwrap_or_default();
    assert!(
        detail.contains("127.0.0.1:"),
        "where it happened: {detail:?}"
    );
    error.code
}

#[tokio::test]
async fn what_is_no_answer_ends_in_its_code() {
    let user = r#"{"id":1,"email":"a@b.example"}"#;
    let half = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{{\"id\":",
        user.len()
    );
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n";
    for (what, say, expected) in [
        ("a page", Say::html(200), ErrorCode::UnexpectedAnswer),
        (
            "nothing",
            Say::Bytes(Vec::new()),
            ErrorCode::ConnectionFailed,
        ),
        (
            "half a body",
            Say::Bytes(half.clone().into_bytes()),
            ErrorCode::ConnectionFailed,
        ),
        (
            "a reset in mid-body",
            Say::Reset(half.into_bytes()),
            ErrorCode::ConnectionFailed,
        ),
        (
            "half a chunk",
            Say::Bytes(chunks.into()),
            ErrorCode::ConnectionFailed,
        ),
        (
            "no HTTP",
            Say::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            ErrorCode::ConnectionFailed,
        ),
        (
            "an empty body",
            Say::json(200, ""),
            ErrorCode::UnexpectedAnswer,
        ),
        (
            "half of JSON",
            Say::json(200, r#"{"id":1,"#),
            ErrorCode::UnexpectedAnswer,
        ),
        (
            "another thing",
            Say::json(200, r#"{"hello":"world"}"#),
            ErrorCode::UnexpectedAnswer,
        ),
        (
            "a list",
            Say::json(200, "[1,2]"),
            ErrorCode::UnexpectedAnswer,
        ),
        (
            "wrong types",
            Say::json(200, r#"{"user":7,"rows":{}}"#),
            ErrorCode::UnexpectedAnswer,
        ),
        (
            "a deep hole",
            Say::json(200, "[".repeat(200_000)),
            ErrorCode::UnexpectedAnswer,
        ),
        (
            "no text",
            Say::json(200, b"\xff\xfe\x00\x01"),
            ErrorCode::UnexpectedAnswer,
        ),
        ("a silence", Say::Silence, ErrorCode::TimedOut),
        (
            "a broken gzip",
            Say::answer(
                200,
                "Content-Encoding: gzip",
                "no gzip at all, and long enough",
            ),
            ErrorCode::UnexpectedAnswer,
        ),
        (
            "status 600",
            Say::json(600, "{}"),
            ErrorCode::UnexpectedAnswer,
        ),
    ] {
        assert_eq!(profile_code(say).await, expected, "{what}");
    }
}

#[tokio::test]
async fn every_wrapping_and_style_is_understood() {
    for body in [
        r#"{"id":7,"first_name":"Ada","email":"a@b.example","login_type":"LOCAL"}"#,
        r#"{"id":"7","firstName":"Ada","email":"a@b.example","loginType":"local"}"#,
        r#"{"code":0,"message":"","data":{"id":7,"first_name":"Ada","email":"a@b.example","login_type":"LOCAL"}}"#,
        r#"{"code":200,"message":"success","data":{"id":7,"first_name":"Ada","email":"a@b.example","login_type":"LOCAL"}}"#,
    ] {
        let server = FaultServer::always(Say::json(200, body)).await;
        let profile = provider(&server.url)
            .account(&session(), None)
            .await
            .unwrap()
            .profile;
        assert_eq!(
            (profile.id.as_str(), profile.first_name.as_str()),
            ("7", "Ada"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_flood_is_cut_off_at_its_limit() {
    let huge = Say::json(200, vec![b' '; 2 * 1024 * 1024 + 1]);
    assert_eq!(profile_flood(huge).await, ErrorCode::AnswerTooLarge);
    let endless = Say::Endless(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        format!("10000\r\n{}\r\n", " ".repeat(0x10000)).into_bytes(),
    );
    assert_eq!(profile_flood(endless).await, ErrorCode::AnswerTooLarge);
    // 64 MiB of blanks in 65 kB: counted as they come out of the decompression.
    let bomb = Say::answer(
        200,
        "Content-Encoding: gzip",
        gzip_of_blanks(64 * 1024 * 1024),
    );
    assert_eq!(profile_flood(bomb).await, ErrorCode::AnswerTooLarge);
}

async fn profile_flood(say: Say) -> ErrorCode {
    let server = FaultServer::always(say).await;
    code(provider(&server.url).account(&session(), None).await)
}

fn gzip_of_blanks(length: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let blanks = vec![b' '; 65536];
    for _ in 0..length / blanks.len() {
        encoder.write_all(&blanks).unwrap();
    }
    encoder.finish().unwrap()
}

#[tokio::test]
async fn an_avatar_over_its_limit_is_cut_off() {
    let server = FaultServer::always(Say::answer(
        200,
        "Content-Type: image/png",
        vec![0; 1024 * 1024 + 1],
    ))
    .await;
    let error = provider(&server.url).avatar(&session()).await;
    assert_eq!(code(error), ErrorCode::AnswerTooLarge);
}

/// What stands between us and the server, and is not the server.
#[tokio::test]
async fn a_network_that_wants_a_sign_in_is_no_refusal_of_the_server() {
    let basic = Say::answer(407, "Proxy-Authenticate: Basic", "");
    for (say, expected, told) in [
        (
            Say::html(511),
            ErrorCode::NetworkSignInRequired,
            "127.0.0.1:",
        ),
        (basic, ErrorCode::ProxyFailed, "wants a login"),
    ] {
        let server = FaultServer::always(say).await;
        let provider = provider(&server.url);
        let read = provider.account(&session(), None).await.unwrap_err();
        let change = provider
            .create_api_key(&session(), None, &new_key("t"))
            .await
            .unwrap_err();
        for error in [read, change] {
            assert_eq!(error.code, expected);
            assert!(!error.asks_for_sign_in(), "the session goes on");
            assert!(error.detail.unwrap().contains(told));
        }
        assert_eq!(server.asked().len(), 2, "each once");
    }
}

#[tokio::test]
async fn the_answer_to_a_change_that_is_lost_leaves_its_outcome_unknown() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":".to_vec();
    for say in [
        Say::Silence,
        Say::Bytes(Vec::new()),
        Say::Bytes(half.clone()),
        Say::Reset(half),
        Say::html(502),
        Say::html(504),
    ] {
        let server = FaultServer::always(say.clone()).await;
        let provider = provider_for(&say, &server.url);
        let made = provider
            .create_api_key(&session(), None, &new_key("t"))
            .await;
        assert_eq!(code(made), ErrorCode::OutcomeUnknown, "{say:?}");
        let image = AvatarImage {
            bytes: png(),
            media_type: "image/png",
        };
        let sent = provider.upload_avatar(&session(), &image).await;
        assert_eq!(code(sent), ErrorCode::OutcomeUnknown, "{say:?}");
        assert_eq!(server.asked().len(), 2, "a change is never repeated");
    }
    let server = FaultServer::always(Say::Silence).await;
    let sign_in = hurried(&server.url).sign_in("a", &secret("b"), None).await;
    assert_eq!(
        code(sign_in),
        ErrorCode::TimedOut,
        "a sign-in is simply tried again"
    );
}

#[tokio::test]
async fn nobody_there_is_told_apart_from_no_such_host() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    assert_eq!(
        code(provider(&url).check().await),
        ErrorCode::ConnectionRefused
    );
    let made = provider(&url)
        .create_api_key(&session(), None, &new_key("t"))
        .await;
    assert_eq!(code(made), ErrorCode::ConnectionRefused, "nothing was sent");
    let nowhere = provider("https://no-such-host.invalid");
    let error = nowhere.check().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::HostNotFound);
    assert_eq!(error.detail.as_deref(), Some("no-such-host.invalid"));
}

#[tokio::test]
async fn another_kind_of_server_is_recognised() {
    let check = async |say| {
        let server = FaultServer::always(say).await;
        provider(&server.url)
            .check()
            .await
            .map(|check| check.healthy)
    };
    assert_eq!(
        code(check(Say::html(200)).await),
        ErrorCode::NotThisKindOfServer
    );
    assert_eq!(
        code(check(Say::html(404)).await),
        ErrorCode::NotThisKindOfServer
    );
    assert_eq!(
        code(check(Say::html(401)).await),
        ErrorCode::NotThisKindOfServer
    );
    assert_eq!(
        code(check(Say::json(200, "{}")).await),
        ErrorCode::NotThisKindOfServer
    );
    assert_eq!(
        code(check(Say::html(502)).await),
        ErrorCode::ServerUnavailable
    );
    assert_eq!(
        check(Say::json(200, r#"{"status":"UP","checks":[]}"#)).await,
        Ok(true)
    );
    assert_eq!(
        check(Say::json(503, r#"{"status":"DOWN"}"#)).await,
        Ok(false)
    );
    assert_eq!(
        check(Say::json(401, r#"{"code":401,"message":"no"}"#)).await,
        Ok(true)
    );
    assert_eq!(
        check(Say::json(200, r#"{"code":401,"message":"no"}"#)).await,
        Ok(true)
    );
    let bare = Say::answer(401, "WWW-Authenticate: Bearer", "");
    assert_eq!(check(bare).await, Ok(true), "as Quarkus answers");
}

#[tokio::test]
async fn a_web_page_at_the_sign_in_is_no_such_server() {
    for say in [Say::html(200), Say::html(404), Say::html(405)] {
        let server = FaultServer::always(say).await;
        let provider = provider(&server.url);
        let outcome = code(provider.sign_in("a", &secret("b"), None).await);
        assert!(
            matches!(
                outcome,
                ErrorCode::NotThisKindOfServer | ErrorCode::NotSupported
            ),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_request_that_is_dropped_is_cancelled() {
    let server = FaultServer::always(Say::Silence).await;
    let provider = provider(&server.url);
    let credential = session();
    let started = Instant::now();
    let request = provider.account(&credential, None);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), request)
            .await
            .is_err()
    );
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_wrong_clock_here_does_not_matter() {
    let date = "Content-Type: application/json\nDate: Thu, 01 Jan 2099 00:00:00 GMT";
    let server = FaultServer::always(Say::answer(200, date, "[]")).await;
    let provider = provider(&server.url);
    let list = provider.api_keys(&session(), None).await.unwrap();
    let in_2099 = 4_070_908_800_000;
    assert!(
        (list.server_time.0 - in_2099).abs() < 10_000,
        "{:?}",
        list.server_time
    );
    assert!(
        Expiration::At(keydesk_core::time::Timestamp(in_2099 - 60_000))
            .has_passed(provider.clock().now())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_answer_at_all_makes_it_panic_or_hang(
        head in prop::sample::select(vec![
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\u{8b}",
            "HTTP/1.1 429 \r\nRetry-After: 0", "HTTP/1.0 401 \r\nWWW-Authenticate: ",
            "HTTP/1.1 302 Found\r\nLocation: ", "HTTP/1.1 100 Continue\r\n\r\n",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [head.as_bytes(), &rest].concat();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let started = Instant::now();
        runtime.block_on(async {
            let server = FaultServer::always(Say::Bytes(bytes)).await;
            let provider = hurried(&server.url);
            let _ = provider.account(&session(), None).await;
            let _ = provider.create_api_key(&session(), None, &new_key("t")).await;
        });
        prop_assert!(started.elapsed() < Duration::from_secs(4));
    }
}
