//! Organizations: seen by their members, each with keys of its own.

use keydesk_server::{AccountsError, OrganizationRole};
use reqwest::Method;
use serde_json::json;

use super::{Portal, ROOT, names, send};
use crate::support::{ADA, BOB, SSO};

const PATH: &str = "/portal/v1/organizations";

#[tokio::test]
async fn a_person_sees_their_own_with_what_they_are_there() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    let other = administration.add_organization("zeta").await.unwrap();
    let middle = administration.add_organization("Élan").await.unwrap();
    administration.add_organization("Nobody's").await.unwrap();
    for (id, role) in [
        (&other, OrganizationRole::Member),
        (&middle, OrganizationRole::Admin),
    ] {
        administration.put_member(id, ADA, role).await.unwrap();
    }
    let list = portal
        .server
        .get(PATH, &portal.token(ADA).await)
        .await
        .json();
    assert_eq!(names(&list), ["Acme", "zeta", "Élan"]);
    assert_eq!(
        list["items"][1],
        json!({ "id": other, "name": "zeta", "role": "member" })
    );
    assert_eq!(list["items"][0]["role"], "owner");
    let none = portal
        .server
        .get(PATH, &portal.token(SSO).await)
        .await
        .json();
    assert_eq!(none, json!({ "items": [], "next": null }));
}

#[tokio::test]
async fn the_list_is_read_in_parts() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    for name in ["Beta", "Gamma"] {
        let id = administration.add_organization(name).await.unwrap();
        let role = OrganizationRole::Member;
        administration.put_member(&id, ADA, role).await.unwrap();
    }
    let token = portal.token(ADA).await;
    let first = portal
        .server
        .get(&format!("{PATH}?limit=2"), &token)
        .await
        .json();
    assert_eq!(names(&first), ["Acme", "Beta"]);
    let cursor = first["next"].as_str().unwrap();
    let path = format!("{PATH}?limit=2&cursor={cursor}");
    let second = portal.server.get(&path, &token).await.json();
    assert_eq!(names(&second), ["Gamma"]);
    assert!(second["next"].is_null());
}

#[tokio::test]
async fn one_without_a_role_there_finds_nothing() {
    let portal = Portal::start().await;
    let path = portal.organization_keys();
    let metrics = path.replace("api-keys", "api-key-metrics");
    for (email, path, metrics) in [
        (SSO, path.clone(), metrics.clone()),
        (ROOT, path, metrics),
        (
            ADA,
            format!("{PATH}/none/api-keys"),
            format!("{PATH}/none/api-key-metrics"),
        ),
    ] {
        let token = portal.token(email).await;
        let body = json!({ "name": "ci" });
        for answer in [
            portal.server.get(&path, &token).await,
            portal.server.get(&metrics, &token).await,
            portal.server.post(&path, &token, &body).await,
            portal.server.get(&format!("{path}/x"), &token).await,
            portal.server.delete(&format!("{path}/x"), &token).await,
        ] {
            answer.problem(404, "not-found");
        }
    }
}

#[tokio::test]
async fn keys_are_found_in_their_own_organization_alone() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    let other = administration.add_organization("Other").await.unwrap();
    let role = OrganizationRole::Owner;
    administration.put_member(&other, ADA, role).await.unwrap();
    let token = portal.token(ADA).await;
    let body = json!({ "name": "ci" });
    let (id, value) = portal.key(&portal.organization_keys(), &token, &body).await;
    let elsewhere = format!("{PATH}/{other}/api-keys");
    let list = portal.server.get(&elsewhere, &token).await.json();
    assert_eq!(list["items"], json!([]));
    let path = format!("{elsewhere}/{id}");
    portal
        .server
        .get(&path, &token)
        .await
        .problem(404, "not-found");
    portal
        .server
        .delete(&path, &token)
        .await
        .problem(404, "not-found");
    let revocation = format!("{path}/revocation");
    let answer = send(&portal.server, Method::POST, &revocation, &token, None).await;
    answer.problem(404, "not-found");
    // The key itself sees its organization and no other.
    let seen = portal.server.get(PATH, &value).await.json();
    assert_eq!(names(&seen), ["Acme"]);
    let path = format!("/portal/v1/capabilities?organization={other}");
    portal
        .server
        .get(&path, &value)
        .await
        .problem(404, "not-found");
}

#[tokio::test]
async fn a_membership_takes_its_keys_along_for_good() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    let (token, path) = (portal.token(BOB).await, portal.organization_keys());
    let (_, value) = portal.key(&path, &token, &json!({ "name": "ci" })).await;
    assert_eq!(portal.read(&value).await.status, 200);
    administration
        .remove_member(&portal.organization, BOB)
        .await
        .unwrap();
    Portal::is_refused(&portal.read(&value).await);
    portal
        .server
        .get(&path, &token)
        .await
        .problem(404, "not-found");
    administration
        .put_member(&portal.organization, BOB, OrganizationRole::Member)
        .await
        .unwrap();
    Portal::is_refused(&portal.read(&value).await);
    let list = portal.server.get(&path, &token).await.json();
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn the_last_owner_of_others_stays() {
    let portal = Portal::start().await;
    let administration = portal.server.running.administration();
    let id = &portal.organization;
    let refused = |outcome: Result<(), AccountsError>| {
        assert!(
            matches!(outcome, Err(AccountsError::LastOwner)),
            "{outcome:?}"
        );
    };
    refused(administration.remove_member(id, ADA).await);
    let role = OrganizationRole::Admin;
    refused(administration.put_member(id, ADA, role).await);
    let role = OrganizationRole::Owner;
    administration.put_member(id, BOB, role).await.unwrap();
    administration.remove_member(id, ADA).await.unwrap();
    administration.remove_member(id, BOB).await.unwrap();
}
