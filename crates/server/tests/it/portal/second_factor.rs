//! The second factor: set up, asked for in every dialect, used up, removed.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::Portal;
use crate::support::{ADA, Answer, App, BOB, BOBS_PASSWORD, PASSWORD, SSO, text};

const PATH: &str = "/portal/v1/account/second-factor";

/// A server on which Ada has a second factor.
struct Enrolled {
    portal: Portal,
    token: String,
    app: App,
    recovery_codes: Vec<String>,
}

impl Enrolled {
    async fn start() -> Self {
        let portal = Portal::start().await;
        let token = portal.token(ADA).await;
        let app = begin(&portal, &token, &json!({ "password": PASSWORD })).await;
        let code = json!({ "code": app.code(&portal.server) });
        let confirmed = portal.server.put(PATH, &token, &code).await;
        assert_eq!(confirmed.status, 200, "{}", confirmed.json());
        let codes = confirmed.json()["recoveryCodes"].clone();
        let recovery_codes = codes.as_array().unwrap().iter().map(text).collect();
        // The code that confirmed is used up; the next one is not.
        portal.server.clock.advance(Duration::from_secs(30));
        Self {
            portal,
            token,
            app,
            recovery_codes,
        }
    }

    fn code(&self) -> String {
        self.app.code(&self.portal.server)
    }

    async fn sign_in(&self, code: Option<&str>) -> Answer {
        sign_in(&self.portal, ADA, PASSWORD, code).await
    }

    async fn post(&self, path: &str, password: &str, code: &str) -> Answer {
        let body = json!({ "password": password, "code": code });
        let path = format!("{PATH}/{path}");
        self.portal.server.post(&path, &self.token, &body).await
    }

    async fn stands(&self) -> Value {
        self.portal.server.get(PATH, &self.token).await.json()
    }

    fn wait(&self, seconds: u64) {
        self.portal
            .server
            .clock
            .advance(Duration::from_secs(seconds));
    }
}

async fn begin(portal: &Portal, token: &str, body: &Value) -> App {
    let answer = portal.server.post(PATH, token, body).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let set_up = answer.json();
    let uri = text(&set_up["uri"]);
    assert!(uri.contains(&text(&set_up["secret"])));
    App::of(&uri)
}

async fn sign_in(portal: &Portal, email: &str, password: &str, code: Option<&str>) -> Answer {
    let body = json!({ "email": email, "password": password, "code": code });
    let request = portal.server.request(Method::POST, "/portal/v1/sessions");
    portal.server.send(request.json(&body)).await
}

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
async fn whoever_holds_the_data_folder_lets_somebody_in_who_lost_everything() {
    let enrolled = Enrolled::start().await;
    let administration = enrolled.portal.server.running.administration();
    administration.remove_second_factor(ADA).await.unwrap();
    assert_eq!(enrolled.sign_in(None).await.status, 201);
    assert_eq!(enrolled.stands().await["recoveryCodesLeft"], 0);
}

#[tokio::test]
async fn an_empty_field_is_no_try() {
    let enrolled = Enrolled::start().await;
    for _ in 0..7 {
        let answer = enrolled.sign_in(Some(" ")).await;
        answer.problem(401, "second-factor-required");
    }
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
