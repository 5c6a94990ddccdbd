//! Who may do what to the users of the admin portal: the table of the portal's own
//! documentation, and never oneself.

use keydesk_server::OrganizationRole;
use serde_json::json;

use super::users::{PATH, edit, id_of, new_user, reset};
use super::{ADMIN, Portal, READER, ROOT};
use crate::support::{ADA, Answer};

#[tokio::test]
async fn the_permission_table_is_kept_whatever_the_client_shows() {
    let portal = Portal::start().await;
    let reader_id = id_of(&portal, READER).await;
    let user = new_user("eve@example.org", &["read-only"]);
    let name = json!({ "displayName": "Other" });
    for (email, may_look, may_administer) in [
        (ROOT, true, true),
        (ADMIN, true, false),
        (READER, false, false),
        (ADA, false, false),
    ] {
        let token = portal.token(email).await;
        let check = |answer: Answer, may: bool| {
            if may {
                assert!(answer.status.is_success(), "{email}: {}", answer.status);
            } else {
                answer.problem(403, "role-insufficient");
            }
        };
        check(portal.server.get(PATH, &token).await, may_look);
        let path = format!("{PATH}/{reader_id}");
        check(portal.server.get(&path, &token).await, may_look);
        // On oneself the name, too; the reader has no right to it anyway.
        check(edit(&portal, &token, &reader_id, &name).await, may_look);
        check(
            portal.server.post(PATH, &token, &user).await,
            may_administer,
        );
        let nothing = portal.server.post(PATH, &token, &json!({})).await;
        if may_administer {
            nothing.entry("/email", "required");
        } else {
            check(nothing, false);
        }
        check(reset(&portal, &token, &reader_id).await, may_administer);
        if may_administer {
            let id = id_of(&portal, "eve@example.org").await;
            check(
                portal.server.delete(&format!("{PATH}/{id}"), &token).await,
                true,
            );
        } else {
            check(portal.server.delete(&path, &token).await, false);
        }
    }
}

#[tokio::test]
async fn nobody_touches_themselves() {
    let portal = Portal::start().await;
    let token = portal.token(ROOT).await;
    let id = id_of(&portal, ROOT).await;
    for body in [
        json!({ "roles": ["super-admin", "admin"] }),
        json!({ "roles": ["read-only"] }),
        json!({ "status": "inactive" }),
    ] {
        edit(&portal, &token, &id, &body)
            .await
            .problem(403, "not-on-yourself");
    }
    let same = json!({ "displayName": "Root", "roles": ["super-admin"], "status": "active" });
    assert_eq!(edit(&portal, &token, &id, &same).await.status, 200);
    reset(&portal, &token, &id)
        .await
        .problem(403, "not-on-yourself");
    let path = format!("{PATH}/{id}");
    portal
        .server
        .delete(&path, &token)
        .await
        .problem(403, "not-on-yourself");
    let admin = portal.token(ADMIN).await;
    let own = id_of(&portal, ADMIN).await;
    let body = json!({ "roles": ["admin", "read-only"] });
    edit(&portal, &admin, &own, &body)
        .await
        .problem(403, "not-on-yourself");
}

#[tokio::test]
async fn an_admin_neither_gives_nor_takes_nor_touches_super_admin() {
    let portal = Portal::start().await;
    let admin = portal.token(ADMIN).await;
    let (root, reader) = (id_of(&portal, ROOT).await, id_of(&portal, READER).await);
    let own = id_of(&portal, ADMIN).await;
    for (id, body) in [
        (&reader, json!({ "roles": ["super-admin"] })),
        (&root, json!({ "roles": ["admin"] })),
        (&root, json!({ "status": "inactive" })),
        (&root, json!({ "displayName": "Eve" })),
    ] {
        edit(&portal, &admin, id, &body)
            .await
            .problem(403, "role-insufficient");
    }
    let body = json!({ "roles": ["super-admin"] });
    edit(&portal, &admin, &own, &body)
        .await
        .problem(403, "not-on-yourself");
    for body in [
        json!({ "roles": ["admin"] }),
        json!({ "status": "inactive" }),
    ] {
        assert_eq!(edit(&portal, &admin, &reader, &body).await.status, 200);
    }
}

