//! What a person may ask for when they make a key, or change until when it is valid.
//!
//! Not here: which server allows what (`capabilities`).

use super::{ApiKey, Expiration, NewApiKey};
use crate::capabilities::{ApiKeyCapabilities, ExpirationChoice};
use crate::text::{self, TextRule};
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Field, Result};

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// The longest description of a key in characters; servers that take less say so.
const DESCRIPTION_LENGTH: u32 = 1_000;

/// Checks what a person asks for against the keys that exist and the server's rules, and trims
/// it. `now` is the server's time. Titles are compared as they look: see [`text::title_key`].
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
    let is_taken = |other: &ApiKey| text::title_key(&other.title) == key;
    if rules.title_unique && existing.iter().any(is_taken) {
        return Err(
            Error::new(ErrorCode::TitleTaken, "another key has this title").in_field(Field::Title),
        );
    }
    Ok(NewApiKey {
        title,
        description: description(&new.description, rules)?,
        scopes: scopes(&new.scopes, rules)?,
        expiration: validate_expiration(new.expiration, rules, now)?,
    })
}

fn description(typed: &str, rules: &ApiKeyCapabilities) -> Result<String> {
    if !rules.description {
        return Ok(String::new());
    }
    let form = TextRule {
        required: false,
        maximum_length: DESCRIPTION_LENGTH,
        multiline: true,
    };
    text::check(typed, form, Field::KeyDescription)
}

/// The chosen scopes in the server's order, each once. Where a server has scopes, a key without
/// one could do nothing.
fn scopes(chosen: &[String], rules: &ApiKeyCapabilities) -> Result<Vec<String>> {
    let known = |name: &String| rules.scopes.iter().any(|scope| scope.name == *name);
    if !chosen.iter().all(known) {
        return Err(Error::new(ErrorCode::InputRefused, "no such scope").in_field(Field::Scopes));
    }
    let scopes: Vec<String> = rules
        .scopes
        .iter()
        .filter(|scope| chosen.contains(&scope.name))
        .map(|scope| scope.name.clone())
        .collect();
    if scopes.is_empty() && !rules.scopes.is_empty() {
        return Err(Error::new(ErrorCode::Required, "no scope was chosen").in_field(Field::Scopes));
    }
    Ok(scopes)
}

/// Checks until when a key shall be valid. `now` is the server's time.
pub fn validate_expiration(
    expiration: Expiration,
    rules: &ApiKeyCapabilities,
    now: Timestamp,
) -> Result<Expiration> {
    let refuse = |code, label| Err(Error::new(code, label).in_field(Field::Expiration));
    if let ExpirationChoice::Fixed { days } = rules.expiration {
        return Ok(Expiration::At(now.plus(i64::from(days) * DAY)));
    }
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
    use proptest::prelude::*;

    use super::super::ApiKeyId;
    use super::*;
    use crate::capabilities::Scope;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn rules() -> ApiKeyCapabilities {
        ApiKeyCapabilities {
            never_allowed: true,
            title_maximum_length: 50,
            title_unique: true,
            ..ApiKeyCapabilities::default()
        }
    }

    fn new(title: &str) -> NewApiKey {
        NewApiKey {
            title: title.into(),
            description: String::new(),
            scopes: Vec::new(),
            expiration: Expiration::Never,
        }
    }

    fn existing(title: &str) -> ApiKey {
        ApiKey::new(ApiKeyId("1".into()), title.into(), Expiration::Never)
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
    fn titles_may_be_alike_where_the_server_does_not_mind() {
        let rules = ApiKeyCapabilities {
            title_unique: false,
            ..rules()
        };
        assert!(validate(&new("twin"), &[existing("twin")], &rules, NOW).is_ok());
    }

    #[test]
    fn a_key_gets_known_scopes_in_the_order_of_the_server() {
        let scope = |name: &str| Scope {
            name: name.into(),
            description: String::new(),
        };
        let rules = ApiKeyCapabilities {
            scopes: vec![scope("read"), scope("write"), scope("admin")],
            ..rules()
        };
        let check = |names: &[&str]| {
            let scopes = names.iter().map(|&name| name.to_owned()).collect();
            let new = NewApiKey {
                scopes,
                ..new("ci")
            };
            validate(&new, &[], &rules, NOW)
                .map(|new| new.scopes)
                .map_err(|error| (error.code, error.field))
        };
        assert_eq!(
            check(&["admin", "read", "admin"]).unwrap(),
            ["read", "admin"]
        );
        let field = Some(Field::Scopes);
        assert_eq!(check(&[]), Err((ErrorCode::Required, field)));
        assert_eq!(check(&["root"]), Err((ErrorCode::InputRefused, field)));
    }

    #[test]
    fn where_every_key_lives_equally_long_nothing_is_chosen() {
        let rules = ApiKeyCapabilities {
            expiration: ExpirationChoice::Fixed { days: 365 },
            never_allowed: false,
            ..rules()
        };
        let end = Expiration::At(NOW.plus(365 * DAY));
        assert_eq!(validate_expiration(Expiration::Never, &rules, NOW), Ok(end));
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

    proptest! {
        #[test]
        fn an_accepted_date_lies_ahead_and_within_the_longest_life(
            now in any::<i64>(),
            at in any::<i64>(),
            apart in -800 * DAY..800 * DAY,
            maximum_days in proptest::option::of(0..800_u32),
        ) {
            let rules = ApiKeyCapabilities { maximum_days, ..rules() };
            let now = Timestamp(now);
            for at in [Timestamp(at), now.plus(apart)] {
                let longest = maximum_days.map(|days| now.plus(i64::from(days) * DAY));
                let expected = if at <= now {
                    Err(ErrorCode::ExpirationPast)
                } else if longest.is_some_and(|longest| at > longest) {
                    Err(ErrorCode::ExpirationTooFar)
                } else {
                    Ok(Expiration::At(at))
                };
                let judged = validate_expiration(Expiration::At(at), &rules, now);
                prop_assert_eq!(judged.map_err(|error| error.code), expected);
            }
        }

        #[test]
        fn no_accepted_title_reads_as_one_that_exists(
            titles in prop::collection::vec("[aAäÄ１1 \u{200B}\u{301}-]{1,6}", 1..8),
        ) {
            let mut keys: Vec<ApiKey> = Vec::new();
            for title in titles {
                if let Ok(accepted) = validate(&new(&title), &keys, &rules(), NOW) {
                    prop_assert_eq!(accepted.title.trim(), &accepted.title);
                    let twin = keys.iter().find(|key| {
                        text::title_key(&key.title) == text::title_key(&accepted.title)
                    });
                    prop_assert!(twin.is_none(), "{:?} beside {:?}", accepted.title, twin);
                    keys.push(existing(&accepted.title));
                }
            }
        }
    }
}
