//! What an IDMP server can do, as its documentation describes it and as far as its own description,
//! where that was read, does not say otherwise.
//!
//! Not here: asking the server what this account may do. It has no published way to tell.

use keydesk_core::capabilities::{
    ApiKeyCapabilities, Availability, Capabilities, KeyForm, KeyWords, PasswordCapabilities,
    PasswordRule, ProfileCapabilities, ProfileField, ProfileFieldRule, Reason, Reveal,
    SecondFactorCapabilities,
};
use keydesk_core::instance::{ServerKind, SignInMethod};
use keydesk_core::profile::LoginType;
use url::Url;

use super::operations::Name;
use crate::key_forms::KeyForms;
use crate::operations::Operations;

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
    operations: &Operations<Name>,
    probe: &Url,
    method: SignInMethod,
    login_type: LoginType,
    password_rules: &[PasswordRule],
) -> Capabilities {
    let if_described = |documented, name| match documented {
        Availability::Available => operations.availability(name),
        otherwise => otherwise,
    };
    let update = operations.availability(Name::UpdateProfile);
    let can = |name| operations.availability(name).is_available();
    let with_api_key = Availability::Unavailable {
        reason: Reason::SignedInWithApiKey,
    };
    let by_key = method == SignInMethod::ApiKey;
    Capabilities {
        profile: ProfileCapabilities {
            fields: FIELDS.map(|field| field_rule(field, update)).to_vec(),
            saves_by_itself: false,
            avatar: operations.availability(Name::UploadAvatar),
            avatar_byte_limit: AVATAR_BYTE_LIMIT,
        },
        password: PasswordCapabilities {
            change: match login_type {
                LoginType::Password if by_key => with_api_key,
                LoginType::Password => operations.availability(Name::ChangePassword),
                LoginType::Directory | LoginType::SingleSignOn => Availability::Unavailable {
                    reason: Reason::PasswordKeptElsewhere,
                },
                LoginType::Unknown => Availability::Absent,
            },
            rules: password_rules.to_vec(),
            reset_mail: if_described(reset_mail(kind), Name::ResetMail),
        },
        api_keys: ApiKeyCapabilities {
            manage: if by_key {
                with_api_key
            } else {
                operations.availability(Name::ListKeys)
            },
            create: operations.availability(Name::CreateKey),
            delete: operations.availability(Name::DeleteKey),
            words: KeyWords::Title,
            never_allowed: true,
            expiration_editable: can(Name::EditExpiration),
            // Without a way to fetch it, a value is there when the key is made and not again.
            reveal: if can(Name::CopyKey) {
                Reveal::Again
            } else {
                Reveal::Once
            },
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
    KeyForms {
        header: "Authorization: Bearer {key}",
        more: match kind {
            ServerKind::IdmpCloud => r#" -H "Access-token: $CLOUD_TOKEN""#,
            _ => "",
        },
        environment: "export IDMP_API_KEY={key}",
        trial: probe,
    }
    .all()
}

fn field_rule(
    (field, required, maximum_length): (ProfileField, bool, u32),
    update: Availability,
) -> ProfileFieldRule {
    let edit = match field {
        ProfileField::Email => Availability::Unavailable {
            reason: Reason::TiedToSignIn,
        },
        _ => update,
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
    use std::collections::BTreeMap;

    use keydesk_core::contract::{DescriptionSource, Finding, LearntContract};
    use keydesk_core::instance::Instance;
    use keydesk_core::server_url::ServerUrl;
    use keydesk_core::time::Timestamp;

    use super::*;

    fn instance() -> Instance {
        let url = ServerUrl::parse("https://idmp.example", false).unwrap();
        Instance::new(ServerKind::IdmpSelfHosted, url, SignInMethod::Password)
    }

    fn of_instance(
        instance: &Instance,
        method: SignInMethod,
        login_type: LoginType,
    ) -> Capabilities {
        let operations = Operations::new(instance).unwrap();
        let probe = Url::parse("https://idmp.example/menus").unwrap();
        capabilities(instance.kind, &operations, &probe, method, login_type, &[])
    }

    fn of(method: SignInMethod, login_type: LoginType) -> Capabilities {
        of_instance(&instance(), method, login_type)
    }

    #[test]
    fn what_the_description_does_not_list_is_taken_off_with_its_reason() {
        let elsewhere = |request: &str| Finding::FoundElsewhere {
            request: request.to_owned(),
            fields: BTreeMap::new(),
        };
        let findings = [
            ("update-profile", Finding::Missing),
            ("change-password", elsewhere("PUT /me/password")),
            ("list-keys", elsewhere("GET /tokens")),
            ("create-key", Finding::Confirmed),
            ("copy-key", Finding::Missing),
            ("edit-expiration", Finding::Missing),
        ];
        let learnt = Instance {
            contract: Some(LearntContract {
                source: DescriptionSource::Server,
                version: String::new(),
                read_at: Timestamp(0),
                findings: findings
                    .map(|(name, found)| (name.to_owned(), found))
                    .into(),
                confirmed: ["list-keys".to_owned()].into(),
            }),
            ..instance()
        };
        let may = of_instance(&learnt, SignInMethod::Password, LoginType::Password);
        let gone = Availability::unavailable(Reason::NotDescribed);
        assert_eq!(may.profile.fields[0].edit, gone);
        assert_eq!(
            may.password.change,
            Availability::unavailable(Reason::Unconfirmed)
        );
        assert!(may.api_keys.manage.is_available(), "confirmed");
        assert!(may.api_keys.create.is_available());
        assert!(!may.api_keys.expiration_editable);
        assert_eq!(may.api_keys.reveal, Reveal::Once);
        assert!(may.profile.avatar.is_available(), "nothing was said of it");
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