#[tokio::test]
async fn a_super_admin_makes_another_and_is_replaced_by_them() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let (root_id, admin_id) = (id_of(&portal, ROOT).await, id_of(&portal, ADMIN).await);
    let up = json!({ "roles": ["super-admin"] });
    assert_eq!(edit(&portal, &root, &admin_id, &up).await.status, 200);
    let other = portal.token(ADMIN).await;
    let down = json!({ "roles": ["read-only"] });
    assert_eq!(edit(&portal, &other, &root_id, &down).await.status, 200);
    // What was allowed a moment ago no longer is.
    edit(&portal, &root, &admin_id, &down)
        .await
        .problem(403, "role-insufficient");
    let path = format!("{PATH}/{admin_id}");
    portal
        .server
        .delete(&path, &root)
        .await
        .problem(403, "role-insufficient");
}

#[tokio::test]
async fn a_key_does_what_both_its_scopes_and_its_owners_role_allow() {
    let portal = Portal::start().await;
    let root = portal.token(ROOT).await;
    let reader_id = id_of(&portal, READER).await;
    let mut keys = Vec::new();
    for scopes in [&["read"][..], &["write"], &["admin"]] {
        keys.push(portal.admin_key(&root, scopes).await.1);
    }
    let name = json!({ "displayName": "Other" });
    for (index, key) in keys.iter().enumerate() {
        let check = |answer: Answer, scope: usize| {
            if index == scope {
                assert!(answer.status.is_success(), "{scope}: {}", answer.status);
            } else {
                answer.problem(403, "scope-insufficient");
            }
        };
        check(portal.server.get(PATH, key).await, 0);
        check(edit(&portal, key, &reader_id, &name).await, 1);
        let user = new_user("eve@example.org", &["admin"]);
        check(portal.server.post(PATH, key, &user).await, 2);
        check(reset(&portal, key, &reader_id).await, 2);
    }
    let own = id_of(&portal, ROOT).await;
    reset(&portal, &keys[2], &own)
        .await
        .problem(403, "not-on-yourself");
    // Another super-admin takes the role: the key keeps its scopes, and they count no more.
    let up = json!({ "roles": ["super-admin"] });
    edit(&portal, &root, &id_of(&portal, ADMIN).await, &up).await;
    let admin = portal.token(ADMIN).await;
    let down = json!({ "roles": ["read-only"] });
    assert_eq!(edit(&portal, &admin, &own, &down).await.status, 200);
    for answer in [
        portal.server.get(PATH, &keys[0]).await,
        edit(&portal, &keys[1], &reader_id, &name).await,
        reset(&portal, &keys[2], &reader_id).await,
    ] {
        answer.problem(403, "role-insufficient");
    }
}

#[tokio::test]
async fn a_key_of_an_organization_has_nothing_of_its_owners_roles_here() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    administration
        .put_member(&portal.organization, ROOT, OrganizationRole::Viewer)
        .await
        .unwrap();
    let root = portal.token(ROOT).await;
    let reader_id = id_of(&portal, READER).await;
    let body = json!({ "name": "ci" });
    let (_, key) = portal.key(&portal.organization_keys(), &root, &body).await;
    assert_eq!(portal.read(&key).await.status, 200);
    for path in [PATH.to_owned(), format!("{PATH}/{reader_id}")] {
        let answer = portal.server.get(&path, &key).await;
        answer.problem(403, "role-insufficient");
        assert_eq!(portal.server.get(&path, &root).await.status, 200);
    }
    let name = json!({ "displayName": "Other" });
    let edited = edit(&portal, &key, &reader_id, &name).await;
    edited.problem(403, "scope-insufficient");
    let account = portal.server.get("/portal/v1/account", &key).await.json();
    assert_eq!(account["persona"], "organization");
    assert_eq!(account["roles"], json!([]));
    for query in ["", &format!("?organization={}", portal.organization)] {
        let path = format!("/portal/v1/capabilities{query}");
        let seen = portal.server.get(&path, &key).await.json();
        let denied = json!({ "allowed": false, "reason": "role-insufficient" });
        assert_eq!(seen["users"]["view"], denied, "{query}");
        assert_eq!(seen["apiKeys"]["expiration"], "fixed", "{query}");
    }
}
