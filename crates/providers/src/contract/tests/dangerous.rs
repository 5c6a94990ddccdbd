//! Operations that look like one of ours and are another, each next to its twin that is ours.

use keydesk_core::contract::Finding;
use serde_json::{Value, json};

use super::{compared, instance};

fn finding(label: &str, paths: &Value) -> Finding {
    let mut paths = paths.clone();
    // So that the description is one of ours at all.
    paths["/api/v1/users/logout"] = json!({"post": {}});
    let document = json!({"openapi": "3.0.3", "info": {}, "paths": paths});
    let learnt = compared(&instance("https://a.example"), &document.to_string()).unwrap();
    learnt.findings[label].clone()
}

fn request(label: &str, paths: &Value) -> Option<String> {
    match finding(label, paths) {
        Finding::FoundElsewhere { request, .. } => Some(request),
        Finding::Confirmed | Finding::Missing => None,
    }
}

fn body(properties: &Value) -> Value {
    let required: Vec<_> = properties.as_object().unwrap().keys().collect();
    let schema = json!({"properties": properties, "required": required});
    json!({"content": {"application/json": {"schema": schema}}})
}

fn answer(schema: &Value) -> Value {
    json!({"200": {"content": {"application/json": {"schema": schema}}}})
}

fn keys() -> Value {
    answer(&json!({"type": "array", "items": {"properties":
        {"id": {"type": "string"}, "name": {"type": "string"}, "expires_at": {}}}}))
}

/// Each case is the twin with one thing changed.
#[test]
fn a_deletion_is_that_of_ones_own_key_or_none() {
    let delete = |path: &str, id: &str| {
        let operation = json!({"operationId": id, "tags": ["Tokens"]});
        let list = json!({"operationId": "listTokens", "responses": keys()});
        request(
            "delete-key",
            &json!({path: {"delete": operation}, "/api/tokens": {"get": list}}),
        )
    };
    let twin = delete("/api/tokens/{tokenId}", "deleteToken");
    assert_eq!(twin.as_deref(), Some("DELETE /api/tokens/{id}"));
    for (path, id) in [
        ("/api/tokens/{userId}", "deleteToken"),
        ("/api/tokens/{username}", "deleteToken"),
        ("/api/tokens/{account_id}", "deleteToken"),
        ("/api/tokens/{tokenId}", "deletePushToken"),
        ("/api/tokens/{tokenId}", "deleteInvitationToken"),
        ("/api/tokens/{tokenId}", "deleteAllTokens"),
        ("/api/tokens/{tokenId}", "bulkDeleteTokens"),
        ("/api/tokens/{tokenId}", "deleteUser"),
        ("/api/tokens/{tokenId}", "rotateToken"),
        ("/api/push/tokens/{tokenId}", "deleteToken"),
        ("/api/customers/tokens/{tokenId}", "deleteToken"),
        ("/api/users/{userId}/tokens/{tokenId}", "deleteToken"),
        ("/api/users/{tokenId}", "deleteToken"),
    ] {
        assert_eq!(delete(path, id), None, "{path} {id}");
    }
}

#[test]
fn a_password_is_that_of_the_person() {
    let fields = json!({"oldPassword": {"type": "string"}, "newPassword": {"type": "string"}});
    let change = |path: &str, id: &str| {
        let operation = json!({"operationId": id, "requestBody": body(&fields)});
        request("change-password", &json!({path: {"put": operation}}))
    };
    assert!(change("/users/me/password", "changePassword").is_some());
    for (path, id) in [
        ("/vault/password", "changePassword"),
        ("/api/wifi/password", "changePassword"),
        ("/admin/password", "changePassword"),
        ("/realms/password", "changePassword"),
        ("/users/me/password", "changeVaultPassword"),
        ("/users/me/password", "changeAllPasswords"),
    ] {
        assert_eq!(change(path, id), None, "{path} {id}");
    }
}

#[test]
fn what_an_operation_demands_beyond_ours_is_not_ours() {
    let list = |more: &Value| {
        let mut operation = json!({"operationId": "listApiKeys", "responses": keys()});
        operation["parameters"] = more.clone();
        request("list-keys", &json!({"/api-keys": {"get": operation}}))
    };
    for fits in [
        json!([]),
        json!([{"in": "header", "name": "Authorization", "required": true}]),
        json!([{"in": "header", "name": "X-Trace-Id"}]),
        json!([{"in": "query", "name": "page", "required": true}]),
    ] {
        assert!(list(&fits).is_some(), "{fits}");
    }
    for demands in [
        json!([{"in": "header", "name": "X-Tenant-Id", "required": true}]),
        json!([{"in": "query", "name": "projectId", "required": true}]),
        // Whoever may see others' keys gets all of them there.
        json!([{"in": "query", "name": "user_id"}]),
    ] {
        assert_eq!(list(&demands), None, "{demands}");
    }
}

#[test]
fn a_parameter_of_the_path_is_said_anew_by_its_operation() {
    let size = |required: bool| json!([{"in": "query", "name": "pageSize", "required": required}]);
    let operation = json!({"operationId": "listApiKeys", "parameters": size(false),
        "responses": keys()});
    let paths = json!({"/api-keys": {"parameters": size(true), "get": operation}});
    let Finding::FoundElsewhere { fields, .. } = finding("list-keys", &paths) else {
        panic!("it is there");
    };
    assert_eq!(fields["size"], "pageSize");
}

