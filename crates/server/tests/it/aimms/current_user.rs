//! The user to whom the key belongs: info, password, MFA.

use reqwest::Method;
use serde_json::json;

use super::{ALL, Aimms, INFO, first_key, refused};
use crate::support::{ADA, App, BOB, BOBS_PASSWORD, PASSWORD, SSO, text};

#[tokio::test]
async fn full_name_and_email_change_and_the_user_name_stays() {
    let aimms = Aimms::start().await;
    let info = aimms.get(INFO).await.json();
    assert_eq!(info["account_name"], "keydesk");
    assert_eq!(info["environment_name"], "ROOT");
    assert_eq!(info["full_name"], "Ada Lovelace");
    assert_eq!(info["email"], ADA);
    assert_eq!(info["groups"], json!([]));
    let body = json!({ "full_name": "Ada King", "email": "ada@elsewhere.example" });
    let changed = aimms.write(Method::PATCH, INFO, &body).await.json();
    assert_eq!(changed["full_name"], "Ada King");
    assert_eq!(changed["email"], "ada@elsewhere.example");
    assert_eq!(changed["user_name"], ADA);
    assert_eq!(aimms.get(INFO).await.json(), changed);
    assert!(!aimms.server.login(ADA, PASSWORD).await.is_empty());
    let other = aimms.server.try_login("ada@elsewhere.example", PASSWORD);
    assert_eq!(other.await.status, 401, "the contact is no login name");
    let ignored = json!({ "user_name": "eve", "groups": ["Admin"] });
    assert_eq!(
        aimms.write(Method::PATCH, INFO, &ignored).await.json(),
        changed
    );
    for (body, field) in [
        (json!({ "full_name": "" }), "full_name"),
        (json!({ "full_name": "x".repeat(258) }), "full_name"),
        (json!({ "full_name": "a\u{202e}b" }), "full_name"),
        (json!({ "email": "nowhere" }), "email"),
        (json!({ "email": 3 }), "email"),
    ] {
        let answer = aimms.write(Method::PATCH, INFO, &body).await;
        refused(&answer, 400, "invalid_entry", Some(field));
    }
}

#[tokio::test]
async fn a_full_name_that_is_sent_back_goes_on_following_first_and_last_name() {
    let aimms = Aimms::start().await;
    let token = aimms.server.ada().await;
    let body = json!({ "full_name": "Ada Lovelace", "email": "ada@elsewhere.example" });
    let changed = aimms.write(Method::PATCH, INFO, &body).await.json();
    assert_eq!(changed["email"], "ada@elsewhere.example");
    let rename = async |first: &str| {
        let body = json!({ "first_name": first });
        let renamed = aimms.server.put("/api/v1/users", &token, &body).await;
        renamed.data();
        text(&aimms.get(INFO).await.json()["full_name"])
    };
    assert_eq!(rename("Augusta").await, "Augusta Lovelace");
    // One that is another stays.
    let body = json!({ "full_name": "Countess of Lovelace" });
    aimms.write(Method::PATCH, INFO, &body).await;
    assert_eq!(rename("Ada").await, "Countess of Lovelace");
}

#[tokio::test]
async fn a_password_is_changed_with_the_current_one() {
    let aimms = Aimms::start().await;
    let token = aimms.server.ada().await;
    let path = "/user/@current/password";
    let body =
        |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let new = "eleven small foxes yawn";
    let wrong = aimms
        .write(Method::PUT, path, &body("not it at all", new))
        .await;
    refused(&wrong, 400, "invalid_entry", Some("current_password"));
    let weak = aimms
        .write(Method::PUT, path, &body(PASSWORD, "short"))
        .await;
    refused(&weak, 400, "invalid_entry", Some("new_password"));
    let changed = aimms.write(Method::PUT, path, &body(PASSWORD, new)).await;
    assert_eq!(changed.status, 204);
    assert!(!aimms.server.is_good(&token).await, "sessions end");
    aimms.server.login(ADA, new).await;
    assert_eq!(aimms.get(INFO).await.status, 200, "keys live on");
}

#[tokio::test]
async fn failures_block_and_do_not_say_which() {
    let aimms = Aimms::start().await;
    let path = "/user/@current/password";
    let body = json!({ "current_password": "wrong", "new_password": "eleven small foxes yawn" });
    for _ in 0..5 {
        let answer = aimms.write(Method::PUT, path, &body).await;
        refused(&answer, 400, "invalid_entry", Some("current_password"));
    }
    let blocked = aimms.write(Method::PUT, path, &body).await;
    refused(&blocked, 429, "blocked", None);
    assert!(!blocked.header("retry-after").is_empty());
    let mfa = json!({ "password": PASSWORD });
    let blocked = aimms.write(Method::POST, "/user/@current/mfa", &mfa).await;
    refused(&blocked, 429, "blocked", None);
}

