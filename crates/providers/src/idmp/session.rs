//! The answer to a sign-in.
//!
//! Not here: proving anything about the token. It is the server's; a client only carries it.

use keydesk_vault::SecretString;
use serde_json::Value;

use crate::json::field;

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
}
