//! Asked for at each sign-in, used up, and counted when it is wrong.

use reqwest::Method;
use serde_json::json;

use super::{Enrolled, sign_in};
use crate::support::{ADA, BOB, BOBS_PASSWORD, PASSWORD};

#[tokio::test]
async fn no_dialect_goes_around_it() {
    let enrolled = Enrolled::start().await;
    enrolled
        .sign_in(None)
        .await
        .problem(401, "second-factor-required");
    enrolled
        .sign_in(Some("000 00x"))
        .await
        .problem(401, "second-factor-refused");
    let server = &enrolled.portal.server;
    server
        .try_login(ADA, PASSWORD)
        .await
        .refused(403, Some("code"));
    let idmp = |code: String| {
        let body = json!({ "login_name": ADA, "password": PASSWORD, "code": code });
        let request = server.request(Method::POST, "/api/v1/users/login");
        server.send(request.json(&body))
    };
    idmp("000000x".to_owned()).await.refused(403, Some("code"));
    assert_eq!(idmp(enrolled.code()).await.status, 200);
    enrolled.wait(30);
    assert_eq!(enrolled.sign_in(Some(&enrolled.code())).await.status, 201);
    let bob = sign_in(&enrolled.portal, BOB, BOBS_PASSWORD, None).await;
    assert_eq!(bob.status, 201, "others are not asked");
}

#[tokio::test]
async fn a_wrong_password_is_refused_before_a_code_is_looked_at() {
    let enrolled = Enrolled::start().await;
    let code = enrolled.code();
    let answer = sign_in(&enrolled.portal, ADA, "wrong", Some(&code)).await;
    answer.problem(401, "wrong-credentials");
    assert_eq!(
        enrolled.sign_in(Some(&code)).await.status,
        201,
        "it was not used up"
    );
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_short_time() {
    let enrolled = Enrolled::start().await;
    enrolled.wait(300);
    let code = enrolled.code();
    assert_eq!(enrolled.sign_in(Some(&code)).await.status, 201);
    enrolled
        .sign_in(Some(&code))
        .await
        .problem(401, "second-factor-refused");
    let earlier = enrolled.app.code_in(&enrolled.portal.server, -1);
    enrolled
        .sign_in(Some(&earlier))
        .await
        .problem(401, "second-factor-refused");
    let next = enrolled.app.code_in(&enrolled.portal.server, 1);
    assert_eq!(
        enrolled.sign_in(Some(&next)).await.status,
        201,
        "a clock that is ahead"
    );
    let stale = enrolled.app.code_in(&enrolled.portal.server, 2);
    enrolled.wait(120);
    enrolled
        .sign_in(Some(&stale))
        .await
        .problem(401, "second-factor-refused");
}

#[tokio::test]
async fn of_many_tries_with_one_code_one_succeeds() {
    let enrolled = Enrolled::start().await;
    let code = enrolled.code();
    let tries: Vec<_> = (0..4)
        .map(|_| {
            let body = json!({ "email": ADA, "password": PASSWORD, "code": code });
            let request = enrolled
                .portal
                .server
                .request(Method::POST, "/portal/v1/sessions");
            let request = request.json(&body);
            tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in tries {
        statuses.push(one.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401, 401, 401]);
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let enrolled = Enrolled::start().await;
    let code = enrolled.recovery_codes[3].to_uppercase().replace('-', " ");
    assert_eq!(enrolled.sign_in(Some(&code)).await.status, 201);
    enrolled
        .sign_in(Some(&code))
        .await
        .problem(401, "second-factor-refused");
    assert_eq!(enrolled.stands().await["recoveryCodesLeft"], 9);
    assert_eq!(
        enrolled
            .sign_in(Some(&enrolled.recovery_codes[4]))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn failed_codes_count_as_failed_sign_ins() {
    let enrolled = Enrolled::start().await;
    for _ in 0..5 {
        enrolled
            .sign_in(Some("000000x"))
            .await
            .problem(401, "second-factor-refused");
    }
    let blocked = enrolled.sign_in(Some(&enrolled.code())).await;
    blocked.problem(429, "rate-limited");
    assert_eq!(blocked.header("retry-after"), "1");
    enrolled.wait(1);
    enrolled
        .sign_in(None)
        .await
        .problem(401, "second-factor-required");
    enrolled
        .sign_in(Some("000000x"))
        .await
        .problem(401, "second-factor-refused");
    enrolled
        .sign_in(Some("000000x"))
        .await
        .problem(429, "rate-limited");
    enrolled.wait(2);
    assert_eq!(enrolled.sign_in(Some(&enrolled.code())).await.status, 201);
}

#[tokio::test]
async fn an_empty_field_is_no_try() {
    let enrolled = Enrolled::start().await;
    for _ in 0..7 {
        let answer = enrolled.sign_in(Some(" ")).await;
        answer.problem(401, "second-factor-required");
    }
}
