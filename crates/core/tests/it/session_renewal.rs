//! A session that ends while someone works: one silent sign-in, and never the wrong one.

use std::time::{Duration, Instant};

use keydesk_core::instance::SignInMethod;
use keydesk_core::{ErrorCode, Session};
use keydesk_vault::{Deadlines, KeyringState};

use crate::support::{Fault, LOGIN, PASSWORD, World, secret};

#[tokio::test]
async fn a_remembered_password_renews_the_session_unseen() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.end_sessions();
    assert!(session.account(None).await.is_ok());
    assert_eq!(world.server.count("sign_in"), 1);
    assert_eq!(world.server.count("account"), 2);
    assert!(world.keyring.holds("canary-token-2"));
    assert!(!world.keyring.holds("canary-token-1"));
    assert!(world.keyring.holds(PASSWORD));
}

#[tokio::test]
async fn a_change_is_repeated_after_a_renewal_and_happens_once() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.end_sessions();
    let new = keydesk_core::api_key::NewApiKey {
        title: "ci".into(),
        description: String::new(),
        scopes: Vec::new(),
        expiration: keydesk_core::api_key::Expiration::Never,
    };
    session.create_api_key(None, new, false).await.unwrap();
    assert_eq!(world.server.state().keys.len(), 1);
}

#[tokio::test]
async fn any_number_of_refused_requests_share_one_sign_in() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.end_sessions();
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.account(None).await })
        })
        .collect();
    for caller in callers {
        assert!(caller.await.unwrap().is_ok());
    }
    assert_eq!(world.server.count("sign_in"), 1);
}

#[tokio::test]
async fn any_number_of_first_requests_share_one_look_into_the_keyring() {
    let mut world = World::new();
    world.signed_in(true).await;
    world.server.end_sessions();
    let entries = world.keyring.entries.clone();
    entries
        .lock()
        .unwrap()
        .retain(|user, _| !user.ends_with("session-token"));
    let restarted = world.session();
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let session = restarted.clone();
            tokio::spawn(async move { session.account(None).await })
        })
        .collect();
    for caller in callers {
        assert!(caller.await.unwrap().is_ok());
    }
    assert_eq!(
        world.server.count("sign_in"),
        1,
        "the password is enough after a restart"
    );
}

#[tokio::test]
async fn a_refused_password_is_sent_once_and_forgotten() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.end_sessions();
    world.server.state().password = "changed elsewhere".into();
    let callers: Vec<_> = (0..10)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.account(None).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(
            caller.await.unwrap().unwrap_err().code,
            ErrorCode::SignedOut
        );
    }
    assert_eq!(
        session.account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
    assert_eq!(world.server.count("sign_in"), 1);
    assert!(world.keyring.is_empty());
    assert_eq!(
        world.session().account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
    assert_eq!(world.server.count("sign_in"), 1, "nor after a restart");
}

#[tokio::test]
async fn a_server_out_of_reach_costs_neither_password_nor_patience() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.end_sessions();
    world
        .server
        .fail("sign_in", Fault::Refuses(ErrorCode::TimedOut));
    let callers: Vec<_> = (0..10)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.account(None).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap_err().code, ErrorCode::TimedOut);
    }
    assert_eq!(
        world.server.count("sign_in"),
        1,
        "those who waited share the failure"
    );
    assert!(
        session.account(None).await.is_ok(),
        "the next one tries again"
    );
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_not_asked_again_before() {
    const WAIT: Duration = Duration::from_millis(500);
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.end_sessions();
    world.server.fail("sign_in", Fault::Waits(WAIT));
    let start = Instant::now();
    let mut left = WAIT;
    while let Err(error) = session.account(None).await {
        assert_eq!(error.code, ErrorCode::RateLimited);
        let wait = error.retry_after.unwrap();
        assert!(wait <= left, "{wait:?} after {left:?}");
        left = wait;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(start.elapsed() >= WAIT && left < WAIT);
    assert_eq!(world.server.count("sign_in"), 2);
}

#[tokio::test]
async fn a_captcha_stops_renewing_and_keeps_the_password() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.end_sessions();
    world
        .server
        .fail("sign_in", Fault::Refuses(ErrorCode::CaptchaRequired));
    assert_eq!(
        session.account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
    assert_eq!(
        session.account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
    assert_eq!(world.server.count("sign_in"), 1);
    assert!(world.keyring.holds(PASSWORD));
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_ends_the_attempts() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    for _ in 0..10 {
        world
            .server
            .fail("account", Fault::Refuses(ErrorCode::SignedOut));
    }
    for _ in 0..4 {
        assert_eq!(
            session.account(None).await.unwrap_err().code,
            ErrorCode::SignedOut
        );
    }
    assert_eq!(world.server.count("sign_in"), 1);
    assert_eq!(world.server.count("account"), 2);
    assert_eq!(session.status().signed_in, Some(false));
    session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
        .await
        .unwrap();
    assert_eq!(
        session.status().signed_in,
        Some(true),
        "the person may always try"
    );
}

#[tokio::test]
async fn without_a_remembered_password_the_second_refusal_counts() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    world
        .server
        .fail("account", Fault::Refuses(ErrorCode::SignedOut));
    assert_eq!(
        session.account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
    assert!(
        session.account(None).await.is_ok(),
        "it was a slip of something in between"
    );

    world.server.end_sessions();
    assert!(session.account(None).await.is_err());
    assert!(world.keyring.holds("canary-token"), "one refusal is none");
    assert!(session.account(None).await.is_err());
    assert!(!world.keyring.holds("canary-token"));
    world.server.forget_calls();
    assert!(session.account(None).await.is_err());
    assert_eq!(
        world.server.count("account"),
        0,
        "the server is not asked in vain"
    );
}

#[tokio::test]
async fn refusals_side_by_side_count_once() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    for _ in 0..8 {
        world
            .server
            .fail("account", Fault::Refuses(ErrorCode::SignedOut));
    }
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.account(None).await })
        })
        .collect();
    for caller in callers {
        assert!(caller.await.unwrap().is_err());
    }
    assert!(session.account(None).await.is_ok());
}

