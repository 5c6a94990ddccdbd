//! API keys of organizations and of the admin portal.

use keydesk_core::api_key::{ApiKeyId, Expiration, KeyStatus, NewApiKey};
use keydesk_core::credential::Credential;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Field};

use super::{ADA, ADMIN, BOB, Person, Portal, ROOT, portal_at};
use crate::lossy_way::LossyWay;
use crate::support::{code, new_key};

const DAY: i64 = 86_400_000;

fn scoped(title: &str, scopes: &[&str]) -> NewApiKey {
    NewApiKey {
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..new_key(title)
    }
}

#[tokio::test]
async fn a_key_of_an_organization_lives_from_its_making_to_its_deletion() {
    let portal = Portal::start().await;
    let Person {
        provider,
        credential,
    } = portal.person(ADA).await;
    let acme = Some(&portal.acme);
    let made = provider
        .create_api_key(&credential, acme, &new_key("ci"))
        .await
        .unwrap();
    let Expiration::At(end) = made.key.expiration else {
        panic!("a key of an organization ends");
    };
    let days = (end.0 - Timestamp::now().0) / DAY;
    assert!((364..=366).contains(&days), "{days}");
    let list = provider.api_keys(&credential, acme).await.unwrap();
    assert_eq!(list.organization.as_ref(), acme);
    assert_eq!(list.keys, std::slice::from_ref(&made.key));
    assert!(made.key.masked.contains("****"));
    assert!(!format!("{list:?}{made:?}").contains(made.value.expose().as_str()));
    let blue = provider.api_keys(&credential, Some(&portal.blue)).await;
    assert!(blue.unwrap().keys.is_empty(), "of its organization alone");

    let by_key = Credential::ApiKey(made.value);
    provider.probe(&by_key).await.unwrap();
    let details = provider.api_key_details(&credential, &made.key.id).await;
    let details = details.unwrap();
    assert_eq!(details.usage.len(), 30);
    assert_eq!(details.revoked_on, None);
    let metrics = provider.key_metrics(&credential, acme).await.unwrap();
    assert_eq!((metrics.total, metrics.active), (1, 1));

    let revoked = provider.revoke_api_key(&credential, &made.key.id).await;
    assert_eq!(revoked.unwrap().status, KeyStatus::Revoked);
    assert_eq!(
        code(provider.probe(&by_key).await),
        ErrorCode::ApiKeyRefused
    );
    let again = provider.revoke_api_key(&credential, &made.key.id).await;
    assert_eq!(again.unwrap().status, KeyStatus::Revoked);
    let details = provider.api_key_details(&credential, &made.key.id).await;
    assert!(details.unwrap().revoked_on.is_some());

    for _ in 0..2 {
        let deleted = provider.delete_api_key(&credential, &made.key.id).await;
        deleted.unwrap();
    }
    let gone = provider.api_key_details(&credential, &made.key.id).await;
    assert_eq!(code(gone), ErrorCode::NotFound);
    let list = provider.api_keys(&credential, acme).await.unwrap();
    assert!(list.keys.is_empty());
}

#[tokio::test]
async fn a_key_whose_answers_were_lost_and_that_was_deleted_is_made_anew() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let way = LossyWay::to(portal.running.url()).await;
    let (here, acme) = (portal_at(&way.url), Some(&portal.acme));
    let new = new_key("ci");
    // Deleted in this window, and in another one.
    for deleter in [&here, &ada.provider] {
        let create = || here.create_api_key(&ada.credential, acme, &new);
        way.lose_answers(2);
        for _ in 0..2 {
            assert_eq!(code(create().await), ErrorCode::OutcomeUnknown);
        }
        let list = here.api_keys(&ada.credential, acme).await.unwrap();
        assert_eq!(list.keys.len(), 1);
        let id = &list.keys[0].id;
        deleter.delete_api_key(&ada.credential, id).await.unwrap();
        let made = create().await.unwrap();
        here.probe(&Credential::ApiKey(made.value)).await.unwrap();
        let id = &made.key.id;
        here.delete_api_key(&ada.credential, id).await.unwrap();
    }
}

#[tokio::test]
async fn calls_with_a_key_move_its_figures() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let made = root
        .provider
        .create_api_key(&root.credential, None, &scoped("ci", &["read"]))
        .await
        .unwrap();
    let key = Credential::ApiKey(made.value);
    for _ in 0..3 {
        root.provider.probe(&key).await.unwrap();
    }
    let details = root
        .provider
        .api_key_details(&root.credential, &made.key.id)
        .await
        .unwrap();
    assert_eq!(details.usage.last().unwrap().calls, 3);
    assert!(details.key.last_used.is_some());
    let metrics = root.provider.key_metrics(&root.credential, None).await;
    assert_eq!(metrics.unwrap().calls_today, 3);
}

