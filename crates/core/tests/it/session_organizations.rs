//! Keys that belong to organizations, between which a person switches; and capabilities, which
//! depend on the one that is in front.

use std::sync::Arc;

use keydesk_core::api_key::{Expiration, NewApiKey};
use keydesk_core::organization::{Organization, OrganizationId};
use keydesk_core::{ErrorCode, Session};

use crate::support::{Fault, World};

fn new(title: &str) -> NewApiKey {
    NewApiKey {
        title: title.into(),
        description: String::new(),
        scopes: Vec::new(),
        expiration: Expiration::Never,
    }
}

fn id(name: &str) -> OrganizationId {
    OrganizationId(name.into())
}

async fn in_two_organizations() -> (World, Arc<Session>) {
    let mut world = World::new();
    let organization = |name: &str, role: &str| Organization {
        id: id(name),
        name: name.to_uppercase(),
        role: role.into(),
    };
    world.server.state().organizations = vec![
        organization("acme", "admin"),
        organization("blue", "viewer"),
    ];
    let session = world.signed_in(false).await;
    (world, session)
}

async fn titles(session: &Session, organization: &str) -> Vec<String> {
    let list = session.api_keys(Some(&id(organization))).await.unwrap();
    assert_eq!(list.organization, Some(id(organization)));
    list.keys.into_iter().map(|key| key.title).collect()
}

#[tokio::test]
async fn the_lists_of_two_organizations_do_not_mix() {
    let (world, session) = in_two_organizations().await;
    world.server.state().organizations[1].role = "member".into();
    let (acme, blue) = (id("acme"), id("blue"));
    for organization in [&acme, &blue] {
        // The same title is free in the other one.
        session
            .create_api_key(Some(organization), new("ci"), false)
            .await
            .unwrap();
    }
    session
        .create_api_key(Some(&acme), new("deploy"), false)
        .await
        .unwrap();
    let taken = session
        .create_api_key(Some(&acme), new("CI"), false)
        .await
        .unwrap_err();
    assert_eq!(taken.code, ErrorCode::TitleTaken);
    assert_eq!(titles(&session, "acme").await, ["deploy", "ci"]);
    assert_eq!(titles(&session, "blue").await, ["ci"]);
}

#[tokio::test]
async fn a_key_that_is_made_while_the_person_switches_goes_where_it_belongs() {
    let (world, session) = in_two_organizations().await;
    world.server.state().organizations[1].role = "member".into();
    titles(&session, "acme").await;
    let making = {
        let session = session.clone();
        tokio::spawn(async move {
            let acme = id("acme");
            session.create_api_key(Some(&acme), new("ci"), false).await
        })
    };
    while world.server.count("create_api_key") == 0 {
        tokio::task::yield_now().await;
    }
    titles(&session, "blue").await;
    making.await.unwrap().unwrap();
    session
        .create_api_key(Some(&id("blue")), new("ci"), false)
        .await
        .unwrap();
    assert_eq!(titles(&session, "blue").await, ["ci"]);
}

#[tokio::test]
async fn what_can_be_done_depends_on_the_organization_in_front() {
    let (world, session) = in_two_organizations().await;
    let may_create = async |organization: &str| {
        let organization = id(organization);
        let capabilities = session.capabilities(Some(&organization)).await.unwrap();
        capabilities.api_keys.create.is_available()
    };
    assert!(may_create("acme").await);
    assert!(!may_create("blue").await);
    assert!(may_create("acme").await);
    world.server.forget_calls();
    assert!(may_create("acme").await);
    assert_eq!(world.server.count("account"), 0, "known by now");

    let refused = session
        .create_api_key(Some(&id("blue")), new("ci"), false)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotSupported);
    assert_eq!(world.server.count("create_api_key"), 0);
}

#[tokio::test]
async fn a_key_can_be_deleted_whichever_organization_is_in_front() {
    let (world, session) = in_two_organizations().await;
    let made = session
        .create_api_key(Some(&id("acme")), new("ci"), false)
        .await
        .unwrap();
    session.account(Some(&id("blue"))).await.unwrap();
    session.delete_api_key(&made.created.key.id).await.unwrap();
    assert!(world.server.state().keys.is_empty());
}

#[tokio::test]
async fn after_a_start_the_organization_that_was_in_front_is_asked_about() {
    let (mut world, session) = in_two_organizations().await;
    let made = session
        .create_api_key(Some(&id("acme")), new("ci"), false)
        .await
        .unwrap();
    world.instance.organization = Some(id("acme"));
    let restarted = world.session();
    restarted
        .revoke_api_key(&made.created.key.id)
        .await
        .unwrap();
    world.server.forget_calls();
    let capabilities = restarted.capabilities(Some(&id("acme"))).await.unwrap();
    assert!(capabilities.api_keys.create.is_available());
    assert_eq!(world.server.count("account"), 0, "just heard");
}

#[tokio::test]
async fn whoever_needs_the_capabilities_waits_for_one_answer() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let callers: Vec<_> = (0..20)
        .map(|turn| {
            let session = session.clone();
            tokio::spawn(async move {
                if turn % 2 == 0 {
                    session.capabilities(None).await.map(drop)
                } else {
                    session.api_keys(None).await.map(drop)
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(world.server.count("account"), 1);
    session.account(None).await.unwrap();
    assert_eq!(
        world.server.count("account"),
        2,
        "who asks for the account gets it anew"
    );
}

#[tokio::test]
async fn capabilities_that_could_not_be_had_are_asked_for_again() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    world
        .server
        .fail("account", Fault::Refuses(ErrorCode::ServerFailed));
    let error = session.api_keys(None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ServerFailed);
    assert!(session.api_keys(None).await.is_ok());
}
