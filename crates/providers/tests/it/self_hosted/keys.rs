//! The life of a key, against the real server signed in with a password.

use keydesk_core::api_key::{Expiration, NewApiKey};
use keydesk_core::credential::Credential;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Field};

use crate::support::{self, EMAIL, RealServer, code, secret};

const HOUR: i64 = 3_600_000;

fn new_key(title: &str, expiration: Expiration) -> NewApiKey {
    NewApiKey {
        expiration,
        ..support::new_key(title)
    }
}

#[tokio::test]
async fn a_key_lives_from_its_making_to_its_deletion() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    let provider = &server.provider;
    let made = provider
        .create_api_key(&credential, None, &new_key("ci", Expiration::Never))
        .await;
    let made = made.unwrap();
    let list = provider.api_keys(&credential, None).await.unwrap();
    assert_eq!(list.keys.len(), 1);
    let listed = &list.keys[0];
    assert_eq!((&listed.id, listed.title.as_str()), (&made.key.id, "ci"));
    assert_eq!(listed.expiration, Expiration::Never);
    assert!(listed.added_on.is_some());
    assert!(!format!("{list:?}{made:?}").contains(made.value.expose().as_str()));

    let again = provider
        .reveal_api_key(&credential, &listed.id)
        .await
        .unwrap();
    assert!(again == made.value, "copied again, it is the same");
    let by_key = Credential::ApiKey(again);
    provider.probe(&by_key).await.unwrap();

    let at = Expiration::At(Timestamp::now().plus(HOUR));
    let changed = provider
        .set_api_key_expiration(&credential, &listed.id, at)
        .await
        .unwrap();
    assert_eq!(changed.unwrap().expiration, at);
    let never = Expiration::Never;
    provider
        .set_api_key_expiration(&credential, &listed.id, never)
        .await
        .unwrap();
    assert_eq!(
        provider.api_keys(&credential, None).await.unwrap().keys[0].expiration,
        never
    );

    provider
        .delete_api_key(&credential, &listed.id)
        .await
        .unwrap();
    assert_eq!(
        code(provider.probe(&by_key).await),
        ErrorCode::ApiKeyRefused,
        "dead at once"
    );
    provider
        .delete_api_key(&credential, &listed.id)
        .await
        .unwrap();
    let gone = provider.reveal_api_key(&credential, &listed.id).await;
    assert_eq!(code(gone), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_key_that_breaks_a_rule_is_refused_in_its_field() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    let provider = &server.provider;
    let refused = async |title: &str, expiration| {
        let error = provider
            .create_api_key(&credential, None, &new_key(title, expiration))
            .await;
        let error = error.unwrap_err();
        (error.code, error.field)
    };
    let first = new_key("Build", Expiration::Never);
    let first = provider
        .create_api_key(&credential, None, &first)
        .await
        .unwrap();
    let title = Some(Field::Title);
    assert_eq!(
        refused("build", Expiration::Never).await,
        (ErrorCode::TitleTaken, title)
    );
    assert_eq!(
        refused("", Expiration::Never).await,
        (ErrorCode::InputRefused, title)
    );
    let past = Expiration::At(Timestamp::now().plus(-HOUR));
    let expiration = Some(Field::Expiration);
    assert_eq!(
        refused("other", past).await,
        (ErrorCode::ExpirationPast, expiration)
    );
    let error = provider
        .set_api_key_expiration(&credential, &first.key.id, past)
        .await;
    assert_eq!(code(error), ErrorCode::ExpirationPast);
}

#[tokio::test]
async fn keys_come_newest_first() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    for title in ["one", "two", "three"] {
        let new = new_key(title, Expiration::Never);
        server
            .provider
            .create_api_key(&credential, None, &new)
            .await
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    let list = server.provider.api_keys(&credential, None).await.unwrap();
    let titles: Vec<_> = list.keys.iter().map(|key| key.title.as_str()).collect();
    assert_eq!(titles, ["three", "two", "one"]);
}

#[tokio::test]
async fn with_an_api_key_the_profile_works_and_keys_do_not() {
    let server = RealServer::self_hosted().await;
    let session = server.sign_in().await;
    let new = new_key("laptop", Expiration::Never);
    let made = server
        .provider
        .create_api_key(&session, None, &new)
        .await
        .unwrap();
    let by_key = Credential::ApiKey(secret(&format!("Bearer {}", made.value.expose())));
    assert_eq!(
        server
            .provider
            .account(&by_key, None)
            .await
            .unwrap()
            .profile
            .email,
        EMAIL
    );
    assert_eq!(
        code(server.provider.api_keys(&by_key, None).await),
        ErrorCode::Forbidden
    );
    server.provider.sign_out(&by_key).await.unwrap();
    server.provider.probe(&by_key).await.unwrap();
}
