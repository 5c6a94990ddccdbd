//! One's own account: names, password, avatar.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{ADMIN, Portal, ROOT, send};
use crate::support::{ADA, Answer, PASSWORD, SSO, text};

const ACCOUNT: &str = "/portal/v1/account";
const AVATAR: &str = "/portal/v1/account/avatar";
const PASSWORDS: &str = "/portal/v1/account/password";

async fn change(portal: &Portal, token: &str, body: &Value) -> Answer {
    send(&portal.server, Method::PATCH, ACCOUNT, token, Some(body)).await
}

#[tokio::test]
async fn an_account_says_who_it_is() {
    let portal = Portal::start().await;
    for (email, persona, roles, login_type) in [
        (ADA, "organization", json!([]), "password"),
        (ADMIN, "admin", json!(["admin"]), "password"),
        (SSO, "organization", json!([]), "single-sign-on"),
    ] {
        let token = portal.token(email).await;
        let answer = portal.server.get(ACCOUNT, &token).await;
        assert_eq!(answer.status, 200);
        let account = answer.json();
        assert_eq!(account["email"], email);
        assert_eq!(account["persona"], persona);
        assert_eq!(account["roles"], roles);
        assert_eq!(account["loginType"], login_type);
    }
}

#[tokio::test]
async fn names_change_and_the_email_stays() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let body = json!({ "firstName": " Augusta ", "email": "eve@example.org", "roles": ["admin"] });
    let answer = change(&portal, &token, &body).await;
    assert_eq!(answer.status, 200);
    let account = answer.json();
    assert_eq!(account["firstName"], "Augusta");
    assert_eq!(account["lastName"], "Lovelace");
    assert_eq!(account["displayName"], "Augusta Lovelace");
    assert_eq!(account["email"], ADA);
    assert_eq!(account["roles"], json!([]));
    let body = json!({ "displayName": "Countess", "lastName": null });
    let account = change(&portal, &token, &body).await.json();
    assert_eq!(account["displayName"], "Countess");
    assert_eq!(account["lastName"], "Lovelace");
    assert_eq!(portal.server.get(ACCOUNT, &token).await.json(), account);
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_on_their_field() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    for (name, value, code) in [
        ("firstName", json!(""), "required"),
        ("firstName", json!("\u{200b}"), "required"),
        ("lastName", json!("x".repeat(129)), "too-long"),
        ("displayName", json!("x".repeat(258)), "too-long"),
        ("displayName", json!("a\u{202e}b"), "forbidden-characters"),
        ("lastName", json!(3), "malformed"),
    ] {
        let body = json!({ name: value });
        let answer = change(&portal, &token, &body).await;
        answer.entry(&format!("/{name}"), code);
    }
}

#[tokio::test]
async fn a_change_of_what_has_changed_is_refused() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let seen = portal.server.get(ACCOUNT, &token).await;
    let seen = seen.header("etag").to_owned();
    let with = |tag: &str, name: &str| {
        let request = portal.server.request(Method::PATCH, ACCOUNT);
        let request = request.bearer_auth(&token).header(header::IF_MATCH, tag);
        portal
            .server
            .send(request.json(&json!({ "firstName": name })))
    };
    let first = with(&seen, "One").await;
    assert_eq!(first.status, 200);
    assert_ne!(first.header("etag"), seen);
    with(&seen, "Two").await.problem(412, "precondition-failed");
    with("W/\"1\"", "Two")
        .await
        .problem(412, "precondition-failed");
    assert_eq!(with(first.header("etag"), "Three").await.status, 200);
    assert_eq!(with("*", "Four").await.status, 200);
    let same = with("*", "Four").await;
    let unchanged = portal.server.get(ACCOUNT, &token).await;
    assert_eq!(same.header("etag"), unchanged.header("etag"));
}

