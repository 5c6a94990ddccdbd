//! What a portal answers on the safety of an account: second factor, sessions, log, deletion.
//!
//! Not here: everything else that it answers, and how fields are read (`wire`).

use keydesk_core::account_security::{
    AccountSession, AccountSessionId, Consequence, ConsequenceKind, SecurityEvent,
    SecurityEventKind,
};
use keydesk_core::second_factor::{Enrolment, SecondFactor};
use keydesk_vault::SecretString;
use serde_json::Value;

use super::wire::{at, count, id, is_true, secret, words};
use crate::json::{field, text};

/// What is known of the second factor.
pub(super) fn second_factor(value: &Value) -> Option<SecondFactor> {
    let enabled = field(value, &["enabled"])?.as_bool()?;
    Some(SecondFactor {
        enabled,
        since: at(value, "since"),
        recovery_codes_left: count(value, "recoveryCodesLeft").filter(|_| enabled),
    })
}

/// A second factor that is being set up.
pub(super) fn enrolment(value: &Value) -> Option<Enrolment> {
    let uri = secret(value, "uri")?;
    uri.expose().starts_with("otpauth://").then_some(())?;
    Some(Enrolment {
        uri,
        secret: secret(value, "secret")?,
    })
}

/// Recovery codes; one at least.
pub(super) fn recovery_codes(value: &Value) -> Option<Vec<SecretString>> {
    let codes = value.get("recoveryCodes")?.as_array()?.iter().map(|code| {
        let code = code.as_str()?;
        Some(SecretString::from(code.to_owned()))
    });
    let codes: Vec<SecretString> = codes.collect::<Option<_>>()?;
    (!codes.is_empty()).then_some(codes)
}

/// A session of the account.
pub(super) fn session(value: &Value) -> Option<AccountSession> {
    Some(AccountSession {
        id: AccountSessionId(id(value)?),
        created: at(value, "createdAt")?,
        last_used: at(value, "lastUsedAt"),
        expires: at(value, "expiresAt"),
        user_agent: words(value, "userAgent"),
        address: words(value, "address"),
        current: is_true(value, "current"),
    })
}

/// An entry of the security log.
pub(super) fn security_event(value: &Value) -> Option<SecurityEvent> {
    use SecurityEventKind as Kind;
    Some(SecurityEvent {
        id: id(value)?,
        at: at(value, "at")?,
        kind: match text(value, &["event"])?.as_str() {
            "signed-in" => Kind::SignedIn,
            "sign-in-failed" => Kind::SignInFailed,
            "signed-out" => Kind::SignedOut,
            "session-ended" => Kind::SessionEnded,
            "password-changed" => Kind::PasswordChanged,
            "password-reset" => Kind::PasswordReset,
            "second-factor-enabled" => Kind::SecondFactorEnabled,
            "second-factor-disabled" => Kind::SecondFactorDisabled,
            "recovery-code-used" => Kind::RecoveryCodeUsed,
            "recovery-codes-replaced" => Kind::RecoveryCodesReplaced,
            "profile-changed" => Kind::ProfileChanged,
            "avatar-changed" => Kind::AvatarChanged,
            "api-key-created" => Kind::ApiKeyCreated,
            "api-key-revoked" => Kind::ApiKeyRevoked,
            "api-key-deleted" => Kind::ApiKeyDeleted,
            "role-changed" => Kind::RoleChanged,
            _ => Kind::Other,
        },
        subject: words(value, "subject"),
        user_agent: words(value, "userAgent"),
        address: words(value, "address"),
    })
}

/// What is gone with the account. Of what there is none, nothing is lost.
pub(super) fn consequences(value: &Value) -> Option<Vec<Consequence>> {
    let all = field(value, &["consequences"])?.as_array()?.iter();
    let all = all.map(|value| {
        let kind = match words(value, "code").as_str() {
            "account" => ConsequenceKind::Account,
            "apiKeys" => ConsequenceKind::ApiKeys,
            "organizations" => ConsequenceKind::Organizations,
            "ownedOrganizations" => ConsequenceKind::OwnedOrganizations,
            "sessions" => ConsequenceKind::Sessions,
            _ => ConsequenceKind::Other,
        };
        Some(Consequence {
            kind,
            text: text(value, &["text"])?,
            // There is one account, always.
            count: count(value, "count").filter(|_| kind != ConsequenceKind::Account),
        })
    });
    let mut all: Vec<_> = all.collect::<Option<_>>()?;
    all.retain(|consequence| consequence.count != Some(0));
    Some(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_app_must_learn_is_an_address_for_apps() {
        let with = |uri: &str| json!({"secret": "JBSWY3DP", "uri": uri});
        assert!(enrolment(&with("otpauth://totp/Keydesk?secret=JBSWY3DP")).is_some());
        for other in ["", "https://evil.example/", "otpauth:", "otpauth://a b"] {
            assert!(enrolment(&with(other)).is_none(), "{other}");
        }
        assert!(recovery_codes(&json!({"recoveryCodes": []})).is_none());
        assert!(recovery_codes(&json!({"recoveryCodes": ["a", 1]})).is_none());
    }
}
