//! The second factor: codes of an authenticator app (RFC 6238) and recovery codes.
//!
//! Six digits, a new code every thirty seconds, SHA-1: what every authenticator app expects.
//! Here is only the arithmetic. That a code counts once, and who has a second factor, is the
//! work of `accounts::second_factor`.

use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::{NoRandomness, sha256};
use crate::clock::UnixMillis;

/// Who issues the codes, as an authenticator app lists them.
const ISSUER: &str = "Keydesk";
/// RFC 4226 recommends 160 bits.
const SECRET_BYTES: usize = 20;
/// Recovery codes that are handed out together.
pub(crate) const RECOVERY_CODES: usize = 10;
/// 16 characters of 5 bits: long enough to be stored under a plain hash.
const RECOVERY_CHARS: usize = 16;
const GROUP_CHARS: usize = 4;
/// Crockford's digits: none is taken for another when it is copied by hand.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A secret that an authenticator app and this server share.
pub(crate) struct SharedSecret(Totp);

impl SharedSecret {
    pub(crate) fn random() -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0_u8; SECRET_BYTES]);
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| NoRandomness)?;
        Ok(Self(build(Secret::from(*bytes), "")))
    }

    /// The secret of [`Self::base32`]; nothing where the text is none.
    pub(crate) fn from_base32(text: &str) -> Option<Self> {
        Some(Self(build(Secret::try_from_base32(text).ok()?, "")))
    }

    /// The secret as a person types it and as it is stored, sealed.
    pub(crate) fn base32(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.secret().to_base32())
    }

    /// The address that a QR code holds, for the account with this name.
    pub(crate) fn uri(&self, account: &str) -> Zeroizing<String> {
        // The label of such an address has one colon, and it is not the account's.
        let account = account.replace(':', " ");
        let named = build(self.0.secret().clone(), &account);
        Zeroizing::new(named.to_url().unwrap_or_default())
    }

    /// The step of time to which a code belongs: this one, the one before or the one after.
    pub(crate) fn step_of(&self, code: &str, now: UnixMillis) -> Option<i64> {
        let seconds = u64::try_from(now / 1000).unwrap_or(0);
        let step = self.0.check(&without_separators(code), seconds)?;
        i64::try_from(step).ok()
    }
}

fn build(secret: Secret, account: &str) -> Totp {
    // The builder's own values are the ones that every app expects; see the first lines.
    Builder::new()
        .with_secret(secret)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build_noncompliant()
}

/// A set of new recovery codes, as a person writes them down.
pub(crate) fn new_recovery_codes() -> Result<Vec<Zeroizing<String>>, NoRandomness> {
    (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect()
}

fn new_recovery_code() -> Result<Zeroizing<String>, NoRandomness> {
    let mut bytes = Zeroizing::new([0_u8; RECOVERY_CHARS]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| NoRandomness)?;
    let mut code = Zeroizing::new(String::with_capacity(RECOVERY_CHARS * 2));
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % GROUP_CHARS == 0 {
            code.push('-');
        }
        code.extend(
            ALPHABET
                .get(usize::from(byte % 32))
                .copied()
                .map(char::from),
        );
    }
    Ok(code)
}

/// The hash under which a recovery code is stored and looked up, however it was typed;
/// nothing where the text cannot be one.
pub(crate) fn recovery_hash(typed: &str) -> Option<Vec<u8>> {
    let mut code = Zeroizing::new(String::with_capacity(RECOVERY_CHARS));
    for c in without_separators(typed).chars() {
        if code.len() == RECOVERY_CHARS {
            return None;
        }
        code.push(match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => c,
            _ => return None,
        });
    }
    (code.len() == RECOVERY_CHARS).then(|| sha256(code.as_bytes()))
}

/// People group what they copy, and apps group what they show.
fn without_separators(typed: &str) -> Zeroizing<String> {
    // Nothing that is compared is longer; a long text costs nothing.
    let shown = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    Zeroizing::new(shown.take(RECOVERY_CHARS + 1).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and the times of RFC 6238, appendix B; the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = SharedSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.step_of(code, seconds * 1000), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_one_late() {
        let secret = SharedSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        let step = 1_234_567_890 / 30;
        for (shift, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let now = (step + shift) * 30_000;
            assert_eq!(secret.step_of("005 924", now).is_some(), taken, "{shift}");
        }
    }

    #[test]
    fn what_is_no_code_matches_nothing() {
        let secret = SharedSecret::random().unwrap();
        for code in ["", "12345", "1234567", "+12345", "12345a", "１２３４５６"] {
            assert_eq!(secret.step_of(code, 1_700_000_000_000), None, "{code:?}");
        }
    }

    #[test]
    fn a_secret_is_the_same_after_it_was_stored() {
        let secret = SharedSecret::random().unwrap();
        let stored = secret.base32();
        assert_eq!(stored.len(), 32, "160 bits");
        let again = SharedSecret::from_base32(&stored).unwrap();
        assert_eq!(*again.base32(), *stored);
        let uri = again.uri("a:da@example.org");
        assert!(
            uri.starts_with("otpauth://totp/Keydesk:a%20da%40example.org?"),
            "{}",
            *uri
        );
        assert!(uri.contains(&format!("secret={}", *stored)), "{}", *uri);
        assert!(uri.ends_with("issuer=Keydesk"), "{}", *uri);
    }

    #[test]
    fn recovery_codes_are_known_however_they_are_typed() {
        let codes = new_recovery_codes().unwrap();
        assert_eq!(codes.len(), 10);
        for code in &codes {
            assert_eq!(code.len(), 19, "{}", **code);
            let hash = recovery_hash(code);
            assert!(hash.is_some());
            assert_eq!(recovery_hash(&code.to_uppercase()), hash);
            assert_eq!(recovery_hash(&code.replace('-', " ")), hash);
            assert_eq!(
                recovery_hash(&code.replace('0', "O").replace('1', "l")),
                hash
            );
        }
        for text in [
            "",
            "0123-4567-89ab",
            "0123-4567-89ab-cdeu",
            "0123-4567-89ab-cdef-0",
        ] {
            assert_eq!(recovery_hash(text), None, "{text}");
        }
    }
}
