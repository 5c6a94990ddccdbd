//! Organizations, and users under the permission table.

use keydesk_core::administration::{NewUser, User, UserEdit, UserId, UserQuery};
use keydesk_core::{ErrorCode, Field};

use super::{ADA, ADMIN, BOB, NEW_PASSWORD, PASSWORD, Person, Portal, READER, ROOT};
use crate::support::{code, secret};

fn new(email: &str, roles: &[&str]) -> NewUser {
    NewUser {
        email: email.to_owned(),
        display_name: "Grace Hopper".to_owned(),
        password: secret(PASSWORD),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
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

async fn all(person: &Person, search: &str) -> Vec<User> {
    let query = UserQuery {
        search: search.to_owned(),
        next: None,
    };
    let users = person.provider.administration().unwrap();
    let page = users.users(&person.credential, &query).await.unwrap();
    assert_eq!(page.total, Some(u32::try_from(page.users.len()).unwrap()));
    page.users
}

async fn found(person: &Person, email: &str) -> User {
    all(person, email).await.remove(0)
}

#[tokio::test]
async fn organizations_come_with_the_persons_role_and_by_name() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let organizations = ada.provider.organizations().unwrap();
    let mine = organizations.organizations(&ada.credential).await.unwrap();
    let mine: Vec<_> = mine
        .iter()
        .map(|one| (&one.id, one.name.as_str(), one.role.as_str()))
        .collect();
    assert_eq!(
        mine,
        [
            (&portal.acme, "Acme", "owner"),
            (&portal.blue, "blue", "member")
        ]
    );
    let bob = portal.person(BOB).await;
    let organizations = bob.provider.organizations().unwrap();
    let his = organizations.organizations(&bob.credential).await.unwrap();
    assert_eq!(his.len(), 1);
}

#[tokio::test]
async fn a_user_is_made_found_edited_given_a_password_and_deleted() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let users = root.provider.administration().unwrap();
    let made = users
        .create_user(&root.credential, &new("grace@example.org", &["read-only"]))
        .await
        .unwrap();
    assert_eq!(made.email, "grace@example.org");
    assert!(made.active && !made.is_self && made.last_login.is_none());

    let everyone = all(&root, "").await;
    assert_eq!(everyone.len(), 4, "those of the admin portal");
    assert_eq!(everyone.iter().filter(|user| user.is_self).count(), 1);
    assert_eq!(all(&root, " GRACE ").await, std::slice::from_ref(&made));
    assert!(all(&root, "nobody at all").await.is_empty());

    let edit = UserEdit {
        display_name: "Amazing Grace".to_owned(),
        roles: vec!["admin".to_owned(), "read-only".to_owned()],
        ..edit_of(&made)
    };
    let edited = users.edit_user(&root.credential, &made.id, &edit).await;
    let edited = edited.unwrap();
    assert_eq!(edited.display_name, "Amazing Grace");
    assert_eq!(edited.roles.len(), 2);
    let late = users.edit_user(&root.credential, &made.id, &edit).await;
    assert_eq!(code(late), ErrorCode::Conflict, "it began from the old row");
    let same = users
        .edit_user(&root.credential, &made.id, &edit_of(&edited))
        .await;
    assert_eq!(same.unwrap(), edited);

    users
        .reset_user_password(&root.credential, &made.id, &secret(NEW_PASSWORD))
        .await
        .unwrap();
    let grace = portal.provider();
    let signed_in = grace
        .sign_in(&made.email, &secret(NEW_PASSWORD), None)
        .await
        .unwrap();
    let inactive = UserEdit {
        active: false,
        ..edit_of(&found(&root, &made.email).await)
    };
    let inactive = users.edit_user(&root.credential, &made.id, &inactive).await;
    assert!(!inactive.unwrap().active);
    let ended = grace.probe(&signed_in.credential).await;
    assert_eq!(code(ended), ErrorCode::SignedOut);

    for _ in 0..2 {
        let deleted = users.delete_user(&root.credential, &made.id).await;
        deleted.unwrap();
    }
    assert_eq!(all(&root, "").await.len(), 3);
}

