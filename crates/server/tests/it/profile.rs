//! The current user, the directory and the menus.

use serde_json::json;

use crate::support::{ADA, BOB, SSO, Server};

const PATH: &str = "/api/v1/users";

#[tokio::test]
async fn the_current_user_is_one_bare_object() {
    let server = Server::start().await;
    let me = server.get(PATH, &server.ada().await).await.json();
    for (name, value) in [
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("email", ADA),
        ("phone", ""),
        ("position", ""),
        ("description", ""),
        ("login_type", "LOCAL"),
        ("role", "user"),
    ] {
        assert_eq!(me[name], value, "{name}");
    }
    assert!(me["create_time"].as_i64().unwrap() > 1_700_000_000_000);
    assert!(me.get("password_hash").is_none());
}

#[tokio::test]
async fn a_profile_is_changed_and_trimmed() {
    let server = Server::start().await;
    let token = server.ada().await;
    let change = json!({
        "first_name": " Augusta ", "last_name": "King", "phone": "+44 20 7946 0958",
        "position": "Analyst", "description": "First line\nsecond line 🧮",
    });
    let answer = server.put(PATH, &token, &change).await.data();
    let me = server.get(PATH, &token).await.json();
    assert_eq!(answer, me);
    assert_eq!(me["first_name"], "Augusta");
    assert_eq!(me["description"], change["description"]);
    assert_eq!(me["phone"], change["phone"]);
}

#[tokio::test]
async fn what_is_absent_stays_and_an_empty_text_clears() {
    let server = Server::start().await;
    let token = server.ada().await;
    server
        .put(
            PATH,
            &token,
            &json!({ "position": "Analyst", "phone": "112" }),
        )
        .await
        .data();
    server
        .put(PATH, &token, &json!({ "position": "", "phone": null }))
        .await
        .data();
    let me = server.get(PATH, &token).await.json();
    assert_eq!(
        (me["position"].as_str(), me["phone"].as_str()),
        (Some(""), Some("112"))
    );
    assert_eq!(me["first_name"], "Ada");
}

#[tokio::test]
async fn what_may_not_be_changed_is_ignored() {
    let server = Server::start().await;
    let token = server.ada().await;
    let change = json!({
        "email": "eve@example.org", "role": "admin", "login_type": "OAUTH", "id": "1",
        "active": false, "firstName": "Augusta",
    });
    let me = server.put(PATH, &token, &change).await.data();
    assert_eq!(me["email"], ADA);
    assert_eq!(me["role"], "user");
    assert_eq!(me["login_type"], "LOCAL");
    assert_eq!(me["first_name"], "Augusta");
}

#[tokio::test]
async fn entries_that_break_a_rule_are_named_and_nothing_is_changed() {
    let server = Server::start().await;
    let token = server.ada().await;
    let long = "é".repeat(129);
    for (field, value) in [
        ("first_name", ""),
        ("first_name", "  "),
        ("first_name", "\u{200b}"),
        ("last_name", ""),
        ("first_name", long.as_str()),
        ("last_name", &"x".repeat(10_000)),
        ("first_name", "a\u{202e}b"),
        ("first_name", "a\u{0}b"),
        ("last_name", "a\nb"),
        ("position", &long),
        ("position", "a\tb"),
        ("phone", "call me"),
        ("phone", &"1".repeat(33)),
        ("description", &"x".repeat(2001)),
        ("description", "a\u{2066}b"),
    ] {
        let change = json!({ "position": "new", field: value });
        server
            .put(PATH, &token, &change)
            .await
            .refused(400, Some(field));
    }
    assert_eq!(server.get(PATH, &token).await.json()["position"], "");
    for value in [json!(3), json!([]), json!({}), json!(true)] {
        let answer = server
            .put(PATH, &token, &json!({ "first_name": value }))
            .await;
        answer.refused(400, Some("first_name"));
    }
}

#[tokio::test]
async fn limits_are_counted_in_characters() {
    let server = Server::start().await;
    let token = server.ada().await;
    let change = json!({ "first_name": "é".repeat(128), "description": "🧮".repeat(2000) });
    let me = server.put(PATH, &token, &change).await.data();
    assert_eq!(me["first_name"], change["first_name"]);
    assert_eq!(me["description"], change["description"]);
}

#[tokio::test]
async fn an_api_key_has_the_rights_of_its_owner_on_the_profile() {
    let server = Server::start().await;
    let (_, key) = server.key(&server.ada().await, "ci", None).await;
    server
        .put(PATH, &key, &json!({ "position": "Analyst" }))
        .await
        .data();
    assert_eq!(server.get(PATH, &key).await.json()["position"], "Analyst");
}

#[tokio::test]
async fn the_directory_lists_active_users_page_by_page() {
    let server = Server::start().await;
    let token = server.ada().await;
    let page = server
        .get("/api/v1/users/page?current=1&size=2", &token)
        .await
        .data();
    assert_eq!(
        (page["current"].as_u64(), page["size"].as_u64()),
        (Some(1), Some(2))
    );
    assert_eq!(page["total"], 3);
    let emails = |page: &serde_json::Value| -> Vec<String> {
        let rows = page["rows"].as_array().unwrap();
        rows.iter()
            .map(|row| crate::support::text(&row["email"]))
            .collect()
    };
    assert_eq!(emails(&page), [ADA, BOB]);
    assert!(page["rows"][0].get("phone").is_none());
    let page = server
        .get("/api/v1/users/page?current=2&size=2", &token)
        .await
        .data();
    assert_eq!(emails(&page), [SSO]);
    server
        .running
        .administration()
        .deactivate(BOB)
        .await
        .unwrap();
    let page = server.get("/api/v1/users/page", &token).await.data();
    assert_eq!(emails(&page), [ADA, SSO]);
}

#[tokio::test]
async fn pages_that_do_not_exist_are_empty_or_refused() {
    let server = Server::start().await;
    let token = server.ada().await;
    let far = server
        .get("/api/v1/users/page?current=4294967295&size=1000", &token)
        .await
        .data();
    assert_eq!(far["rows"], json!([]));
    let cut = server
        .get("/api/v1/users/page?size=5000", &token)
        .await
        .data();
    assert_eq!(cut["size"], 1000);
    for (query, field) in [
        ("current=0", "current"),
        ("size=0", "size"),
        ("current=-1", "current"),
        ("size=ten", "size"),
        ("size=4294967296", "size"),
    ] {
        let answer = server
            .get(&format!("/api/v1/users/page?{query}"), &token)
            .await;
        answer.refused(400, Some(field));
    }
}

#[tokio::test]
async fn the_menus_answer_every_good_credential() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (_, key) = server.key(&token, "ci", None).await;
    let menus = server.get("/api/v1/permissions/menus", &token).await.data();
    assert_eq!(menus.as_array().unwrap().len(), 2);
    let menus = server.get("/api/v1/permissions/menus", &key).await.data();
    assert_eq!(menus, json!([{ "id": "profile", "name": "Profile" }]));
    server
        .get("/api/v1/permissions/menus", "x")
        .await
        .refused(401, Some("authorization"));
}
