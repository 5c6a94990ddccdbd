//! Set up, replaced, removed, and how it lies on the disk.

use std::time::Duration;

use serde_json::json;

use super::super::Portal;
use super::{Enrolled, PATH, begin, sign_in};
use crate::support::{ADA, BOB, BOBS_PASSWORD, PASSWORD, SSO, text};

#[tokio::test]
async fn it_is_in_force_when_a_code_has_confirmed_it() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let off = json!({
        "enabled": false, "since": null, "recoveryCodesLeft": 0, "pending": false,
    });
    assert_eq!(portal.server.get(PATH, &token).await.json(), off);
    let early = portal
        .server
        .put(PATH, &token, &json!({ "code": "123456" }))
        .await;
    early.problem(404, "not-found");
    let app = begin(&portal, &token, &json!({ "password": PASSWORD })).await;
    assert_eq!(
        portal.server.get(PATH, &token).await.json()["pending"],
        true
    );
    assert_eq!(sign_in(&portal, ADA, PASSWORD, None).await.status, 201);
    let wrong = json!({ "code": "not a code" });
    portal
        .server
        .put(PATH, &token, &wrong)
        .await
        .entry("/code", "mismatch");
    let right = json!({ "code": app.code(&portal.server) });
    let confirmed = portal.server.put(PATH, &token, &right).await;
    assert_eq!(
        confirmed.json()["recoveryCodes"].as_array().unwrap().len(),
        10
    );
    let stands = portal.server.get(PATH, &token).await.json();
    assert_eq!(stands["enabled"], true);
    assert_eq!(stands["pending"], false);
    assert_eq!(stands["recoveryCodesLeft"], 10);
    assert!(text(&stands["since"]).ends_with('Z'));
    let refused = sign_in(&portal, ADA, PASSWORD, None).await;
    refused.problem(401, "second-factor-required");
    portal
        .server
        .put(PATH, &token, &right)
        .await
        .problem(404, "not-found");
}

#[tokio::test]
async fn beginning_it_takes_the_password_and_is_forgotten_after_a_while() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let wrong = portal
        .server
        .post(PATH, &token, &json!({ "password": "x" }))
        .await;
    wrong.problem(422, "current-password-wrong");
    assert_eq!(wrong.json()["errors"][0]["pointer"], "/password");
    let app = begin(&portal, &token, &json!({ "password": PASSWORD })).await;
    portal.server.clock.advance(Duration::from_mins(15));
    let late = json!({ "code": app.code(&portal.server) });
    portal
        .server
        .put(PATH, &token, &late)
        .await
        .problem(404, "not-found");
    assert_eq!(
        portal.server.get(PATH, &token).await.json()["pending"],
        false
    );
}

#[tokio::test]
async fn who_signs_in_elsewhere_has_none_here() {
    let portal = Portal::start().await;
    let token = portal.token(SSO).await;
    let answer = portal
        .server
        .post(PATH, &token, &json!({ "password": "" }))
        .await;
    answer.problem(403, "single-sign-on");
}

#[tokio::test]
async fn another_takes_the_place_of_the_first_when_it_is_confirmed() {
    let enrolled = Enrolled::start().await;
    let (portal, token) = (&enrolled.portal, &enrolled.token);
    let without = json!({ "password": PASSWORD });
    portal
        .server
        .post(PATH, token, &without)
        .await
        .entry("/code", "required");
    let with = json!({ "password": PASSWORD, "code": enrolled.code() });
    let other = begin(portal, token, &with).await;
    enrolled.wait(30);
    assert_eq!(
        enrolled.sign_in(Some(&enrolled.code())).await.status,
        201,
        "still the first"
    );
    enrolled.wait(30);
    let code = json!({ "code": other.code(&portal.server) });
    assert_eq!(portal.server.put(PATH, token, &code).await.status, 200);
    enrolled.wait(30);
    let first = enrolled.sign_in(Some(&enrolled.code())).await;
    first.problem(401, "second-factor-refused");
    let code = other.code(&portal.server);
    assert_eq!(enrolled.sign_in(Some(&code)).await.status, 201);
    let old = enrolled.sign_in(Some(&enrolled.recovery_codes[0])).await;
    old.problem(401, "second-factor-refused");
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old_ones() {
    let enrolled = Enrolled::start().await;
    let wrong = enrolled.post("recovery-codes", "x", &enrolled.code()).await;
    wrong.problem(422, "current-password-wrong");
    let wrong = enrolled.post("recovery-codes", PASSWORD, "000000x").await;
    wrong.entry("/code", "mismatch");
    let answer = enrolled
        .post("recovery-codes", PASSWORD, &enrolled.code())
        .await;
    assert_eq!(answer.status, 200);
    let new = answer.json()["recoveryCodes"].clone();
    assert_eq!(new.as_array().unwrap().len(), 10);
    let old = &enrolled.recovery_codes[0];
    enrolled
        .sign_in(Some(old))
        .await
        .problem(401, "second-factor-refused");
    assert_eq!(enrolled.sign_in(Some(&text(&new[0]))).await.status, 201);
}

#[tokio::test]
async fn removing_it_takes_password_and_code() {
    let enrolled = Enrolled::start().await;
    let wrong = enrolled.post("removal", "x", &enrolled.code()).await;
    wrong.problem(422, "current-password-wrong");
    enrolled
        .post("removal", PASSWORD, " ")
        .await
        .entry("/code", "required");
    let missing = json!({ "password": PASSWORD });
    let path = format!("{PATH}/removal");
    let missing = enrolled
        .portal
        .server
        .post(&path, &enrolled.token, &missing)
        .await;
    missing.entry("/code", "required");
    let removed = enrolled.post("removal", PASSWORD, &enrolled.code()).await;
    assert_eq!(removed.status, 204);
    let stands = enrolled.stands().await;
    assert_eq!(stands["enabled"], false);
    assert_eq!(stands["recoveryCodesLeft"], 0);
    assert_eq!(enrolled.sign_in(None).await.status, 201);
    for path in ["removal", "recovery-codes"] {
        enrolled
            .post(path, PASSWORD, "123456")
            .await
            .problem(404, "not-found");
    }
}

#[tokio::test]
async fn whoever_holds_the_data_folder_lets_somebody_in_who_lost_everything() {
    let enrolled = Enrolled::start().await;
    let administration = enrolled.portal.server.running.administration();
    administration.remove_second_factor(ADA).await.unwrap();
    assert_eq!(enrolled.sign_in(None).await.status, 201);
    assert_eq!(enrolled.stands().await["recoveryCodesLeft"], 0);
}

#[tokio::test]
async fn secrets_are_sealed_and_codes_hashed_at_rest() {
    let enrolled = Enrolled::start().await;
    let token = enrolled.portal.token(BOB).await;
    let set_up = json!({ "password": BOBS_PASSWORD });
    let pending = enrolled
        .portal
        .server
        .post(PATH, &token, &set_up)
        .await
        .json();
    let data = enrolled.portal.server.dir.path().join("data");
    let mut stored = Vec::new();
    for file in std::fs::read_dir(data).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let stored = String::from_utf8_lossy(&stored).into_owned();
    assert!(
        stored.contains("second_factors"),
        "the right files are read"
    );
    assert!(!stored.contains(&text(&pending["secret"])));
    for code in &enrolled.recovery_codes {
        assert!(!stored.contains(code.as_str()));
        assert!(!stored.contains(&code.replace('-', "")));
    }
}
