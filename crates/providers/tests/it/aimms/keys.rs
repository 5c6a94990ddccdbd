//! Keys, from the first that is pasted to the last that is deleted.

use keydesk_core::api_key::{Expiration, NewApiKey};
use keydesk_core::capabilities::{Availability, KeyWords, Reason, Reveal};
use keydesk_core::credential::Credential;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Field};

use super::{ALL, Service};
use crate::support::{EMAIL, code};

const DAY: i64 = 24 * 60 * 60 * 1_000;

fn in_days(days: i64) -> Expiration {
    // The server cuts what lies within a second.
    Expiration::At(Timestamp(
        Timestamp::now().plus(days * DAY).0 / 1_000 * 1_000,
    ))
}

fn new(name: &str, scopes: &[&str], expiration: Expiration) -> NewApiKey {
    NewApiKey {
        title: name.to_owned(),
        description: String::new(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        expiration,
    }
}

#[tokio::test]
async fn a_key_is_made_used_and_deleted_whatever_its_name() {
    let service = Service::start().await;
    let first = service.ada().await;
    let provider = &service.provider;
    for name in [
        "ci",
        "a/b c?d#e%41",
        "Schlüssel 王 \"x\"",
        "..x",
        "@current",
    ] {
        let end = in_days(30);
        let made = provider
            .create_api_key(&first, None, &new(name, &["APIKey", "Tasks"], end))
            .await
            .unwrap();
        assert_eq!((made.key.title.as_str(), made.key.expiration), (name, end));
        let listed = provider.api_keys(&first, None).await.unwrap();
        let key = listed.keys.iter().find(|key| key.id == made.key.id);
        let key = key.unwrap();
        assert_eq!(key, &made.key);
        assert_eq!(key.scopes, ["Tasks", "APIKey"].map(str::to_owned));
        assert!(!format!("{listed:?}").contains(made.value.expose().as_str()));

        let second = Credential::ApiKey(made.value);
        provider.probe(&second).await.unwrap();
        provider.delete_api_key(&first, &key.id).await.unwrap();
        assert_eq!(
            code(provider.probe(&second).await),
            ErrorCode::ApiKeyRefused,
            "{name}"
        );
        provider.delete_api_key(&first, &key.id).await.unwrap();
    }
    assert_eq!(provider.api_keys(&first, None).await.unwrap().keys.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_key_is_said_in_its_field() {
    let service = Service::start().await;
    let credential = service.ada().await;
    let create = async |new: NewApiKey| {
        let made = service
            .provider
            .create_api_key(&credential, None, &new)
            .await;
        let error = made.unwrap_err();
        (error.code, error.field)
    };
    service
        .provider
        .create_api_key(&credential, None, &new("twin", &["Tasks"], in_days(1)))
        .await
        .unwrap();
    for (wrong, code, field) in [
        (
            new("twin", &["Tasks"], in_days(1)),
            ErrorCode::TitleTaken,
            Field::Title,
        ),
        (
            new("x", &["Tasks"], in_days(-1)),
            ErrorCode::ExpirationPast,
            Field::Expiration,
        ),
        (
            new("x", &["Tasks"], in_days(400)),
            ErrorCode::ExpirationTooFar,
            Field::Expiration,
        ),
        (
            new("x", &["Tasks"], Expiration::Never),
            ErrorCode::ExpirationTooFar,
            Field::Expiration,
        ),
        (
            new("x", &["Root"], in_days(1)),
            ErrorCode::InputRefused,
            Field::Scopes,
        ),
        (
            new("x", &[], in_days(1)),
            ErrorCode::InputRefused,
            Field::Scopes,
        ),
    ] {
        assert_eq!(create(wrong).await, (code, Some(field)));
    }
}

#[tokio::test]
async fn what_a_key_may_do_is_known_before_it_is_tried() {
    let service = Service::start().await;
    let all = service.ada().await;
    let account = service.provider.account(&all, None).await.unwrap();
    let keys = account.capabilities.api_keys;
    assert!(keys.manage.is_available() && keys.create.is_available());
    assert_eq!((keys.words, keys.reveal), (KeyWords::KeyName, Reveal::Once));
    assert_eq!((keys.never_allowed, keys.maximum_days), (false, Some(365)));
    let scopes: Vec<_> = keys
        .scopes
        .iter()
        .map(|scope| scope.name.as_str())
        .collect();
    assert_eq!(scopes, ALL);
    assert!(
        keys.scopes
            .iter()
            .all(|scope| !scope.description.is_empty())
    );

    let lesser = service.key(EMAIL, &["Tasks"]).await;
    let account = service.provider.account(&lesser, None).await.unwrap();
    let may = account.capabilities;
    let lacking = Availability::unavailable(Reason::ScopeInsufficient);
    assert_eq!(
        account.profile.user_name, EMAIL,
        "everyone knows who they are"
    );
    for not in [
        may.api_keys.manage,
        may.api_keys.create,
        may.password.change,
        may.second_factor.manage,
        may.directory,
        may.profile.fields[1].edit,
    ] {
        assert_eq!(not, lacking);
    }
    let refused = service.provider.api_keys(&lesser, None).await;
    assert_eq!(code(refused), ErrorCode::Forbidden);
}
