//! Which passwords may be set. Asked only then, never at sign-in: an old password stays good.
//!
//! Where the rules are ours: fifteen characters at least, as NIST SP 800-63B asks of a
//! password that may be the only factor; length is the only thing that is asked for, and no
//! kinds of characters are. What crackers guess within a million tries is refused: leaked
//! passwords, words, names, dates and keyboard walks, and the account's own email and names.
//!
//! The portals have the five rules of their own documentation instead, which are checked while
//! one types. Either way up to 1,024 characters are taken, and none is cut off.

use zeroize::Zeroizing;

use super::Accounts;
use super::error::{AccountsError, Field, Problem};
use crate::auth::password::normalised;

/// The fewest characters of a new password.
pub const PASSWORD_MIN_CHARS: usize = 15;
/// The most characters of a password.
pub const PASSWORD_MAX_CHARS: usize = 1024;

/// The fewest characters of a new password in the portals.
pub(crate) const PORTAL_PASSWORD_MIN_CHARS: usize = 8;

/// Which rules a new password must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordPolicy {
    /// Long, and not among the first to be guessed.
    HardToGuess,
    /// The five rules of the portals.
    Portal,
}

/// A rule of the portals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRule {
    /// Eight characters or more.
    MinimumLength,
    /// A capital letter.
    Uppercase,
    /// A lowercase letter.
    Lowercase,
    /// A number.
    Digit,
    /// A special character: neither a letter nor a number.
    Special,
}

impl PasswordRule {
    /// In the order in which the portals show them.
    pub(crate) const ALL: [Self; 5] = [
        Self::MinimumLength,
        Self::Uppercase,
        Self::Lowercase,
        Self::Digit,
        Self::Special,
    ];

    fn is_kept_by(self, password: &str) -> bool {
        let mut chars = password.chars();
        match self {
            Self::MinimumLength => chars.count() >= PORTAL_PASSWORD_MIN_CHARS,
            Self::Uppercase => chars.any(char::is_uppercase),
            Self::Lowercase => chars.any(char::is_lowercase),
            Self::Digit => chars.any(char::is_numeric),
            Self::Special => chars.any(|c| !c.is_alphanumeric()),
        }
    }
}

/// Fewer guesses than this are too few.
const MIN_GUESSES: u64 = 1_000_000;
/// How much of a long password is looked at from each end: a password is at least as hard to
/// guess as its parts, and the time that guessing takes grows with the cube of the length.
const LOOKED_AT: usize = 40;

impl Accounts {
    /// Checks a password that is to be set, when its turn has come: it takes a while.
    /// `personal` are words that a guesser knows.
    pub(super) async fn check_new_password(
        &self,
        policy: PasswordPolicy,
        password: &Zeroizing<String>,
        personal: [String; 3],
    ) -> Result<(), AccountsError> {
        if policy == PasswordPolicy::Portal {
            return check_rules(password);
        }
        let turn = self.hashing.turn().await?;
        let password = password.clone();
        tokio::task::spawn_blocking(move || {
            let checked = check(&password, &personal.each_ref().map(String::as_str));
            drop(turn);
            checked
        })
        .await
        .unwrap_or(Err(AccountsError::Cryptography))
    }
}

fn check_rules(password: &str) -> Result<(), AccountsError> {
    if is_too_long(password) {
        let problem = Problem::TooLong {
            max: PASSWORD_MAX_CHARS,
        };
        return Err(AccountsError::invalid(Field::NewPassword, problem));
    }
    let password = normalised(password);
    let broken: Vec<PasswordRule> = PasswordRule::ALL
        .into_iter()
        .filter(|rule| !rule.is_kept_by(&password))
        .collect();
    if broken.is_empty() {
        Ok(())
    } else {
        Err(AccountsError::PasswordRules(broken))
    }
}

fn check(password: &str, personal: &[&str]) -> Result<(), AccountsError> {
    let refuse = |problem| Err(AccountsError::invalid(Field::NewPassword, problem));
    if is_too_long(password) {
        return refuse(Problem::TooLong {
            max: PASSWORD_MAX_CHARS,
        });
    }
    let password = normalised(password);
    if password.chars().count() < PASSWORD_MIN_CHARS {
        return refuse(Problem::TooShort {
            min: PASSWORD_MIN_CHARS,
        });
    }
    if guesses(&password, personal) < MIN_GUESSES {
        return refuse(Problem::TooCommon);
    }
    Ok(())
}

