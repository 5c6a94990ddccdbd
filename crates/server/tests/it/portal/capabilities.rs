//! The document of capabilities says what is done.

use serde_json::{Value, json};

use super::{ADMIN, Portal, READER, ROOT};
use crate::support::{ADA, SSO};

const PATH: &str = "/portal/v1/capabilities";

async fn of(portal: &Portal, email: &str) -> Value {
    let token = portal.token(email).await;
    let answer = portal.server.get(PATH, &token).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

fn field<'a>(capabilities: &'a Value, name: &str) -> &'a Value {
    let fields = capabilities["account"]["fields"].as_array().unwrap();
    let mut fields = fields.iter();
    fields
        .find(|field| field["name"] == name)
        .unwrap_or(&Value::Null)
}

#[tokio::test]
async fn in_an_organization_names_save_themselves_and_keys_live_for_a_year() {
    let portal = Portal::start().await;
    let rules = of(&portal, ADA).await;
    for name in ["firstName", "lastName"] {
        assert_eq!(field(&rules, name)["editable"], true);
        assert_eq!(field(&rules, name)["maxLength"], 128);
    }
    assert_eq!(field(&rules, "email")["editable"], false);
    assert_eq!(field(&rules, "displayName"), &Value::Null);
    assert_eq!(rules["account"]["savesByItself"], true);
    let keys = &rules["apiKeys"];
    assert_eq!(keys["manage"], json!({ "allowed": true }));
    assert_eq!(keys["nameLabel"], "description");
    assert_eq!(keys["expiration"], "fixed");
    assert_eq!(
        (&keys["defaultDays"], &keys["maximumDays"]),
        (&json!(365), &json!(365))
    );
    assert_eq!(keys["neverAllowed"], false);
    assert_eq!(keys["scopes"], json!([]));
    let denied = json!({ "allowed": false, "reason": "role-insufficient" });
    for act in ["view", "create", "edit", "resetPassword", "delete"] {
        assert_eq!(rules["users"][act], denied, "{act}");
    }
    let policy = &rules["account"]["password"]["policy"];
    assert_eq!(
        policy[0],
        json!({ "rule": "minimumLength", "characters": 8 })
    );
    assert_eq!(policy.as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn in_the_admin_portal_keys_are_as_wide_and_as_long_as_roles_allow() {
    let portal = Portal::start().await;
    for (email, scopes, grantable, may) in [
        (
            ROOT,
            &["read", "write", "admin"][..],
            [true, true, true],
            [true, true, true],
        ),
        (
            ADMIN,
            &["read", "write"],
            [false, true, true],
            [true, true, false],
        ),
        (
            READER,
            &["read"],
            [false, false, false],
            [false, false, false],
        ),
    ] {
        let rules = of(&portal, email).await;
        let names: Vec<_> = rules["apiKeys"]["scopes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|scope| scope["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, scopes, "{email}");
        let users = &rules["users"];
        for (number, allowed) in grantable.into_iter().enumerate() {
            assert_eq!(
                users["roles"][number]["grantable"], allowed,
                "{email} {number}"
            );
        }
        for (act, allowed) in ["view", "edit", "delete"].into_iter().zip(may) {
            assert_eq!(users[act]["allowed"], allowed, "{email} {act}");
        }
        assert_eq!(users["create"], users["delete"]);
        assert_eq!(users["resetPassword"], users["delete"]);
        assert_eq!(rules["account"]["savesByItself"], false);
        assert_eq!(field(&rules, "displayName")["editable"], true);
        let keys = &rules["apiKeys"];
        assert_eq!(keys["expiration"], "chosen");
        assert_eq!(
            (&keys["maximumDays"], &keys["neverAllowed"]),
            (&Value::Null, &json!(true))
        );
        assert_eq!(keys["scopesRequired"], true);
    }
}

#[tokio::test]
async fn who_belongs_nowhere_or_signs_in_elsewhere_is_told_why() {
    let portal = Portal::start().await;
    let rules = of(&portal, SSO).await;
    let keys = &rules["apiKeys"];
    let denied = json!({ "allowed": false, "reason": "role-insufficient" });
    assert_eq!((&keys["manage"], &keys["create"]), (&denied, &denied));
    let password = &rules["account"]["password"];
    assert_eq!(password["allowed"], false);
    assert_eq!(password["reason"], "single-sign-on");
    assert_eq!(rules["account"]["secondFactor"]["reason"], "single-sign-on");
}

#[tokio::test]
async fn with_a_key_what_needs_a_session_says_so() {
    let portal = Portal::start().await;
    let body = json!({ "name": "ci" });
    let token = portal.token(ADA).await;
    let key = portal
        .key(&portal.organization_keys(), &token, &body)
        .await
        .1;
    let rules = portal.server.get(PATH, &key).await.json();
    let denied = json!({ "allowed": false, "reason": "session-required" });
    assert_eq!(rules["apiKeys"]["manage"], denied);
    assert_eq!(rules["account"]["sessions"], denied);
    assert_eq!(rules["account"]["deletion"], denied);
    assert_eq!(field(&rules, "firstName")["reason"], "session-required");
    assert_eq!(rules["organizations"], json!({ "allowed": true }));
}

#[tokio::test]
async fn who_may_not_delete_their_account_is_told_why() {
    let portal = Portal::start().await;
    for (email, reason) in [
        (ADA, Some("last-owner")),
        (ROOT, Some("last-super-admin")),
        (ADMIN, None),
    ] {
        let deletion = &of(&portal, email).await["account"]["deletion"];
        assert_eq!(deletion["allowed"], reason.is_none(), "{email}");
        assert_eq!(deletion["reason"].as_str(), reason, "{email}");
    }
}

#[tokio::test]
async fn the_rules_of_an_organization_are_for_its_members() {
    let portal = Portal::start().await;
    let path = format!("{PATH}?organization={}", portal.organization);
    let token = portal.token(ADA).await;
    let rules = portal.server.get(&path, &token).await.json();
    assert_eq!(rules["apiKeys"]["create"], json!({ "allowed": true }));
    let answer = portal.server.get(&path, &portal.token(SSO).await).await;
    answer.problem(404, "not-found");
    let path = format!("{PATH}?organization=a&organization=b");
    portal
        .server
        .get(&path, &token)
        .await
        .problem(400, "malformed");
}
