//! Rules of form for what a person types, and the comparison of titles.
//!
//! Not here: which field has which limits (`capabilities`), the server's own judgement.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::{Error, ErrorCode, Field, Result};

/// The longest telephone number in characters. E.164 has 15 digits; the rest is for how people
/// write them.
const PHONE_MAXIMUM_LENGTH: usize = 32;

/// The longest email address in characters that can be delivered to (RFC 5321, section 4.5.3.1.3).
const EMAIL_MAXIMUM_LENGTH: usize = 254;

/// What one text field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextRule {
    /// Whether it may not be empty.
    pub required: bool,
    /// The longest text in characters (Unicode scalar values, as servers count them).
    pub maximum_length: u32,
    /// Whether it may hold line breaks and tabs.
    pub multiline: bool,
}

/// Checks a text and answers with it trimmed. Line breaks come out as `\n`.
///
/// Forbidden are control characters and whatever turns the direction of text around
/// (U+202A–202E, U+2066–2069): they make a name read as something that it is not. A required
/// field is not filled by what nobody can see.
pub fn check(typed: &str, rule: TextRule, field: Field) -> Result<String> {
    let text = if rule.multiline {
        typed.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        typed.to_owned()
    };
    let text = text.trim();
    let forbidden = |c: char| {
        let layout = rule.multiline && matches!(c, '\n' | '\t');
        (c.is_control() && !layout) || is_separator(c) || turns_direction(c)
    };
    if text.chars().any(forbidden) {
        return Err(Error::new(
            ErrorCode::ForbiddenCharacters,
            "the text holds control characters or direction overrides",
        )
        .in_field(field));
    }
    if rule.required && text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(Error::new(ErrorCode::Required, "a required field is empty").in_field(field));
    }
    let longest = usize::try_from(rule.maximum_length).unwrap_or(usize::MAX);
    if text.chars().count() > longest {
        return Err(Error::new(ErrorCode::TooLong, "the text is too long")
            .in_field(field)
            .with_detail(format!("at most {longest} characters")));
    }
    Ok(text.to_owned())
}

/// A telephone number, trimmed: `+`, digits, spaces, hyphens, dots and brackets, with at least
/// one digit. Empty is allowed here; whether the field may be empty is [`check`]'s.
pub fn phone(typed: &str) -> Result<String> {
    let number = typed.trim();
    let well_formed = number.is_empty()
        || (number.chars().count() <= PHONE_MAXIMUM_LENGTH
            && number.chars().any(|c| c.is_ascii_digit())
            && number
                .char_indices()
                .all(|(at, c)| c.is_ascii_digit() || " -.()".contains(c) || (c == '+' && at == 0)));
    if well_formed {
        Ok(number.to_owned())
    } else {
        Err(Error::new(ErrorCode::PhoneInvalid, "not a telephone number").in_field(Field::Phone))
    }
}

/// An email address, trimmed.
pub fn email(typed: &str) -> Result<String> {
    let rule = TextRule {
        required: true,
        maximum_length: u32::MAX,
        multiline: false,
    };
    let address = check(typed, rule, Field::Email)?;
    let well_formed = address.len() <= EMAIL_MAXIMUM_LENGTH
        // Valid by the letter of RFC 5322, and never a person's address at a server.
        && !address.contains(['"', '<', '>'])
        // A character that came along unseen when the address was copied would go to another one.
        && !address.chars().any(|c| c.is_whitespace() || is_invisible(c))
        && email_address::EmailAddress::is_valid(&address);
    if well_formed {
        Ok(address)
    } else {
        Err(Error::new(ErrorCode::EmailInvalid, "not an email address").in_field(Field::Email))
    }
}

