//! What text may be stored. When two texts are the same is said in `comparison`.
//!
//! Lengths are counted in characters (Unicode scalar values). Which fields exist, and how
//! long each may be, is said where the field is used.

use email_address::{EmailAddress, Options};

use super::error::{AccountsError, Field, Problem};
use crate::comparison::{comparable, is_visible};

/// The longest address that mail can be sent to (RFC 5321, with the brackets taken off).
pub(crate) const MAX_EMAIL_CHARS: usize = 254;

/// What may stand in a field.
#[derive(Clone, Copy)]
pub(crate) struct TextRule {
    pub(crate) field: Field,
    pub(crate) max: usize,
    pub(crate) required: bool,
    pub(crate) lines: Lines,
}

/// Whether a field has one line or many.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    One,
    Many,
}

impl TextRule {
    /// The text as it is stored: without white space around it.
    pub(crate) fn apply(self, raw: &str) -> Result<String, AccountsError> {
        let refuse = |problem| Err(AccountsError::invalid(self.field, problem));
        let text = raw.trim();
        if text.chars().count() > self.max {
            return refuse(Problem::TooLong { max: self.max });
        }
        if text.chars().any(|c| is_forbidden(c, self.lines)) {
            return refuse(Problem::ForbiddenCharacter);
        }
        if self.required && comparable(text).is_empty() {
            return refuse(Problem::Empty);
        }
        Ok(text.to_owned())
    }
}

/// Control characters, line and paragraph separators, and the characters that embed,
/// override or isolate a direction (what Unicode's report 36 warns of). The marks and
/// joiners that some scripts need are not forbidden; [`comparable`] leaves them out.
fn is_forbidden(c: char, lines: Lines) -> bool {
    match c {
        '\n' | '\r' | '\t' => lines == Lines::One,
        '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    }
}

/// An email as it is stored.
pub(crate) fn email(raw: &str) -> Result<String, AccountsError> {
    let rule = TextRule {
        field: Field::Email,
        max: MAX_EMAIL_CHARS,
        required: true,
        lines: Lines::One,
    };
    let email = rule.apply(raw)?;
    let options = Options::default()
        .without_display_text()
        .without_domain_literal();
    let all_visible = email.chars().all(is_visible);
    if all_visible && EmailAddress::parse_with_options(&email, options).is_ok() {
        Ok(email)
    } else {
        Err(AccountsError::invalid(Field::Email, Problem::Malformed))
    }
}

/// A phone number as people write it: an optional plus sign, digits, and what sets them
/// apart.
pub(crate) fn phone(raw: &str, max: usize) -> Result<String, AccountsError> {
    let rule = TextRule {
        field: Field::Phone,
        max,
        required: false,
        lines: Lines::One,
    };
    let phone = rule.apply(raw)?;
    let rest = phone.strip_prefix('+').unwrap_or(&phone);
    let well_formed = rest
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.'))
        && rest.chars().any(|c| c.is_ascii_digit());
    if phone.is_empty() || well_formed {
        Ok(phone)
    } else {
        Err(AccountsError::invalid(Field::Phone, Problem::Malformed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: TextRule = TextRule {
        field: Field::Title,
        max: 5,
        required: true,
        lines: Lines::One,
    };

    fn problem<T: std::fmt::Debug>(outcome: Result<T, AccountsError>) -> Problem {
        match outcome {
            Err(AccountsError::Invalid { problem, .. }) => problem,
            other => panic!("not refused as invalid: {other:?}"),
        }
    }

    #[test]
    fn lengths_are_counted_in_characters_after_trimming() {
        assert_eq!(RULE.apply("  ééééé ").unwrap(), "ééééé");
        assert_eq!(problem(RULE.apply("éééééé")), Problem::TooLong { max: 5 });
    }

    #[test]
    fn a_text_that_cannot_be_seen_is_empty() {
        for text in [
            "",
            "  ",
            "\u{200b}",
            "\u{2060}\u{feff}",
            "\u{3164}",
            "\u{ad}",
        ] {
            assert_eq!(problem(RULE.apply(text)), Problem::Empty, "{text:?}");
        }
    }

    #[test]
    fn control_and_direction_characters_are_forbidden() {
        for c in "\u{0}\u{7}\u{1b}\u{7f}\u{85}\u{202a}\u{202e}\u{2066}\u{2069}\u{2028}".chars() {
            let text = format!("a{c}b");
            assert_eq!(
                problem(RULE.apply(&text)),
                Problem::ForbiddenCharacter,
                "{c:?}"
            );
        }
        assert_eq!(problem(RULE.apply("a\nb")), Problem::ForbiddenCharacter);
        let many = TextRule {
            lines: Lines::Many,
            ..RULE
        };
        assert!(many.apply("a\nb").is_ok());
        assert_eq!(
            problem(many.apply("a\u{202e}b")),
            Problem::ForbiddenCharacter
        );
    }

    #[test]
    fn emails_are_addresses_without_a_name() {
        assert_eq!(email(" ada@example.org ").unwrap(), "ada@example.org");
        for text in [
            "ada",
            "ada@",
            "@example.org",
            "Ada <ada@example.org>",
            "a da@example.org",
        ] {
            assert_eq!(problem(email(text)), Problem::Malformed, "{text:?}");
        }
        assert_eq!(
            problem(email("a\u{200b}da@example.org")),
            Problem::Malformed
        );
        let long = format!("{}@example.org", "a".repeat(300));
        assert_eq!(problem(email(&long)), Problem::TooLong { max: 254 });
    }

    #[test]
    fn phones_are_digits_with_what_sets_them_apart() {
        for text in ["", "+44 20 7946 0958", "(030) 123-456", "112"] {
            assert!(phone(text, 32).is_ok(), "{text:?}");
        }
        for text in ["phone", "+", "++44", "44+", "٣٤", "1;2"] {
            assert_eq!(problem(phone(text, 32)), Problem::Malformed, "{text:?}");
        }
        assert_eq!(
            problem(phone(&"1".repeat(33), 32)),
            Problem::TooLong { max: 32 }
        );
    }

    proptest! {
        #[test]
        fn what_is_stored_is_visible_short_and_would_be_taken_again(raw in "\\PC{0,7}|.{0,7}|\\s.{0,5}\\s") {
            if let Ok(stored) = RULE.apply(&raw) {
                prop_assert!(stored.chars().count() <= RULE.max);
                prop_assert!(!stored.chars().any(|c| is_forbidden(c, Lines::One)));
                prop_assert!(!comparable(&stored).is_empty());
                prop_assert_eq!(RULE.apply(&stored).unwrap(), stored);
            }
        }
    }
}
