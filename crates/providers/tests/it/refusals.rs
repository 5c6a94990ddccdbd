//! Every way in which a server says no, and the code that it becomes.

use std::time::Duration;

use keydesk_core::api_key::ApiKeyId;
use keydesk_core::credential::Credential;
use keydesk_core::instance::ServerKind;
use keydesk_core::profile::Profile;
use keydesk_core::provider::AvatarImage;
use keydesk_core::{Error, ErrorCode, Field};

use crate::fault_server::{FaultServer, Say};
use crate::support::{
    change, cloud_tokens, instance, new_key, patient, png, provider, provider_of, secret, session,
};

async fn at_sign_in(say: Say) -> Error {
    let server = FaultServer::always(say).await;
    provider(&server.url)
        .sign_in("ada", &secret("hunter2!"), None)
        .await
        .unwrap_err()
}

async fn at_profile(say: Say, credential: &Credential) -> Error {
    let server = FaultServer::always(say).await;
    provider(&server.url)
        .account(credential, None)
        .await
        .unwrap_err()
}

async fn at_creation(say: Say) -> Error {
    let new = new_key("t");
    let server = FaultServer::always(say).await;
    provider(&server.url)
        .create_api_key(&session(), None, &new)
        .await
        .unwrap_err()
}

async fn at_password(say: Say) -> Error {
    let server = FaultServer::always(say).await;
    let (current, new) = (secret("current-secret"), secret("brand-new-secret"));
    let change = provider(&server.url);
    change
        .change_password(&session(), &current, &new)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_refused_sign_in() {
    for (say, code) in [
        (Say::json(401, "{}"), ErrorCode::WrongCredentials),
        (
            Say::json(400, r#"{"message":"bad"}"#),
            ErrorCode::WrongCredentials,
        ),
        (
            Say::json(404, r#"{"message":"no such user"}"#),
            ErrorCode::WrongCredentials,
        ),
        (
            Say::json(200, r#"{"code":401,"message":"wrong"}"#),
            ErrorCode::WrongCredentials,
        ),
        (
            Say::json(200, r#"{"code":10012,"message":"wrong"}"#),
            ErrorCode::WrongCredentials,
        ),
        (
            Say::json(400, r#"{"error":"CAPTCHA_REQUIRED"}"#),
            ErrorCode::CaptchaRequired,
        ),
        (
            Say::json(200, r#"{"code":1003,"message":"请输入验证码"}"#),
            ErrorCode::CaptchaRequired,
        ),
        (
            Say::json(403, r#"{"message":"locked"}"#),
            ErrorCode::Forbidden,
        ),
        (Say::json(500, "{}"), ErrorCode::ServerFailed),
        (Say::json(503, "{}"), ErrorCode::ServerUnavailable),
        (
            Say::json(200, r#"{"code":0,"message":"","data":{}}"#),
            ErrorCode::UnexpectedAnswer,
        ),
    ] {
        assert_eq!(at_sign_in(say.clone()).await.code, code, "{say:?}");
    }
}

#[tokio::test]
async fn a_refused_credential_is_named_by_its_kind() {
    let key = Credential::ApiKey(secret("api_7f.abcdefgh"));
    let no = r#"{"code":401,"message":"unauthorized"}"#;
    for say in [
        Say::json(401, no),
        Say::json(200, no),
        Say::html(401),
        Say::json(401, ""),
    ] {
        let code = async |credential: &Credential| at_profile(say.clone(), credential).await.code;
        assert_eq!(code(&session()).await, ErrorCode::SignedOut);
        assert_eq!(code(&key).await, ErrorCode::ApiKeyRefused);
        assert_eq!(code(&cloud_tokens()).await, ErrorCode::CloudTokensRefused);
    }
    let challenge = "WWW-Authenticate: Bearer error=\"invalid_token\"";
    let error = at_profile(Say::answer(401, challenge, ""), &cloud_tokens()).await;
    assert_eq!(error.field, Some(Field::Authorization));
    let missing = Say::json(401, r#"{"message":"Access-token is missing"}"#);
    let error = at_profile(missing, &cloud_tokens()).await;
    assert_eq!(error.field, Some(Field::AccessToken));
    assert!(error.asks_for_sign_in());
}

#[tokio::test]
async fn a_refused_key() {
    let past = r#"{"message":"expire_time must be later than now","field":"expire_time"}"#;
    for (say, code, field) in [
        (
            Say::json(409, ""),
            ErrorCode::TitleTaken,
            Some(Field::Title),
        ),
        (
            Say::json(409, r#"{"message":"too many keys"}"#),
            ErrorCode::Conflict,
            None,
        ),
        (
            Say::json(400, r#"{"message":"Title already exists"}"#),
            ErrorCode::TitleTaken,
            Some(Field::Title),
        ),
        (
            Say::json(200, r#"{"code":1007,"message":"标题已存在"}"#),
            ErrorCode::TitleTaken,
            Some(Field::Title),
        ),
        (
            Say::json(
                422,
                r#"{"violations":[{"field":"create.r.title","message":"blank"}]}"#,
            ),
            ErrorCode::InputRefused,
            Some(Field::Title),
        ),
        (
            Say::json(400, past),
            ErrorCode::ExpirationPast,
            Some(Field::Expiration),
        ),
        (
            Say::json(
                400,
                r#"{"message":"must be a number","field":"expireTime"}"#,
            ),
            ErrorCode::InputRefused,
            Some(Field::Expiration),
        ),
        (Say::json(403, "{}"), ErrorCode::Forbidden, None),
        (Say::json(404, "{}"), ErrorCode::NotSupported, None),
        (Say::json(405, ""), ErrorCode::NotSupported, None),
        (Say::json(501, ""), ErrorCode::NotSupported, None),
        (Say::json(502, ""), ErrorCode::OutcomeUnknown, None),
    ] {
        let error = at_creation(say.clone()).await;
        assert_eq!((error.code, error.field), (code, field), "{say:?}");
    }
}

#[tokio::test]
async fn a_refused_password() {
    for (say, code) in [
        (
            Say::json(400, r#"{"field":"old_password","message":"x"}"#),
            ErrorCode::CurrentPasswordWrong,
        ),
        (
            Say::json(401, r#"{"message":"Old password incorrect"}"#),
            ErrorCode::CurrentPasswordWrong,
        ),
        (
            Say::json(200, r#"{"code":1001,"message":"旧密码错误"}"#),
            ErrorCode::CurrentPasswordWrong,
        ),
        (
            Say::json(400, r#"{"field":"newPassword","message":"x"}"#),
            ErrorCode::PasswordTooWeak,
        ),
        (
            Say::json(
                400,
                r#"{"message":"new password must differ from the old password"}"#,
            ),
            ErrorCode::PasswordTooWeak,
        ),
        (Say::json(401, "{}"), ErrorCode::SignedOut),
        (
            Say::json(401, r#"{"message":"the token is wrong"}"#),
            ErrorCode::SignedOut,
        ),
        (Say::json(403, "{}"), ErrorCode::Forbidden),
        (Say::json(400, "{}"), ErrorCode::InputRefused),
        (Say::json(404, "{}"), ErrorCode::NotSupported),
    ] {
        assert_eq!(at_password(say.clone()).await.code, code, "{say:?}");
    }
}

#[tokio::test]
async fn a_refused_picture() {
    let image = AvatarImage {
        bytes: png(),
        media_type: "image/png",
    };
    for (status, code) in [
        (413, ErrorCode::AvatarTooLarge),
        (415, ErrorCode::AvatarNotAnImage),
        (400, ErrorCode::InputRefused),
        (401, ErrorCode::SignedOut),
    ] {
        let server = FaultServer::always(Say::html(status)).await;
        let error = provider(&server.url)
            .upload_avatar(&session(), &image)
            .await
            .unwrap_err();
        assert_eq!(error.code, code, "{status}");
    }
    let asked = {
        let server = FaultServer::always(Say::json(200, "")).await;
        provider(&server.url)
            .upload_avatar(&session(), &image)
            .await
            .unwrap();
        server.asked().remove(0)
    };
    assert!(
        asked
            .header("content-type")
            .unwrap()
            .starts_with("multipart/form-data")
    );
    let body = String::from_utf8_lossy(&asked.body).into_owned();
    assert!(
        body.contains(r#"name="file"; filename="avatar.png""#),
        "{body}"
    );
}

#[tokio::test]
async fn what_is_not_there() {
    let id = ApiKeyId("7".to_owned());
    let reveal = async |say| {
        let server = FaultServer::always(say).await;
        provider(&server.url)
            .reveal_api_key(&session(), &id)
            .await
            .unwrap_err()
            .code
    };
    assert_eq!(reveal(Say::json(404, "{}")).await, ErrorCode::NotFound);
    assert_eq!(reveal(Say::json(410, "")).await, ErrorCode::NotFound);
    assert_eq!(reveal(Say::html(404)).await, ErrorCode::NotSupported);
    let profile = at_profile(Say::html(404), &session()).await;
    assert_eq!(profile.code, ErrorCode::NotThisKindOfServer);
    let server = FaultServer::always(Say::json(404, "{}")).await;
    assert_eq!(provider(&server.url).avatar(&session()).await, Ok(None));
}

#[tokio::test]
async fn the_servers_sentence_is_shown_where_it_is_about_the_input() {
    let say = Say::json(
        422,
        r#"{"message":"Phone\u202e needs\r\n a country code","field":"phone"}"#,
    );
    let server = FaultServer::start(move |asked, _| {
        if asked.line().starts_with("PUT") {
            say.clone()
        } else {
            Say::json(200, r#"{"id":1,"email":"a@b.example"}"#)
        }
    })
    .await;
    let edit = change(&Profile::default(), |edit| edit.phone = "1".to_owned());
    let error = provider(&server.url)
        .update_profile(&session(), &edit)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::InputRefused, Some(Field::Phone))
    );
    assert_eq!(error.detail.as_deref(), Some("Phone needs a country code"));
}

#[tokio::test]
async fn a_nod_to_a_saved_profile_is_followed_by_reading_it() {
    let server = FaultServer::start(|asked, _| {
        Say::json(
            200,
            if asked.line().starts_with("PUT") {
                r#"{"code":200,"message":"success"}"#
            } else {
                r#"{"id":1,"email":"a@b.example","first_name":"Ada"}"#
            },
        )
    })
    .await;
    let seen = Profile {
        first_name: "Ada".to_owned(),
        ..Profile::default()
    };
    let edit = change(&seen, |edit| edit.last_name = "L".to_owned());
    let saved = provider(&server.url)
        .update_profile(&session(), &edit)
        .await
        .unwrap();
    assert_eq!(saved.email, "a@b.example");
    assert_eq!(
        server.lines(),
        [
            "GET /api/v1/users",
            "PUT /api/v1/users",
            "GET /api/v1/users"
        ]
    );
}

#[tokio::test]
async fn an_instance_overrides_where_its_server_differs() {
    let server = FaultServer::always(Say::json(200, r#"{"value":"api_1.abcdefgh"}"#)).await;
    let mut instance = instance(
        &format!("{}/gateway", server.url),
        ServerKind::IdmpSelfHosted,
    );
    let request = "POST /api/v2/keys/{id}/reveal".to_owned();
    instance
        .endpoints
        .insert("copy-key".to_owned(), request.clone());
    let provider = provider_of(&instance, patient());
    let rows = provider.operations();
    assert!(rows.iter().any(|row| row.request == request));
    provider
        .reveal_api_key(&session(), &ApiKeyId("a/b".to_owned()))
        .await
        .unwrap();
    assert_eq!(server.lines(), ["POST /gateway/api/v2/keys/a%2Fb/reveal"]);
    instance
        .endpoints
        .insert("copy-key".to_owned(), "GET //evil.example/{id}".to_owned());
    let refused =
        keydesk_providers::build(&instance, keydesk_providers::ProviderOptions::default());
    assert_eq!(refused.unwrap_err().code, ErrorCode::InputRefused);
}

#[tokio::test]
async fn too_many_requests_say_how_long_to_wait() {
    let say = |wait: &str| Say::answer(429, &format!("Retry-After: {wait}"), "");
    let error = at_sign_in(say("120")).await;
    assert_eq!(error.code, ErrorCode::RateLimited);
    assert_eq!(error.retry_after, Some(Duration::from_mins(2)));
    assert_eq!(at_sign_in(say("soon")).await.retry_after, None);
    let dated = "Date: Thu, 01 Jan 2026 00:00:00 GMT\nRetry-After: Thu, 01 Jan 2026 00:01:00 GMT";
    let error = at_sign_in(Say::answer(429, dated, "")).await;
    assert_eq!(error.retry_after, Some(Duration::from_mins(1)));
}