/// Whether a password is longer than any that can have been set. Normalising makes at most
/// this many characters one, so that what is longer still needs no normalising.
pub(super) fn is_too_long(password: &str) -> bool {
    const MOST_INTO_ONE: usize = 4;
    password.chars().count() > PASSWORD_MAX_CHARS * MOST_INTO_ONE
        || normalised(password).chars().count() > PASSWORD_MAX_CHARS
}

fn guesses(password: &str, personal: &[&str]) -> u64 {
    let head: Zeroizing<String> = Zeroizing::new(password.chars().take(LOOKED_AT).collect());
    let of_head = zxcvbn::zxcvbn(&head, personal).guesses();
    if of_head >= MIN_GUESSES || head.len() == password.len() {
        return of_head;
    }
    let skipped = password.chars().count() - LOOKED_AT;
    let tail: Zeroizing<String> = Zeroizing::new(password.chars().skip(skipped).collect());
    of_head.max(zxcvbn::zxcvbn(&tail, personal).guesses())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problem(password: &str) -> Option<Problem> {
        match check(password, &["ada.lovelace@example.org", "Ada", "Lovelace"]) {
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
    fn the_portals_name_every_rule_that_is_not_kept() {
        use PasswordRule::{Digit, Lowercase, MinimumLength, Special, Uppercase};
        for (password, expected) in [
            ("Aa1!aaaa", &[][..]),
            ("Äß٣ aaaa", &[]),
            ("", &[MinimumLength, Uppercase, Lowercase, Digit, Special]),
            ("Aa1!aaa", &[MinimumLength]),
            ("aa1!aaaa", &[Uppercase]),
            ("AA1!AAAA", &[Lowercase]),
            ("Aaa!aaaa", &[Digit]),
            ("Aa1aaaaa", &[Special]),
        ] {
            let broken = match check_rules(password) {
                Ok(()) => Vec::new(),
                Err(AccountsError::PasswordRules(broken)) => broken,
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(broken, expected, "{password:?}");
        }
        assert!(check_rules(&"Aa1!".repeat(256)).is_ok());
        assert!(check_rules(&"Aa1!".repeat(257)).is_err());
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
    fn a_long_password_is_good_where_one_of_its_ends_is() {
        let dull = "a".repeat(500);
        assert_eq!(problem(&dull), Some(Problem::TooCommon));
        assert_eq!(problem(&format!("seven grey herons wade{dull}")), None);
        assert_eq!(problem(&format!("{dull}seven grey herons wade")), None);
    }

    #[test]
    fn the_length_that_counts_is_that_of_the_composed_characters() {
        let decomposed = "e\u{301}f".repeat(512);
        assert_eq!(
            problem(&decomposed[..decomposed.len() - 1]),
            Some(Problem::TooCommon)
        );
        assert!(!is_too_long(&decomposed));
        assert!(is_too_long(&"x".repeat(1025)));
        assert!(is_too_long(&"e\u{301}".repeat(1025)));
    }

    proptest! {
        /// What keeps the rules goes on keeping them as somebody types on.
        #[test]
        fn more_characters_break_no_rule(password in "[aA1!\u{e9}\u{661} ]{0,12}", more in "\\PC{0,8}") {
            if check_rules(&password).is_ok() {
                prop_assert!(check_rules(&(password + &more)).is_ok());
            }
        }

        #[test]
        fn a_rule_is_named_where_it_is_broken_and_only_there(password in "[aA1!]{0,10}") {
            use PasswordRule::{Digit, Lowercase, MinimumLength, Special, Uppercase};
            let broken = match check_rules(&password) {
                Err(AccountsError::PasswordRules(broken)) => broken,
                _ => Vec::new(),
            };
            for (rule, is_kept) in [
                (MinimumLength, password.len() >= 8),
                (Uppercase, password.contains('A')),
                (Lowercase, password.contains('a')),
                (Digit, password.contains('1')),
                (Special, password.contains('!')),
            ] {
                prop_assert_eq!(broken.contains(&rule), !is_kept, "{:?}", rule);
            }
        }
    }
}