#[tokio::test]
async fn an_api_key_and_cloud_tokens_stay_in_the_keyring_whatever_the_server_says() {
    let mut world = World::new();
    let session = world.session();
    session
        .sign_in_with_api_key(secret("api_1.canary-key"))
        .await
        .unwrap();
    world.server.state().api_key = None;
    for _ in 0..3 {
        assert_eq!(
            session.account(None).await.unwrap_err().code,
            ErrorCode::ApiKeyRefused
        );
    }
    assert_eq!(session.status().signed_in, Some(false));
    assert!(world.keyring.holds("api_1.canary-key"));
    // The owner was activated again.
    world.server.state().api_key = Some("api_1.canary-key".into());
    world.instance.sign_in = SignInMethod::ApiKey;
    assert!(world.session().account(None).await.is_ok());
}

#[tokio::test]
async fn signing_out_during_a_renewal_leaves_no_session_behind() {
    let mut world = World::new();
    for _ in 0..20 {
        let session = world.signed_in(true).await;
        world.server.end_sessions();
        let working = {
            let session = session.clone();
            tokio::spawn(async move { session.account(None).await })
        };
        while world.server.count("sign_in") == 0 {
            tokio::task::yield_now().await;
        }
        session.sign_out().await;
        let _ = working.await.unwrap();
        assert!(world.keyring.is_empty());
        assert!(
            world.server.state().tokens.is_empty(),
            "the renewed session was ended again"
        );
        assert_eq!(session.status().signed_in, Some(false));
    }
}

#[tokio::test]
async fn other_errors_are_passed_on_as_they_are() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    for code in [
        ErrorCode::Forbidden,
        ErrorCode::ServerFailed,
        ErrorCode::RateLimited,
    ] {
        world.server.fail("account", Fault::Refuses(code));
        assert_eq!(session.account(None).await.unwrap_err().code, code);
    }
    assert_eq!(world.server.count("sign_in"), 0);
}

#[tokio::test]
async fn an_old_session_of_an_instance_takes_nothing_from_a_new_one() {
    let mut world = World::new();
    let old = world.signed_in(true).await;
    world.server.end_sessions();
    world.server.state().password = "canary-changed-elsewhere".into();
    // The person signs in again, on a session of its own, while the old one is still at work.
    let new = world.session();
    let password = secret("canary-changed-elsewhere");
    new.sign_in_with_password(LOGIN, password, None, true)
        .await
        .unwrap();
    // The old one finds its token refused, and renews with what the new one has left.
    old.account(None).await.unwrap();
    assert!(world.keyring.holds("canary-changed-elsewhere"));
    assert!(world.session().account(None).await.is_ok());
}

#[tokio::test]
async fn a_keyring_that_hangs_keeps_no_renewal_waiting() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    // The password is at hand without the keyring.
    world.keyring.set_gone(true);
    session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
        .await
        .unwrap();
    world.keyring.set_gone(false);
    world.server.end_sessions();
    world.keyring.set_hung(true);
    assert!(session.account(None).await.is_ok());
    let kept = session.status().kept;
    assert_eq!(
        kept,
        Some(keydesk_core::session::Kept::UntilQuit(
            ErrorCode::KeyringTimedOut
        ))
    );
    world.keyring.set_hung(false);
}

#[tokio::test]
async fn a_keyring_that_is_late_has_not_forgotten_the_password() {
    let mut world = World::new();
    world.signed_in(true).await;
    let soon = Duration::from_millis(50);
    let vault = world.keyring.vault_with(Deadlines {
        prompt: soon,
        answer: soon,
    });
    let session = Session::new(world.instance.clone(), world.server.clone(), vault.clone());
    session.account(None).await.unwrap();
    world.server.end_sessions();
    world.keyring.set_hung(true);
    for _ in 0..3 {
        let error = session.account(None).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::KeyringTimedOut);
    }
    assert_eq!(session.status().signed_in, Some(true));
    world.keyring.set_hung(false);
    while vault.retry().await.keyring != KeyringState::Ready {}
    assert!(session.account(None).await.is_ok());
}
