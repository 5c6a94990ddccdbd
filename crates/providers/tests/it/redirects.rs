//! Redirects are not followed: nothing that was sent to one place arrives at another.

use keydesk_core::credential::Credential;
use keydesk_core::instance::ServerKind;
use keydesk_core::provider::AvatarImage;
use keydesk_core::{Error, ErrorCode};

use crate::fault_server::{FaultServer, Say};
use crate::support::{
    ACCESS_TOKEN, TOKEN, cloud_tokens, instance, new_key, patient, png, provider_of, secret,
    session,
};

#[tokio::test]
async fn no_redirect_takes_a_credential_along() {
    let thief = FaultServer::always(Say::json(200, r#"{"id":1,"email":"a@b.example"}"#)).await;
    let port = thief.url.rsplit(':').next().unwrap().to_owned();
    let targets = [
        format!("http://127.0.0.1:{port}/api/v1/users"),
        format!("http://localhost:{port}/api/v1/users"),
        format!("https://127.0.0.1:{port}/"),
        format!("//127.0.0.1:{port}/api/v1/users"),
        format!("http://user:pass@127.0.0.1:{port}/"),
        format!("http://sub.localhost:{port}/"),
        "/elsewhere".to_owned(),
        "?again".to_owned(),
    ];
    let mut cases = 0;
    for status in [301, 302, 303, 307, 308] {
        for target in &targets {
            let server =
                FaultServer::always(Say::answer(status, &format!("Location: {target}"), "")).await;
            for error in ask_everything(&server.url).await {
                cases += 1;
                assert_eq!(error.code, ErrorCode::Redirected, "{status} {target}");
                let detail = error.detail.unwrap();
                assert!(detail.starts_with("http"), "{detail}");
                assert!(
                    !detail.contains("pass") && !detail.contains("/api"),
                    "{detail}"
                );
            }
            assert_eq!(server.asked().len(), 9, "each once: {status} {target}");
        }
    }
    assert_eq!(cases, 360);
    assert_eq!(thief.asked().len(), 0, "nothing arrived elsewhere");
}

/// GET, POST and an upload, with every kind of credential, in whichever header it travels.
async fn ask_everything(url: &str) -> Vec<Error> {
    let provider = provider_of(&instance(url, ServerKind::IdmpCloud), patient());
    let new = new_key("t");
    let image = AvatarImage {
        bytes: png(),
        media_type: "image/png",
    };
    let mut errors = Vec::new();
    for credential in [session(), cloud_tokens()] {
        errors.push(provider.account(&credential, None).await.unwrap_err());
        errors.push(
            provider
                .create_api_key(&credential, None, &new)
                .await
                .unwrap_err(),
        );
        errors.push(
            provider
                .upload_avatar(&credential, &image)
                .await
                .unwrap_err(),
        );
    }
    let key = Credential::ApiKey(secret(TOKEN));
    let aimms = provider_of(&instance(url, ServerKind::AimmsCloud), patient());
    errors.push(aimms.probe(&key).await.unwrap_err());
    let portal = provider_of(&instance(url, ServerKind::Keydesk), patient());
    errors.push(portal.probe(&key).await.unwrap_err());
    errors.push(portal.upload_avatar(&key, &image).await.unwrap_err());
    errors
}

#[tokio::test]
async fn an_address_in_an_answer_is_not_followed() {
    let thief = FaultServer::always(Say::json(200, "")).await;
    let body = format!(
        r#"{{"avatar":"{0}/a.png","next":"{0}/next","rows":[]}}"#,
        thief.url
    );
    let server = FaultServer::always(Say::json(200, body)).await;
    let provider = provider_of(
        &instance(&server.url, ServerKind::IdmpSelfHosted),
        patient(),
    );
    provider.avatar(&session()).await.unwrap_err();
    provider.api_keys(&session(), None).await.unwrap();
    assert_eq!(thief.asked().len(), 0);
}

#[tokio::test]
async fn both_tokens_go_to_their_own_server_and_no_credential_with_a_check() {
    let server = FaultServer::always(Say::json(200, r#"{"status":"UP"}"#)).await;
    let provider = provider_of(&instance(&server.url, ServerKind::IdmpCloud), patient());
    provider.check().await.unwrap();
    let before = server.asked().len();
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
    provider.probe(&cloud_tokens()).await.unwrap();
    let asked = server.asked().remove(before);
    assert_eq!(
        asked.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(asked.header("access-token"), Some(ACCESS_TOKEN));
    assert!(asked.header("user-agent").unwrap().starts_with("Keydesk/"));
    assert!(asked.header("referer").is_none() && asked.header("cookie").is_none());
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_no_answer() {
    let server = FaultServer::always(Say::json(302, "")).await;
    let provider = provider_of(
        &instance(&server.url, ServerKind::IdmpSelfHosted),
        patient(),
    );
    let error = provider.account(&session(), None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::UnexpectedAnswer);
}
