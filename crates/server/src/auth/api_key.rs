//! API keys: `api_<key_id>.<secret>`, as the IDMP documentation shows them, and in the same
//! form with another beginning for the other dialects.
//!
//! The id is looked up, the secret is compared with its stored hash in constant time. The id
//! is 80 random bits in hexadecimal digits, the secret 256 in URL-safe base64.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{NoRandomness, random_hex, sha256};
use crate::vocabulary::Dialect;

/// How the keys of a dialect begin.
const fn prefix(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Idmp => "api_",
        Dialect::Aimms => "aimms_",
        Dialect::Portal => "portal_",
    }
}

const SECRET_BYTES: usize = 32;
const TAIL_CHARS: usize = 4;

/// A key that was just made. Only here are its parts together.
pub(crate) struct NewKey {
    pub(crate) id: String,
    pub(crate) secret: Zeroizing<String>,
}

impl NewKey {
    pub(crate) fn random() -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0_u8; SECRET_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| NoRandomness)?;
        Ok(Self {
            id: random_hex::<10>()?,
            secret: Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())),
        })
    }

    /// What may be stored and shown to tell keys apart: 24 of the 256 bits.
    pub(crate) fn tail(&self) -> &str {
        let start = self.secret.len().saturating_sub(TAIL_CHARS);
        self.secret.get(start..).unwrap_or_default()
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        sha256(self.secret.as_bytes())
    }
}

/// A key as a request presented it.
#[derive(Clone, Copy)]
pub(crate) struct PresentedKey<'a> {
    pub(crate) id: &'a str,
    secret: &'a str,
}

impl<'a> PresentedKey<'a> {
    /// Whether a credential claims to be an API key rather than a session token.
    pub(crate) fn is_claimed_by(credential: &str, dialect: Dialect) -> bool {
        credential.starts_with(prefix(dialect))
    }

    /// Takes a credential apart; nothing where it cannot be a key of this dialect.
    pub(crate) fn parse(credential: &'a str, dialect: Dialect) -> Option<Self> {
        let (id, secret) = credential.strip_prefix(prefix(dialect))?.split_once('.')?;
        let id_is_well_formed = id.len() == 20 && id.bytes().all(|b| b.is_ascii_hexdigit());
        (id_is_well_formed && secret.len() <= 128).then_some(Self { id, secret })
    }

    /// Compares with the stored hash, in a time that tells nothing.
    pub(crate) fn matches(&self, stored_hash: &[u8]) -> bool {
        verify_slices_are_equal(&sha256(self.secret.as_bytes()), stored_hash).is_ok()
    }
}

/// The whole key, as its owner copies it.
pub(crate) fn whole(dialect: Dialect, id: &str, secret: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("{}{id}.{secret}", prefix(dialect)))
}

/// How a key begins, up to its secret.
pub(crate) fn public_part(dialect: Dialect, id: &str) -> String {
    format!("{}{id}.", prefix(dialect))
}

/// The key as lists show it. The number of stars is always the same.
pub(crate) fn masked(dialect: Dialect, id: &str, tail: &str) -> String {
    format!("{}********{tail}", public_part(dialect, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Named;
    use proptest::prelude::*;

    #[test]
    fn a_new_key_is_recognised_and_no_other_is() {
        let key = NewKey::random().unwrap();
        let value = whole(Dialect::Idmp, &key.id, &key.secret);
        let presented = PresentedKey::parse(&value, Dialect::Idmp).unwrap();
        assert_eq!(presented.id, key.id);
        assert!(presented.matches(&key.hash()));
        assert!(!presented.matches(&NewKey::random().unwrap().hash()));
        assert!(!presented.matches(b""));
    }

    #[test]
    fn a_key_of_one_dialect_is_none_of_another() {
        let key = NewKey::random().unwrap();
        for dialect in Dialect::ALL {
            let value = whole(*dialect, &key.id, &key.secret);
            for other in Dialect::ALL {
                assert_eq!(
                    PresentedKey::parse(&value, *other).is_some(),
                    dialect == other
                );
            }
        }
    }

    #[test]
    fn a_secret_has_256_random_bits() {
        let key = NewKey::random().unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.decode(key.secret.as_bytes()).unwrap().len(),
            32
        );
    }

    #[test]
    fn what_is_no_key_is_not_parsed() {
        let id = "0123456789abcdef0123";
        for credential in [
            "",
            "api_",
            "api_.",
            "api_.secret",
            &format!("api_{id}"),
            &format!("API_{id}.secret"),
            &format!("api_{}.secret", &id[1..]),
            &format!("api_{}g.secret", &id[1..]),
            &format!("api_{id}.{}", "x".repeat(129)),
        ] {
            assert!(
                PresentedKey::parse(credential, Dialect::Idmp).is_none(),
                "{credential:?}"
            );
        }
    }

    #[test]
    fn a_mask_holds_four_characters_of_the_secret() {
        let key = NewKey::random().unwrap();
        let masked = masked(Dialect::Idmp, &key.id, key.tail());
        assert!(masked.ends_with(key.tail()));
        assert!(!masked.contains(&key.secret[..8]));
        assert_eq!(masked.matches('*').count(), 8);
    }

    proptest! {
        #[test]
        fn whatever_is_parsed_is_an_id_and_a_secret(text in "(api_)?[0-9a-fg]{18,21}\\.?.{0,140}") {
            if let Some(key) = PresentedKey::parse(&text, Dialect::Idmp) {
                prop_assert_eq!(&*whole(Dialect::Idmp, key.id, key.secret), text.as_str());
                prop_assert_eq!(key.id.len(), 20);
                prop_assert!(key.secret.len() <= 128);
            }
        }
    }
}
