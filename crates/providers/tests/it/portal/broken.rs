//! Portals that misbehave: lost answers, answers that are none, lists without end.

use std::fmt::Write as _;

use keydesk_core::ErrorCode;
use keydesk_core::account_security::AccountSessionId;
use keydesk_core::administration::{NewUser, UserId};
use keydesk_core::api_key::{ApiKeyId, NewApiKey};
use keydesk_core::organization::OrganizationId;
use keydesk_core::provider::AvatarImage;
use keydesk_core::second_factor::Proof;

use super::portal_at;
use crate::fault_server::{Asked, FaultServer, Say};
use crate::support::{code, new_key, png, secret, session};

const PROBLEM: &str = "Content-Type: application/problem+json";
const KEY: &str = r#"{"id":"k1","name":"ci","prefix":"kd_ab","suffix":"yz","status":"active",
    "createdAt":"2026-01-01T00:00:00Z","expiresAt":null,"value":"kd_canary-value"}"#;

fn problem(status: u16, slug: &str) -> Say {
    let body = format!(r#"{{"type":"urn:keydesk:problem:{slug}","detail":"A sentence."}}"#);
    Say::answer(status, PROBLEM, body)
}

fn idempotency_keys(server: &FaultServer) -> Vec<String> {
    let asked = server.asked();
    let posts = asked
        .iter()
        .filter(|asked| asked.line().starts_with("POST"));
    posts
        .map(|asked| asked.header("idempotency-key").unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_creation_that_is_asked_for_again_is_the_same_creation() {
    for lost in [Say::Bytes(Vec::new()), Say::html(502), Say::html(200)] {
        let first = lost.clone();
        let server = FaultServer::start(move |_, number| match number {
            0 => first.clone(),
            _ => Say::json(201, KEY),
        })
        .await;
        let provider = portal_at(&server.url);
        assert!(provider.repeats_creation());
        let create = async |new: &NewApiKey| {
            provider
                .create_api_key(&session(), None, new)
                .await
                .map(|created| created.value.expose().clone())
        };
        create(&new_key("ci")).await.unwrap_err();
        assert_eq!(create(&new_key("ci")).await.unwrap(), "kd_canary-value");
        create(&new_key("other")).await.unwrap();
        create(&new_key("ci")).await.unwrap();
        let keys = idempotency_keys(&server);
        assert_eq!(keys.len(), 4, "{lost:?}");
        assert_eq!(keys[0], keys[1], "{lost:?}");
        assert!(keys[1] != keys[2] && keys[1] != keys[3] && keys[2] != keys[3]);
    }
}

#[tokio::test]
async fn what_a_deletion_may_have_ended_is_not_asked_for_again() {
    let server = FaultServer::start(move |asked: &Asked, _| match asked.line() {
        line if line.starts_with("DELETE") => Say::json(204, ""),
        line if line.ends_with("/revocation") => Say::json(200, KEY),
        _ => Say::Bytes(Vec::new()),
    })
    .await;
    let (provider, one) = (portal_at(&server.url), session());
    let id = ApiKeyId("/k1".to_owned());
    let create = async || {
        let made = provider.create_api_key(&one, None, &new_key("ci")).await;
        assert_eq!(code(made), ErrorCode::OutcomeUnknown);
    };
    create().await;
    create().await;
    provider.delete_api_key(&one, &id).await.unwrap();
    create().await;
    provider.revoke_api_key(&one, &id).await.unwrap();
    create().await;
    let users = provider.administration().unwrap();
    let user = UserId("u1".to_owned());
    users.delete_user(&one, &user).await.unwrap();
    create().await;
    let asked = server.asked();
    let names: Vec<_> = asked
        .iter()
        .filter_map(|asked| asked.header("idempotency-key"))
        .collect();
    assert_eq!(names.len(), 5);
    assert_eq!(names[0], names[1]);
    for (index, name) in names.iter().enumerate().skip(1) {
        assert!(!names[index + 1..].contains(name), "{names:?}");
    }
}

#[tokio::test]
async fn the_same_title_in_another_organization_is_another_creation() {
    let server = FaultServer::always(Say::Bytes(Vec::new())).await;
    let provider = portal_at(&server.url);
    for organization in ["acme", "blue"] {
        let organization = OrganizationId(organization.to_owned());
        let made = provider
            .create_api_key(&session(), Some(&organization), &new_key("ci"))
            .await;
        assert_eq!(code(made), ErrorCode::OutcomeUnknown);
    }
    let keys = idempotency_keys(&server);
    assert_ne!(keys[0], keys[1]);
    assert_eq!(
        server.lines(),
        [
            "POST /portal/v1/organizations/acme/api-keys",
            "POST /portal/v1/organizations/blue/api-keys"
        ]
    );
}

#[tokio::test]
async fn a_user_whose_making_was_lost_is_asked_for_once_more() {
    let user = r#"{"id":"u1","email":"a@b.example","displayName":"A","roles":["admin"],
        "status":"active","lastLoginAt":null,"you":false}"#;
    let server = FaultServer::start(move |_, number| match number {
        0 => Say::Bytes(Vec::new()),
        _ => Say::json(201, user),
    })
    .await;
    let provider = portal_at(&server.url);
    let new = NewUser {
        email: "a@b.example".to_owned(),
        display_name: "A".to_owned(),
        password: secret("Canary-Herons-7!"),
        roles: vec!["admin".to_owned()],
    };
    let users = provider.administration().unwrap();
    users.create_user(&session(), &new).await.unwrap();
    let keys = idempotency_keys(&server);
    assert_eq!((keys.len(), &keys[0]), (2, &keys[1]));
}

/// A list of so many keys, handed out in parts of at most `cap`.
async fn listing(all: usize, cap: usize) -> FaultServer {
    FaultServer::start(move |asked: &Asked, _| {
        let query = asked.line().split_once('?').map_or("", |(_, query)| query);
        let number = |name: &str| -> Option<usize> {
            let mut pairs = query.split('&');
            pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
        };
        let from = number("cursor").unwrap_or(0);
        let to = (from + number("limit").unwrap().min(cap)).min(all);
        let mut items = String::new();
        for id in from..to {
            let comma = if id == from { "" } else { "," };
            let _ = write!(items, r#"{comma}{{"id":"{id}","name":"k{id}"}}"#);
        }
        let next = if to < all {
            format!(r#""{to}""#)
        } else {
            "null".to_owned()
        };
        Say::json(200, format!(r#"{{"items":[{items}],"next":{next}}}"#))
    })
    .await
}

async fn listed(server: &FaultServer) -> usize {
    let list = portal_at(&server.url).api_keys(&session(), None).await;
    list.unwrap().keys.len()
}

#[tokio::test]
async fn ten_thousand_keys_are_read_and_a_list_without_end_is_cut() {
    let server = listing(10_000, 1_000).await;
    assert_eq!(listed(&server).await, 10_000);
    assert_eq!(server.asked().len(), 50);
    assert_eq!(listed(&listing(0, 200).await).await, 0);
    assert_eq!(listed(&listing(730, 100).await).await, 730);
    assert_eq!(listed(&listing(usize::MAX, 200).await).await, 20_000);
    let circle = Say::json(200, r#"{"items":[{"id":"1","name":"k"}],"next":"again"}"#);
    let circle = FaultServer::always(circle).await;
    assert_eq!(listed(&circle).await, 2);
    assert_eq!(circle.asked().len(), 2);
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_not_left_out_in_silence() {
    for body in [
        r#"{"items":[{"name":"no id"}],"next":null}"#,
        r#"{"items":[{"id":"1","expiresAt":"soon"}],"next":null}"#,
        r#"{"items":[],"next":7}"#,
        r#"{"items":{}}"#,
        "[]",
        "",
        "<html>",
        r#"{"items":["#,
    ] {
        let server = FaultServer::always(Say::json(200, body)).await;
        let list = portal_at(&server.url).api_keys(&session(), None).await;
        assert_eq!(code(list), ErrorCode::UnexpectedAnswer, "{body}");
    }
}

#[tokio::test]
async fn a_deletion_is_believed_only_where_the_portal_says_that_the_key_is_gone() {
    let id = ApiKeyId("/k1".to_owned());
    let delete = async |say| {
        let server = FaultServer::always(say).await;
        portal_at(&server.url).delete_api_key(&session(), &id).await
    };
    assert_eq!(delete(problem(404, "not-found")).await, Ok(()));
    for other in [Say::html(404), Say::json(404, "{}"), Say::json(405, "")] {
        assert_eq!(code(delete(other).await), ErrorCode::NotSupported);
    }
}

#[tokio::test]
async fn the_page_of_a_gateway_is_no_yes() {
    let server = FaultServer::always(Say::html(200)).await;
    let (provider, one) = (portal_at(&server.url), session());
    let security = provider.security().unwrap();
    let users = provider.administration().unwrap();
    let (old, new) = (secret("Canary-Herons-7!"), secret("Canary-Otters-9!"));
    let (key, user) = (ApiKeyId("/k1".to_owned()), UserId("u1".to_owned()));
    let other = AccountSessionId("s1".to_owned());
    let image = AvatarImage {
        bytes: png(),
        media_type: "image/png",
    };
    let proof = Proof {
        password: old.duplicate(),
        code: secret(""),
    };
    for (what, outcome) in [
        ("delete key", provider.delete_api_key(&one, &key).await),
        (
            "change password",
            provider.change_password(&one, &old, &new).await,
        ),
        ("picture", provider.upload_avatar(&one, &image).await),
        ("sign out", provider.sign_out(&one).await),
        (
            "second factor",
            security.remove_second_factor(&one, &proof).await,
        ),
        ("end session", security.end_session(&one, &other).await),
        ("end others", security.end_other_sessions(&one).await),
        (
            "delete account",
            security.delete_account(&one, "phrase", &old).await,
        ),
        (
            "reset password",
            users.reset_user_password(&one, &user, &new).await,
        ),
        ("delete user", users.delete_user(&one, &user).await),
    ] {
        let code = outcome.map_err(|error| error.code);
        assert_eq!(code, Err(ErrorCode::UnexpectedAnswer), "{what}");
    }
    let picture = provider.avatar(&one).await;
    assert_eq!(code(picture), ErrorCode::UnexpectedAnswer);
}

#[tokio::test]
async fn a_new_secret_in_an_answer_that_is_not_understood_is_not_repeated() {
    for body in [
        r#"{"value":"kd_canary-value"}"#,
        r#"{"token":7,"uri":"canary-value","recoveryCodes":"canary-value"}"#,
        "<html>canary-value",
        r#"{"items":[{"prefix":"canary-value"}]"#,
    ] {
        let server = FaultServer::always(Say::json(200, body)).await;
        let provider = portal_at(&server.url);
        let security = provider.security().unwrap();
        let (password, one) = (secret("Canary-Herons-7!"), session());
        let proof = Proof {
            password: password.duplicate(),
            code: secret(""),
        };
        let errors = [
            provider.sign_in("a", &password, None).await.err(),
            provider
                .create_api_key(&one, None, &new_key("t"))
                .await
                .err(),
            provider.api_keys(&one, None).await.err(),
            security.begin_second_factor(&one, &proof).await.err(),
            security.confirm_second_factor(&one, &password).await.err(),
        ];
        for error in errors {
            let error = error.unwrap();
            assert!(!format!("{error:?}").contains("canary-value"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn another_kind_of_server_is_recognised() {
    let check = async |say| {
        let server = FaultServer::always(say).await;
        portal_at(&server.url)
            .check()
            .await
            .map(|check| check.healthy)
    };
    let idmp = r#"{"openapi":"3.0.3","info":{"title":"IDMP"},"paths":{"/api/v1/users/login":{}}}"#;
    for other in [
        Say::html(200),
        Say::html(404),
        Say::json(200, "{}"),
        Say::json(200, idmp),
        Say::json(401, "{}"),
    ] {
        assert_eq!(code(check(other).await), ErrorCode::NotThisKindOfServer);
    }
    assert_eq!(
        code(check(Say::html(503)).await),
        ErrorCode::ServerUnavailable
    );
    let portal = r#"{"openapi":"3.1.0","info":{"title":"Keydesk portal","version":"1"},
        "paths":{"/portal/v1/sessions":{}},"status":"DOWN"}"#;
    assert_eq!(check(Say::json(200, portal)).await, Ok(false));
}

#[tokio::test]
async fn a_refusal_that_no_portal_wrote_is_judged_by_its_status() {
    for (say, expected) in [
        (Say::html(401), ErrorCode::SignedOut),
        (Say::json(403, "{}"), ErrorCode::Forbidden),
        (Say::html(404), ErrorCode::NotSupported),
        (problem(404, "not-found"), ErrorCode::NotFound),
        (problem(403, "of-a-later-server"), ErrorCode::Forbidden),
        (problem(403, "role-insufficient"), ErrorCode::Forbidden),
        (problem(409, "too-many-keys"), ErrorCode::InputRefused),
        (
            problem(421, "not-this-server"),
            ErrorCode::NotThisKindOfServer,
        ),
        (Say::json(429, ""), ErrorCode::RateLimited),
        (Say::html(502), ErrorCode::ServerUnavailable),
        (problem(500, "server-failed"), ErrorCode::ServerFailed),
        (problem(507, "storage-full"), ErrorCode::ServerFailed),
        (Say::json(600, ""), ErrorCode::UnexpectedAnswer),
    ] {
        let server = FaultServer::always(say.clone()).await;
        let list = portal_at(&server.url).api_keys(&session(), None).await;
        assert_eq!(code(list), expected, "{say:?}");
    }
}
