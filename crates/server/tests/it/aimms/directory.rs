//! Who else is here.

use serde_json::json;

use super::{Aimms, INFO, refused};
use crate::support::{ADA, BOB, SSO};

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
    assert_eq!(aimms.users("user_name_contain_cs=ob%40").await, [BOB]);
    assert_eq!(
        aimms.users("user_name_equal_ci=BOB%40example.org").await,
        [BOB]
    );
    assert!(
        aimms
            .users("user_name_equal_cs=BOB%40example.org")
            .await
            .is_empty()
    );
    let both = "user_name_contain_ci=example&user_name_not_in=ada%40example.org&limit=1";
    assert_eq!(aimms.users(both).await, [BOB]);
    assert_eq!(aimms.users("environment_name_equal_ci=root").await.len(), 3);
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