#[tokio::test]
async fn an_entry_that_breaks_a_rule_is_refused_in_its_field() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let users = root.provider.administration().unwrap();
    let refused = async |user: NewUser| {
        let error = users.create_user(&root.credential, &user).await;
        let error = error.unwrap_err();
        assert!(!format!("{error:?}").contains(PASSWORD));
        (error.code, error.field)
    };
    let nameless = NewUser {
        display_name: String::new(),
        ..new("x@example.org", &["admin"])
    };
    let weak = NewUser {
        password: secret("lowercase-only"),
        ..new("x@example.org", &["admin"])
    };
    for (user, code, field) in [
        (new(ADMIN, &["admin"]), ErrorCode::EmailTaken, Field::Email),
        (
            new("nobody", &["admin"]),
            ErrorCode::EmailInvalid,
            Field::Email,
        ),
        (new("x@example.org", &[]), ErrorCode::Required, Field::Roles),
        (
            new("x@example.org", &["king"]),
            ErrorCode::InputRefused,
            Field::Roles,
        ),
        (nameless, ErrorCode::Required, Field::DisplayName),
        (weak, ErrorCode::PasswordTooWeak, Field::NewPassword),
    ] {
        assert_eq!(refused(user).await, (code, Some(field)));
    }
    let admin = found(&root, ADMIN).await;
    let weak = users
        .reset_user_password(&root.credential, &admin.id, &secret("short"))
        .await
        .unwrap_err();
    assert_eq!(
        (weak.code, weak.field),
        (ErrorCode::PasswordTooWeak, Some(Field::NewPassword))
    );
    let nobody = UserId("no such user".to_owned());
    let gone = users
        .reset_user_password(&root.credential, &nobody, &secret(NEW_PASSWORD))
        .await;
    assert_eq!(code(gone), ErrorCode::NotFound);
    let gone = users
        .edit_user(&root.credential, &nobody, &edit_of(&admin))
        .await;
    assert_eq!(code(gone), ErrorCode::NotFound);
}

#[tokio::test]
async fn the_permission_table_holds_whatever_the_client_shows() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let (super_admin, target) = (found(&root, ROOT).await, found(&root, READER).await);
    for email in [ADMIN, READER, ADA] {
        let person = portal.person(email).await;
        let credential = &person.credential;
        let users = person.provider.administration().unwrap();
        let listed = users.users(credential, &UserQuery::default()).await;
        let rename = UserEdit {
            display_name: format!("by {email}"),
            ..edit_of(&target)
        };
        let edited = users.edit_user(credential, &target.id, &rename).await;
        assert_eq!(listed.is_ok(), email == ADMIN, "{email} looks");
        assert_eq!(edited.is_ok(), email == ADMIN, "{email} edits");
        let refused = [
            users
                .create_user(credential, &new("x@example.org", &["read-only"]))
                .await
                .err(),
            users
                .reset_user_password(credential, &target.id, &secret(NEW_PASSWORD))
                .await
                .err(),
            users.delete_user(credential, &target.id).await.err(),
            users
                .edit_user(
                    credential,
                    &super_admin.id,
                    &UserEdit {
                        active: false,
                        ..edit_of(&super_admin)
                    },
                )
                .await
                .err(),
        ];
        for error in refused {
            assert_eq!(error.unwrap().code, ErrorCode::Forbidden, "{email}");
        }
    }
}

#[tokio::test]
async fn nobody_does_it_to_themselves_and_the_last_super_admin_stays() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let users = root.provider.administration().unwrap();
    let me = found(&root, ROOT).await;
    assert!(me.is_self);
    let demoted = UserEdit {
        roles: vec!["admin".to_owned()],
        ..edit_of(&me)
    };
    let refused = [
        users.delete_user(&root.credential, &me.id).await.err(),
        users
            .reset_user_password(&root.credential, &me.id, &secret(NEW_PASSWORD))
            .await
            .err(),
        users
            .edit_user(&root.credential, &me.id, &demoted)
            .await
            .err(),
    ];
    for error in refused {
        let error = error.unwrap();
        assert_eq!(error.code, ErrorCode::Forbidden);
        assert!(error.detail.is_some(), "the server's sentence says why");
    }
}

#[tokio::test]
async fn long_lists_of_users_come_in_parts() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let administration = portal.running.administration();
    for number in 0..210 {
        let user = keydesk_server::NewUser {
            first_name: "Many".to_owned(),
            last_name: "People".to_owned(),
            email: format!("many{number}@example.org"),
            role: "user".to_owned(),
            sign_in: keydesk_server::SignInMethod::Elsewhere,
        };
        administration
            .add_portal_user(user, vec![keydesk_server::PortalRole::ReadOnly])
            .await
            .unwrap();
    }
    let users = root.provider.administration().unwrap();
    let mut query = UserQuery {
        search: "many".to_owned(),
        next: None,
    };
    let first = users.users(&root.credential, &query).await.unwrap();
    assert_eq!((first.users.len(), first.total), (200, Some(210)));
    query.next = first.next;
    let rest = users.users(&root.credential, &query).await.unwrap();
    assert_eq!((rest.users.len(), rest.next), (10, None));
}
