//! Changing the password, and what it ends.

use std::time::Duration;

use serde_json::json;

use crate::support::{ADA, Answer, PASSWORD, SSO, Server};

const PATH: &str = "/api/v1/users/password";
const NEW: &str = "eleven small foxes yawn";

async fn change(server: &Server, token: &str, old: &str, new: &str) -> Answer {
    let body = json!({ "old_password": old, "new_password": new });
    server.put(PATH, token, &body).await
}

#[tokio::test]
async fn a_change_ends_all_other_sessions_and_keeps_keys() {
    let server = Server::start().await;
    let (own, other) = (server.ada().await, server.ada().await);
    let bobs = server.bob().await;
    let (_, key) = server.key(&own, "ci", None).await;
    let answer = change(&server, &own, PASSWORD, NEW).await;
    assert_eq!(answer.json(), json!({ "code": 0, "message": "success" }));
    assert!(server.is_good(&own).await);
    assert!(!server.is_good(&other).await);
    assert!(server.is_good(&key).await);
    assert!(server.is_good(&bobs).await);
    server.try_login(ADA, PASSWORD).await.refused(401, None);
    server.login(ADA, NEW).await;
}

#[tokio::test]
async fn a_wrong_current_password_names_the_field_and_keeps_the_session() {
    let server = Server::start().await;
    let token = server.ada().await;
    change(&server, &token, "wrong", NEW)
        .await
        .refused(400, Some("old_password"));
    assert!(server.is_good(&token).await);
    server.ada().await;
}

#[tokio::test]
async fn guessing_the_current_password_is_slowed_down_like_a_sign_in() {
    let server = Server::start().await;
    let token = server.ada().await;
    for _ in 0..5 {
        change(&server, &token, "wrong", NEW)
            .await
            .refused(400, Some("old_password"));
    }
    let answer = change(&server, &token, PASSWORD, NEW).await;
    answer.refused(429, None);
    assert_eq!(answer.header("retry-after"), "1");
    server.try_login(ADA, PASSWORD).await.refused(429, None);
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(change(&server, &token, PASSWORD, NEW).await.status, 200);
    server.login(ADA, NEW).await;
}

#[tokio::test]
async fn a_new_password_keeps_the_policy() {
    let server = Server::start().await;
    let token = server.ada().await;
    for new in [
        "",
        "short",
        "fourteen chars",
        "passwordpassword",
        "111111111111111111",
        ADA,
        &"x".repeat(1025),
    ] {
        change(&server, &token, PASSWORD, new)
            .await
            .refused(400, Some("new_password"));
    }
    server.ada().await;
}

#[tokio::test]
async fn long_and_foreign_passwords_are_taken_whole() {
    let server = Server::start().await;
    let token = server.ada().await;
    let long: String = "pässwörter 🦩 dürfen lang sein; "
        .chars()
        .cycle()
        .take(1024)
        .collect();
    assert_eq!(change(&server, &token, PASSWORD, &long).await.status, 200);
    server.login(ADA, &long).await;
    let cut: String = long.chars().take(1023).collect();
    server.try_login(ADA, &cut).await.refused(401, None);
    // The same characters, typed in another way.
    let decomposed = long.replace('ä', "a\u{308}").replace('ö', "o\u{308}");
    server.login(ADA, &decomposed).await;
}

#[tokio::test]
async fn an_account_that_signs_in_elsewhere_has_no_password_to_change() {
    let server = Server::start().await;
    let issued = server
        .running
        .administration()
        .issue_session(SSO)
        .await
        .unwrap();
    change(&server, &issued.authorization, "", NEW)
        .await
        .refused(403, None);
    server.try_login(SSO, NEW).await.refused(401, None);
}

#[tokio::test]
async fn with_a_key_the_current_password_is_needed_as_well_and_all_sessions_end() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (_, key) = server.key(&token, "ci", None).await;
    change(&server, &key, "wrong", NEW)
        .await
        .refused(400, Some("old_password"));
    assert_eq!(change(&server, &key, PASSWORD, NEW).await.status, 200);
    assert!(!server.is_good(&token).await);
}

#[tokio::test]
async fn incomplete_bodies_name_what_is_missing() {
    let server = Server::start().await;
    let token = server.ada().await;
    let answer = server
        .put(PATH, &token, &json!({ "old_password": PASSWORD }))
        .await;
    answer.refused(400, Some("new_password"));
    let answer = server
        .put(PATH, &token, &json!({ "new_password": NEW }))
        .await;
    answer.refused(400, Some("old_password"));
    let body = json!({ "oldPassword": PASSWORD, "newPassword": NEW });
    assert_eq!(server.put(PATH, &token, &body).await.status, 200);
}

#[tokio::test]
async fn of_two_changes_at_once_one_succeeds() {
    let server = Server::start().await;
    let (one, two) = (server.ada().await, server.ada().await);
    let (first, second) = tokio::join!(
        change(&server, &one, PASSWORD, NEW),
        change(&server, &two, PASSWORD, "thirteen tall cranes call"),
    );
    let successes = [&first, &second]
        .iter()
        .filter(|answer| answer.status == 200)
        .count();
    assert_eq!(successes, 1, "{first:?} {second:?}");
}

#[tokio::test]
async fn an_administrator_sets_a_password_anew() {
    let server = Server::start().await;
    let token = server.ada().await;
    let administration = server.running.administration();
    administration
        .set_password(ADA, NEW.to_owned().into())
        .await
        .unwrap();
    assert!(!server.is_good(&token).await);
    server.login(ADA, NEW).await;
    assert!(
        administration
            .set_password(SSO, NEW.to_owned().into())
            .await
            .is_err()
    );
}
