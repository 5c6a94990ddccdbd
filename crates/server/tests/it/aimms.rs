//! The AIMMS dialect: keys and their scopes, the current user, the directory, MFA.

use std::fmt::Write;

use keydesk_server::ServeOptions;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADA, Answer, BOB, BOBS_PASSWORD, PASSWORD, SSO, Server, text};

const BASE: &str = "/pro/user-manager/v1";
const KEYS: &str = "/user/@current/api-key";
const INFO: &str = "/user/@current/info";
const ALL: &[&str] = &["Authentication", "PublishApp", "Tasks", "APIKey", "Session"];

/// A server, and a key of Ada's with every scope.
struct Aimms {
    server: Server,
    key: String,
}

impl Aimms {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(change: impl FnOnce(&mut ServeOptions)) -> Self {
        let server = Server::start_with(change).await;
        let key = first_key(&server, ADA, ALL).await;
        Self { server, key }
    }

    async fn send(&self, method: Method, path: &str, key: &str, body: Option<&Value>) -> Answer {
        let request = self.server.request(method, &format!("{BASE}{path}"));
        let request = request.header("apikey", key);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        self.server.send(request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &self.key, None).await
    }

    async fn write(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, &self.key, Some(body)).await
    }

    async fn create(&self, name: &str, scopes: &[&str]) -> Answer {
        let end = day_from_now(&self.server, 30);
        let body = json!({ "name": name, "expiration_date": end, "scopes": scopes });
        self.write(Method::POST, KEYS, &body).await
    }

    async fn names(&self) -> Vec<String> {
        let keys = self.get(KEYS).await.json();
        let keys = keys.as_array().unwrap();
        keys.iter().map(|key| text(&key["name"])).collect()
    }

    async fn delete(&self, name: &str) -> Answer {
        let path = format!("{KEYS}/{}", percent_encoded(name));
        self.send(Method::DELETE, &path, &self.key, None).await
    }

    /// The field `user_name` of a list of users.
    async fn users(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("/user?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.json());
        let users = answer.json();
        let users = users.as_array().unwrap();
        users.iter().map(|user| text(&user["user_name"])).collect()
    }
}

async fn first_key(server: &Server, email: &str, scopes: &[&str]) -> String {
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let administration = server.running.administration();
    let key = administration.add_aimms_key(email, "first", &scopes, 365);
    key.await.unwrap().to_string()
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
        encoded
    })
}

/// A day, as people choose it.
fn day_from_now(server: &Server, days: i64) -> String {
    let time = server.clock.now() / 1000 + days * 86_400;
    let day = time::OffsetDateTime::from_unix_timestamp(time)
        .unwrap()
        .date();
    day.to_string()
}

/// The moment that is so many days from now.
fn moment_from_now(server: &Server, days: i64) -> String {
    use time::format_description::well_known::Rfc3339;
    let time = server.clock.now() / 1000 + days * 86_400;
    let time = time::OffsetDateTime::from_unix_timestamp(time).unwrap();
    time.format(&Rfc3339).unwrap()
}

/// Checks that an answer is a refusal in the dialect's shape.
#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str, field: Option<&str>) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(body["error"], error, "{body}");
    assert!(text(&body["message"]).ends_with('.'));
    assert_eq!(body.get("field").and_then(Value::as_str), field, "{body}");
}

#[tokio::test]
async fn a_new_key_is_shown_once_and_works() {
    let aimms = Aimms::start().await;
    let answer = aimms.create("ci build", &["Tasks", "Authentication"]).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let made = answer.json();
    assert_eq!(made["name"], "ci build");
    assert_eq!(made["scopes"], json!(["Authentication", "Tasks"]));
    let end = day_from_now(&aimms.server, 30);
    assert_eq!(made["expiration_date"], format!("{end}T00:00:00.000Z"));
    let value = text(&made["value"]);
    let info = aimms.send(Method::GET, INFO, &value, None).await;
    assert_eq!(info.json()["user_name"], ADA);
    let list = aimms.get(KEYS).await;
    assert_eq!(aimms.names().await, ["ci build", "first"]);
    assert!(list.json()[0].get("value").is_none());
    assert!(
        !String::from_utf8(list.bytes)
            .unwrap()
            .contains(&value[30..])
    );
}

