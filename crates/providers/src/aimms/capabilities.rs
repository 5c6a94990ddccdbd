//! What the User Manager service can do for the person to whom the key belongs.
//!
//! Not here: asking the service for it (`provider`).

use keydesk_core::capabilities::{
    ApiKeyCapabilities, Availability, Capabilities, KeyForm, KeyWords, PasswordCapabilities,
    PortalPage, ProfileCapabilities, ProfileField, ProfileFieldRule, Reason, Reveal, Scope,
    SecondFactorCapabilities,
};
use url::Url;

use crate::key_forms::KeyForms;

/// "The maximum expiration date for any API key is 1 year from the creation date."
const MAXIMUM_DAYS: u32 = 365;
/// The longest name of a key, in characters. Assumed.
const NAME_LIMIT: u32 = 128;
/// The longest full name, in characters. Assumed.
const FULL_NAME_LIMIT: u32 = 256;
/// The longest email address (RFC 5321).
const EMAIL_LIMIT: u32 = 254;

/// What was found out about this account and this key.
pub(super) struct Found {
    pub(super) profile: Availability,
    pub(super) password: Availability,
    pub(super) mfa: Availability,
    /// Whether MFA must be had.
    pub(super) mfa_enforced: bool,
    pub(super) list_keys: Availability,
    pub(super) create_key: Availability,
    pub(super) delete_key: Availability,
    pub(super) scopes: Vec<Scope>,
    pub(super) directory: Availability,
}

pub(super) fn capabilities(found: Found, info: &Url) -> Capabilities {
    let removal = if found.mfa_enforced {
        Availability::unavailable(Reason::RequiredByPolicy)
    } else {
        found.mfa
    };
    Capabilities {
        profile: ProfileCapabilities {
            fields: vec![
                rule(
                    ProfileField::UserName,
                    Availability::unavailable(Reason::TiedToSignIn),
                    EMAIL_LIMIT,
                ),
                rule(ProfileField::FullName, found.profile, FULL_NAME_LIMIT),
                rule(ProfileField::Email, found.profile, EMAIL_LIMIT),
            ],
            ..ProfileCapabilities::default()
        },
        password: PasswordCapabilities {
            change: found.password,
            ..PasswordCapabilities::default()
        },
        api_keys: ApiKeyCapabilities {
            manage: found.list_keys,
            create: found.create_key,
            delete: found.delete_key,
            words: KeyWords::KeyName,
            scopes: found.scopes,
            never_allowed: false,
            maximum_days: Some(MAXIMUM_DAYS),
            reveal: Reveal::Once,
            title_maximum_length: NAME_LIMIT,
            title_unique: true,
            forms: forms(info),
            ..ApiKeyCapabilities::default()
        },
        second_factor: SecondFactorCapabilities {
            manage: found.mfa,
            removal,
            // Codes that it may hand out with MFA are shown then; it has no way to replace them.
            recovery_codes: false,
            asks_for_password: true,
        },
        directory: found.directory,
        pages: vec![
            PortalPage::Profile,
            PortalPage::Security,
            PortalPage::ApiKeys,
        ],
        ..Capabilities::default()
    }
}

fn rule(field: ProfileField, edit: Availability, maximum_length: u32) -> ProfileFieldRule {
    ProfileFieldRule {
        field,
        edit,
        required: field == ProfileField::FullName,
        maximum_length,
    }
}

/// How a key is handed on; what one may hold means nothing between double quotes.
fn forms(info: &Url) -> Vec<KeyForm> {
    KeyForms {
        header: "apikey: {key}",
        more: "",
        environment: r#"export AIMMS_API_KEY="{key}""#,
        trial: info,
    }
    .all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Found {
        Found {
            profile: Availability::Available,
            password: Availability::Available,
            mfa: Availability::Available,
            mfa_enforced: false,
            list_keys: Availability::Available,
            create_key: Availability::Available,
            delete_key: Availability::Available,
            scopes: Vec::new(),
            directory: Availability::Available,
        }
    }

    fn of(found: Found) -> Capabilities {
        let info = Url::parse("https://acme.example/pro/user-manager/v1/user/@current/info");
        capabilities(found, &info.unwrap())
    }

    #[test]
    fn a_key_lives_a_year_at_most_and_is_shown_once() {
        let keys = of(found()).api_keys;
        assert_eq!((keys.never_allowed, keys.maximum_days), (false, Some(365)));
        assert_eq!(keys.reveal, Reveal::Once);
        assert!(!keys.expiration_editable && keys.title_unique);
    }

    #[test]
    fn mfa_that_must_be_had_can_be_set_up_anew_and_not_removed() {
        let factor = of(Found {
            mfa_enforced: true,
            ..found()
        })
        .second_factor;
        assert!(factor.manage.is_available());
        assert_eq!(
            factor.removal,
            Availability::unavailable(Reason::RequiredByPolicy)
        );
    }

    #[test]
    fn a_key_is_handed_on_under_the_header_of_the_service() {
        let forms = of(found()).api_keys.forms;
        let templates: Vec<_> = forms.iter().map(|form| form.template.as_str()).collect();
        assert_eq!(
            templates,
            [
                "{key}",
                "apikey: {key}",
                "export AIMMS_API_KEY=\"{key}\"",
                "curl -H \"apikey: {key}\" \
                 \"https://acme.example/pro/user-manager/v1/user/@current/info\"",
            ]
        );
    }
}
