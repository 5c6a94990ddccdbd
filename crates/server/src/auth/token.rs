//! Session tokens: JWTs signed with HS256 by a key that never leaves this server.
//!
//! A token only names a session. Whether the session still exists is looked up at every
//! request, which is what makes signing out real. Headers that ask for another algorithm or
//! bring a key of their own are refused before anything is computed.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clock::UnixMillis;
use crate::data_dir::MasterKey;
use crate::seal::{SealError, derive};

const ISSUER: &str = "keydesk-server";
const AUDIENCE: &str = "keydesk-users";
/// Longer ones are not looked at.
const MAX_LENGTH: usize = 2048;
/// How far the clock may have been set back since a token was made, in seconds.
const LEEWAY: i64 = 60;

/// What a token says, in the registered claims of RFC 7519. Times are in seconds.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The session that a valid token names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) session_id: String,
    pub(crate) user_id: String,
}

/// Makes and checks tokens.
pub(crate) struct TokenSigner {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl TokenSigner {
    pub(crate) fn new(master: &MasterKey) -> Result<Self, SealError> {
        let key = derive(master, "session-token")?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // Both are checked below against the server's own clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self {
            encoding: EncodingKey::from_secret(key.as_ref()),
            decoding: DecodingKey::from_secret(key.as_ref()),
            validation,
        })
    }

    /// A token for a session; its end is rounded down to a whole second.
    pub(crate) fn sign(
        &self,
        session_id: &str,
        user_id: &str,
        now: UnixMillis,
        expire_time: UnixMillis,
    ) -> Result<Zeroizing<String>, SealError> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user_id.to_owned(),
            jti: session_id.to_owned(),
            iat: now / 1000,
            nbf: now / 1000,
            exp: expire_time / 1000,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map(Zeroizing::new)
            .map_err(|_| SealError)
    }

    /// The session that a token names, if this server signed it and it has not expired.
    pub(crate) fn verify(&self, token: &str, now: UnixMillis) -> Option<Named> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        if !is_ours(&header) {
            return None;
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .ok()?
            .claims;
        let now = now / 1000;
        (now < claims.exp && claims.nbf <= now.saturating_add(LEEWAY)).then_some(Named {
            session_id: claims.jti,
            user_id: claims.sub,
        })
    }
}

/// Whether a header is just what [`TokenSigner::sign`] writes: nothing that names or brings
/// a key, nothing that must be understood.
fn is_ours(header: &Header) -> bool {
    *header == Header::new(Algorithm::HS256)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: UnixMillis = 1_700_000_000_000;

    fn signer(byte: u8) -> TokenSigner {
        TokenSigner::new(&Zeroizing::new([byte; 32])).unwrap()
    }

    #[test]
    fn a_token_names_its_session_until_it_expires() {
        let signer = signer(1);
        let token = signer.sign("session", "user", NOW, NOW + 5000).unwrap();
        let named = Named {
            session_id: "session".to_owned(),
            user_id: "user".to_owned(),
        };
        assert_eq!(signer.verify(&token, NOW + 4999), Some(named));
        assert_eq!(signer.verify(&token, NOW + 5000), None);
    }

    #[test]
    fn a_token_from_the_future_is_refused_beyond_the_leeway() {
        let signer = signer(1);
        let token = signer.sign("session", "user", NOW, NOW + 5000).unwrap();
        assert!(signer.verify(&token, NOW - 60_000).is_some());
        assert!(signer.verify(&token, NOW - 61_000).is_none());
    }

    #[test]
    fn a_token_of_another_key_is_refused() {
        let token = signer(1).sign("session", "user", NOW, NOW + 5000).unwrap();
        assert_eq!(signer(2).verify(&token, NOW), None);
    }

    /// Signs with the right key what [`TokenSigner::sign`] would never write.
    fn signed(signer: &TokenSigner, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &signer.encoding).unwrap()
    }

    fn good_claims() -> Value {
        json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "user", "jti": "session",
            "iat": NOW / 1000, "nbf": NOW / 1000, "exp": NOW / 1000 + 60,
        })
    }

    #[test]
    fn the_right_key_is_not_enough() {
        let signer = signer(1);
        let ours = Header::new(Algorithm::HS256);
        assert!(
            signer
                .verify(&signed(&signer, &ours, &good_claims()), NOW)
                .is_some()
        );
        for claim in ["iss", "aud", "sub", "jti", "iat", "nbf", "exp"] {
            let mut claims = good_claims();
            claims.as_object_mut().unwrap().remove(claim);
            let token = signed(&signer, &ours, &claims);
            assert_eq!(signer.verify(&token, NOW), None, "without {claim}");
        }
        for (claim, value) in [
            ("iss", json!("others")),
            ("aud", json!("others")),
            ("exp", json!(NOW / 1000)),
            ("exp", json!("never")),
            ("nbf", json!(NOW / 1000 + 61)),
        ] {
            let mut claims = good_claims();
            claims[claim] = value;
            let token = signed(&signer, &ours, &claims);
            assert_eq!(
                signer.verify(&token, NOW),
                None,
                "{claim} {}",
                claims[claim]
            );
        }
    }

    #[test]
    fn other_algorithms_and_headers_that_bring_keys_are_refused_though_signed_well() {
        let signer = signer(1);
        let header = |change: fn(&mut Header)| {
            let mut header = Header::new(Algorithm::HS256);
            change(&mut header);
            header
        };
        for header in [
            Header::new(Algorithm::HS384),
            Header::new(Algorithm::HS512),
            header(|header| header.kid = Some("../../dev/null".to_owned())),
            header(|header| header.jku = Some("https://evil.example/keys".to_owned())),
            header(|header| header.x5u = Some("https://evil.example/cert".to_owned())),
            header(|header| header.x5c = Some(vec!["MAo=".to_owned()])),
            header(|header| header.crit = Some(vec!["exp".to_owned()])),
            header(|header| header.cty = Some("JWT".to_owned())),
            header(|header| header.typ = Some("JWE".to_owned())),
            header(|header| header.typ = None),
        ] {
            let token = signed(&signer, &header, &good_claims());
            assert_eq!(signer.verify(&token, NOW), None, "{header:?}");
        }
    }

    #[test]
    fn every_single_changed_bit_is_noticed() {
        let signer = signer(1);
        let token = signer.sign("session", "user", NOW, NOW + 5000).unwrap();
        let mut flips = 0;
        for index in 0..token.len() {
            for bit in 0..7 {
                let mut bytes = token.as_bytes().to_vec();
                bytes[index] ^= 1 << bit;
                let Ok(changed) = String::from_utf8(bytes) else {
                    continue;
                };
                assert_eq!(
                    signer.verify(&changed, NOW),
                    None,
                    "byte {index}, bit {bit}"
                );
                flips += 1;
            }
        }
        assert!(flips > 1000, "{flips}");
    }
}