#[tokio::test]
async fn a_name_is_a_keys_identity_whatever_stands_in_it() {
    let aimms = Aimms::start().await;
    for name in [
        "a/b",
        "a b",
        "构建 服务器",
        "100%2F",
        "?query#x",
        "...",
        "@current",
    ] {
        let made = aimms.create(name, &["Session"]).await;
        assert_eq!(made.status, 201, "{name}");
        refused(
            &aimms.create(name, &["Session"]).await,
            409,
            "name_taken",
            Some("name"),
        );
        let upper = name.to_uppercase();
        if upper != name {
            refused(&aimms.delete(&upper).await, 404, "not_found", None);
        }
        assert_eq!(aimms.delete(name).await.status, 204, "{name}");
        refused(&aimms.delete(name).await, 404, "not_found", None);
        let value = text(&made.json()["value"]);
        let after = aimms.send(Method::GET, INFO, &value, None).await;
        refused(&after, 401, "invalid_key", None);
    }
    assert_eq!(aimms.names().await, ["first"]);
}

#[tokio::test]
async fn a_key_ends_within_a_year_and_never_is_not_offered() {
    let aimms = Aimms::start().await;
    let server = &aimms.server;
    let body = |end: Value| json!({ "name": "k", "expiration_date": end, "scopes": ["Session"] });
    for end in [
        json!(null),
        json!("never"),
        json!(""),
        json!(1_900_000_000_000_i64),
        json!(moment_from_now(server, 400)),
        json!(day_from_now(server, 400)),
        json!(moment_from_now(server, -1)),
        json!(day_from_now(server, 0)),
    ] {
        let answer = aimms.write(Method::POST, KEYS, &body(end.clone())).await;
        refused(&answer, 400, "invalid_entry", Some("expiration_date"));
    }
    let without = json!({ "name": "k", "scopes": ["Session"] });
    let answer = aimms.write(Method::POST, KEYS, &without).await;
    refused(&answer, 400, "invalid_entry", Some("expiration_date"));
    let a_year = json!(moment_from_now(server, 365));
    let answer = aimms.write(Method::POST, KEYS, &body(a_year)).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn a_key_fails_when_its_time_has_come() {
    let aimms = Aimms::start().await;
    let made = aimms.create("short", &["Session"]).await;
    let value = text(&made.json()["value"]);
    aimms.server.advance_hours(31 * 24);
    let answer = aimms.send(Method::GET, INFO, &value, None).await;
    refused(&answer, 401, "invalid_key", None);
    assert_eq!(answer.header("www-authenticate"), "apikey");
    assert_eq!(aimms.get(INFO).await.status, 200);
    assert_eq!(
        aimms.names().await,
        ["short", "first"],
        "it is still listed"
    );
}

#[tokio::test]
async fn names_and_scopes_are_checked() {
    let aimms = Aimms::start().await;
    let long = "x".repeat(129);
    for (name, scopes, field) in [
        ("", ALL, "name"),
        ("\u{200b}", ALL, "name"),
        ("a\nb", ALL, "name"),
        (".", ALL, "name"),
        (" .. ", ALL, "name"),
        (long.as_str(), ALL, "name"),
        ("k", &[], "scopes"),
        ("k", &["apikey"], "scopes"),
        ("k", &["APIKey", "Root"], "scopes"),
    ] {
        let answer = aimms.create(name, scopes).await;
        refused(&answer, 400, "invalid_entry", Some(field));
    }
}

#[tokio::test]
async fn scopes_come_from_the_server() {
    let aimms = Aimms::start().await;
    let scopes = aimms
        .get("/user/@current/authorization-scopes")
        .await
        .json();
    let names: Vec<String> = scopes
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| text(&scope["name"]))
        .collect();
    assert_eq!(names, ALL);
    assert_eq!(scopes[2]["description"], "Allows management of Tasks");
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_no_more() {
    let aimms = Aimms::start().await;
    let mut keys = Vec::new();
    for scope in ALL {
        let made = aimms.create(scope, &[scope]).await;
        keys.push((*scope, text(&made.json()["value"])));
    }
    let end = day_from_now(&aimms.server, 1);
    let new = json!({ "name": "other", "expiration_date": end, "scopes": ["Session"] });
    let password = json!({ "current_password": "x", "new_password": "y" });
    let nothing = json!({});
    for (method, path, body, scope) in [
        (Method::GET, KEYS, None, Some("APIKey")),
        (Method::POST, KEYS, Some(&new), Some("APIKey")),
        (
            Method::DELETE,
            "/user/@current/api-key/other",
            None,
            Some("APIKey"),
        ),
        (Method::GET, "/user", None, Some("Authentication")),
        (Method::GET, "/group", None, Some("Authentication")),
        (Method::GET, "/environment", None, Some("Authentication")),
        (
            Method::GET,
            "/environment/keydesk/ROOT/info",
            None,
            Some("Authentication"),
        ),
        (
            Method::GET,
            "/user/keydesk/ROOT/bob@example.org/info",
            None,
            Some("Authentication"),
        ),
        (Method::PATCH, INFO, Some(&nothing), Some("Authentication")),
        (
            Method::PUT,
            "/user/@current/password",
            Some(&password),
            Some("Authentication"),
        ),
        (
            Method::GET,
            "/user/@current/mfa",
            None,
            Some("Authentication"),
        ),
        (
            Method::POST,
            "/user/@current/mfa",
            Some(&password),
            Some("Authentication"),
        ),
        (Method::GET, INFO, None, None),
        (Method::GET, "/environment/@current/info", None, None),
        (
            Method::GET,
            "/user/@current/authorization-scopes",
            None,
            None,
        ),
    ] {
        for (given, key) in &keys {
            let answer = aimms.send(method.clone(), path, key, body).await;
            let allowed = scope.is_none_or(|scope| scope == *given);
            let refusal = answer.status == 403;
            assert_eq!(refusal, !allowed, "{method} {path} with {given}");
            // Some bodies are not what the operation takes; then the scope is looked at later.
            if refusal {
                refused(&answer, 403, "missing_scope", None);
            }
        }
    }
}

#[tokio::test]
async fn only_keys_of_this_dialect_count_and_only_here() {
    let aimms = Aimms::start().await;
    let token = aimms.server.ada().await;
    let (_, idmp) = aimms.server.key(&token, "idmp", None).await;
    for key in [token.as_str(), &idmp, "", "aimms_", &aimms.key[..40]] {
        let answer = aimms.send(Method::GET, INFO, key, None).await;
        refused(&answer, 401, "invalid_key", None);
    }
    let bare = aimms.server.request(Method::GET, &format!("{BASE}{INFO}"));
    refused(&aimms.server.send(bare).await, 401, "invalid_key", None);
    let bearer = aimms.server.get(&format!("{BASE}{INFO}"), &aimms.key).await;
    refused(&bearer, 401, "invalid_key", None);
    assert!(!aimms.server.is_good(&aimms.key).await, "not in IDMP");
    assert_eq!(aimms.names().await, ["first"], "IDMP's are not listed");
    let page = aimms.server.get("/api/v1/users/api-keys", &token).await;
    assert_eq!(page.data()["total"], 1, "nor are these there");
}

#[tokio::test]
async fn a_key_ends_with_its_owner() {
    let aimms = Aimms::start().await;
    let administration = aimms.server.running.administration();
    administration.deactivate(ADA).await.unwrap();
    refused(&aimms.get(INFO).await, 401, "invalid_key", None);
    administration.activate(ADA).await.unwrap();
    assert_eq!(aimms.get(INFO).await.status, 200);
    administration.delete_user(ADA).await.unwrap();
    refused(&aimms.get(INFO).await, 401, "invalid_key", None);
}

#[tokio::test]
async fn keys_of_others_are_out_of_reach() {
    let aimms = Aimms::start().await;
    aimms.create("mine", &["Session"]).await;
    let bobs = first_key(&aimms.server, BOB, ALL).await;
    let path = format!("{KEYS}/mine");
    let answer = aimms.send(Method::DELETE, &path, &bobs, None).await;
    refused(&answer, 404, "not_found", None);
    let list = aimms.send(Method::GET, KEYS, &bobs, None).await.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
}

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
async fn the_account_name_is_the_administrators_choice() {
    let aimms = Aimms::start_with(|options| options.account_name = "acme".to_owned()).await;
    assert_eq!(aimms.get(INFO).await.json()["account_name"], "acme");
    let environment = aimms.get("/environment/@current/info").await.json();
    assert_eq!(environment["account_name"], "acme");
    assert_eq!(environment["environment_name"], "ROOT");
    assert_eq!(aimms.get("/environment").await.json(), json!([environment]));
    assert_eq!(
        aimms.get("/environment/acme/ROOT/info").await.json(),
        environment
    );
    for path in [
        "/environment/keydesk/ROOT/info",
        "/environment/acme/root/info",
    ] {
        refused(&aimms.get(path).await, 404, "not_found", None);
    }
}

#[tokio::test]
async fn users_are_filtered_sorted_and_cut() {
    let aimms = Aimms::start().await;
    assert_eq!(aimms.users("").await, [ADA, BOB, SSO]);
    assert_eq!(aimms.users("user_name_contain_ci=BO").await, [BOB]);
    assert!(aimms.users("user_name_contain_cs=BO").await.is_empty());
    assert_eq!(aimms.users("user_name_in=bob@example.org,x").await, [BOB]);
    assert_eq!(
        aimms.users("user_name_not_in=bob@example.org").await,
        [ADA, SSO]
    );
    assert_eq!(aimms.users("sort=-user_name&limit=2").await, [SSO, BOB]);
    assert_eq!(
        aimms.users("sort=user_name&offset=2&limit=100").await,
        [SSO]
    );
    assert!(aimms.users("offset=3").await.is_empty());
    assert!(aimms.users("account_name_equal_cs=other").await.is_empty());
    for (query, field) in [
        ("user_name=bob", None),
        ("email_contain_ci=bob", None),
        ("sort=email", Some("sort")),
        ("limit=101", Some("limit")),
        ("limit=0", Some("limit")),
        ("limit=ten", Some("limit")),
        ("offset=-1", Some("offset")),
        ("limit=1&limit=2", Some("limit")),
    ] {
        let answer = aimms.get(&format!("/user?{query}")).await;
        refused(&answer, 400, "invalid_parameter", field);
    }
}

#[tokio::test]
async fn one_user_is_found_by_name_while_active() {
    let aimms = Aimms::start().await;
    let path = "/user/keydesk/ROOT/bob%40example.org/info";
    assert_eq!(aimms.get(path).await.json()["full_name"], "Bob Noyce");
    for path in [
        "/user/other/ROOT/bob%40example.org/info",
        "/user/keydesk/ROOT/BOB%40example.org/info",
        "/user/keydesk/ROOT/nobody/info",
        "/user/keydesk/ROOT/%FF/info",
    ] {
        refused(&aimms.get(path).await, 404, "not_found", None);
    }
    let administration = aimms.server.running.administration();
    administration.deactivate(BOB).await.unwrap();
    refused(&aimms.get(path).await, 404, "not_found", None);
    assert_eq!(aimms.users("").await, [ADA, SSO]);
}

#[tokio::test]
async fn groups_are_the_callers_organizations_and_no_others() {
    use keydesk_server::OrganizationRole::{Member, Owner};
    let aimms = Aimms::start().await;
    let administration = aimms.server.running.administration();
    let planners = administration.add_organization("Planners").await.unwrap();
    let secret = administration.add_organization("Secret").await.unwrap();
    administration
        .put_member(&planners, ADA, Owner)
        .await
        .unwrap();
    administration
        .put_member(&planners, BOB, Member)
        .await
        .unwrap();
    administration
        .put_member(&secret, BOB, Owner)
        .await
        .unwrap();
    let groups = aimms.get("/group?group_name_contain_ci=plan").await.json();
    assert_eq!(groups[0]["group_name"], "Planners");
    assert_eq!(aimms.get("/group").await.json(), groups);
    assert_eq!(
        aimms.get("/group/keydesk/ROOT/Planners/info").await.json(),
        groups[0]
    );
    let hidden = aimms.get("/group/keydesk/ROOT/Secret/info").await;
    refused(&hidden, 404, "not_found", None);
    assert_eq!(aimms.get(INFO).await.json()["groups"], json!(["Planners"]));
    let bob = aimms.get("/user/keydesk/ROOT/bob%40example.org/info").await;
    assert_eq!(bob.json()["groups"], json!(["Planners"]));
    let everyone = aimms.get("/user").await;
    assert!(
        !String::from_utf8(everyone.bytes)
            .unwrap()
            .contains("Secret")
    );
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
    for (method, path, body) in [
        (Method::PUT, "/user/@current/password", &password),
        (Method::POST, "/user/@current/mfa", &mfa),
    ] {
        let answer = aimms.send(method, path, &key, Some(body)).await;
        refused(&answer, 403, "single_sign_on", None);
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
    let app = crate::support::App::of(&text(&started.json()["uri"]));
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
async fn broken_bodies_and_paths_are_answered_in_the_dialects_shape() {
    let aimms = Aimms::start().await;
    let request = |method, path: &str| {
        let request = aimms.server.request(method, &format!("{BASE}{path}"));
        request.header("apikey", &aimms.key)
    };
    let send = |request| aimms.server.send(request);
    let form = request(Method::POST, KEYS).body("name=x");
    refused(&send(form).await, 415, "not_json", None);
    let json = |body: &'static str| {
        let request = request(Method::POST, KEYS).header("content-type", "application/json");
        request.body(body)
    };
    refused(&send(json("{")).await, 400, "malformed", None);
    refused(&send(json("{}")).await, 400, "invalid_entry", Some("name"));
    refused(&send(json("[1]")).await, 400, "invalid_entry", None);
    let huge = request(Method::POST, KEYS).header("content-type", "application/json");
    let huge = huge.body(vec![b' '; 2 * 1024 * 1024 + 1]);
    refused(&send(huge).await, 413, "too_large", None);
    refused(
        &send(request(Method::GET, "/nothing")).await,
        404,
        "not_found",
        None,
    );
    let method = send(request(Method::PUT, KEYS)).await;
    refused(&method, 405, "method_not_allowed", None);
    assert!(method.header("allow").contains("POST"));
    let foreign = request(Method::GET, INFO).header("host", "evil.example");
    refused(&send(foreign).await, 421, "not_this_server", None);
    let page = request(Method::GET, INFO).header("origin", "http://evil.example");
    refused(&send(page).await, 403, "foreign_origin", None);
    let nobody = request(Method::POST, KEYS).header("apikey", "second");
    refused(&send(nobody).await, 401, "invalid_key", None);
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

#[tokio::test]
async fn it_describes_itself_in_yaml() {
    let aimms = Aimms::start().await;
    let request = aimms
        .server
        .request(Method::GET, &format!("{BASE}/openapi.yaml"));
    let answer = aimms.server.send(request).await;
    assert_eq!(
        answer.header("content-type"),
        "application/yaml;charset=UTF-8"
    );
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.starts_with("openapi: 3.1"));
    for path in [
        "/user/@current/api-key",
        "/user/@current/api-key/{name}",
        "/user/@current/authorization-scopes",
        "/user/@current/info",
        "/user/@current/password",
        "/user/@current/mfa",
        "/environment/@current/info",
        "/environment/{account_name}/{environment_name}/info",
        "/group/{account_name}/{environment_name}/{group_name}/info",
        "/user/{account_name}/{environment_name}/{user_name}/info",
        "/user",
        "/group",
        "/environment",
    ] {
        assert!(text.contains(&format!("  {BASE}{path}:\n")), "{path}");
    }
    for word in ["user_name_contain_ci", "group_name_not_in", "name: apikey"] {
        assert!(text.contains(word), "{word}");
    }
}
