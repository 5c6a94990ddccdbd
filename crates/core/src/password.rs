//! The server's rules for a new password, as far as it tells them.
//!
//! Not here: strength beyond those rules; the server decides in the end.

use keydesk_vault::SecretString;

use crate::capabilities::PasswordRule;

/// The rules that a new password does not meet yet, in their order.
pub fn unmet(rules: &[PasswordRule], new: &SecretString) -> Vec<PasswordRule> {
    let new = new.expose();
    rules
        .iter()
        .copied()
        .filter(|rule| !is_met(*rule, new))
        .collect()
}

/// Letters and digits are meant in their widest sense: a server that counts only ASCII refuses
/// more, and says so, while one that counts them all must not be kept from accepting.
fn is_met(rule: PasswordRule, new: &str) -> bool {
    match rule {
        PasswordRule::MinimumLength { characters } => {
            new.chars().count() >= usize::try_from(characters).unwrap_or(usize::MAX)
        }
        PasswordRule::Uppercase => new.chars().any(char::is_uppercase),
        PasswordRule::Lowercase => new.chars().any(char::is_lowercase),
        PasswordRule::Digit => new.chars().any(char::is_numeric),
        PasswordRule::Special => new
            .chars()
            .any(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [PasswordRule; 5] = [
        PasswordRule::MinimumLength { characters: 8 },
        PasswordRule::Uppercase,
        PasswordRule::Lowercase,
        PasswordRule::Digit,
        PasswordRule::Special,
    ];

    fn unmet_by(new: &str) -> Vec<PasswordRule> {
        unmet(&RULES, &SecretString::from(new.to_owned()))
    }

    #[test]
    fn the_checklist_shrinks_as_the_password_grows() {
        assert_eq!(unmet_by(""), RULES);
        assert_eq!(unmet_by("a"), [RULES[0], RULES[1], RULES[3], RULES[4]]);
        assert_eq!(unmet_by("aB1"), [RULES[0], RULES[4]]);
        assert_eq!(unmet_by("aB1!"), [RULES[0]]);
        assert_eq!(unmet_by("aB1!aB1!"), []);
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(unmet_by("ÄÖüß1!é"), [RULES[0]]);
        assert_eq!(unmet_by("ÄÖüß1!éé"), []);
    }

    #[test]
    fn a_space_is_not_special() {
        assert_eq!(unmet_by("abcdEF 1"), [RULES[4]]);
    }

    #[test]
    fn without_rules_there_is_nothing_to_meet() {
        assert!(unmet(&[], &SecretString::from(String::new())).is_empty());
    }
}