#[test]
fn a_number_that_is_said_to_be_seconds_or_days_is_no_point_in_time_of_ours() {
    let edit = |field: &Value| {
        let operation = json!({"operationId": "updateApiKey",
            "requestBody": body(&json!({"expiresAt": field}))});
        let list = json!({"operationId": "listApiKeys", "responses": keys()});
        request(
            "edit-expiration",
            &json!({"/api-keys/{id}": {"put": operation}, "/api-keys": {"get": list}}),
        )
    };
    for fits in [
        json!({"type": "integer"}),
        json!({"type": "integer", "description": "Unix time in milliseconds"}),
        json!({"type": "integer", "description": "In ms, at most 365 days ahead"}),
        json!({"type": "integer", "example": 1_767_225_600_000_i64}),
    ] {
        assert!(edit(&fits).is_some(), "{fits}");
    }
    for other in [
        json!({"type": "integer", "description": "Unix time in seconds."}),
        json!({"type": "integer", "description": "Days until it ends"}),
        json!({"type": "integer", "example": 1_767_225_600}),
        json!({"type": "integer", "maximum": 365}),
        json!({"type": "string"}),
    ] {
        assert_eq!(edit(&other), None, "{other}");
    }
}

#[test]
fn a_key_is_deleted_where_it_was_listed() {
    let delete = |list: &str, delete: &str| {
        let mut paths = json!({});
        paths[list]["get"] = json!({"operationId": "listKeys", "tags": ["api keys"],
            "responses": keys()});
        paths[delete]["delete"] = json!({"operationId": "delete", "tags": ["api keys", "tokens"]});
        request("delete-key", &paths)
    };
    for (list, at) in [
        ("/api-keys", "/api-keys/{id}"),
        ("/v2/api-keys", "/v1/api-keys/{id}"),
        ("/users/me/api-keys", "/api-keys/{keyId}"),
        ("/keys/", "/keys/{id}"),
    ] {
        assert!(delete(list, at).is_some(), "{list} {at}");
    }
    for (list, at) in [
        ("/nothing", "/api-keys/{id}"),
        ("/api-keys", "/tokens/{id}"),
        ("/shop/api-keys", "/stock/api-keys/{id}"),
        // At home the list has the ids of home.
        ("/api/v1/users/api-keys", "/tokens/{id}"),
    ] {
        assert_eq!(delete(list, at), None, "{list} {at}");
    }
}

#[test]
fn several_of_a_thing_are_not_the_thing() {
    let user = |email: &Value| {
        let user = json!({"properties": {"id": {}, "first_name": {}, "last_name": {},
            "email_addresses": email}});
        let operation = json!({"operationId": "getCurrentUser", "responses": answer(&user)});
        request("current-user", &json!({"/me": {"get": operation}}))
    };
    assert!(user(&json!({"type": "string"})).is_some());
    assert_eq!(user(&json!({"type": "array"})), None);
}

#[test]
fn what_stands_at_home_and_is_another_is_looked_for_elsewhere() {
    let user = json!({"properties": {"id": {}, "first_name": {}, "last_name": {}, "email": {}}});
    let fields = json!({"first_name": {"type": "string"}, "last_name": {"type": "string"}});
    let mut somebodys = fields.clone();
    somebodys["id"] = json!({"type": "string"});
    let mut paths = json!({
        "/api/v1/users": {
            "get": {"responses": answer(&json!({"type": "array", "items": user}))},
            "put": {"operationId": "updateUser", "requestBody": body(&somebodys)},
        },
        "/api/v1/users/me": {
            "get": {"operationId": "getCurrentUser", "responses": answer(&user)},
            "put": {"operationId": "updateCurrentUser", "requestBody": body(&fields)},
        },
    });
    let request = |paths: &Value, label| request(label, paths);
    assert_eq!(
        request(&paths, "current-user").as_deref(),
        Some("GET /api/v1/users/me")
    );
    assert_eq!(
        request(&paths, "update-profile").as_deref(),
        Some("PUT /api/v1/users/me")
    );
    // A question whose answer is not looked at may have any.
    let list = answer(&json!({"type": "array", "items": {"type": "string"}}));
    let menus = json!({"/api/v1/permissions/menus": {"get": {"responses": list}}});
    assert_eq!(finding("probe", &menus), Finding::Confirmed);
    // With nothing better, a list may be a slip of the description; a demand is none.
    paths["/api/v1/users/me"] = json!({});
    assert_eq!(finding("current-user", &paths), Finding::Confirmed);
    assert_eq!(finding("update-profile", &paths), Finding::Missing);
}

#[test]
fn other_names_in_the_query_are_other_names_at_home_too() {
    let list = |parameters: &Value| {
        let operation = json!({"responses": keys(), "parameters": parameters});
        finding(
            "list-keys",
            &json!({"/api/v1/users/api-keys": {"get": operation}}),
        )
    };
    let named = list(&json!([{"in": "query", "name": "pageNum"}, {"in": "query", "name": "size"}]));
    let Finding::FoundElsewhere { request, fields } = named else {
        panic!("{named:?}");
    };
    assert_eq!(request, "GET /api/v1/users/api-keys");
    assert_eq!(fields["current"], "pageNum");
    let demands = json!([{"in": "query", "name": "tenant", "required": true}]);
    assert_eq!(list(&demands), Finding::Missing);
}

#[test]
fn what_stands_beside_a_composition_counts() {
    let create = |required: &[&str]| {
        let base = json!({"properties": {"name": {"type": "string"},
            "expiresAt": {"type": "integer"}, "scopes": {"type": "array"}}});
        let schema = json!({"allOf": [base], "required": required});
        let operation = json!({"operationId": "createApiKey",
            "responses": answer(&json!({"properties": {"key": {"type": "string"}}})),
            "requestBody": {"content": {"application/json": {"schema": schema}}}});
        request("create-key", &json!({"/api-keys": {"post": operation}}))
    };
    assert!(create(&["name"]).is_some());
    assert_eq!(create(&["name", "scopes"]), None);
}
