//! Services that say less than ours, say it otherwise, or misbehave.

use std::fmt::Write as _;

use keydesk_core::api_key::{ApiKeyId, Expiration, NewApiKey};
use keydesk_core::capabilities::{Availability, Reason};
use keydesk_core::contract::LearntContract;
use keydesk_core::credential::Credential;
use keydesk_core::instance::Instance;
use keydesk_core::profile::LoginType;
use keydesk_core::second_factor::Proof;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Provider};

use super::instance;
use crate::fault_server::{Asked, FaultServer, Say};
use crate::support::{code, patient, provider_of, secret};

/// A key that no test may find outside its header.
const KEY: &str = "Q7canary-planted-aimms-key/Zx81==";
const BASE: &str = "/pro/user-manager/v1";
const INFO: &str = r#"{"account_name":"acme","environment_name":"ROOT","user_name":"ada",
    "email":"","full_name":"Ada L","groups":["Planners"]}"#;

fn key() -> Credential {
    Credential::ApiKey(secret(KEY))
}

fn provider(server: &FaultServer) -> std::sync::Arc<dyn Provider> {
    provider_of(&instance(&server.url), patient())
}

fn yaml(body: &str) -> Say {
    Say::answer(200, "Content-Type: application/yaml", body)
}

/// A service as the vendor documents it, and a description as given.
fn documented(asked: &Asked, description: &Say) -> Say {
    let line = asked.line().replace(BASE, "");
    match line.as_str() {
        "GET /openapi.yaml" => description.clone(),
        "GET /user/@current/info" => Say::json(200, INFO),
        "GET /user/@current/authorization-scopes" => {
            Say::json(200, r#"["Authentication","Task","APIKey"]"#)
        }
        "GET /user/@current/api-key" => Say::json(
            200,
            r#"[{"name":"ci","expiration_date":"2030-01-31","scopes":["Task"]}]"#,
        ),
        _ => Say::json(404, r#"{"message":"no such resource"}"#),
    }
}

/// The documented part of a description, with more paths where wanted.
fn description(more: &str) -> String {
    let mut text = "openapi: 3.0.1\ninfo: {title: PRO User Manager, version: '1.4'}\n\
                    servers: [{url: /pro/user-manager/v1}]\npaths:\n"
        .to_owned();
    for path in [
        "/user/@current/info",
        "/user/@current/api-key",
        "/user/@current/authorization-scopes",
        "/user",
    ] {
        let _ = writeln!(text, "  '{path}':\n    get: {{responses: {{}}}}");
    }
    text.push_str(more);
    text
}

#[tokio::test]
async fn what_nobody_documents_is_done_in_the_browser_unless_the_service_describes_it() {
    let browser = Availability::unavailable(Reason::OnlyInBrowser);
    for silent in [Say::json(404, "{}"), Say::html(200), yaml(&description(""))] {
        let script = silent.clone();
        let server = FaultServer::start(move |asked, _| documented(asked, &script)).await;
        let account = provider(&server).account(&key(), None).await.unwrap();
        let may = account.capabilities;
        for not in [
            may.profile.fields[1].edit,
            may.password.change,
            may.second_factor.manage,
        ] {
            assert_eq!(not, browser);
        }
        assert!(may.api_keys.manage.is_available());
        assert!(!may.pages.is_empty(), "and the pages are named");
        let scopes = may.api_keys.scopes;
        assert_eq!(scopes[1].name, "Task", "as it is spelt there");
        assert!(
            scopes[1].description.contains("Tasks"),
            "in the manual's words"
        );
    }

    let more = "  /user/@current/password:\n    put:\n      requestBody: {content: \
                {application/json: {schema: {properties: {current_password: {type: string}, \
                new_password: {type: string}}}}}}\n      responses: {}\n";
    let described = yaml(&description(more));
    let server = FaultServer::start(move |asked, _| documented(asked, &described)).await;
    let provider = provider(&server);
    for _ in 0..2 {
        let may = provider.account(&key(), None).await.unwrap().capabilities;
        assert!(may.password.change.is_available());
        assert_eq!(may.second_factor.manage, browser);
    }
    let lines = server.lines();
    let read = lines.iter().filter(|line| line.contains("openapi")).count();
    assert_eq!(read, 1, "the description is read once");
}

#[tokio::test]
async fn where_the_service_says_that_an_account_signs_in_elsewhere_nothing_is_offered() {
    let operation = "responses: {}";
    let more = format!(
        "  /user/@current/mfa:\n    get: {{{operation}}}\n    post: {{{operation}}}\n    \
         put: {{{operation}}}\n    delete: {{{operation}}}\n  /user/@current/password:\n    \
         put: {{{operation}}}\n"
    );
    for (says, reason, login_type) in [
        (
            r#"{"error":"single_sign_on","message":"A SAML user has no MFA."}"#,
            Reason::PasswordKeptElsewhere,
            LoginType::SingleSignOn,
        ),
        (
            r#"{"error":"missing_scope","message":"No."}"#,
            Reason::ScopeInsufficient,
            LoginType::Unknown,
        ),
    ] {
        let described = yaml(&description(&more));
        let server = FaultServer::start(move |asked, _| {
            if asked.line().ends_with("/mfa") {
                return Say::json(403, says);
            }
            documented(asked, &described)
        })
        .await;
        let account = provider(&server).account(&key(), None).await.unwrap();
        assert_eq!(account.profile.login_type, login_type);
        let may = account.capabilities;
        assert_eq!(may.password.change, Availability::unavailable(reason));
        assert_eq!(may.second_factor.manage, Availability::unavailable(reason));
    }
}

#[tokio::test]
async fn mfa_that_the_account_must_have_is_not_removed() {
    let more = "  /user/@current/mfa:\n    get: {responses: {}}\n    post: {responses: {}}\n    \
                put: {responses: {}}\n    delete: {responses: {}}\n";
    let described = yaml(&description(more));
    let server = FaultServer::start(move |asked, _| {
        if asked.line().ends_with("/mfa") {
            return Say::json(200, r#"{"enabled":true,"enforced":true}"#);
        }
        documented(asked, &described)
    })
    .await;
    let account = provider(&server).account(&key(), None).await.unwrap();
    let factor = account.capabilities.second_factor;
    assert!(factor.manage.is_available());
    let required = Availability::unavailable(Reason::RequiredByPolicy);
    assert_eq!(factor.removal, required);
}

#[tokio::test]
async fn a_description_that_only_key_holders_see_is_read_with_the_key() {
    let more = "  /user/@current/password:\n    put: {responses: {}}\n";
    let described = yaml(&description(more));
    let server = FaultServer::start(move |asked, _| {
        if asked.header("apikey").is_none() {
            return Say::json(401, r#"{"message":"no key"}"#);
        }
        documented(asked, &described)
    })
    .await;
    let provider = provider(&server);
    assert!(provider.check().await.unwrap().healthy);
    let may = provider.account(&key(), None).await.unwrap().capabilities;
    assert!(may.password.change.is_available());
}

#[tokio::test]
async fn an_account_is_shown_though_the_description_fails() {
    for says in [Say::json(503, "{}"), yaml("a: [b"), yaml("a: *x")] {
        let server = FaultServer::start(move |asked, _| documented(asked, &says)).await;
        let account = provider(&server).account(&key(), None).await.unwrap();
        let browser = Availability::unavailable(Reason::OnlyInBrowser);
        assert_eq!(account.capabilities.password.change, browser);
    }
}

#[tokio::test]
async fn the_key_goes_into_its_own_header_and_nowhere_else() {
    let server = FaultServer::start(|asked, _| documented(asked, &Say::json(404, "{}"))).await;
    let provider = provider(&server);
    provider.check().await.unwrap_err();
    provider.account(&key(), None).await.unwrap();
    let asked = server.asked();
    let (unsigned, signed) = asked.split_at(2);
    for one in unsigned {
        assert_eq!(one.header("apikey"), None, "{}", one.line());
    }
    for one in signed {
        assert_eq!(one.header("apikey"), Some(KEY), "{}", one.line());
        assert_eq!(one.header("authorization"), None);
        assert_eq!(one.head.matches(KEY).count(), 1);
    }
}

#[tokio::test]
async fn an_address_that_leads_to_the_service_itself_is_kept() {
    let server = FaultServer::always(Say::json(200, INFO)).await;
    for (path, expected) in [
        ("", "GET /pro/user-manager/v1/user/@current/info"),
        ("/", "GET /pro/user-manager/v1/user/@current/info"),
        ("/gw/um/v1", "GET /gw/um/v1/user/@current/info"),
    ] {
        let provider = provider_of(&instance(&format!("{}{path}", server.url)), patient());
        provider.probe(&key()).await.unwrap();
        assert_eq!(server.lines().last().unwrap(), expected);
    }
}

#[tokio::test]
async fn a_service_is_known_by_its_demand_for_a_key_and_a_page_is_none() {
    for (says, expected) in [
        (Say::json(401, r#"{"message":"no apikey"}"#), None),
        (Say::answer(401, "WWW-Authenticate: apikey", ""), None),
        (Say::html(200), Some(ErrorCode::NotThisKindOfServer)),
        (Say::html(404), Some(ErrorCode::NotThisKindOfServer)),
        (Say::json(200, "{}"), Some(ErrorCode::NotThisKindOfServer)),
    ] {
        let server = FaultServer::start(move |asked, _| {
            if asked.line().contains("openapi") {
                return Say::html(200);
            }
            says.clone()
        })
        .await;
        let check = provider(&server).check().await;
        match expected {
            None => assert!(check.unwrap().healthy),
            Some(expected) => assert_eq!(code(check), expected),
        }
    }
}

#[tokio::test]
async fn a_password_and_a_code_are_sent_once_whatever_is_answered() {
    for says in [
        Say::json(429, r#"{"message":"slow down"}"#),
        Say::json(503, "{}"),
        Say::json(500, "{}"),
        Say::Bytes(Vec::new()),
    ] {
        let server = FaultServer::always(says).await;
        let provider = provider(&server);
        let (old, new) = (secret("old canary password"), secret("new canary password"));
        let error = provider
            .change_password(&key(), &old, &new)
            .await
            .unwrap_err();
        assert!(!format!("{error:?}").contains("canary"));
        let security = provider.security().unwrap();
        let proof = Proof {
            password: old,
            code: secret(""),
        };
        security
            .begin_second_factor(&key(), &proof)
            .await
            .unwrap_err();
        security
            .confirm_second_factor(&key(), &secret("123456"))
            .await
            .unwrap_err();
        assert_eq!(server.lines().len(), 3, "{:?}", server.lines());
    }
}

#[tokio::test]
async fn a_refusal_never_repeats_the_key() {
    let echo = format!(r#"{{"message":"apikey {KEY} is not good"}}"#);
    for status in [400, 401, 403, 404, 409, 500] {
        let server = FaultServer::always(Say::json(status, &echo)).await;
        let error = provider(&server).api_keys(&key(), None).await.unwrap_err();
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        if status == 401 {
            assert_eq!(error.code, ErrorCode::ApiKeyRefused);
        }
    }
}

#[tokio::test]
async fn a_made_key_whose_value_cannot_be_used_is_told_without_it() {
    let new = NewApiKey {
        title: "ci".to_owned(),
        description: String::new(),
        scopes: vec!["Task".to_owned()],
        expiration: Expiration::At(Timestamp(1_900_000_000_000)),
    };
    for value in [
        "\"canary$(reboot)\"",
        "\"canary\\\"x\"",
        "\"\"",
        "null",
        "7",
    ] {
        let body = format!(r#"{{"name":"ci","expiration_date":"2030-01-31","value":{value}}}"#);
        let server = FaultServer::always(Say::json(201, body)).await;
        let error = provider(&server).create_api_key(&key(), None, &new).await;
        let error = error.unwrap_err();
        assert_eq!(error.code, ErrorCode::UnexpectedAnswer, "{value}");
        assert!(!format!("{error:?}").contains("canary"));
    }
    let server = FaultServer::always(Say::json(201, r#"{"value":"abc#@:1"}"#)).await;
    let made = provider(&server).create_api_key(&key(), None, &new).await;
    let made = made.unwrap();
    assert_eq!(made.value.expose(), "abc#@:1");
    assert_eq!(
        (made.key.id.0.as_str(), made.key.expiration),
        ("ci", new.expiration)
    );
    let sent = &server.asked()[0].body;
    let sent: serde_json::Value = serde_json::from_slice(sent).unwrap();
    assert_eq!(
        sent,
        serde_json::json!({"name": "ci", "scopes": ["Task"],
            "expiration_date": "2030-03-17T17:46:40Z"})
    );
}

#[tokio::test]
async fn a_key_that_is_still_in_the_list_was_not_deleted() {
    let server = FaultServer::start(|asked, _| documented(asked, &Say::json(404, "{}"))).await;
    let provider = provider(&server);
    let id = |name: &str| ApiKeyId(name.to_owned());
    let still = provider.delete_api_key(&key(), &id("ci")).await;
    assert_eq!(code(still), ErrorCode::NotSupported);
    provider.delete_api_key(&key(), &id("gone")).await.unwrap();
}

#[tokio::test]
async fn a_service_that_moved_is_used_where_a_person_confirmed_it() {
    let moved = "openapi: 3.0.1\ninfo: {title: t, version: '2'}\npaths:\n  \
         /pro/user-manager/v2/user/@current/api-keys:\n    get:\n      operationId: listApiKeys\n      \
         responses: {'200': {content: {application/json: {schema: {properties: {keys: \
         {type: array, items: {properties: {keyName: {type: string}, validUntil: \
         {type: string}}}}}}}}}}\n";
    let server = FaultServer::start(move |asked, _| match asked.line() {
        line if line.ends_with("/openapi.yaml") => yaml(moved),
        "GET /pro/user-manager/v1/pro/user-manager/v2/user/@current/api-keys" => Say::json(
            200,
            r#"{"keys":[{"keyName":"ci","validUntil":"2030-01-31T00:00:00Z"}]}"#,
        ),
        _ => Say::json(404, "{}"),
    })
    .await;
    let learnt = provider(&server)
        .learn_contract(&key())
        .await
        .unwrap()
        .unwrap();
    let confirmed = Instance {
        contract: Some(LearntContract {
            confirmed: ["list-keys".to_owned()].into(),
            ..learnt
        }),
        ..instance(&server.url)
    };
    let provider = provider_of(&confirmed, patient());
    let listed = provider.api_keys(&key(), None).await.unwrap();
    assert_eq!(listed.keys[0].title, "ci");
}
