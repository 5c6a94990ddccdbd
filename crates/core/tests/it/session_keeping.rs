//! What lies in the keyring when a write of it fails half-way, and a token from a browser.

use keydesk_core::ErrorCode;
use keydesk_core::instance::SignInMethod;
use keydesk_core::session::Kept;

use crate::support::{LOGIN, PASSWORD, World, secret};

/// A world with a pair of tokens in the keyring, whose server has moved on to another pair.
async fn world_with_an_old_pair() -> World {
    let mut world = World::new();
    world.instance.sign_in = SignInMethod::CloudTokens;
    world
        .session()
        .sign_in_with_cloud_tokens(secret("canary-authorization"), secret("canary-access"))
        .await
        .unwrap();
    world.server.state().cloud = Some(("new-authorization".into(), "new-access".into()));
    world
}

#[tokio::test]
async fn a_pair_that_is_written_by_half_leaves_no_half_behind() {
    for refused in ["cloud-authorization", "cloud-access-token"] {
        let world = world_with_an_old_pair().await;
        world.keyring.refuse_writes_of(Some(refused));
        let session = world.session();
        let kept = session
            .sign_in_with_cloud_tokens(secret("new-authorization"), secret("new-access"))
            .await;
        assert_eq!(kept, Ok(Kept::UntilQuit(ErrorCode::KeyringFailed)));
        assert!(world.keyring.is_empty(), "{refused}");
        assert!(session.account(None).await.is_ok(), "memory has the pair");

        world.keyring.refuse_writes_of(None);
        session.keep_in_keyring().await.unwrap();
        assert!(world.session().account(None).await.is_ok());
    }
}

#[tokio::test]
async fn a_pair_whose_writing_is_dropped_never_mixes_with_the_one_before() {
    let world = world_with_an_old_pair().await;
    world.keyring.hang_writes_of(Some("cloud-access-token"));
    let session = world.session();
    let writing = tokio::spawn(async move {
        session
            .sign_in_with_cloud_tokens(secret("new-authorization"), secret("new-access"))
            .await
    });
    while !world.keyring.holds("new-authorization") {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    writing.abort();
    assert!(writing.await.unwrap_err().is_cancelled());
    let is_mixed = world.keyring.holds("canary-access");
    let error = world.session().account(None).await.unwrap_err();
    world.keyring.hang_writes_of(None);
    assert!(!is_mixed);
    assert_eq!(error.code, ErrorCode::CloudTokensRefused);
}

#[tokio::test]
async fn a_pair_is_open_to_memory_while_the_keyring_is_left_alone() {
    let world = world_with_an_old_pair().await;
    let vault = world.keyring.vault();
    let session =
        || keydesk_core::Session::new(world.instance.clone(), world.server.clone(), vault.clone());
    world.keyring.set_broken(true);
    session().account(None).await.unwrap_err();
    vault.use_memory_until_quit();
    let kept = session()
        .sign_in_with_cloud_tokens(secret("new-authorization"), secret("new-access"))
        .await;
    assert_eq!(kept, Ok(Kept::UntilQuit(ErrorCode::KeyringFailed)));
    assert!(
        session().account(None).await.is_ok(),
        "another session finds it"
    );

    let outcome = session().sign_out().await;
    assert_eq!(
        outcome.left_in_keyring,
        Some(ErrorCode::KeyringFailed),
        "the old pair is still there"
    );
    assert!(world.keyring.holds("canary-access"));
}

#[tokio::test]
async fn a_keyring_that_works_again_gives_what_it_had_before_it_was_left_alone() {
    let mut world = World::new();
    world.signed_in(false).await;
    let vault = world.keyring.vault();
    let session =
        keydesk_core::Session::new(world.instance.clone(), world.server.clone(), vault.clone());
    world.keyring.set_broken(true);
    session.account(None).await.unwrap_err();
    vault.use_memory_until_quit();
    let error = session.account(None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SignedOut);

    world.keyring.set_broken(false);
    vault.retry().await;
    assert!(session.account(None).await.is_ok());
    assert_eq!(world.server.count("sign_in"), 0);
}

#[tokio::test]
async fn a_session_that_was_begun_in_a_browser_is_taken_over_by_its_token() {
    let mut world = World::new();
    world.signed_in(true).await;
    world.server.state().tokens.insert("canary-browser".into());
    let session = world.session();
    let kept = session
        .sign_in_with_session_token(secret(" Bearer canary-browser\n"))
        .await;
    assert_eq!(kept, Ok(Kept::InKeyring));
    assert_eq!(session.status().method, SignInMethod::Password);
    assert!(session.account(None).await.is_ok());
    assert!(world.keyring.holds("canary-browser"));
    assert!(!world.keyring.holds("Bearer") && !world.keyring.holds(PASSWORD));
    assert!(
        world.session().account(None).await.is_ok(),
        "after a restart"
    );

    // There is no password to renew it with.
    world.server.end_sessions();
    world.server.forget_calls();
    let error = session.account(None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SignedOut);
    assert_eq!(world.server.count("sign_in"), 0);
}

#[tokio::test]
async fn a_token_that_the_server_refuses_is_not_kept() {
    let world = World::new();
    let session = world.session();
    for (token, code) in [
        ("canary-unknown", ErrorCode::SignedOut),
        (" Bearer ", ErrorCode::Required),
        ("canary\r\nX: y", ErrorCode::ForbiddenCharacters),
    ] {
        let error = session
            .sign_in_with_session_token(secret(token))
            .await
            .unwrap_err();
        assert_eq!(error.code, code);
    }
    assert!(world.keyring.is_empty());
    assert_eq!(world.server.count("probe"), 1);
    assert_eq!(session.instance().login_name, LOGIN);
}
