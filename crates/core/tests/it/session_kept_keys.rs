//! Keys that their server shows only once, and the copies of them in the keyring.

use keydesk_core::api_key::{Expiration, KeyStatus, NewApiKey};
use keydesk_core::capabilities::Reveal;
use keydesk_core::session::{KeptCopy, MadeKey};
use keydesk_core::{ErrorCode, Session};

use crate::support::{Fault, LOGIN, PASSWORD, World, secret};

fn new(title: &str) -> NewApiKey {
    NewApiKey {
        title: title.into(),
        description: String::new(),
        scopes: Vec::new(),
        expiration: Expiration::Never,
    }
}

/// A world whose server shows a key once.
fn world() -> World {
    let world = World::new();
    world.server.state().reveal = Reveal::Once;
    world
}

async fn make(session: &Session, title: &str, keep: bool) -> MadeKey {
    session
        .create_api_key(None, new(title), keep)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_key_that_is_shown_once_is_in_the_keyring_before_it_is_shown() {
    let mut world = world();
    let session = world.signed_in(false).await;
    let made = make(&session, "ci", true).await;
    assert_eq!(made.kept, Some(KeptCopy::InKeyring));
    assert!(world.keyring.holds(made.created.value.expose()));
    let id = &made.created.key.id;
    assert!(session.reveal_api_key(id).await.unwrap() == made.created.value);
    assert!(
        world.session().reveal_api_key(id).await.unwrap() == made.created.value,
        "after a restart too"
    );
    assert_eq!(world.server.count("reveal_api_key"), 0);
}

#[tokio::test]
async fn a_copy_is_kept_only_where_it_is_wanted_and_needed() {
    let mut world = world();
    let session = world.signed_in(false).await;
    let made = make(&session, "declined", false).await;
    assert_eq!(made.kept, None);
    assert!(!world.keyring.holds("canary-value"));
    let error = session
        .reveal_api_key(&made.created.key.id)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotSupported);

    world.server.state().reveal = Reveal::Again;
    session.account(None).await.unwrap();
    let made = make(&session, "shown again", true).await;
    assert_eq!(made.kept, None, "the server has it");
    assert!(!world.keyring.holds("canary-value"));
}

#[tokio::test]
async fn without_a_keyring_the_key_is_shown_all_the_same_and_nothing_is_claimed() {
    let mut world = world();
    let session = world.signed_in(false).await;
    world.keyring.set_gone(true);
    let made = make(&session, "ci", true).await;
    assert_eq!(
        made.kept,
        Some(KeptCopy::NotKept(ErrorCode::KeyringUnavailable))
    );
    world.keyring.set_gone(false);
    let error = session
        .reveal_api_key(&made.created.key.id)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotSupported);
}

#[tokio::test]
async fn a_copy_in_memory_is_told_apart_from_none() {
    let mut world = world();
    world.signed_in(false).await;
    let vault = world.keyring.vault();
    vault.use_memory_until_quit();
    let session = Session::new(world.instance.clone(), world.server.clone(), vault);
    let made = make(&session, "ci", true).await;
    assert_eq!(made.kept, Some(KeptCopy::UntilQuit));
    assert!(!world.keyring.holds(made.created.value.expose()));
    let copied = session.reveal_api_key(&made.created.key.id).await;
    assert!(copied.unwrap() == made.created.value);
}

#[tokio::test]
async fn a_copy_is_at_hand_although_server_and_session_are_not() {
    let mut world = world();
    let session = world.signed_in(false).await;
    let made = make(&session, "ci", true).await;
    world.server.end_sessions();
    world.server.forget_calls();
    let restarted = world.session();
    let value = restarted.reveal_api_key(&made.created.key.id).await;
    assert!(value.unwrap() == made.created.value);
    assert!(world.server.state().calls.is_empty());
}

#[tokio::test]
async fn a_copy_goes_with_its_key() {
    let mut world = world();
    let session = world.signed_in(false).await;
    let deleted = make(&session, "deleted", true).await.created;
    session.delete_api_key(&deleted.key.id).await.unwrap();
    assert!(!world.keyring.holds(deleted.value.expose()));

    let revoked = make(&session, "revoked", true).await.created;
    let now = session.revoke_api_key(&revoked.key.id).await.unwrap();
    assert_eq!(now.status, KeyStatus::Revoked);
    assert!(!world.keyring.holds(revoked.value.expose()));

    let forgotten = make(&session, "forgotten", true).await.created;
    session.forget_kept_key(&forgotten.key.id).await.unwrap();
    session.forget_kept_key(&forgotten.key.id).await.unwrap();
    assert!(!world.keyring.holds(forgotten.value.expose()));
    assert!(
        world
            .server
            .state()
            .keys
            .iter()
            .any(|key| key.id == forgotten.key.id),
        "the key itself stays"
    );
}

#[tokio::test]
async fn a_key_that_was_not_deleted_keeps_its_copy() {
    let mut world = world();
    let session = world.signed_in(false).await;
    let made = make(&session, "ci", true).await.created;
    world
        .server
        .fail("delete_api_key", Fault::Refuses(ErrorCode::ServerFailed));
    session.delete_api_key(&made.key.id).await.unwrap_err();
    assert!(world.keyring.holds(made.value.expose()));
}

#[tokio::test]
async fn a_key_is_deleted_even_if_the_keyring_clings_to_its_copy() {
    let mut world = world();
    let session = world.signed_in(false).await;
    let made = make(&session, "ci", true).await.created;
    world.keyring.set_broken(true);
    session.delete_api_key(&made.key.id).await.unwrap();
    assert!(world.server.state().keys.is_empty());
}

#[tokio::test]
async fn signing_out_removes_every_copy_and_signing_in_again_none() {
    let mut world = world();
    let session = world.signed_in(false).await;
    for title in ["one", "two"] {
        make(&session, title, true).await;
    }
    session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, false)
        .await
        .unwrap();
    assert!(world.keyring.holds("canary-value"));
    session.sign_out().await;
    assert!(world.keyring.is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_where_the_server_knows_a_repetition() {
    for code in [ErrorCode::TimedOut, ErrorCode::OutcomeUnknown] {
        let mut world = world();
        world.server.state().repeats_creation = true;
        let session = world.signed_in(false).await;
        world.server.fail("create_api_key", Fault::Loses(code));
        let made = make(&session, "ci", true).await;
        assert_eq!(made.kept, Some(KeptCopy::InKeyring));
        assert_eq!(world.server.state().keys.len(), 1, "no silent double");
        assert!(world.keyring.holds(made.created.value.expose()));
    }
    // Lost twice: what cannot be had is not claimed, and the key is in the list.
    let mut world = world();
    world.server.state().repeats_creation = true;
    let session = world.signed_in(false).await;
    for _ in 0..2 {
        world
            .server
            .fail("create_api_key", Fault::Loses(ErrorCode::ConnectionFailed));
    }
    let error = session
        .create_api_key(None, new("ci"), true)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::KeyNotReceived);
    assert_eq!(session.api_keys(None).await.unwrap().keys.len(), 1);
    assert!(!world.keyring.holds("canary-value"));
}
