//! How long an answer may take: its head, its pieces and the whole of it.

use std::time::{Duration, Instant};

use keydesk_core::ErrorCode;
use keydesk_core::instance::ServerKind;
use keydesk_core::provider::AvatarImage;
use keydesk_providers::Limits;

use crate::fault_server::{FaultServer, Say};
use crate::support::{code, hurried, instance, patient, png, provider_of, session, short};

#[tokio::test]
async fn a_server_that_drips_is_left_at_the_deadline() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n".to_vec();
    let body = vec![b' '; 500];
    let every = Duration::from_millis(50);
    for (say, deadline) in [
        (Say::Drip(Vec::new(), head.clone(), every), short().read),
        // Each piece comes in time, and the whole does not.
        (Say::Drip(head.clone(), body, every), short().total),
        (Say::Drip(head, b"{".to_vec(), short().total), short().read),
    ] {
        let server = FaultServer::always(say.clone()).await;
        let started = Instant::now();
        let error = hurried(&server.url).account(&session(), None).await;
        assert_eq!(code(error), ErrorCode::TimedOut, "{say:?}");
        let took = started.elapsed();
        assert!(took >= deadline, "{say:?}: {took:?}");
        assert!(
            took < deadline + Duration::from_secs(1),
            "{say:?}: {took:?}"
        );
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_picture_on_a_slow_line_has_its_own_deadline() {
    let answer = b"HTTP/1.1 204 No Content\r\n\r\n".to_vec();
    let late = Say::Drip(Vec::new(), answer, Duration::from_millis(20));
    let server = FaultServer::always(late).await;
    let limits = Limits {
        read: Duration::from_millis(200),
        ..patient()
    };
    let image = AvatarImage {
        bytes: png(),
        media_type: "image/png",
    };
    for kind in [ServerKind::IdmpSelfHosted, ServerKind::Keydesk] {
        let provider = provider_of(&instance(&server.url, kind), limits);
        let sent = provider.upload_avatar(&session(), &image).await;
        sent.unwrap();
        let asked = provider.probe(&session()).await;
        assert_eq!(
            code(asked),
            ErrorCode::TimedOut,
            "without a file it is too late"
        );
    }
}
