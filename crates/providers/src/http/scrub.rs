//! Foreign text made fit to be shown and copied: short, visible, and without the secrets of the
//! request that it answers. A server, or a proxy before it, may echo what it was sent.
//!
//! Not here: recognising secrets in general. Only what this request carried is masked, whole or
//! in part, as it is or in a usual encoding.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use keydesk_core::credential::Credential;
use keydesk_vault::SecretString;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

/// How much of a foreign text is shown, in characters.
const SHOWN: usize = 200;
/// How much of it is looked at: masks shorten it.
const LOOKED_AT: usize = 4096;
/// A piece of a secret of so many characters is masked wherever it stands.
const WINDOW: usize = 8;
/// What stands in the place of a secret.
const MASK: &str = "***";

/// The secrets of one request.
pub(crate) struct Scrubber<'a> {
    secrets: Vec<&'a str>,
}

impl<'a> Scrubber<'a> {
    pub(crate) fn new(credential: Option<&'a Credential>, more: &[&'a SecretString]) -> Self {
        let mut secrets: Vec<&str> = more.iter().map(|secret| secret.expose().as_str()).collect();
        match credential {
            None => {}
            Some(Credential::Session(token) | Credential::ApiKey(token)) => {
                secrets.push(token.expose());
            }
            Some(Credential::CloudTokens {
                authorization,
                access_token,
            }) => secrets.extend([authorization.expose().as_str(), access_token.expose()]),
        }
        Self { secrets }
    }

    /// The beginning of a foreign text, scrubbed and on one line.
    pub(crate) fn text(&self, foreign: &str) -> String {
        let visible = Zeroizing::new(plain_text(foreign, LOOKED_AT));
        self.mask(&visible).chars().take(SHOWN).collect()
    }

    fn mask(&self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let folded: Vec<char> = fold(text);
        let mut hidden = vec![false; characters.len()];
        for secret in &self.secrets {
            for form in forms(secret) {
                hide(&folded, &fold(&form), &mut hidden);
            }
        }
        let mut masked = String::with_capacity(text.len());
        for (at, character) in characters.into_iter().enumerate() {
            if !hidden[at] {
                masked.push(character);
            } else if at == 0 || !hidden[at - 1] {
                masked.push_str(MASK);
            }
        }
        masked
    }
}

/// The forms in which an echo usually carries a secret.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let secret = secret.trim();
    let mut hex = Zeroizing::new(String::with_capacity(secret.len() * 2));
    for byte in secret.bytes() {
        for digit in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(digit.into(), 16));
        }
    }
    let json = serde_json::to_string(secret).unwrap_or_default();
    [
        secret.to_owned(),
        plain_text(secret, usize::MAX),
        json.trim_matches('"').to_owned(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        secret.chars().rev().collect(),
    ]
    .into_iter()
    .map(Zeroizing::new)
    .chain([hex])
    .collect()
}

/// Marks every place where the secret, or a piece of it, stands.
fn hide(text: &[char], secret: &[char], hidden: &mut [bool]) {
    // One or two characters are no secret, and masking them would leave no text.
    let window = secret.len().min(WINDOW);
    if window < 3 || text.len() < window {
        return;
    }
    let pieces: HashSet<&[char]> = secret.windows(window).collect();
    for (at, piece) in text.windows(window).enumerate() {
        if pieces.contains(piece) {
            hidden[at..at + window].fill(true);
        }
    }
}

/// ASCII letters without case; every character stays in its place.
fn fold(text: &str) -> Vec<char> {
    text.chars().map(|one| one.to_ascii_lowercase()).collect()
}

/// Text that is what it looks like: white space as single blanks, no control characters, nothing
/// invisible and nothing that changes the direction of writing; at most `limit` characters.
pub(crate) fn plain_text(foreign: &str, limit: usize) -> String {
    let mut plain = String::new();
    let mut blank = false;
    let mut length = 0;
    for character in foreign.chars() {
        if character.is_whitespace() || matches!(character, '\u{2028}' | '\u{2029}') {
            blank = true;
            continue;
        }
        if character.is_control() || is_invisible(character) {
            continue;
        }
        if length >= limit {
            break;
        }
        if blank && length > 0 {
            plain.push(' ');
            length += 1;
        }
        blank = false;
        plain.push(character);
        length += 1;
    }
    plain
}

/// Format characters: direction, joiners, fillers, tags, variation selectors, private use.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "api_7f3kq9.Zx81-mN04pQ7tY2vB6cL9";

    fn scrubbed(text: &str, secret: &str) -> String {
        let secret = SecretString::from(secret.to_owned());
        Scrubber::new(None, &[&secret]).text(text)
    }

    #[test]
    fn a_foreign_text_becomes_one_short_visible_line() {
        let text = format!("a\r\n\tb\u{202e}c\u{0}\u{200b}d{}", "x".repeat(500));
        let plain = scrubbed(&text, TOKEN);
        assert!(plain.starts_with("a bcdxxx"), "{plain}");
        assert_eq!(plain.chars().count(), SHOWN);
    }

    #[test]
    fn an_echoed_secret_is_masked_in_its_usual_encodings() {
        for form in forms(TOKEN) {
            let shown = scrubbed(&format!("no such key: {} here", &*form), TOKEN);
            assert_eq!(shown, "no such key: *** here", "{}", &*form);
        }
        let hidden = TOKEN.replace('7', "7\u{200b}");
        assert_eq!(
            scrubbed(&hidden, TOKEN),
            "***",
            "invisible letters in between"
        );
        assert_eq!(scrubbed("pw is s3cr3t!", "s3cr3t!"), "pw is ***");
    }

    proptest! {
        #[test]
        fn no_piece_of_a_secret_survives_an_echo(
            before in ".{0,300}", after in ".{0,300}", from in 0..20_usize, length in 8..13_usize,
        ) {
            let piece = &TOKEN[from..(from + length).min(TOKEN.len())];
            let shown = scrubbed(&format!("{before}{piece}{after}"), TOKEN);
            prop_assert!(!shown.contains(piece));
            prop_assert!(shown.chars().count() <= SHOWN);
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}
