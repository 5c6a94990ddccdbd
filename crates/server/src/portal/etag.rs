//! Entity tags of what two people may edit: `"VERSION"`.

use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, HeaderName};

use super::problem::{Refusal, Slug};
use crate::accounts::Expected;

/// The header that names a version.
pub(super) fn etag(version: i64) -> [(HeaderName, String); 1] {
    [(ETAG, format!("\"{version}\""))]
}

/// The versions that a request was meant for. Without `If-Match` it is meant for any.
pub(super) fn expected(headers: &HeaderMap) -> Expected {
    let mut values = headers.get_all(IF_MATCH).iter().peekable();
    if values.peek().is_none() {
        return Expected::Any;
    }
    let mut versions = Vec::new();
    for tag in values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let tag = tag.trim();
        if tag == "*" {
            return Expected::Any;
        }
        // Tags that are not ours, and weak ones, match nothing.
        let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        versions.extend(version.and_then(|version| version.parse::<i64>().ok()));
    }
    Expected::OneOf(versions)
}

/// The versions that a request was meant for, which must say it.
pub(super) fn demanded(headers: &HeaderMap) -> Result<Expected, Refusal> {
    if headers.contains_key(IF_MATCH) {
        Ok(expected(headers))
    } else {
        Err(Refusal::new(
            Slug::PreconditionRequired,
            "Send the ETag that you have read in the header If-Match.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn versions(values: &[&'static str]) -> Option<Vec<i64>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, value.parse().unwrap());
        }
        match expected(&headers) {
            Expected::Any => None,
            Expected::OneOf(versions) => Some(versions),
        }
    }

    #[test]
    fn tags_name_versions() {
        assert_eq!(versions(&[]), None);
        assert_eq!(versions(&["*"]), None);
        assert_eq!(versions(&["\"3\""]), Some(vec![3]));
        assert_eq!(versions(&["\"3\", \"4\"", "\"5\""]), Some(vec![3, 4, 5]));
        for other in ["W/\"3\"", "3", "\"x\"", "\"\"", ""] {
            assert_eq!(versions(&[other]), Some(vec![]), "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_was_sent_is_recognised_when_it_comes_back(version in any::<i64>()) {
            let mut headers = HeaderMap::new();
            for (_, tag) in etag(version) {
                headers.append(IF_MATCH, tag.parse().unwrap());
            }
            let Expected::OneOf(versions) = expected(&headers) else {
                return Err(TestCaseError::fail("one version"));
            };
            prop_assert_eq!(versions, [version]);
        }
    }
}
