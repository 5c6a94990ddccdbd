//! API keys as a person sees them in a list, and what it takes to make one.
//!
//! Not here: the value of a key, which is a [`SecretString`] wherever it appears, and is never
//! part of a type that can be serialised.

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::capabilities::ApiKeyCapabilities;
use crate::text::{self, TextRule};
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Field, Result};

/// A key's id on its server, opaque.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct ApiKeyId(pub String);

/// Until when a key is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "at", rename_all = "camelCase")]
pub enum Expiration {
    /// "Never"
    Never,
    /// "Expiration Date"
    At(Timestamp),
}

impl Expiration {
    /// Whether it lies in the past for a server whose clock shows `now`.
    pub fn has_passed(self, now: Timestamp) -> bool {
        matches!(self, Self::At(at) if at <= now)
    }
}

/// A key in the list. The value is masked; the whole one is fetched by id and only ever goes
/// to the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The server's id.
    pub id: ApiKeyId,
    /// "Title", unique per user.
    pub title: String,
    /// The masked value, for recognition.
    pub masked: String,
    /// "Added on"
    pub added_on: Option<Timestamp>,
    /// "Expired on"
    pub expiration: Expiration,
    /// Made by the server for its own tasks, not by the person; deleting it breaks them.
    pub made_by_server: bool,
}

/// All keys of an account, newest first, and the server's time at which that was true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyList {
    /// Newest first.
    pub keys: Vec<ApiKey>,
    /// The server's clock when it answered; "expired" is computed from it.
    pub server_time: Timestamp,
}

/// What a person asks for when they make a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewApiKey {
    /// "Title"
    pub title: String,
    /// "Never" or "Expiration Date"
    pub expiration: Expiration,
}

/// A key that was just made: the one moment at which its value is handed on to be shown.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// The key as it will stand in the list.
    pub key: ApiKey,
    /// The whole value.
    pub value: SecretString,
}

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Checks what a person asks for against the keys that exist and the server's rules, and trims
/// it. `now` is the server's time. Titles are unique per person, and compared as they look: see
/// [`text::title_key`].
pub fn validate(
    new: &NewApiKey,
    existing: &[ApiKey],
    rules: &ApiKeyCapabilities,
    now: Timestamp,
) -> Result<NewApiKey> {
    let form = TextRule {
        required: true,
        maximum_length: rules.title_maximum_length,
        multiline: false,
    };
    let title = text::check(&new.title, form, Field::Title)?;
    let key = text::title_key(&title);
    if key.is_empty() {
        // Nothing but invisible characters.
        return Err(Error::new(ErrorCode::Required, "the title is empty").in_field(Field::Title));
    }
    if existing
        .iter()
        .any(|other| text::title_key(&other.title) == key)
    {
        return Err(
            Error::new(ErrorCode::TitleTaken, "another key has this title").in_field(Field::Title),
        );
    }
    let expiration = validate_expiration(new.expiration, rules, now)?;
    Ok(NewApiKey { title, expiration })
}

/// Checks until when a key shall be valid. `now` is the server's time.
pub fn validate_expiration(
    expiration: Expiration,
    rules: &ApiKeyCapabilities,
    now: Timestamp,
) -> Result<Expiration> {
    let refuse = |code, label| Err(Error::new(code, label).in_field(Field::Expiration));
    match expiration {
        Expiration::Never if !rules.never_allowed => refuse(
            ErrorCode::ExpirationTooFar,
            "keys of this server end some day",
        ),
        Expiration::Never => Ok(expiration),
        Expiration::At(_) if expiration.has_passed(now) => {
            refuse(ErrorCode::ExpirationPast, "the date lies in the past")
        }
        Expiration::At(at) => {
            let latest = rules
                .maximum_days
                .map(|days| now.plus(i64::from(days) * DAY));
            if latest.is_some_and(|latest| at > latest) {
                return refuse(ErrorCode::ExpirationTooFar, "the date lies too far ahead");
            }
            Ok(expiration)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capabilities::{Availability, Reveal};

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn rules() -> ApiKeyCapabilities {
        ApiKeyCapabilities {
            manage: Availability::Available,
            never_allowed: true,
            maximum_days: None,
            expiration_editable: true,
            reveal: Reveal::Again,
            title_maximum_length: 50,
            forms: Vec::new(),
        }
    }

    fn new(title: &str) -> NewApiKey {
        NewApiKey {
            title: title.into(),
            expiration: Expiration::Never,
        }
    }

    fn existing(title: &str) -> ApiKey {
        ApiKey {
            id: ApiKeyId("1".into()),
            title: title.into(),
            masked: "api_1.****".into(),
            added_on: None,
            expiration: Expiration::Never,
            made_by_server: false,
        }
    }

    #[test]
    fn a_title_is_trimmed_and_required() {
        let checked = validate(&new("  ci-build "), &[], &rules(), NOW).unwrap();
        assert_eq!(checked.title, "ci-build");
        for empty in ["", "   ", "\u{200B}\u{2800}"] {
            let error = validate(&new(empty), &[], &rules(), NOW).unwrap_err();
            assert_eq!(
                (error.code, error.field),
                (ErrorCode::Required, Some(Field::Title))
            );
        }
        let long = "x".repeat(51);
        let error = validate(&new(&long), &[], &rules(), NOW).unwrap_err();
        assert_eq!(error.code, ErrorCode::TooLong);
    }

    #[test]
    fn a_title_that_looks_like_another_is_taken() {
        let keys = [existing("CI build"), existing("other")];
        for twin in [
            "CI build",
            "ci BUILD",
            "CI  build",
            "CI\u{200B} build",
            "ＣＩ build",
        ] {
            let error = validate(&new(twin), &keys, &rules(), NOW).unwrap_err();
            assert_eq!(
                (error.code, error.field),
                (ErrorCode::TitleTaken, Some(Field::Title))
            );
        }
        assert!(validate(&new("CI build 2"), &keys, &rules(), NOW).is_ok());
    }

    #[test]
    fn an_expiration_lies_ahead_by_the_clock_of_the_server() {
        let check = |at: i64| validate_expiration(Expiration::At(NOW.plus(at)), &rules(), NOW);
        assert_eq!(check(-1).unwrap_err().code, ErrorCode::ExpirationPast);
        assert_eq!(check(0).unwrap_err().code, ErrorCode::ExpirationPast);
        assert!(check(1).is_ok());
        assert!(check(i64::MAX).is_ok());
    }

    #[test]
    fn the_longest_life_is_kept() {
        let rules = ApiKeyCapabilities {
            never_allowed: false,
            maximum_days: Some(30),
            ..rules()
        };
        let check = |expiration| validate_expiration(expiration, &rules, NOW).map_err(|e| e.code);
        let at = |milliseconds| Expiration::At(NOW.plus(milliseconds));
        assert!(check(at(30 * DAY)).is_ok());
        assert_eq!(check(at(30 * DAY + 1)), Err(ErrorCode::ExpirationTooFar));
        assert_eq!(check(Expiration::Never), Err(ErrorCode::ExpirationTooFar));
    }
}
