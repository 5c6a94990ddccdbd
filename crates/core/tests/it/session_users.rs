//! The administration of users: rules of form and of roles, before anything is sent.

use std::sync::Arc;

use keydesk_core::administration::{NewUser, User, UserEdit, UserId, UserQuery};
use keydesk_core::{ErrorCode, Field, Session};

use crate::support::{Fault, World, secret};

const USER_PASSWORD: &str = "canary-Initial-1!";

fn roles(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn new(email: &str, of: &[&str]) -> NewUser {
    NewUser {
        email: email.into(),
        display_name: " Grace ".into(),
        password: secret(USER_PASSWORD),
        roles: roles(of),
    }
}

fn edit_of(user: &User) -> UserEdit {
    UserEdit {
        display_name: user.display_name.clone(),
        roles: user.roles.clone(),
        active: user.active,
        version: user.version.clone(),
    }
}

async fn with_a_user() -> (World, Arc<Session>, User) {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let made = session
        .create_user(new(" grace@example.com ", &["read-only"]))
        .await
        .unwrap();
    (world, session, made)
}

#[tokio::test]
async fn a_user_is_made_listed_edited_and_given_a_password() {
    let (world, session, made) = with_a_user().await;
    assert_eq!(
        (made.email.as_str(), made.display_name.as_str()),
        ("grace@example.com", "Grace")
    );
    let listed = session.users(&UserQuery::default()).await.unwrap();
    assert_eq!(listed.users, std::slice::from_ref(&made));
    let edit = UserEdit {
        active: false,
        roles: roles(&["admin"]),
        ..edit_of(&made)
    };
    let edited = session
        .edit_user(&made.id, edit, &made.roles)
        .await
        .unwrap();
    assert!(!edited.active && edited.roles == ["admin"]);
    session
        .reset_user_password(&made.id, &secret("canary-Reset-2!"))
        .await
        .unwrap();
    assert_eq!(
        world.server.state().reset_to.as_deref(),
        Some("canary-Reset-2!")
    );
}

#[tokio::test]
async fn an_entry_that_breaks_a_rule_is_named_before_anything_is_sent() {
    let (world, session, made) = with_a_user().await;
    world.server.forget_calls();
    let weak = NewUser {
        password: secret("short"),
        ..new("a@example.com", &["admin"])
    };
    let nameless = NewUser {
        display_name: " ".into(),
        ..new("a@example.com", &["admin"])
    };
    let cases = [
        (
            new("grace", &["admin"]),
            ErrorCode::EmailInvalid,
            Field::Email,
        ),
        (new("a@example.com", &[]), ErrorCode::Required, Field::Roles),
        (
            new("a@example.com", &["super-admin"]),
            ErrorCode::InputRefused,
            Field::Roles,
        ),
        (
            new("a@example.com", &["root"]),
            ErrorCode::InputRefused,
            Field::Roles,
        ),
        (weak, ErrorCode::PasswordTooWeak, Field::NewPassword),
        (nameless, ErrorCode::Required, Field::DisplayName),
    ];
    for (user, code, field) in cases {
        let error = session.create_user(user).await.unwrap_err();
        assert_eq!((error.code, error.field), (code, Some(field)));
    }
    for (password, code) in [
        ("", ErrorCode::Required),
        ("short", ErrorCode::PasswordTooWeak),
    ] {
        let error = session
            .reset_user_password(&made.id, &secret(password))
            .await
            .unwrap_err();
        assert_eq!((error.code, error.field), (code, Some(Field::NewPassword)));
    }
    assert!(world.server.state().calls.is_empty());
}

#[tokio::test]
async fn a_role_beyond_ones_own_is_neither_given_nor_taken_and_may_stay() {
    let (world, session, made) = with_a_user().await;
    let both = roles(&["super-admin", "admin"]);
    world.server.state().users[0].roles = both.clone();
    let edit = |names: &[&str]| UserEdit {
        roles: roles(names),
        display_name: "Grace H".into(),
        ..edit_of(&made)
    };
    let refused = async |after: &[&str], before: &[&str]| {
        let before = roles(before);
        let error = session.edit_user(&made.id, edit(after), &before).await;
        let error = error.unwrap_err();
        assert_eq!(
            (error.code, error.field),
            (ErrorCode::InputRefused, Some(Field::Roles))
        );
    };
    refused(&["admin"], &["super-admin", "admin"]).await;
    refused(&["super-admin", "admin"], &["admin"]).await;
    assert_eq!(world.server.count("edit_user"), 0);
    let kept = edit(&["super-admin", "admin"]);
    session.edit_user(&made.id, kept, &both).await.unwrap();
}

#[tokio::test]
async fn an_edit_of_what_someone_else_has_changed_is_refused_by_the_server() {
    let (_world, session, made) = with_a_user().await;
    session
        .edit_user(&made.id, edit_of(&made), &made.roles)
        .await
        .unwrap();
    let late = session
        .edit_user(&made.id, edit_of(&made), &made.roles)
        .await;
    assert_eq!(late.unwrap_err().code, ErrorCode::Conflict);
}

#[tokio::test]
async fn what_the_role_does_not_allow_is_not_asked_for() {
    let (world, session, made) = with_a_user().await;
    let error = session.delete_user(&made.id).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotSupported);
    assert_eq!(world.server.count("delete_user"), 0);
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_user_and_a_reset_is_made_again() {
    let (world, session, made) = with_a_user().await;
    world
        .server
        .fail("create_user", Fault::Loses(ErrorCode::OutcomeUnknown));
    let error = session
        .create_user(new("other@example.com", &["admin"]))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::OutcomeUnknown);
    assert_eq!(world.server.state().users.len(), 2);
    world.server.fail(
        "reset_user_password",
        Fault::Loses(ErrorCode::OutcomeUnknown),
    );
    session
        .reset_user_password(&made.id, &secret("canary-Reset-2!"))
        .await
        .unwrap();
    let gone = UserId("nobody".into());
    let error = session
        .reset_user_password(&gone, &secret("canary-Reset-2!"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}
