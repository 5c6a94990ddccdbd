//! "Copy as cURL", as browsers write it for bash and for the command line of Windows.

use zeroize::Zeroizing;

use super::found::Found;
use super::push;

/// A word of a command, wiped after use: most of them are secrets or cookies.
type Word = Zeroizing<String>;

/// Options with a value that may look like what is searched for.
const OPTIONS_WITH_VALUE: &[&str] = &[
    "-A",
    "-b",
    "-c",
    "-d",
    "-e",
    "-F",
    "-m",
    "-o",
    "-T",
    "-u",
    "-U",
    "-w",
    "-x",
    "-X",
    "--cookie",
    "--data",
    "--data-ascii",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "--form",
    "--json",
    "--max-time",
    "--output",
    "--proxy",
    "--referer",
    "--request",
    "--user",
    "--user-agent",
];

/// Every `curl` command of the text.
pub(super) fn read(text: &str) -> Vec<Found> {
    let text = text.trim_start().trim_start_matches("$ ");
    let starts_with_curl = text
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("curl"));
    if !starts_with_curl {
        return Vec::new();
    }
    let is_windows = ["^\"", "^\n", "^\r"].iter().any(|mark| text.contains(mark));
    let words = if is_windows {
        windows_words(text)
    } else {
        bash_words(text)
    };
    let mut requests: Vec<Found> = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let name = word.as_str();
        if name.eq_ignore_ascii_case("curl") || name.eq_ignore_ascii_case("curl.exe") {
            requests.push(Found::default());
            continue;
        }
        let Some(request) = requests.last_mut() else {
            continue;
        };
        match name {
            "-H" | "--header" => {
                if let Some(header) = words.next() {
                    take_header(request, &header);
                }
            }
            "--oauth2-bearer" => {
                if let Some(token) = words.next() {
                    request.header("authorization", &token);
                }
            }
            "--url" => {
                if let Some(url) = words.next() {
                    request.url(&url);
                }
            }
            option if OPTIONS_WITH_VALUE.contains(&option) => {
                words.next();
            }
            option if option.starts_with("--header=") => {
                take_header(request, &option["--header=".len()..]);
            }
            option if option.starts_with("-H") => take_header(request, &option[2..]),
            option if option.starts_with('-') => {}
            // `;` and `&` stand between the commands of "Copy all as cURL".
            ";" | "&" | "&&" => {}
            url => request.url(url),
        }
    }
    requests
}

fn take_header(request: &mut Found, header: &str) {
    if let Some((name, value)) = header.split_once(':') {
        request.header(name, value);
    }
}

/// Words by the rules of bash, as far as browsers use them: `'…'`, `"…"`, `$'…'` and `\`.
fn bash_words(text: &str) -> Vec<Word> {
    let mut words = Words::default();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\'' => {
                words.begin();
                words.extend(characters.by_ref().take_while(|&c| c != '\''));
            }
            '$' if characters.peek() == Some(&'\'') => {
                characters.next();
                words.begin();
                while let Some(c) = characters.next().filter(|&c| c != '\'') {
                    let c = if c == '\\' {
                        escaped(&mut characters)
                    } else {
                        Some(c)
                    };
                    words.extend(c);
                }
            }
            '"' => {
                words.begin();
                while let Some(c) = characters.next().filter(|&c| c != '"') {
                    let is_escape = c == '\\'
                        && characters
                            .peek()
                            .is_some_and(|next| "\"\\$`\n".contains(*next));
                    match if is_escape {
                        characters.next()
                    } else {
                        Some(c)
                    } {
                        Some('\n') if is_escape => {}
                        c => words.extend(c),
                    }
                }
            }
            '\\' => match characters.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    characters.next_if_eq(&'\n');
                }
                Some(c) => words.push(c),
            },
            c if c.is_whitespace() => words.end(),
            c => words.push(c),
        }
    }
    words.finish()
}

/// The character that an escape inside `$'…'` stands for.
fn escaped(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let digits = match characters.next()? {
        'n' => return Some('\n'),
        'r' => return Some('\r'),
        't' => return Some('\t'),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        other => return Some(other),
    };
    let mut value = 0;
    for _ in 0..digits {
        let Some(digit) = characters.peek().and_then(|c| c.to_digit(16)) else {
            break;
        };
        value = value * 16 + digit;
        characters.next();
    }
    char::from_u32(value)
}

/// Words by the rules of Windows: `^` takes the next character's meaning away before the program
/// sees it, and the program reads `"…"` with `\"` and `\\`.
fn windows_words(text: &str) -> Vec<Word> {
    let mut bare = Zeroizing::new(String::with_capacity(text.len()));
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '^' => match characters.next() {
                Some('\r') => {
                    characters.next_if_eq(&'\n');
                }
                Some('\n') | None => {}
                Some(c) => bare.push(c),
            },
            c => bare.push(c),
        }
    }
    let mut words = Words::default();
    let mut quoted = false;
    let mut characters = bare.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => {
                words.begin();
                quoted = !quoted;
            }
            '\\' if characters.peek().is_some_and(|next| "\"\\".contains(*next)) => {
                words.extend(characters.next());
            }
            c if c.is_whitespace() && !quoted => words.end(),
            c => words.push(c),
        }
    }
    words.finish()
}

/// Words as they are put together.
#[derive(Default)]
struct Words {
    done: Vec<Word>,
    current: Option<Word>,
}

impl Words {
    /// A word begins, even if nothing follows: `''` is an empty word.
    fn begin(&mut self) -> &mut Word {
        self.current.get_or_insert_default()
    }

    fn push(&mut self, c: char) {
        push(self.begin(), c);
    }

    fn extend(&mut self, characters: impl IntoIterator<Item = char>) {
        let word = self.begin();
        for c in characters {
            push(word, c);
        }
    }

    fn end(&mut self) {
        self.done.extend(self.current.take());
    }

    fn finish(mut self) -> Vec<Word> {
        self.end();
        self.done
    }
}
