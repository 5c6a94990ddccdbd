//! HTTP text and lines of headers: `name: value`, or a name and its value on lines by turns, as
//! the network panels of browsers copy them.

use super::found::Found;

/// Names that stand alone on a line when their value is on the next.
const NAMES: &[&str] = &[
    "authorization",
    "access-token",
    "host",
    ":authority",
    ":scheme",
    ":path",
    "request url",
];

/// The one request of the text.
pub(super) fn read(text: &str) -> Vec<Found> {
    let mut found = Found::default();
    let mut place = Place::default();
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .peekable();
    while let Some(line) = lines.next() {
        if let Some(target) = request_target(line) {
            place.target(target);
            continue;
        }
        let Some((name, value)) = name_and_value(line) else {
            continue;
        };
        let value = match value {
            "" => lines.next().unwrap_or_default(),
            value => value,
        };
        found.header(name, value);
        place.header(name, value);
    }
    if let Some(url) = place.url() {
        found.url(&url);
    }
    vec![found]
}

/// What names the server, gathered from several lines.
#[derive(Default)]
struct Place<'a> {
    url: Option<&'a str>,
    host: Option<&'a str>,
    scheme: Option<&'a str>,
    path: Option<&'a str>,
}

impl<'a> Place<'a> {
    fn target(&mut self, target: &'a str) {
        if target.contains("://") {
            self.url.get_or_insert(target);
        } else {
            self.path.get_or_insert(target);
        }
    }

    fn header(&mut self, name: &str, value: &'a str) {
        let slot = match name.to_ascii_lowercase().as_str() {
            "host" | ":authority" => &mut self.host,
            ":scheme" => &mut self.scheme,
            ":path" => &mut self.path,
            "request url" => &mut self.url,
            _ => return,
        };
        slot.get_or_insert(value);
    }

    fn url(&self) -> Option<String> {
        if let Some(url) = self.url {
            return Some(url.to_owned());
        }
        let host = self
            .host
            .filter(|host| !host.contains(['/', '@', '?', '#']))?;
        let scheme = self.scheme.unwrap_or("https");
        let path = self
            .path
            .filter(|path| path.starts_with('/'))
            .unwrap_or("/");
        Some(format!("{scheme}://{host}{path}"))
    }
}

/// The target of a request line such as `GET /api/v1/users HTTP/1.1`.
fn request_target(line: &str) -> Option<&str> {
    let mut parts = line.split_ascii_whitespace();
    let method = parts.next()?;
    let target = parts.next()?;
    let is_version = parts
        .next()
        .is_none_or(|version| version.starts_with("HTTP/"));
    let is_method = method.len() <= 10 && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_target = target.starts_with('/') || target.contains("://");
    (is_method && is_version && is_target).then_some(target)
}

/// `name: value`, `name:`, or a known name alone; the value is empty where it is on the next line.
fn name_and_value(line: &str) -> Option<(&str, &str)> {
    if NAMES.iter().any(|name| line.eq_ignore_ascii_case(name)) {
        return Some((line, ""));
    }
    // The colon before the name of a pseudo-header is part of it.
    let start = usize::from(line.starts_with(':'));
    let at = start + line.get(start..)?.find(':')?;
    let (name, value) = (line.get(..at)?, line.get(at + 1..)?);
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_:".contains(&b))
        || name.eq_ignore_ascii_case("request url");
    is_name.then(|| (name, value.trim()))
}