#[tokio::test]
async fn a_new_password_keeps_the_five_rules() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let put = |old: &str, new: &str| {
        let body = json!({ "currentPassword": old, "newPassword": new });
        let (server, token) = (&portal.server, &token);
        async move { server.put(PASSWORDS, token, &body).await }
    };
    for (new, rules) in [
        ("Aa1!aaa", &["minimumLength"][..]),
        ("aa1!aaaa", &["uppercase"]),
        ("AA1!AAAA", &["lowercase"]),
        ("Aaa!aaaa", &["digit"]),
        ("Aa1aaaaa", &["special"]),
        (
            "",
            &[
                "minimumLength",
                "uppercase",
                "lowercase",
                "digit",
                "special",
            ],
        ),
    ] {
        let answer = put(PASSWORD, new).await;
        answer.problem(422, "invalid-input");
        let errors = answer.json()["errors"].clone();
        let errors = errors.as_array().unwrap();
        let broken: Vec<&str> = errors
            .iter()
            .filter_map(|error| error["rule"].as_str())
            .collect();
        assert_eq!(broken, rules, "{new}");
        for error in errors {
            assert_eq!(error["pointer"], "/newPassword");
            assert_eq!(error["code"], "policy");
        }
    }
    put(PASSWORD, &"Aa1!".repeat(257))
        .await
        .entry("/newPassword", "too-long");
    let wrong = put("Wrong1!wrong", "Aa1!aaaa").await;
    wrong.problem(422, "current-password-wrong");
    assert_eq!(wrong.json()["errors"][0]["pointer"], "/currentPassword");
    assert_eq!(put(PASSWORD, "Aa1!aaaa").await.status, 204);
    portal.server.login(ADA, "Aa1!aaaa").await;
}

#[tokio::test]
async fn changing_the_password_ends_every_other_session() {
    let portal = Portal::start().await;
    let (one, other) = (portal.token(ADA).await, portal.token(ADA).await);
    let body = json!({ "currentPassword": PASSWORD, "newPassword": "Aa1!aaaa" });
    assert_eq!(portal.server.put(PASSWORDS, &one, &body).await.status, 204);
    assert_eq!(portal.read(&one).await.status, 200);
    Portal::is_refused(&portal.read(&other).await);
}

#[tokio::test]
async fn guesses_at_the_current_password_are_counted() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let body = json!({ "currentPassword": "x", "newPassword": "Aa1!aaaa" });
    for _ in 0..5 {
        let answer = portal.server.put(PASSWORDS, &token, &body).await;
        answer.problem(422, "current-password-wrong");
    }
    let blocked = portal.server.put(PASSWORDS, &token, &body).await;
    blocked.problem(429, "rate-limited");
    assert_eq!(blocked.header("retry-after"), "1");
}

#[tokio::test]
async fn who_signs_in_elsewhere_has_no_password_here() {
    let portal = Portal::start().await;
    let token = portal.token(SSO).await;
    let body = json!({ "currentPassword": "", "newPassword": "Aa1!aaaa" });
    let answer = portal.server.put(PASSWORDS, &token, &body).await;
    answer.problem(403, "single-sign-on");
}

