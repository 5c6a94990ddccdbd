//! API keys: rules before the request, and the truth after a lost answer.

use keydesk_core::api_key::{ApiKeyId, CreatedApiKey, Expiration, NewApiKey};
use keydesk_core::capabilities::Reveal;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Result, Session};

use crate::support::{Fault, World, value_of};

fn new(title: &str) -> NewApiKey {
    NewApiKey {
        title: title.into(),
        description: String::new(),
        scopes: Vec::new(),
        expiration: Expiration::Never,
    }
}

/// Makes a key of no organization, to be kept nowhere.
async fn make(session: &Session, new: NewApiKey) -> Result<CreatedApiKey> {
    let made = session.create_api_key(None, new, false).await?;
    assert_eq!(made.kept, None, "nobody asked for a copy");
    Ok(made.created)
}

#[tokio::test]
async fn a_key_is_made_copied_changed_and_deleted() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let created = make(&session, new(" ci-build ")).await.unwrap();
    assert_eq!(created.key.title, "ci-build");
    let id = &created.key.id;
    assert!(session.reveal_api_key(id).await.unwrap() == created.value);
    let later = Expiration::At(Timestamp::now().plus(60_000));
    let changed = session
        .set_api_key_expiration(id, later)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((changed.id, changed.expiration), (id.clone(), later));
    session.delete_api_key(id).await.unwrap();
    assert!(session.api_keys(None).await.unwrap().keys.is_empty());
}

#[tokio::test]
async fn a_taken_title_and_a_past_date_are_refused_before_anything_is_sent() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    make(&session, new("ci-build")).await.unwrap();
    let taken = make(&session, new("CI-Build\u{200B}")).await.unwrap_err();
    assert_eq!(taken.code, ErrorCode::TitleTaken);
    let past = Expiration::At(Timestamp::now().plus(-1));
    let refused = NewApiKey {
        expiration: past,
        ..new("x")
    };
    let error = make(&session, refused).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ExpirationPast);
    let error = session
        .set_api_key_expiration(&ApiKeyId("2".into()), past)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::ExpirationPast);
    assert_eq!(world.server.count("create_api_key"), 1);
    assert_eq!(world.server.count("set_api_key_expiration"), 0);
}

#[tokio::test]
async fn a_deleted_title_can_be_used_again() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let created = make(&session, new("ci")).await.unwrap();
    session.delete_api_key(&created.key.id).await.unwrap();
    assert!(make(&session, new("ci")).await.is_ok());
}

#[tokio::test]
async fn a_key_whose_answer_was_lost_is_found_and_shown() {
    for code in [
        ErrorCode::OutcomeUnknown,
        ErrorCode::ConnectionFailed,
        ErrorCode::TimedOut,
        ErrorCode::UnexpectedAnswer,
        ErrorCode::ServerFailed,
    ] {
        let mut world = World::new();
        let session = world.signed_in(false).await;
        make(&session, new("other")).await.unwrap();
        world.server.fail("create_api_key", Fault::Loses(code));
        let created = make(&session, new("ci")).await.unwrap();
        assert_eq!(created.key.title, "ci");
        assert!(created.value == value_of(&created.key.id));
        assert_eq!(
            world.server.count("create_api_key"),
            2,
            "it is not made a second time"
        );
        assert_eq!(world.server.state().keys.len(), 2);
    }
}

#[tokio::test]
async fn a_key_that_was_not_made_is_not_claimed() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    for (code, said) in [
        (ErrorCode::OutcomeUnknown, ErrorCode::OutcomeUnknown),
        (ErrorCode::TimedOut, ErrorCode::OutcomeUnknown),
        (ErrorCode::ServerFailed, ErrorCode::ServerFailed),
        (ErrorCode::Conflict, ErrorCode::Conflict),
        (ErrorCode::ConnectionRefused, ErrorCode::ConnectionRefused),
    ] {
        world.server.fail("create_api_key", Fault::Refuses(code));
        assert_eq!(make(&session, new("ci")).await.unwrap_err().code, said);
    }
    assert!(
        make(&session, new("ci")).await.is_ok(),
        "and can be made after all"
    );
}

