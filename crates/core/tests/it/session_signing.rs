//! Signing in by each means, where secrets are kept, and signing out.

use keydesk_core::ErrorCode;
use keydesk_core::instance::SignInMethod;
use keydesk_core::server_url::ServerUrl;
use keydesk_core::session::Kept;

use crate::support::{Fault, LOGIN, PASSWORD, World, secret};

#[tokio::test]
async fn a_password_becomes_a_session_that_survives_a_restart() {
    let world = World::new();
    let session = world.session();
    assert_eq!(session.status().signed_in, None);
    let kept = session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, false)
        .await;
    assert_eq!(kept, Ok(Kept::InKeyring));
    assert_eq!(session.status().signed_in, Some(true));
    assert!(world.keyring.holds("canary-token-1"));
    assert!(
        !world.keyring.holds(PASSWORD),
        "nobody asked to remember it"
    );

    let restarted = world.session();
    assert_eq!(restarted.status().signed_in, None, "nobody was asked yet");
    assert_eq!(restarted.account(None).await.unwrap().profile.email, LOGIN);
    assert_eq!(restarted.status().kept, Some(Kept::InKeyring));
    assert_eq!(world.server.count("sign_in"), 1);
}

#[tokio::test]
async fn the_password_is_kept_only_where_asked_for() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    assert!(world.keyring.holds(PASSWORD));
    session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, false)
        .await
        .unwrap();
    assert!(
        !world.keyring.holds(PASSWORD),
        "the next sign-in did not ask for it"
    );
}

#[tokio::test]
async fn a_refused_sign_in_stores_nothing_and_ends_nothing() {
    let mut world = World::new();
    let session = world.session();
    let refused = session
        .sign_in_with_password(LOGIN, secret("wrong"), None, true)
        .await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::WrongCredentials);
    assert!(world.keyring.is_empty());

    let session = world.signed_in(false).await;
    session
        .sign_in_with_password(LOGIN, secret("wrong"), None, true)
        .await
        .unwrap_err();
    session
        .sign_in_with_api_key(secret("api_9.wrong"))
        .await
        .unwrap_err();
    assert!(
        session.account(None).await.is_ok(),
        "the session from before still stands"
    );
}

#[tokio::test]
async fn empty_fields_are_named_before_anything_is_sent() {
    let world = World::new();
    let session = world.session();
    let errors = [
        session
            .sign_in_with_password("  ", secret("x"), None, false)
            .await
            .unwrap_err(),
        session
            .sign_in_with_password(LOGIN, secret(""), None, false)
            .await
            .unwrap_err(),
        session
            .sign_in_with_api_key(secret(" Bearer "))
            .await
            .unwrap_err(),
        session
            .sign_in_with_cloud_tokens(secret(""), secret("x"))
            .await
            .unwrap_err(),
        session
            .sign_in_with_cloud_tokens(secret("x"), secret(" "))
            .await
            .unwrap_err(),
    ];
    for error in &errors {
        assert_eq!(error.code, ErrorCode::Required);
        assert!(error.field.is_some());
    }
    let odd = session
        .sign_in_with_api_key(secret("api_1.a\r\nX: y"))
        .await
        .unwrap_err();
    assert_eq!(odd.code, ErrorCode::ForbiddenCharacters);
    assert!(world.server.state().calls.is_empty());
}

#[tokio::test]
async fn an_api_key_signs_in_and_manages_no_keys() {
    let mut world = World::new();
    let session = world.session();
    let kept = session
        .sign_in_with_api_key(secret("Bearer api_1.canary-key\n"))
        .await;
    assert_eq!(kept, Ok(Kept::InKeyring));
    assert_eq!(session.status().method, SignInMethod::ApiKey);
    assert!(session.account(None).await.is_ok());
    assert_eq!(
        session.api_keys(None).await.unwrap_err().code,
        ErrorCode::NotSupported
    );
    assert_eq!(
        world.server.count("api_keys"),
        0,
        "the server is not even asked"
    );

    world.instance.sign_in = SignInMethod::ApiKey;
    assert!(world.session().account(None).await.is_ok());
}

#[tokio::test]
async fn the_pair_of_the_cloud_is_kept_as_a_pair() {
    let mut world = World::new();
    world.instance.sign_in = SignInMethod::CloudTokens;
    let session = world.session();
    let pair = (
        secret("bearer canary-authorization"),
        secret("canary-access"),
    );
    assert_eq!(
        session.sign_in_with_cloud_tokens(pair.0, pair.1).await,
        Ok(Kept::InKeyring)
    );
    assert!(world.session().account(None).await.is_ok());

    // Half a pair in the keyring is none.
    let key = world
        .keyring
        .entries
        .lock()
        .unwrap()
        .keys()
        .find(|user| user.ends_with("cloud-access-token"))
        .cloned()
        .unwrap();
    world.keyring.entries.lock().unwrap().remove(&key);
    let error = world.session().account(None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::CloudTokensRefused);
}

#[tokio::test]
async fn signing_in_by_other_means_removes_what_was_there() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    session
        .sign_in_with_api_key(secret("api_1.canary-key"))
        .await
        .unwrap();
    assert!(world.keyring.holds("api_1.canary-key"));
    assert!(!world.keyring.holds(PASSWORD) && !world.keyring.holds("canary-token"));
}

