//! The end of an account: what must be typed, and what is left here.

use keydesk_core::{ErrorCode, Field};

use crate::support::{Fault, PASSWORD, PHRASE, World, secret};

#[tokio::test]
async fn a_wrong_phrase_or_no_password_deletes_nothing() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    for phrase in ["", "Delete my account", "delete my account "] {
        let error = session
            .delete_account(phrase, &secret(PASSWORD))
            .await
            .unwrap_err();
        assert_eq!(
            (error.code, error.field),
            (ErrorCode::PhraseMismatch, Some(Field::Phrase))
        );
    }
    let error = session
        .delete_account(PHRASE, &secret(""))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::Required, Some(Field::CurrentPassword))
    );
    assert_eq!(world.server.count("delete_account"), 0);
    let error = session
        .delete_account(PHRASE, &secret("wrong"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::CurrentPasswordWrong);
    assert!(session.account(None).await.is_ok());
    assert!(world.keyring.holds(PASSWORD));
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_in_the_keyring() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    let terms = session.deletion_terms().await.unwrap();
    assert_eq!(terms.phrase, PHRASE);
    let deleted = session
        .delete_account(PHRASE, &secret(PASSWORD))
        .await
        .unwrap();
    assert_eq!(deleted.left_in_keyring, None);
    assert!(world.keyring.is_empty());
    assert!(world.server.state().deleted);
    assert_eq!(session.status().signed_in, Some(false));
    assert_eq!(world.server.count("sign_out"), 0, "there is nobody to tell");
    world.server.forget_calls();
    session.account(None).await.unwrap_err();
    assert!(
        world.server.state().calls.is_empty(),
        "nor is the password tried"
    );
}

#[tokio::test]
async fn a_keyring_that_fails_does_not_undo_a_deletion() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.keyring.set_gone(true);
    let deleted = session
        .delete_account(PHRASE, &secret(PASSWORD))
        .await
        .unwrap();
    assert_eq!(deleted.left_in_keyring, Some(ErrorCode::KeyringUnavailable));
    assert_eq!(session.status().signed_in, Some(false));
    world.keyring.set_gone(false);
    let outcome = session.sign_out().await;
    assert_eq!(outcome.left_in_keyring, None);
    assert!(world.keyring.is_empty(), "signing out again wipes it");
}

#[tokio::test]
async fn after_a_lost_answer_the_server_tells_whether_the_account_is_gone() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    let delete = async || session.delete_account(PHRASE, &secret(PASSWORD)).await;
    let lost = ErrorCode::OutcomeUnknown;
    world.server.fail("delete_account", Fault::Refuses(lost));
    let error = delete().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ConnectionFailed, "it is still there");
    assert!(session.account(None).await.is_ok());

    world.server.fail("delete_account", Fault::Refuses(lost));
    world
        .server
        .fail("probe", Fault::Refuses(ErrorCode::TimedOut));
    assert_eq!(delete().await.unwrap_err().code, lost, "nobody can tell");
    assert!(world.keyring.holds(PASSWORD));

    world.server.fail("delete_account", Fault::Loses(lost));
    delete().await.unwrap();
    assert!(world.keyring.is_empty());
    assert_eq!(world.server.count("sign_in"), 0);
}