#[tokio::test]
async fn a_key_of_the_admin_portal_has_scopes_a_description_and_an_end_of_its_own() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let at = Expiration::At(Timestamp(Timestamp::now().0 / 1000 * 1000 + 90 * DAY));
    let new = NewApiKey {
        description: "Nightly build".to_owned(),
        expiration: at,
        ..scoped("ci", &["read", "write"])
    };
    let create = async |new: &NewApiKey| {
        root.provider
            .create_api_key(&root.credential, None, new)
            .await
    };
    let key = create(&new).await.unwrap().key;
    assert_eq!(key.scopes, ["read", "write"]);
    assert_eq!(
        (key.description.as_str(), key.expiration),
        ("Nightly build", at)
    );
    let never = create(&scoped("for ever", &["admin"])).await.unwrap().key;
    assert_eq!(never.expiration, Expiration::Never);
    let list = root
        .provider
        .api_keys(&root.credential, None)
        .await
        .unwrap();
    let titles: Vec<_> = list.keys.iter().map(|key| key.title.as_str()).collect();
    assert_eq!(titles, ["for ever", "ci"], "newest first");
    assert_eq!(list.organization, None);
}

#[tokio::test]
async fn a_key_that_breaks_a_rule_is_refused_in_its_field() {
    let portal = Portal::start().await;
    let admin = portal.person(ADMIN).await;
    let refused = async |new: NewApiKey| {
        let made = admin.provider.create_api_key(&admin.credential, None, &new);
        let error = made.await.unwrap_err();
        (error.code, error.field)
    };
    let first = scoped("Build", &["read"]);
    admin
        .provider
        .create_api_key(&admin.credential, None, &first)
        .await
        .unwrap();
    let title = Some(Field::Title);
    assert_eq!(
        refused(scoped("build", &["read"])).await,
        (ErrorCode::TitleTaken, title)
    );
    assert_eq!(
        refused(scoped("", &["read"])).await,
        (ErrorCode::Required, title)
    );
    assert_eq!(
        refused(scoped(&"x".repeat(1_000), &["read"])).await,
        (ErrorCode::TooLong, title)
    );
    assert_eq!(
        refused(scoped("a\u{202e}b", &["read"])).await,
        (ErrorCode::ForbiddenCharacters, title)
    );
    let long = NewApiKey {
        description: "x".repeat(10_000),
        ..scoped("other", &["read"])
    };
    assert_eq!(
        refused(long).await,
        (ErrorCode::TooLong, Some(Field::KeyDescription))
    );
    let past = NewApiKey {
        expiration: Expiration::At(Timestamp::now().plus(-DAY)),
        ..scoped("other", &["read"])
    };
    assert_eq!(
        refused(past).await,
        (ErrorCode::ExpirationPast, Some(Field::Expiration))
    );
    let scopes = Some(Field::Scopes);
    assert_eq!(refused(scoped("other", &[])).await.1, scopes);
    assert_eq!(refused(scoped("other", &["root"])).await.1, scopes);
    let (beyond, _) = refused(scoped("other", &["admin"])).await;
    assert!(
        matches!(beyond, ErrorCode::Forbidden | ErrorCode::InputRefused),
        "{beyond:?}"
    );
}

#[tokio::test]
async fn keys_of_others_are_not_there() {
    let portal = Portal::start().await;
    let (ada, bob) = (portal.person(ADA).await, portal.person(BOB).await);
    let acme = Some(&portal.acme);
    let made = ada
        .provider
        .create_api_key(&ada.credential, acme, &new_key("ci"))
        .await
        .unwrap();
    let list = bob.provider.api_keys(&bob.credential, acme).await.unwrap();
    assert!(list.keys.is_empty());
    let id = &made.key.id;
    let outcomes = [
        bob.provider.revoke_api_key(&bob.credential, id).await.err(),
        bob.provider
            .api_key_details(&bob.credential, id)
            .await
            .err(),
    ];
    for error in outcomes {
        assert_eq!(error.unwrap().code, ErrorCode::NotFound);
    }
    let blue = bob
        .provider
        .api_keys(&bob.credential, Some(&portal.blue))
        .await;
    assert_eq!(code(blue), ErrorCode::NotFound);
    bob.provider
        .delete_api_key(&bob.credential, id)
        .await
        .unwrap();
    let list = ada.provider.api_keys(&ada.credential, acme).await.unwrap();
    assert_eq!(list.keys.len(), 1, "it is none of theirs to delete");
    let nonsense = ApiKeyId("nonsense".to_owned());
    let details = bob
        .provider
        .api_key_details(&bob.credential, &nonsense)
        .await;
    assert_eq!(code(details), ErrorCode::NotFound);
}

#[tokio::test]
async fn the_portal_shows_a_key_once_and_leaves_its_end_as_it_is() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let id = ApiKeyId("/x".to_owned());
    let reveal = ada.provider.reveal_api_key(&ada.credential, &id).await;
    assert_eq!(code(reveal), ErrorCode::NotSupported);
    let change = ada
        .provider
        .set_api_key_expiration(&ada.credential, &id, Expiration::Never)
        .await;
    assert_eq!(code(change), ErrorCode::NotSupported);
    let mail = ada.provider.request_password_reset(ADA).await;
    assert_eq!(code(mail), ErrorCode::NotSupported);
}