#[tokio::test]
async fn a_server_that_forbids_the_probe_knows_the_person_all_the_same() {
    let world = World::new();
    world
        .server
        .fail("probe", Fault::Refuses(ErrorCode::Forbidden));
    assert!(
        world
            .session()
            .sign_in_with_api_key(secret("api_1.canary-key"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_session_that_proves_useless_is_ended_again() {
    let world = World::new();
    world
        .server
        .fail("probe", Fault::Refuses(ErrorCode::NotThisKindOfServer));
    let session = world.session();
    let error = session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, false)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotThisKindOfServer);
    assert!(world.server.state().tokens.is_empty());
    assert!(world.keyring.is_empty());
}

#[tokio::test]
async fn without_a_keyring_the_session_lives_until_quit_and_is_kept_later() {
    let world = World::new();
    world.keyring.set_gone(true);
    let session = world.session();
    let kept = session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
        .await
        .unwrap();
    assert_eq!(kept, Kept::UntilQuit(ErrorCode::KeyringUnavailable));
    assert_eq!(session.status().kept, Some(kept));
    assert!(session.account(None).await.is_ok());
    // The remembered password is at hand as well.
    world.server.end_sessions();
    assert!(session.account(None).await.is_ok());
    assert_eq!(
        session.keep_in_keyring().await.unwrap_err().code,
        ErrorCode::KeyringUnavailable
    );

    world.keyring.set_gone(false);
    session.keep_in_keyring().await.unwrap();
    assert_eq!(session.status().kept, Some(Kept::InKeyring));
    assert!(world.keyring.holds("canary-token") && world.keyring.holds(PASSWORD));
    assert!(world.session().account(None).await.is_ok());
}

#[tokio::test]
async fn a_vault_that_keeps_secrets_until_quit_is_said_to() {
    let world = World::new();
    let vault = keydesk_vault::Vault::in_memory();
    let session = keydesk_core::Session::new(world.instance.clone(), world.server.clone(), vault);
    let kept = session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
        .await;
    assert_eq!(kept, Ok(Kept::UntilQuit(ErrorCode::KeyringUnavailable)));
}

#[tokio::test]
async fn a_keyring_that_cannot_be_read_is_no_sign_out() {
    let mut world = World::new();
    world.signed_in(false).await;
    world.keyring.set_gone(true);
    let restarted = world.session();
    let error = restarted.account(None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::KeyringUnavailable);
    assert_eq!(restarted.status().signed_in, None);
    world.keyring.set_gone(false);
    assert!(restarted.account(None).await.is_ok());
}

#[tokio::test]
async fn no_secret_follows_an_instance_to_another_address() {
    let mut world = World::new();
    world.signed_in(true).await;
    for other in ["https://evil.example.com:6034", "https://idmp.example.com"] {
        world.instance.url = ServerUrl::parse(other, false).unwrap();
        let error = world.session().account(None).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::SignedOut, "{other}");
    }
    // Another path on the same place is the same server.
    world.instance.url = ServerUrl::parse("https://idmp.example.com:6034/base", false).unwrap();
    assert!(world.session().account(None).await.is_ok());
}

#[tokio::test]
async fn who_never_signed_in_is_told_by_their_means() {
    let mut world = World::new();
    for (method, code) in [
        (SignInMethod::Password, ErrorCode::SignedOut),
        (SignInMethod::ApiKey, ErrorCode::ApiKeyRefused),
        (SignInMethod::CloudTokens, ErrorCode::CloudTokensRefused),
    ] {
        world.instance.sign_in = method;
        let session = world.session();
        assert_eq!(session.account(None).await.unwrap_err().code, code);
        assert_eq!(session.status().signed_in, Some(false));
    }
    assert!(world.server.state().calls.is_empty());
}

#[tokio::test]
async fn signing_out_leaves_nothing() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    let outcome = session.sign_out().await;
    assert!(outcome.server_told);
    assert_eq!(outcome.left_in_keyring, None);
    assert!(world.keyring.is_empty());
    assert!(world.server.state().tokens.is_empty());
    assert_eq!(session.status().signed_in, Some(false));
    assert_eq!(
        session.account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
    assert_eq!(
        world.session().account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
}

#[tokio::test]
async fn signing_out_works_without_the_server_and_straight_after_a_start() {
    let mut world = World::new();
    world.signed_in(true).await;
    world
        .server
        .fail("sign_out", Fault::Refuses(ErrorCode::ConnectionRefused));
    let outcome = world.session().sign_out().await;
    assert!(!outcome.server_told);
    assert!(world.keyring.is_empty());

    let world = World::new();
    let session = world.session();
    session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, false)
        .await
        .unwrap();
    let outcome = world.session().sign_out().await;
    assert!(
        outcome.server_told,
        "the token is fetched from the keyring to end the session"
    );
    assert!(world.server.state().tokens.is_empty());
}

#[tokio::test]
async fn a_keyring_that_fails_at_sign_out_is_reported() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.keyring.set_gone(true);
    let outcome = session.sign_out().await;
    assert_eq!(outcome.left_in_keyring, Some(ErrorCode::KeyringUnavailable));
    assert_eq!(
        session.account(None).await.unwrap_err().code,
        ErrorCode::SignedOut
    );
}

#[tokio::test]
async fn an_api_key_is_not_ended_by_signing_out() {
    let world = World::new();
    let session = world.session();
    session
        .sign_in_with_api_key(secret("api_1.canary-key"))
        .await
        .unwrap();
    let outcome = session.sign_out().await;
    assert!(outcome.server_told && world.keyring.is_empty());
    assert_eq!(world.server.count("sign_out"), 0);
}

#[tokio::test]
async fn a_sign_out_is_never_overtaken_by_a_sign_in_that_is_still_storing() {
    for _ in 0..50 {
        let world = World::new();
        let session = world.session();
        let signing_in = {
            let session = session.clone();
            tokio::spawn(async move {
                session
                    .sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
                    .await
            })
        };
        while session.status().signed_in != Some(true) {
            tokio::task::yield_now().await;
        }
        session.sign_out().await;
        let _ = signing_in.await.unwrap();
        assert!(world.keyring.is_empty());
    }
}
