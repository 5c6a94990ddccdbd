//! A value that must not be seen: masked when printed, wiped when dropped, impossible to serialise.
//!
//! Deliberately absent: `Serialize`, `Display`, `Clone`, `Deref` and a public field. Each would let
//! a secret leave by accident, and leaving must be a word that a reviewer can search for: `expose`.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Holds a secret until it is dropped, and then overwrites it.
///
/// It cannot be printed, not even by mistake:
///
/// ```compile_fail,E0277
/// let secret = keydesk_vault::SecretString::from("hunter2".to_owned());
/// println!("{secret}");
/// ```
///
/// nor become part of anything that leaves the process:
///
/// ```compile_fail,E0277
/// #[derive(serde::Serialize)]
/// struct Reply {
///     token: keydesk_vault::SecretString,
/// }
/// ```
pub struct Secret<T: Zeroize>(T);

/// A secret text: a password, a token, an API key.
pub type SecretString = Secret<String>;

impl<T: Zeroize> Secret<T> {
    /// Takes the value into custody. Copies that the caller made before are the caller's to wipe.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the value out. Keep the borrow short and never turn it into an owned copy that is
    /// not itself a [`Secret`].
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl SecretString {
    /// A second, independent secret with the same text: for a value that two owners need at once.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// Whether there is no text at all.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for SecretString {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

/// Compares without stopping at the first difference. Only the lengths show in the time it takes.
impl<T: Zeroize + AsRef<[u8]>> PartialEq for Secret<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_ref().ct_eq(other.0.as_ref()).into()
    }
}

impl<T: Zeroize + AsRef<[u8]>> Eq for Secret<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    // Checked by the compiler: one of these on a secret, and the tests do not build.
    static_assertions::assert_not_impl_any!(
        SecretString: serde::Serialize, fmt::Display, Clone, std::ops::Deref, AsRef<str>, AsRef<[u8]>
    );
    static_assertions::assert_impl_all!(SecretString: Send, Sync);

    #[test]
    fn a_secret_does_not_print_itself() {
        let secret = SecretString::from("hunter2".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        assert_eq!(format!("{:#?}", Some(secret)), "Some(\n    Secret(***),\n)");
    }

    #[test]
    fn secrets_are_equal_when_their_text_is() {
        let secret = SecretString::from("hunter2".to_owned());
        assert!(secret == secret.duplicate());
        assert!(secret != SecretString::from("hunter3".to_owned()));
        assert!(secret != SecretString::from("hunter22".to_owned()));
        assert!(SecretString::from(String::new()).is_empty());
    }

    #[test]
    fn a_dropped_secret_wipes_its_value() {
        use std::sync::{Arc, Mutex};

        struct Witness(Arc<Mutex<bool>>);
        impl Zeroize for Witness {
            fn zeroize(&mut self) {
                *self.0.lock().unwrap() = true;
            }
        }

        let wiped = Arc::new(Mutex::new(false));
        drop(Secret::new(Witness(wiped.clone())));
        assert!(*wiped.lock().unwrap());
    }
}
