//! Keys derived from the master key, and the encryption of what must be readable again.
//!
//! What must be readable again (the secret part of an IDMP key, which its owner may copy
//! again; what was made for a request that may be repeated) is encrypted with AES-256-GCM
//! under keys that lie outside the database.
//! Passwords and tokens are stored as hashes and do not pass here; see `auth`.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use crate::data_dir::MasterKey;

/// A value could not be sealed or opened: damaged, moved to another row, or of another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored value cannot be opened with the key file")]
pub struct SealError;

impl From<Unspecified> for SealError {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// Derives the key for one purpose. Purposes never share a key.
pub(crate) fn derive(
    master: &MasterKey,
    purpose: &'static str,
) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, b"keydesk-server")
        .extract(master.as_ref())
        .expand(&[purpose.as_bytes()], Length32)?
        .fill(key.as_mut())?;
    Ok(key)
}

struct Length32;

impl KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

/// Encrypts values for the database. The nonce is random and stored in front.
pub(crate) struct Sealer {
    key: RandomizedNonceKey,
}

impl Sealer {
    /// Seals for one purpose; no other opens it.
    pub(crate) fn new(master: &MasterKey, purpose: &'static str) -> Result<Self, SealError> {
        let key = derive(master, purpose)?;
        Ok(Self {
            key: RandomizedNonceKey::new(&AES_256_GCM, key.as_ref())?,
        })
    }

    /// Seals `value` for the row named `context`; it opens only there.
    pub(crate) fn seal(&self, context: &str, value: &str) -> Result<Vec<u8>, SealError> {
        // Room for the tag from the start: growing would leave a readable copy behind.
        let mut bytes = Vec::with_capacity(value.len() + AES_256_GCM.tag_len());
        bytes.extend_from_slice(value.as_bytes());
        let nonce = self
            .key
            .seal_in_place_append_tag(Aad::from(context), &mut bytes)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut bytes);
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] made for the same row.
    pub(crate) fn open(
        &self,
        context: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, SealError> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        let mut bytes = Zeroizing::new(ciphertext.to_vec());
        let value = self
            .key
            .open_in_place(nonce, Aad::from(context), &mut bytes)?;
        let text = std::str::from_utf8(value).map_err(|_| SealError)?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

/// Turns what was typed as a login name into something that can be counted and stored:
/// people type passwords into the wrong field.
pub(crate) struct NameMac {
    key: hmac::Key,
}

impl NameMac {
    pub(crate) fn new(master: &MasterKey) -> Result<Self, SealError> {
        let key = derive(master, "login-name")?;
        Ok(Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()),
        })
    }

    pub(crate) fn of(&self, login_key: &str) -> Vec<u8> {
        hmac::sign(&self.key, login_key.as_bytes())
            .as_ref()
            .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&Zeroizing::new([byte; 32]), "test").unwrap()
    }

    #[test]
    fn a_sealed_value_opens_in_its_own_row_only() {
        let ours = sealer(1);
        let sealed = ours.seal("row-1", "the value").unwrap();
        assert_eq!(*ours.open("row-1", &sealed).unwrap(), "the value");
        assert!(ours.open("row-2", &sealed).is_err());
    }

    #[test]
    fn another_key_opens_nothing() {
        let sealed = sealer(1).seal("row", "the value").unwrap();
        assert!(sealer(2).open("row", &sealed).is_err());
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_noticed() {
        let ours = sealer(1);
        let sealed = ours.seal("row", "value").unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(ours.open("row", &changed).is_err(), "byte {index}");
            assert!(ours.open("row", &sealed[..index]).is_err(), "cut {index}");
        }
    }

    #[test]
    fn the_same_value_never_looks_the_same() {
        let ours = sealer(1);
        assert_ne!(
            ours.seal("row", "value").unwrap(),
            ours.seal("row", "value").unwrap()
        );
    }

    #[test]
    fn purposes_do_not_share_a_key() {
        let master = Zeroizing::new([7; 32]);
        assert_ne!(
            *derive(&master, "one").unwrap(),
            *derive(&master, "two").unwrap()
        );
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens_as_it_was(value in any::<String>(), row in any::<String>()) {
            let sealed = sealer(1).seal(&row, &value).unwrap();
            prop_assert_eq!(&*sealer(1).open(&row, &sealed).unwrap(), &value);
            prop_assert!(sealer(1).open(&(row + "x"), &sealed).is_err());
        }
    }
}
