//! Session tokens: forged ones, and when real ones end.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::{ADA, PASSWORD, SSO, Server, text};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn claims_of(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_says_who_for_whom_and_until_when() {
    let server = Server::start().await;
    let token = server.ada().await;
    let claims = claims_of(&token);
    let me = server.get("/api/v1/users", &token).await.json();
    assert_eq!(claims["sub"], me["id"]);
    assert_eq!(claims["iss"], "keydesk-server");
    assert_eq!(claims["aud"], "keydesk-users");
    assert_eq!(claims["iat"], claims["nbf"]);
    let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!(
        (7 * 24 * 3600 - 1..=7 * 24 * 3600).contains(&life),
        "{life}"
    );
    assert_eq!(text(&claims["jti"]).len(), 32);
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let server = Server::start().await;
    let token = server.ada().await;
    let parts: Vec<&str> = token.split('.').collect();
    let (header, body, signature) = (parts[0], parts[1], parts[2]);
    let claims = claims_of(&token);
    let mut forged = vec![
        String::new(),
        "x".to_owned(),
        "..".to_owned(),
        format!("{header}.{body}"),
        format!("{header}.{body}."),
        format!("{header}.{body}.{signature}."),
        format!(".{body}.{signature}"),
        format!("{header}..{signature}"),
        format!("{token}A"),
        "a".repeat(10_000),
    ];
    for algorithm in [
        "none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", "EdDSA", "",
    ] {
        let header = part(&json!({ "typ": "JWT", "alg": algorithm }));
        forged.push(format!("{header}.{body}."));
        forged.push(format!("{header}.{body}.{signature}"));
    }
    for key in [&b""[..], b"secret", b"keydesk-server", &[0; 32]] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let key = EncodingKey::from_secret(key);
            if let Ok(token) = jsonwebtoken::encode(&Header::new(algorithm), &claims, &key) {
                forged.push(token);
            }
        }
    }
    for (claim, value) in [
        ("sub", json!("somebody else")),
        ("exp", json!(99_999_999_999_i64)),
        ("aud", json!("others")),
    ] {
        let mut claims = claims.clone();
        claims[claim] = value;
        forged.push(format!("{header}.{}.{signature}", part(&claims)));
    }
    for extra in ["kid", "jku", "x5u", "jwk"] {
        let header = part(&json!({ "typ": "JWT", "alg": "HS256", extra: "../../dev/null" }));
        forged.push(format!("{header}.{body}.{signature}"));
    }
    for token in &forged {
        assert!(!server.is_good(token).await, "{token}");
    }
    assert!(server.is_good(&token).await);
}

#[tokio::test]
async fn a_token_of_another_server_is_refused() {
    let (server, other) = (Server::start().await, Server::start().await);
    assert!(!server.is_good(&other.ada().await).await);
}

#[tokio::test]
async fn a_token_ends_with_its_life() {
    let server = Server::start_with(|options| {
        options.session_life = std::time::Duration::from_hours(2);
    })
    .await;
    let token = server.ada().await;
    server.advance_hours(1);
    assert!(server.is_good(&token).await);
    server.advance_hours(1);
    assert!(!server.is_good(&token).await);
}

#[tokio::test]
async fn deactivation_ends_sessions_for_good_and_the_account_at_once() {
    let server = Server::start().await;
    let token = server.ada().await;
    let administration = server.running.administration();
    administration.deactivate(ADA).await.unwrap();
    assert!(!server.is_good(&token).await);
    server.try_login(ADA, PASSWORD).await.refused(401, None);
    administration.activate(ADA).await.unwrap();
    assert!(
        !server.is_good(&token).await,
        "an ended session stays ended"
    );
    assert!(server.is_good(&server.ada().await).await);
}

#[tokio::test]
async fn deletion_ends_everything() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (_, key) = server.key(&token, "ci", None).await;
    server
        .running
        .administration()
        .delete_user(ADA)
        .await
        .unwrap();
    assert!(!server.is_good(&token).await);
    assert!(!server.is_good(&key).await);
}

#[tokio::test]
async fn sessions_outlive_the_server_but_not_its_key() {
    let server = Server::start().await;
    let token = server.ada().await;
    let data = server.dir.path().join("data");
    server.running.shutdown().await;
    let again = keydesk_server::start(keydesk_server::ServeOptions::new(&data))
        .await
        .unwrap();
    let response = server
        .client
        .get(format!("{}/api/v1/users", again.url()))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    again.shutdown().await;
}

#[tokio::test]
async fn an_account_that_signs_in_elsewhere_gets_a_session_from_the_administrator() {
    let server = Server::start().await;
    let issued = server
        .running
        .administration()
        .issue_session(SSO)
        .await
        .unwrap();
    let me = server
        .get("/api/v1/users", &issued.authorization)
        .await
        .json();
    assert_eq!(me["login_type"], "OAUTH");
    assert_eq!(me["email"], SSO);
}

#[tokio::test]
async fn a_request_without_a_credential_is_told_to_sign_in() {
    let server = Server::start().await;
    let request = server.request(reqwest::Method::GET, "/api/v1/users");
    let answer = server.send(request).await;
    answer.refused(401, Some("authorization"));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}
