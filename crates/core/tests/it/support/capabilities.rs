//! What the fake server can do.

use keydesk_core::capabilities::{
    ApiKeyCapabilities, Availability, Capabilities, PasswordCapabilities, PasswordRule,
    ProfileCapabilities, ProfileField, ProfileFieldRule, Reason, Reveal,
};
use keydesk_core::instance::SignInMethod;
use keydesk_core::profile::LoginType;

pub(super) fn capabilities(
    method: SignInMethod,
    login_type: LoginType,
    reveal: Reveal,
) -> Capabilities {
    let rule = |field, required| ProfileFieldRule {
        field,
        edit: Availability::Available,
        required,
        maximum_length: 64,
    };
    Capabilities {
        profile: ProfileCapabilities {
            fields: vec![
                rule(ProfileField::FirstName, true),
                rule(ProfileField::LastName, false),
                rule(ProfileField::Phone, false),
            ],
            avatar: Availability::Available,
            avatar_byte_limit: 1_000_000,
        },
        password: PasswordCapabilities {
            change: if login_type == LoginType::Password {
                Availability::Available
            } else {
                Availability::Unavailable {
                    reason: Reason::PasswordKeptElsewhere,
                }
            },
            rules: vec![PasswordRule::MinimumLength { characters: 8 }],
            reset_mail: Availability::Available,
        },
        api_keys: ApiKeyCapabilities {
            manage: if method == SignInMethod::ApiKey {
                Availability::Unavailable {
                    reason: Reason::SignedInWithApiKey,
                }
            } else {
                Availability::Available
            },
            never_allowed: true,
            maximum_days: None,
            expiration_editable: true,
            reveal,
            title_maximum_length: 64,
            forms: Vec::new(),
        },
        second_factor: Availability::Absent,
    }
}