#[tokio::test]
async fn a_key_may_look_at_the_account_and_change_nothing_of_it() {
    let portal = Portal::start().await;
    let (_, root_key) = {
        let token = portal.token(ROOT).await;
        portal.admin_key(&token, &["read", "write", "admin"]).await
    };
    let token = portal.token(ADA).await;
    let new = json!({ "name": "ci" });
    let (_, key) = portal.key(&portal.organization_keys(), &token, &new).await;
    let name = json!({ "firstName": "Eve" });
    let password = json!({ "currentPassword": PASSWORD, "newPassword": "Aa1!aaaa" });
    let deletion = json!({ "phrase": "x", "password": PASSWORD });
    let code = json!({ "password": PASSWORD, "code": "123456" });
    for key in [&root_key, &key] {
        assert_eq!(portal.server.get(ACCOUNT, key).await.status, 200);
        for (method, path, body) in [
            (Method::PATCH, "/account", Some(&name)),
            (Method::PUT, "/account/password", Some(&password)),
            (Method::GET, "/account/avatar", None),
            (Method::PUT, "/account/avatar", Some(&name)),
            (Method::DELETE, "/account/avatar", None),
            (Method::GET, "/account/deletion", None),
            (Method::POST, "/account/deletion", Some(&deletion)),
            (Method::GET, "/account/second-factor", None),
            (Method::POST, "/account/second-factor", Some(&code)),
            (Method::PUT, "/account/second-factor", Some(&code)),
            (Method::POST, "/account/second-factor/removal", Some(&code)),
            (
                Method::POST,
                "/account/second-factor/recovery-codes",
                Some(&code),
            ),
            (Method::GET, "/account/security-log", None),
            (Method::GET, "/sessions", None),
            (Method::DELETE, "/sessions/current", None),
            (Method::DELETE, "/sessions/0123", None),
            (Method::POST, "/sessions/end-others", None),
        ] {
            let path = format!("/portal/v1{path}");
            let answer = send(&portal.server, method, &path, key, body).await;
            answer.problem(403, "session-required");
        }
    }
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(3, 2))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn an_avatar_is_a_picture_by_its_content() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let put = |media_type: &str, bytes: Vec<u8>| {
        let request = portal
            .server
            .request(Method::PUT, AVATAR)
            .bearer_auth(&token);
        let request = request.header(header::CONTENT_TYPE, media_type);
        portal.server.send(request.body(bytes))
    };
    let get = || portal.server.get(AVATAR, &token);
    get().await.problem(404, "not-found");
    for (format, media_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
    ] {
        let bytes = picture(format);
        // What it is called does not count, what it is does.
        assert_eq!(put("image/png", bytes.clone()).await.status, 204);
        let answer = get().await;
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(answer.bytes, bytes);
        let known = portal
            .server
            .request(Method::GET, AVATAR)
            .bearer_auth(&token);
        let known = known.header(header::IF_NONE_MATCH, answer.header("etag"));
        assert_eq!(portal.server.send(known).await.status, 304);
    }
    for (media_type, bytes, status, slug) in [
        (
            "text/plain",
            picture(ImageFormat::Png),
            415,
            "unsupported-media-type",
        ),
        (
            "image/svg+xml",
            b"<svg/>".to_vec(),
            415,
            "unsupported-media-type",
        ),
        ("image/png", b"<svg/>".to_vec(), 422, "invalid-input"),
        (
            "image/png",
            picture(ImageFormat::Png)[..40].to_vec(),
            422,
            "invalid-input",
        ),
        ("image/png", Vec::new(), 422, "invalid-input"),
        ("image/png", vec![0; 1_000_000], 413, "payload-too-large"),
        ("image/png", vec![0; 3_000_000], 413, "payload-too-large"),
    ] {
        put(media_type, bytes).await.problem(status, slug);
    }
    assert_eq!(
        get().await.header("content-type"),
        "image/jpeg",
        "the last one stays"
    );
    for _ in 0..2 {
        assert_eq!(portal.server.delete(AVATAR, &token).await.status, 204);
    }
    get().await.problem(404, "not-found");
}

#[tokio::test]
async fn an_avatar_is_its_owners_alone() {
    let portal = Portal::start().await;
    let token = portal.token(ADA).await;
    let request = portal
        .server
        .request(Method::PUT, AVATAR)
        .bearer_auth(&token);
    let request = request.header(header::CONTENT_TYPE, "image/png");
    portal
        .server
        .send(request.body(picture(ImageFormat::Png)))
        .await;
    let root = portal.token(ROOT).await;
    portal
        .server
        .get(AVATAR, &root)
        .await
        .problem(404, "not-found");
    let account = portal.server.get(ACCOUNT, &root).await.json();
    assert_ne!(text(&account["email"]), ADA);
}