#[tokio::test]
async fn who_signs_in_elsewhere_has_neither_password_nor_mfa() {
    let aimms = Aimms::start().await;
    let key = first_key(&aimms.server, SSO, ALL).await;
    let password = json!({ "current_password": "a", "new_password": "eleven small foxes yawn" });
    let mfa = json!({ "password": "a" });
    let code = json!({ "password": "a", "code": "123456" });
    for (method, path, body, status, error) in [
        (
            Method::PUT,
            "/user/@current/password",
            Some(&password),
            403,
            "single_sign_on",
        ),
        (
            Method::GET,
            "/user/@current/mfa",
            None,
            403,
            "single_sign_on",
        ),
        (
            Method::POST,
            "/user/@current/mfa",
            Some(&mfa),
            403,
            "single_sign_on",
        ),
        (
            Method::PUT,
            "/user/@current/mfa",
            Some(&code),
            404,
            "not_found",
        ),
        (
            Method::DELETE,
            "/user/@current/mfa",
            Some(&code),
            404,
            "not_found",
        ),
    ] {
        let answer = aimms.send(method, path, &key, body).await;
        refused(&answer, status, error, None);
    }
}

#[tokio::test]
async fn mfa_is_started_confirmed_and_removed() {
    let aimms = Aimms::start().await;
    let path = "/user/@current/mfa";
    let stands = || async { aimms.get(path).await.json() };
    let off = json!({ "enabled": false, "pending": false, "enforced": false });
    assert_eq!(stands().await, off);
    let early = aimms
        .write(Method::PUT, path, &json!({ "code": "123456" }))
        .await;
    refused(&early, 404, "not_found", None);
    let wrong = aimms
        .write(Method::POST, path, &json!({ "password": "x" }))
        .await;
    refused(&wrong, 400, "invalid_entry", Some("password"));
    let started = aimms
        .write(Method::POST, path, &json!({ "password": PASSWORD }))
        .await;
    assert_eq!(started.status, 201);
    let app = App::of(&text(&started.json()["uri"]));
    assert_eq!(stands().await["pending"], true);
    aimms.server.ada().await;
    let wrong = aimms
        .write(Method::PUT, path, &json!({ "code": "000 000x" }))
        .await;
    refused(&wrong, 400, "invalid_entry", Some("code"));
    let code = app.code(&aimms.server);
    let confirmed = aimms
        .write(Method::PUT, path, &json!({ "code": code }))
        .await;
    let codes = confirmed.json()["recovery_codes"].clone();
    assert_eq!(codes.as_array().unwrap().len(), 10);
    assert_eq!(
        stands().await,
        json!({ "enabled": true, "pending": false, "enforced": false })
    );
    aimms
        .server
        .try_login(ADA, PASSWORD)
        .await
        .refused(403, Some("code"));
    let again = aimms
        .write(Method::POST, path, &json!({ "password": PASSWORD }))
        .await;
    refused(&again, 400, "invalid_entry", Some("code"));
    let used = json!({ "password": PASSWORD, "code": code });
    let removed = aimms.write(Method::DELETE, path, &used).await;
    refused(&removed, 400, "invalid_entry", Some("code"));
    let recovery = json!({ "password": PASSWORD, "code": codes[0] });
    assert_eq!(
        aimms.write(Method::DELETE, path, &recovery).await.status,
        204
    );
    assert_eq!(stands().await, off);
    refused(
        &aimms.write(Method::DELETE, path, &recovery).await,
        404,
        "not_found",
        None,
    );
    aimms.server.ada().await;
}

#[tokio::test]
async fn its_password_changes_are_refused_to_strangers_of_the_account() {
    let aimms = Aimms::start().await;
    let bobs = first_key(&aimms.server, BOB, ALL).await;
    let body = json!({ "current_password": PASSWORD, "new_password": "eleven small foxes yawn" });
    let path = "/user/@current/password";
    let answer = aimms.send(Method::PUT, path, &bobs, Some(&body)).await;
    refused(&answer, 400, "invalid_entry", Some("current_password"));
    aimms.server.login(BOB, BOBS_PASSWORD).await;
}
