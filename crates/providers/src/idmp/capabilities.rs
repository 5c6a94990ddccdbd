//! What an IDMP server can do, as its documentation describes it.
//!
//! Not here: asking the server. It has no published way to tell.

use keydesk_core::capabilities::{
    ApiKeyCapabilities, Availability, Capabilities, KeyForm, KeyFormKind, KeyWords,
    PasswordCapabilities, PasswordRule, ProfileCapabilities, ProfileField, ProfileFieldRule,
    Reason, Reveal, SecondFactorCapabilities,
};
use keydesk_core::instance::{ServerKind, SignInMethod};
use keydesk_core::profile::LoginType;
use url::Url;

/// "smaller than 1 MB", read as the stricter of its two meanings.
const AVATAR_BYTE_LIMIT: u32 = 1_000_000;
/// The longest title of a key, in characters. Assumed.
const TITLE_LIMIT: u32 = 128;

/// Field, whether it is required, and its longest text in characters; the lengths are assumed.
const FIELDS: [(ProfileField, bool, u32); 6] = [
    (ProfileField::FirstName, true, 128),
    (ProfileField::LastName, true, 128),
    (ProfileField::Email, false, 254),
    (ProfileField::Phone, false, 32),
    (ProfileField::Position, false, 128),
    (ProfileField::Description, false, 2000),
];

pub(super) fn capabilities(
    kind: ServerKind,
    probe: &Url,
    method: SignInMethod,
    login_type: LoginType,
    password_rules: &[PasswordRule],
) -> Capabilities {
    let with_api_key = Availability::Unavailable {
        reason: Reason::SignedInWithApiKey,
    };
    let by_key = method == SignInMethod::ApiKey;
    Capabilities {
        profile: ProfileCapabilities {
            fields: FIELDS.map(field_rule).to_vec(),
            saves_by_itself: false,
            avatar: Availability::Available,
            avatar_byte_limit: AVATAR_BYTE_LIMIT,
        },
        password: PasswordCapabilities {
            change: match login_type {
                LoginType::Password if by_key => with_api_key,
                LoginType::Password => Availability::Available,
                LoginType::Directory | LoginType::SingleSignOn => Availability::Unavailable {
                    reason: Reason::PasswordKeptElsewhere,
                },
                LoginType::Unknown => Availability::Absent,
            },
            rules: password_rules.to_vec(),
            reset_mail: reset_mail(kind),
        },
        api_keys: ApiKeyCapabilities {
            manage: if by_key {
                with_api_key
            } else {
                Availability::Available
            },
            create: Availability::Available,
            words: KeyWords::Title,
            never_allowed: true,
            expiration_editable: true,
            reveal: Reveal::Again,
            masked: true,
            title_maximum_length: TITLE_LIMIT,
            title_unique: true,
            forms: forms(kind, probe),
            ..ApiKeyCapabilities::default()
        },
        second_factor: SecondFactorCapabilities {
            manage: Availability::unavailable(Reason::UnderDevelopment),
            ..SecondFactorCapabilities::default()
        },
        ..Capabilities::default()
    }
}

/// The cloud's password is kept by another service; the server on this computer sends no mail.
pub(super) fn reset_mail(kind: ServerKind) -> Availability {
    match kind {
        ServerKind::IdmpSelfHosted => Availability::Available,
        _ => Availability::Absent,
    }
}

/// How a key is handed on; the variables are named as in the vendor's own examples.
fn forms(kind: ServerKind, probe: &Url) -> Vec<KeyForm> {
    // Double quotes serve every shell; what would still mean something inside them is escaped.
    let mut address = probe.as_str().to_owned();
    for (character, escaped) in [("$", "%24"), ("`", "%60"), ("!", "%21"), ("\"", "%22")] {
        address = address.replace(character, escaped);
    }
    let second_token = match kind {
        ServerKind::IdmpCloud => r#" -H "Access-token: $CLOUD_TOKEN""#,
        _ => "",
    };
    let curl = format!(r#"curl -H "Authorization: Bearer {{key}}"{second_token} "{address}""#);
    let texts = [
        (KeyFormKind::Value, "{key}".to_owned()),
        (
            KeyFormKind::Header,
            "Authorization: Bearer {key}".to_owned(),
        ),
        (
            KeyFormKind::Environment,
            "export IDMP_API_KEY={key}".to_owned(),
        ),
        (KeyFormKind::Curl, curl),
    ];
    texts
        .map(|(kind, template)| KeyForm { kind, template })
        .to_vec()
}

fn field_rule((field, required, maximum_length): (ProfileField, bool, u32)) -> ProfileFieldRule {
    let edit = match field {
        ProfileField::Email => Availability::Unavailable {
            reason: Reason::TiedToSignIn,
        },
        _ => Availability::Available,
    };
    ProfileFieldRule {
        field,
        edit,
        required,
        maximum_length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: SignInMethod, login_type: LoginType) -> Capabilities {
        let probe = Url::parse("https://idmp.example/menus").unwrap();
        capabilities(ServerKind::IdmpSelfHosted, &probe, method, login_type, &[])
    }

    #[test]
    fn an_api_key_manages_neither_keys_nor_the_password() {
        let mine = of(SignInMethod::ApiKey, LoginType::Password);
        let reason = Reason::SignedInWithApiKey;
        assert_eq!(mine.api_keys.manage, Availability::Unavailable { reason });
        assert_eq!(mine.password.change, Availability::Unavailable { reason });
        assert!(mine.profile.avatar.is_available());
    }

    #[test]
    fn a_password_is_changed_only_where_it_is_kept() {
        let change = |login_type| of(SignInMethod::Password, login_type).password.change;
        assert!(change(LoginType::Password).is_available());
        for elsewhere in [
            LoginType::Directory,
            LoginType::SingleSignOn,
            LoginType::Unknown,
        ] {
            assert!(!change(elsewhere).is_available());
        }
    }

    #[test]
    fn the_email_cannot_be_edited() {
        let fields = of(SignInMethod::Password, LoginType::Password)
            .profile
            .fields;
        let locked: Vec<_> = fields
            .iter()
            .filter(|rule| !rule.edit.is_available())
            .collect();
        assert_eq!(locked.len(), 1);
        assert_eq!(locked[0].field, ProfileField::Email);
    }
    #[test]
    fn a_key_is_handed_on_without_any_other_secret_and_without_surprises_for_a_shell() {
        let probe = Url::parse("https://idmp.example/$(reboot)`x`!/menus").unwrap();
        let forms = forms(ServerKind::IdmpCloud, &probe);
        assert_eq!(forms[0].template, "{key}");
        assert_eq!(
            forms[3].template,
            "curl -H \"Authorization: Bearer {key}\" -H \"Access-token: $CLOUD_TOKEN\" \
             \"https://idmp.example/%24(reboot)%60x%60%21/menus\""
        );
        assert!(
            forms
                .iter()
                .all(|form| form.template.matches("{key}").count() == 1)
        );
    }
}