/// A text by which titles are compared: without case, compatibility forms, invisible characters
/// and repeated space. Two titles with the same key look the same to a person.
pub fn title_key(title: &str) -> String {
    let visible: String = title.chars().filter(|&c| !is_invisible(c)).collect();
    let composed: String = visible.nfkc().collect();
    let folded: String = caseless::default_case_fold_str(&composed).nfkc().collect();
    // Folding and composing can bring forth a few invisible characters and spaces of their own.
    let visible: String = folded.chars().filter(|&c| !is_invisible(c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character leaves no mark and takes no room of its own: format and most control
/// characters, and what Unicode says to ignore when it cannot be shown.
pub(crate) fn is_invisible(c: char) -> bool {
    if c.is_whitespace() {
        return false;
    }
    matches!(
        c.general_category(),
        GeneralCategory::Control | GeneralCategory::Format
    ) || matches!(c,
        '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{2065}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{E0000}'..='\u{E0FFF}')
}

/// U+2028 and U+2029 break lines where no line break is expected.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINE: TextRule = TextRule {
        required: false,
        maximum_length: 10,
        multiline: false,
    };
    const LINES: TextRule = TextRule {
        required: false,
        maximum_length: 100,
        multiline: true,
    };

    fn code(result: Result<String>) -> ErrorCode {
        result.unwrap_err().code
    }

    #[test]
    fn text_is_trimmed_and_counted_in_characters() {
        assert_eq!(
            check("  Jane \u{3000}", LINE, Field::FirstName).unwrap(),
            "Jane"
        );
        assert_eq!(
            check("李李李李李李李李李李", LINE, Field::FirstName)
                .unwrap()
                .len(),
            30
        );
        let error = check("12345678901", LINE, Field::FirstName).unwrap_err();
        assert_eq!(
            (error.code, error.field),
            (ErrorCode::TooLong, Some(Field::FirstName))
        );
        assert_eq!(
            code(check(&"x".repeat(10_000), LINE, Field::LastName)),
            ErrorCode::TooLong
        );
    }

    #[test]
    fn a_required_field_is_not_filled_by_what_nobody_sees() {
        let required = TextRule {
            required: true,
            ..LINE
        };
        for nothing in ["", " \t\n ", "\u{200B}", " \u{3164}\u{2800} \u{200D}"] {
            let refused = code(check(nothing, required, Field::FirstName));
            assert_eq!(refused, ErrorCode::Required, "{nothing:?}");
        }
        assert_eq!(check(" ", LINE, Field::FirstName).unwrap(), "");
    }

    #[test]
    fn control_characters_and_direction_overrides_are_refused() {
        for bad in [
            "a\0b",
            "a\x1bb",
            "a\x7fb",
            "a\u{85}b",
            "a\nb",
            "a\tb",
            "a\rb",
            "\u{202E}evil",
            "a\u{202A}",
            "a\u{2066}b",
            "a\u{2069}b",
            "a\u{2028}b",
        ] {
            let refused = code(check(bad, LINE, Field::FirstName));
            assert_eq!(refused, ErrorCode::ForbiddenCharacters, "{bad:?}");
        }
        // Right-to-left names and joined emoji are ordinary text.
        for good in ["ليلى", "דוד", "👩\u{200D}🔬"] {
            assert_eq!(check(good, LINE, Field::FirstName).unwrap(), good);
        }
    }

    #[test]
    fn a_description_may_hold_line_breaks_and_tabs_and_nothing_else() {
        assert_eq!(
            check("a\r\nb\rc\td", LINES, Field::Description).unwrap(),
            "a\nb\nc\td"
        );
        let refused = code(check("a\u{8}b", LINES, Field::Description));
        assert_eq!(refused, ErrorCode::ForbiddenCharacters);
    }

    #[test]
    fn telephone_numbers_are_taken_as_people_write_them() {
        for good in ["", "+49 (0)30 123-45.67", "+8613800138000", "110"] {
            assert_eq!(phone(&format!(" {good} ")).unwrap(), good);
        }
        let long = "1".repeat(33);
        for bad in [
            "call me",
            "+",
            "1+2",
            "++49",
            "+49 30 abc",
            "٣٤",
            "12;34",
            &long,
        ] {
            assert_eq!(code(phone(bad)), ErrorCode::PhoneInvalid, "{bad}");
        }
    }

    #[test]
    fn email_addresses_are_judged_by_their_form() {
        assert_eq!(email(" jane@example.com ").unwrap(), "jane@example.com");
        assert!(email("jane.o'hara+x@mail.example.co.uk").is_ok());
        let long = format!("{}@example.com", "x".repeat(300));
        for bad in [
            "jane",
            "@example.com",
            "jane@",
            "a b@example.com",
            "a@b@c",
            "Jane <jane@example.com>",
            "\"a b\"@example.com",
            "ja\u{200B}ne@example.com",
            "ja\u{3164}ne@example.com",
            "jane@exam\u{AD}ple.com",
            &long,
        ] {
            assert_eq!(code(email(bad)), ErrorCode::EmailInvalid, "{bad}");
        }
        assert_eq!(code(email(" ")), ErrorCode::Required);
    }

    #[test]
    fn titles_that_look_the_same_have_the_same_key() {
        for (one, other) in [
            ("CI build", "ci  BUILD "),
            ("ci-build", "ci\u{200B}-build"),
            ("ci-build", "ci-\u{AD}build\u{FEFF}"),
            ("ci-build", "ｃｉ－ｂｕｉｌｄ"),
            ("straße", "STRASSE"),
            ("é", "e\u{301}"),
            ("a b", "a\u{A0}\u{2003}b"),
            ("x", "\u{3164}x\u{2800}"),
        ] {
            assert_eq!(title_key(one), title_key(other), "{one:?} {other:?}");
        }
        assert_ne!(title_key("ci-build"), title_key("ci build"));
        assert_ne!(title_key("key 1"), title_key("key 2"));
    }

    /// What no field takes, wherever it stands: control characters, and all that turns text around.
    fn forbidden() -> impl Strategy<Value = char> {
        let control = (0_u32..0xA0)
            .prop_filter_map("no control character", char::from_u32)
            .prop_filter("no control character", |c| {
                c.is_control() && !"\t\n\r".contains(*c)
            });
        let turning = one_of(
            "\u{2028}\u{2029}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\
             \u{2066}\u{2067}\u{2068}\u{2069}",
        );
        prop_oneof![control, turning]
    }

    /// What nobody sees: zero widths, marks of direction, fillers, selectors of variants, tags.
    fn invisible() -> impl Strategy<Value = char> {
        one_of(
            "\u{AD}\u{34F}\u{61C}\u{115F}\u{180E}\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\
             \u{2060}\u{2064}\u{206F}\u{2800}\u{3164}\u{FE0F}\u{FEFF}\u{FFA0}\u{E0041}\u{E0100}",
        )
    }

    fn one_of(characters: &str) -> impl Strategy<Value = char> + use<> {
        prop::sample::select(characters.chars().collect::<Vec<_>>())
    }

    fn inserted(text: &str, c: char, at: prop::sample::Index) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        characters.insert(at.index(characters.len() + 1), c);
        characters.into_iter().collect()
    }

    proptest! {
        #[test]
        fn a_checked_text_passes_again_unchanged(text in any::<String>()) {
            for rule in [LINE, LINES] {
                if let Ok(checked) = check(&text, rule, Field::Description) {
                    prop_assert_eq!(check(&checked, rule, Field::Description).unwrap(), checked);
                }
            }
        }

        #[test]
        fn a_forbidden_character_is_refused_wherever_it_stands(
            text in "x[a-z李 ]{0,6}x",
            c in forbidden(),
            at in any::<prop::sample::Index>(),
        ) {
            let text = format!("x{}x", inserted(&text, c, at)); // inside, where nothing is trimmed
            for rule in [LINE, LINES] {
                let refused = code(check(&text, rule, Field::Title));
                prop_assert_eq!(refused, ErrorCode::ForbiddenCharacters);
            }
        }

        #[test]
        fn a_text_that_nobody_sees_fills_no_required_field(
            text in prop::collection::vec(prop_oneof![Just(' '), invisible()], 0..8),
        ) {
            let text: String = text.into_iter().collect();
            let required = TextRule { required: true, ..LINE };
            prop_assert_eq!(code(check(&text, required, Field::Title)), ErrorCode::Required);
            prop_assert_eq!(title_key(&text), "");
        }

        #[test]
        fn an_accepted_email_is_one_word_that_reads_as_it_is(
            text in prop_oneof![any::<String>(), "[a-zé \u{3164}\u{202E}\t<>\"]{1,5}@[a-z.-]{1,9}"],
        ) {
            if let Ok(address) = email(&text) {
                prop_assert_eq!(address.matches('@').count(), 1);
                let unseen = |c: char| c.is_whitespace() || is_invisible(c);
                prop_assert!(!address.chars().any(|c| unseen(c) || turns_direction(c)));
                prop_assert_eq!(email(&address).unwrap(), address);
            }
        }

        #[test]
        fn an_accepted_number_has_a_digit_and_nothing_strange(
            text in prop_oneof![any::<String>(), "[+0-9 ().a٣-]{0,12}"],
        ) {
            if let Ok(number) = phone(&text) {
                prop_assert!(number.is_empty() || number.contains(|c: char| c.is_ascii_digit()));
                prop_assert!(number.is_ascii() && number.len() <= PHONE_MAXIMUM_LENGTH);
                prop_assert_eq!(phone(&number).unwrap(), number);
            }
        }

        #[test]
        fn the_key_of_a_title_is_its_own_key(title in any::<String>()) {
            let key = title_key(&title);
            prop_assert_eq!(title_key(&key), key);
        }

        #[test]
        fn invisible_characters_never_make_a_title_new(
            title in "[a-zA-Z0-9 é李-]{1,20}",
            c in invisible(),
            at in any::<prop::sample::Index>(),
        ) {
            prop_assert_eq!(title_key(&inserted(&title, c, at)), title_key(&title));
        }
    }
}
