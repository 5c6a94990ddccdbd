//! The answer to a sign-in.
//!
//! Not here: proving anything about the token. It is the server's; a client only carries it, and
//! reads its end as a hint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keydesk_core::time::Timestamp;
use keydesk_vault::SecretString;
use serde_json::Value;

use super::envelope::Payload;
use crate::json::{field, number};

/// The names under which a session token occurs.
pub(super) const TOKEN: [&str; 3] = ["token", "access_token", "jwt"];

/// The session token in an answer.
pub(super) fn token(inside: &Value) -> Option<SecretString> {
    let token = match inside {
        Value::String(token) => token,
        object => field(object, &TOKEN)?.as_str()?,
    };
    let token = token.trim();
    let fits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| SecretString::from(token.to_owned()))
}

/// When a JWT ends by its own word; nothing is verified.
pub(super) fn ends_at(token: &SecretString) -> Option<Timestamp> {
    let claims = token.expose().split('.').nth(1)?;
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims = Payload::read(&claims)?;
    let seconds = number(field(claims.whole(), &["exp"])?)?;
    Some(Timestamp(seconds.checked_mul(1000)?)).filter(|end| end.0 > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_end_of_a_jwt_is_read_as_a_hint() {
        let claims = URL_SAFE_NO_PAD.encode(json!({"sub": "7", "exp": 1_767_225_600}).to_string());
        let jwt = SecretString::from(format!("e30.{claims}.c2ln"));
        assert_eq!(ends_at(&jwt), Some(Timestamp(1_767_225_600_000)));
        for opaque in ["", "abc", "a.b.c", "..", "e30.e30.x"] {
            assert_eq!(
                ends_at(&SecretString::from(opaque.to_owned())),
                None,
                "{opaque}"
            );
        }
    }

    #[test]
    fn a_token_is_found_under_its_names() {
        for answer in [
            json!({"token": "t.t.t"}),
            json!("t.t.t"),
            json!({"accessToken": " t.t.t "}),
        ] {
            assert_eq!(token(&answer).unwrap().expose(), "t.t.t");
        }
        for none in [
            json!({}),
            json!({"token": ""}),
            json!({"token": 5}),
            json!({"token": "a b"}),
        ] {
            assert!(token(&none).is_none(), "{none}");
        }
    }

    proptest! {
        #[test]
        fn no_token_makes_it_panic(token in ".*", claims in ".*") {
            let _ = ends_at(&SecretString::from(token));
            let jwt = format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
            let _ = ends_at(&SecretString::from(jwt));
        }
    }
}
