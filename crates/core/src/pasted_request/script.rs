//! "Copy as fetch", for the browser or for Node.js, "Copy as PowerShell", and a bare object of
//! headers. The text is not run or fully parsed: strings are read exactly, and of what stands
//! between them only `name : value` and `name = value` matter.

use zeroize::Zeroizing;

use super::found::Found;
use super::push;

/// A piece of a script.
enum Piece {
    /// The content of a string, wiped after use.
    Text(Zeroizing<String>),
    /// A name, an option, a number.
    Word(String),
    /// Anything else.
    Mark(char),
}

/// How a language writes its strings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    JavaScript,
    PowerShell,
}

/// Every `fetch(…)` of the text.
pub(super) fn read_fetch(text: &str) -> Vec<Found> {
    if !text.contains("fetch(") {
        return Vec::new();
    }
    read(
        text,
        Language::JavaScript,
        |before| matches!(before, [.., Piece::Word(word), Piece::Mark('(')] if word == "fetch"),
    )
}

/// Every `Invoke-WebRequest` of the text.
pub(super) fn read_powershell(text: &str) -> Vec<Found> {
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    if !["invoke-webrequest", "invoke-restmethod"]
        .iter()
        .any(|name| lower.contains(name))
    {
        return Vec::new();
    }
    read(
        text,
        Language::PowerShell,
        |before| matches!(before, [.., Piece::Word(word)] if word.eq_ignore_ascii_case("-uri")),
    )
}

/// An object of headers, copied out of a program.
pub(super) fn read_object(text: &str) -> Vec<Found> {
    read(text, Language::JavaScript, |_| false)
}

/// Reads requests; each begins at the string before which `is_url` holds.
fn read(text: &str, language: Language, is_url: impl Fn(&[Piece]) -> bool) -> Vec<Found> {
    let pieces = pieces(text, language);
    let mut requests = vec![Found::default()];
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Text(string) = piece else { continue };
        let before = &pieces[..at];
        if is_url(before) {
            let mut request = Found::default();
            request.url(string);
            requests.push(request);
        } else if let ([.., name, Piece::Mark(':' | '=')], Some(request)) =
            (before, requests.last_mut())
        {
            let name = match name {
                Piece::Text(name) => name.as_str(),
                Piece::Word(name) => name.as_str(),
                Piece::Mark(_) => continue,
            };
            request.header(name, string);
        }
    }
    requests
}

fn pieces(text: &str, language: Language) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let opens_string = match language {
            Language::JavaScript => matches!(c, '"' | '\'' | '`'),
            Language::PowerShell => matches!(c, '"' | '\''),
        };
        if opens_string {
            pieces.push(Piece::Text(string(&mut characters, c, language)));
        } else if is_word(c) {
            let mut word = c.to_string();
            while let Some(c) = characters.next_if(|&c| is_word(c)) {
                word.push(c);
            }
            pieces.push(Piece::Word(word));
        } else if !c.is_whitespace() {
            pieces.push(Piece::Mark(c));
        }
    }
    pieces
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_$-".contains(c)
}

/// The content of a string up to its closing quote, or to the end of the text.
fn string(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    quote: char,
    language: Language,
) -> Zeroizing<String> {
    let mut content = Zeroizing::new(String::new());
    let escape = match (language, quote) {
        (Language::JavaScript, _) => Some('\\'),
        (Language::PowerShell, '"') => Some('`'),
        (Language::PowerShell, _) => None,
    };
    while let Some(c) = characters.next() {
        if c == quote {
            // PowerShell writes a quote inside of a string twice.
            if language == Language::PowerShell && characters.next_if_eq(&quote).is_some() {
                push(&mut content, quote);
                continue;
            }
            break;
        }
        if Some(c) == escape {
            if let Some(c) = escaped(characters, language) {
                push(&mut content, c);
            }
        } else {
            push(&mut content, c);
        }
    }
    content
}

/// The character that an escape stands for.
fn escaped(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    language: Language,
) -> Option<char> {
    let digits = match (characters.next()?, language) {
        ('n', _) => return Some('\n'),
        ('r', _) => return Some('\r'),
        ('t', _) => return Some('\t'),
        ('x', Language::JavaScript) => 2,
        ('u', Language::JavaScript) => 4,
        (other, _) => return Some(other),
    };
    let in_braces = digits == 4 && characters.next_if_eq(&'{').is_some();
    let mut value: u32 = 0;
    for _ in 0..(if in_braces { 6 } else { digits }) {
        let Some(digit) = characters.peek().and_then(|c| c.to_digit(16)) else {
            break;
        };
        value = value * 16 + digit;
        characters.next();
    }
    if in_braces {
        characters.next_if_eq(&'}');
    }
    char::from_u32(value)
}