#[tokio::test]
async fn a_key_that_was_there_before_is_never_taken_for_the_new_one() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    session.api_keys(None).await.unwrap();
    // Someone makes one of this title elsewhere, after the list was read: the server refuses ours.
    let elsewhere = world.session();
    make(&elsewhere, new("ci")).await.unwrap();
    assert_eq!(
        make(&session, new("ci")).await.unwrap_err().code,
        ErrorCode::Conflict
    );
}

#[tokio::test]
async fn what_cannot_be_found_out_is_left_open() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    session.api_keys(None).await.unwrap();
    world
        .server
        .fail("create_api_key", Fault::Loses(ErrorCode::ConnectionFailed));
    world
        .server
        .fail("api_keys", Fault::Refuses(ErrorCode::ConnectionFailed));
    let error = make(&session, new("ci")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::OutcomeUnknown);

    world
        .server
        .fail("create_api_key", Fault::Loses(ErrorCode::ConnectionFailed));
    world.server.fail(
        "reveal_api_key",
        Fault::Refuses(ErrorCode::ConnectionFailed),
    );
    let error = make(&session, new("ci 2")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::OutcomeUnknown);
}

#[tokio::test]
async fn a_value_that_is_shown_once_and_was_lost_is_said_to_be() {
    let mut world = World::new();
    world.server.state().reveal = Reveal::Once;
    let session = world.signed_in(false).await;
    world
        .server
        .fail("create_api_key", Fault::Loses(ErrorCode::TimedOut));
    let error = make(&session, new("ci")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::KeyNotReceived);
    assert_eq!(world.server.count("reveal_api_key"), 0);

    // One that was not made at all is something else.
    world
        .server
        .fail("create_api_key", Fault::Refuses(ErrorCode::TimedOut));
    let error = make(&session, new("ci 2")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::OutcomeUnknown);
}

#[tokio::test]
async fn lost_answers_never_make_a_silent_double() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    for round in 0..200 {
        if round % 2 == 0 {
            world
                .server
                .fail("create_api_key", Fault::Loses(ErrorCode::ConnectionFailed));
        }
        if round % 3 == 0 {
            world
                .server
                .fail("api_keys", Fault::Refuses(ErrorCode::TimedOut));
        }
        let title = format!("key {round}");
        let outcome = make(&session, new(&title)).await;
        let made = world
            .server
            .state()
            .keys
            .iter()
            .filter(|key| key.title == title)
            .count();
        match outcome {
            Ok(created) => assert_eq!((made, created.key.title), (1, title)),
            // Left open, or refused because the list could not be read before.
            Err(error) => {
                assert!(
                    matches!(error.code, ErrorCode::OutcomeUnknown | ErrorCode::TimedOut),
                    "{error:?}"
                );
                assert!(made <= 1);
            }
        }
    }
}

#[tokio::test]
async fn deleting_twice_is_deleting_once() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let id = make(&session, new("ci")).await.unwrap().key.id;
    world
        .server
        .fail("delete_api_key", Fault::Loses(ErrorCode::OutcomeUnknown));
    session.delete_api_key(&id).await.unwrap();
    session.delete_api_key(&id).await.unwrap();
    assert!(world.server.state().keys.is_empty());
}

#[tokio::test]
async fn an_expiration_whose_answer_was_lost_is_set_again() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let id = make(&session, new("ci")).await.unwrap().key.id;
    let later = Expiration::At(Timestamp::now().plus(60_000));
    world.server.fail(
        "set_api_key_expiration",
        Fault::Loses(ErrorCode::OutcomeUnknown),
    );
    session.set_api_key_expiration(&id, later).await.unwrap();
    assert_eq!(world.server.state().keys[0].expiration, later);
}
