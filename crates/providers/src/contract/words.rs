//! Names as words, whatever their style: `apiKeys`, `api-keys`, `API_KEY` and `ApiKey` are one.
//!
//! Not here: which words mean the same (`fields`, `matching`).

/// A word of a name is cut off beyond this many characters: no name of a server is longer.
const LONGEST: usize = 64;
/// So many letters are no other word by chance.
const ENOUGH_LETTERS: usize = 6;
/// More words than any name has.
const MOST: usize = 16;

/// The words of a name: lower case, singular.
pub(super) fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().take(LONGEST * 4).collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        let after = characters.get(at + 1);
        let begins = character.is_ascii_uppercase()
            && (before.is_some_and(|before| !before.is_ascii_uppercase())
                || after.is_some_and(char::is_ascii_lowercase));
        if (begins || !character.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() && word.len() < LONGEST {
            word.extend(character.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words.truncate(MOST);
    words.iter().map(|word| singular(word).to_owned()).collect()
}

/// The words of a name as one: what two names that differ in style have in common.
pub(super) fn joined(name: &str) -> String {
    words(name).concat()
}

/// The letters of a name as they stand.
pub(super) fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Whether a name has all of these words, or holds their letters where those are enough.
pub(super) fn has(name: &[String], words: &[String]) -> bool {
    let letters = words.concat();
    words.iter().all(|word| name.contains(word))
        || letters.len() >= ENOUGH_LETTERS && name.concat().contains(&letters)
}

/// English plurals, as far as servers use them.
fn singular(word: &str) -> &str {
    let keeps = ["ss", "us", "is", "as", "os"]
        .iter()
        .any(|end| word.ends_with(end));
    if keeps || word.len() < 4 {
        return word;
    }
    if let Some(stem) = word.strip_suffix("ches").or(word.strip_suffix("sses")) {
        return &word[..stem.len() + 2];
    }
    word.strip_suffix('s').unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn style_and_number_make_no_difference() {
        for name in [
            "apiKeys", "api-keys", "API_KEY", "ApiKey", "api key", "APIKeys",
        ] {
            assert_eq!(words(name), ["api", "key"], "{name}");
        }
        assert_eq!(words("/v1/access_tokens"), ["v1", "access", "token"]);
        assert_eq!(words("status"), ["status"]);
        assert_eq!(words("addresses"), ["address"]);
        assert_eq!(joined("apikeys"), joined("API-Key"));
        assert!(words("--//").is_empty());
    }

    proptest! {
        #[test]
        fn no_name_makes_it_panic(name in ".*") {
            prop_assert!(words(&name).len() <= MOST);
        }
    }
}
