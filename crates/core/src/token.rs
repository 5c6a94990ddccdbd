//! What can be told of a token by looking at it: where it begins in what people copy, and until
//! when a JWT says that it lasts.
//!
//! Not here: proving anything. The signature is the server's to check, and so is the end: a session
//! is never ended here because of it.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use keydesk_vault::SecretString;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::time::Timestamp;

/// Longer tokens are not looked into.
const MAXIMUM_LENGTH: usize = 64 * 1024;

/// The claim that is read; all others are skipped unread.
#[derive(Deserialize)]
struct Claims {
    exp: Option<f64>, // seconds; RFC 7519 allows fractions
}

/// The token in what people copy: without the space around it and the word `Bearer`.
pub fn without_bearer(copied: &str) -> &str {
    let copied = copied.trim();
    match copied.split_once(char::is_whitespace) {
        Some((word, token)) if word.eq_ignore_ascii_case("bearer") => token.trim_start(),
        None if copied.eq_ignore_ascii_case("bearer") => "",
        _ => copied,
    }
}

/// Until when a JWT says that it lasts, as a hint; `None` for anything that is none or does not
/// say.
pub fn expires_at(token: &SecretString) -> Option<Timestamp> {
    let token = token.expose();
    if token.len() > MAXIMUM_LENGTH {
        return None;
    }
    let claims = token.split('.').nth(1)?.trim_end_matches('=');
    let claims = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?);
    let seconds = serde_json::from_slice::<Claims>(&claims).ok()?.exp?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "inside the range that is checked"
    )]
    // Up to the year 9999: beyond it stands nonsense, which is not shown.
    (0.0..=253_402_300_799.0)
        .contains(&seconds)
        .then_some(Timestamp((seconds * 1_000.0) as i64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jwt(claims: &str) -> SecretString {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(claims);
        SecretString::from(format!("eyJhbGciOiJIUzI1NiJ9.{claims}.c2lnbmF0dXJl"))
    }

    #[test]
    fn the_word_bearer_is_no_part_of_a_token() {
        for copied in ["abc", "Bearer abc", "bearer\tabc ", " BEARER  abc\n"] {
            assert_eq!(without_bearer(copied), "abc", "{copied:?}");
        }
        for nothing in ["", " ", "Bearer", " bearer \n"] {
            assert_eq!(without_bearer(nothing), "", "{nothing:?}");
        }
        assert_eq!(without_bearer("bearerabc"), "bearerabc");
        assert_eq!(without_bearer("a b"), "a b", "to be refused as it is");
    }

    #[test]
    fn the_end_of_a_token_is_read_in_milliseconds() {
        let token = jwt(r#"{"sub":"jane","exp":1767225600,"roles":["a"]}"#);
        assert_eq!(expires_at(&token), Some(Timestamp(1_767_225_600_000)));
        assert_eq!(expires_at(&jwt(r#"{"exp":1.5}"#)), Some(Timestamp(1_500)));
    }

    #[test]
    fn a_token_that_does_not_say_ends_nowhere() {
        for claims in [
            "{}",
            "[]",
            r#"{"exp":"soon"}"#,
            r#"{"exp":-1}"#,
            r#"{"exp":1e300}"#,
        ] {
            assert_eq!(expires_at(&jwt(claims)), None, "{claims}");
        }
        for opaque in ["", "opaque", "api_1.secret", "a.b.c", "..", "a.%%.c"] {
            assert_eq!(
                expires_at(&SecretString::from(opaque.to_owned())),
                None,
                "{opaque}"
            );
        }
    }

    proptest! {
        #[test]
        fn looking_never_panics(text in any::<String>(), claims in any::<String>()) {
            let _ = expires_at(&SecretString::from(text));
            let _ = expires_at(&jwt(&claims));
        }
    }
}
