//! What can be done, as the server says it, and what its description confirms.

use keydesk_core::capabilities::{
    Availability, ExpirationChoice, KeyFormKind, KeyWords, PasswordRule, ProfileField, Reason,
    Reveal,
};
use keydesk_core::contract::{DescriptionSource, Finding};
use keydesk_core::organization::OrganizationId;
use keydesk_core::profile::{FactKind, LoginType};

use super::{ADA, ADMIN, BOB, Portal, READER, ROOT};

#[tokio::test]
async fn the_organization_portal_is_drawn_from_what_the_server_says() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let account = ada
        .provider
        .account(&ada.credential, Some(&portal.acme))
        .await
        .unwrap();
    assert_eq!(account.profile.email, ADA);
    assert_eq!(account.profile.first_name, "Ada");
    assert_eq!(account.profile.login_type, LoginType::Password);
    assert!(account.profile.facts.is_empty());
    let can = account.capabilities;
    let fields: Vec<_> = can
        .profile
        .fields
        .iter()
        .map(|rule| (rule.field, rule.edit.is_available()))
        .collect();
    assert_eq!(
        fields,
        [
            (ProfileField::FirstName, true),
            (ProfileField::LastName, true),
            (ProfileField::Email, false)
        ]
    );
    assert!(can.profile.saves_by_itself && can.profile.avatar.is_available());
    assert_eq!(can.profile.avatar_byte_limit, 1_000_000);
    assert_eq!(
        can.password.rules,
        [
            PasswordRule::MinimumLength { characters: 8 },
            PasswordRule::Uppercase,
            PasswordRule::Lowercase,
            PasswordRule::Digit,
            PasswordRule::Special
        ]
    );
    for offered in [
        can.password.change,
        can.second_factor.manage,
        can.second_factor.removal,
        can.sessions,
        can.security_log,
        can.organizations,
        can.api_keys.manage,
        can.api_keys.create,
    ] {
        assert!(offered.is_available(), "{offered:?}");
    }
    assert_eq!(
        can.deletion,
        Availability::unavailable(Reason::LastOfItsKind),
        "others need an owner"
    );
    assert!(can.second_factor.recovery_codes && can.second_factor.asks_for_password);
    let keys = can.api_keys;
    assert_eq!(keys.words, KeyWords::Description);
    assert_eq!(keys.expiration, ExpirationChoice::Fixed { days: 365 });
    assert_eq!(keys.reveal, Reveal::Once);
    assert!(keys.scopes.is_empty() && !keys.never_allowed && !keys.description);
    assert!(keys.revoke && keys.details && keys.metrics && keys.masked);
    let curl = keys.forms.last().unwrap();
    assert_eq!(curl.kind, KeyFormKind::Curl);
    let account_at = format!("{}/portal/v1/account", portal.running.url());
    assert!(curl.template.contains(&account_at), "{}", curl.template);
    assert_eq!(can.users.view, Availability::Absent, "of the other portal");
}

#[tokio::test]
async fn the_admin_portal_is_drawn_from_what_the_server_says() {
    let portal = Portal::start().await;
    for (email, may) in [
        (ROOT, [true, true, true, true, true]),
        (ADMIN, [true, false, true, false, false]),
        (READER, [false, false, false, false, false]),
    ] {
        let person = portal.person(email).await;
        let account = person.provider.account(&person.credential, None).await;
        let account = account.unwrap();
        let can = account.capabilities;
        let users = [
            can.users.view,
            can.users.create,
            can.users.edit,
            can.users.reset_password,
            can.users.delete,
        ];
        assert_eq!(users.map(Availability::is_available), may, "{email}");
        let refused = users.into_iter().filter(|act| !act.is_available());
        for refused in refused {
            assert_eq!(refused, Availability::unavailable(Reason::RoleInsufficient));
        }
        assert_eq!(can.organizations, Availability::Absent);
        assert!(!can.profile.saves_by_itself);
        assert_eq!(can.api_keys.words, KeyWords::Name);
        assert_eq!(can.api_keys.expiration, ExpirationChoice::Chosen);
        assert!(can.api_keys.never_allowed && can.api_keys.description);
        let scopes = usize::from(may[1]) + usize::from(may[0]) + 1;
        assert_eq!(can.api_keys.scopes.len(), scopes, "{email}");
        assert_eq!(account.profile.facts[0].kind, FactKind::Roles);
    }
}

#[tokio::test]
async fn who_left_the_organization_in_front_sees_their_account_all_the_same() {
    let portal = Portal::start().await;
    let bob = portal.person(BOB).await;
    for foreign in [portal.blue.clone(), OrganizationId("nowhere".into())] {
        let account = bob.provider.account(&bob.credential, Some(&foreign)).await;
        assert_eq!(account.unwrap().profile.email, BOB);
    }
}

#[tokio::test]
async fn the_servers_own_description_confirms_every_operation() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let learnt = ada.provider.learn_contract(&ada.credential).await;
    let learnt = learnt.unwrap().unwrap();
    assert_eq!(learnt.source, DescriptionSource::Server);
    let operations = ada.provider.operations();
    // What every server has beside its portal is not part of that description.
    let own = operations
        .iter()
        .filter(|row| !matches!(row.name.as_str(), "health" | "api-description"));
    let others: Vec<_> = own
        .filter(|row| learnt.findings.get(&row.name) != Some(&Finding::Confirmed))
        .map(|row| (&row.request, learnt.findings.get(&row.name)))
        .collect();
    assert_eq!(others, [], "{}", learnt.version);
}
