//! Which passwords may be set. Asked only then, never at sign-in: an old password stays good.
//!
//! Fifteen characters at least, as NIST SP 800-63B asks of a password that is the only
//! factor, which it is here until a second factor exists; length is the only thing that is
//! asked for, and no kinds of characters are. Up to 1,024 are taken, and none is cut off.
//! What crackers guess within a million tries is refused: leaked passwords, words, names,
//! dates and keyboard walks, and the account's own email and names.

use zeroize::Zeroizing;

use super::error::{AccountsError, Field, Problem};
use crate::auth::password::normalised;

/// The fewest characters of a new password.
pub const PASSWORD_MIN_CHARS: usize = 15;
/// The most characters of a password.
pub const PASSWORD_MAX_CHARS: usize = 1024;

/// Fewer guesses than this are too few.
const MIN_GUESSES: u64 = 1_000_000;

/// Checks a password that is to be set. `personal` are words that a guesser knows.
pub(crate) fn check(password: &Zeroizing<String>, personal: &[&str]) -> Result<(), AccountsError> {
    let refuse = |problem| Err(AccountsError::invalid(Field::NewPassword, problem));
    let password = normalised(password);
    let length = password.chars().count();
    if length < PASSWORD_MIN_CHARS {
        return refuse(Problem::TooShort {
            min: PASSWORD_MIN_CHARS,
        });
    }
    if length > PASSWORD_MAX_CHARS {
        return refuse(Problem::TooLong {
            max: PASSWORD_MAX_CHARS,
        });
    }
    if zxcvbn::zxcvbn(&password, personal).guesses() < MIN_GUESSES {
        return refuse(Problem::TooCommon);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(password: &str) -> Option<Problem> {
        let password = Zeroizing::new(password.to_owned());
        match check(&password, &["ada.lovelace@example.org", "Ada", "Lovelace"]) {
            Ok(()) => None,
            Err(AccountsError::Invalid { problem, .. }) => Some(problem),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn length_is_all_that_is_asked_for() {
        assert_eq!(problem("seven grey herons wade"), None);
        assert_eq!(problem("🦩🦆🐢🌵🪵🧊🦭🪁🧿🪀🧩🪆🧸🎏🎐"), None);
        assert_eq!(
            problem("kx7$Qm!9zP2#vL"),
            Some(Problem::TooShort { min: 15 })
        );
        assert_eq!(
            problem(&"x".repeat(1025)),
            Some(Problem::TooLong { max: 1024 })
        );
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for password in [
            "passwordpassword",
            "aaaaaaaaaaaaaaaaaaaa",
            "123456789012345",
            "qwertyuiopasdfgh",
            "ada.lovelace@example.org",
        ] {
            assert_eq!(problem(password), Some(Problem::TooCommon), "{password}");
        }
    }

    #[test]
    fn a_long_password_is_checked_in_a_moment() {
        let start = std::time::Instant::now();
        let long: String = (0..1024_u32)
            .map(|n| char::from(b'!' + u8::try_from(n * 7 % 90).unwrap()))
            .collect();
        assert_eq!(problem(&long), None);
        assert!(start.elapsed().as_secs() < 5);
    }
}
