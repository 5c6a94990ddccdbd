//! The path of an operation: a template whose names in braces stand for values.

use keydesk_core::{Error, ErrorCode, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

/// What stays as it is in a value; everything else is escaped, the slash above all.
const UNESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
/// Longer than any path in use.
const PATH_LIMIT: usize = 500;
/// Longer than any id, in bytes.
const VALUE_LIMIT: usize = 2_000;

/// The names in braces, in order.
pub(crate) fn parameters(path: &str) -> Vec<&str> {
    path.split('/').filter_map(parameter).collect()
}

/// The name in a segment that is a parameter as a whole.
pub(crate) fn parameter(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    let fits = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    fits.then_some(name)
}

/// `METHOD /path` with just these parameters, each once; `None` where it is no request or could
/// lead away from the server's base path.
pub(crate) fn parse(request: &str, wanted: &[&str]) -> Option<(Method, String)> {
    let (method, path) = request.trim().split_once(' ')?;
    let method = match method {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => return None,
    };
    let path = path.trim_start();
    let mut found = parameters(path);
    let mut wanted = wanted.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    // Some servers tell `/keys/` and `/keys` apart.
    let segments = path.strip_suffix('/').unwrap_or(path);
    let fits = path.len() <= PATH_LIMIT
        && found == wanted
        && segments.starts_with('/')
        && segments.split('/').skip(1).all(is_plain);
    fits.then(|| (method, path.to_owned()))
}

fn is_plain(segment: &str) -> bool {
    parameter(segment).is_some()
        || !matches!(segment, "" | "." | "..")
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~:@!$&'()*+,;=".contains(&byte))
}

/// The path with values in the place of its parameters.
///
/// # Errors
/// `NotFound` for a value that would change the path, `Internal` where one is missing.
pub(super) fn filled(path: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = String::with_capacity(path.len());
    for segment in path.split('/').skip(1) {
        filled.push('/');
        let Some(name) = parameter(segment) else {
            filled.push_str(segment);
            continue;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        let Some((_, value)) = value else {
            return Err(Error::new(ErrorCode::Internal, "a path lacks a value"));
        };
        // Addresses are normalised after escaping too: `.` and `..` always mean a folder.
        if matches!(*value, "" | "." | "..") || value.len() > VALUE_LIMIT {
            return Err(Error::new(ErrorCode::NotFound, "no usable id"));
        }
        filled.extend(utf8_percent_encode(value, UNESCAPED));
    }
    Ok(filled)
}
