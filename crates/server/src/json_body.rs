//! JSON bodies, as every dialect reads them: an object, whole, within the limit, and said to be
//! JSON. Unknown entries are ignored. What a refusal is called is each dialect's own affair.
//!
//! The parser's own words may quote what was sent, a password among it; they go no further than
//! here, only the place does.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_path_to_error::Segment;

use crate::headers::only;

/// Why a body is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BodyRefusal {
    /// Its content type does not say that it is JSON, which that of a web form cannot.
    NotJson,
    /// It has too many bytes.
    TooLarge,
    /// It broke off.
    Incomplete,
    /// It is no JSON.
    Malformed,
    /// It lacks an entry, or one is of the wrong kind.
    Misfit(Misfit),
}

impl BodyRefusal {
    /// A body that could not be read to its end, by the status with which axum says so.
    pub(crate) fn unread(status: StatusCode) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _ => Self::Incomplete,
        }
    }
}

/// Where a body does not fit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Names of entries and numbers of items, from the outside in; empty: the body itself.
    pub(crate) path: Vec<String>,
    /// Whether there is nothing at this place.
    pub(crate) is_missing: bool,
}

impl Misfit {
    /// The outermost entry.
    pub(crate) fn entry(self) -> Option<String> {
        self.path.into_iter().next()
    }
}

/// Reads the body of a request.
pub(crate) async fn read<T: DeserializeOwned>(request: Request) -> Result<T, BodyRefusal> {
    parse(&read_bytes(request).await?)
}

/// The bytes of a body that says that it is JSON.
pub(crate) async fn read_bytes(request: Request) -> Result<Bytes, BodyRefusal> {
    if !is_json(request.headers()) {
        return Err(BodyRefusal::NotJson);
    }
    Bytes::from_request(request, &())
        .await
        .map_err(|rejection| BodyRefusal::unread(rejection.status()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = only(headers, CONTENT_TYPE.as_str()).and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// Reads an object.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyRefusal> {
    // A list would be read as the entries in their order, which no description says.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(match serde_json::from_slice::<IgnoredAny>(bytes) {
            Ok(_) => BodyRefusal::Misfit(Misfit::default()),
            Err(_) => BodyRefusal::Malformed,
        });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if error.inner().is_data() {
            BodyRefusal::Misfit(misfit(&error))
        } else {
            BodyRefusal::Malformed
        }
    })?;
    reader.end().map_err(|_| BodyRefusal::Malformed)?;
    Ok(value)
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Misfit {
    let segments = error.path().iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    let mut path: Vec<String> = segments.collect();
    let text = error.inner().to_string();
    let missing = missing_field(&text);
    path.extend(missing.map(str::to_owned));
    Misfit {
        path,
        is_missing: missing.is_some(),
    }
}

/// The name in ``missing field `NAME` ``, which is one of ours.
fn missing_field(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `")?.split('`').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape counts")]
    struct Example {
        name: String,
        list: Vec<u8>,
    }

    fn refusal(text: &str) -> BodyRefusal {
        parse::<Example>(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_misfit_is_named_by_its_place_and_never_by_its_value() {
        for (text, path, is_missing) in [
            (r#"{"list":[]}"#, &["name"][..], true),
            (r#"{"name":3,"list":[]}"#, &["name"], false),
            (
                r#"{"name":"a","list":[1,"hunter two"]}"#,
                &["list", "1"],
                false,
            ),
            (r#""hunter two""#, &[], false),
            (r#"["hunter two", []]"#, &[], false),
            ("null", &[], false),
            (r#"{"name":"a","name":"b","list":[]}"#, &[], false),
        ] {
            let path = path.iter().map(|place| (*place).to_owned()).collect();
            let expected = BodyRefusal::Misfit(Misfit { path, is_missing });
            assert_eq!(refusal(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let trailing = r#"{"name":"a","list":[]} x"#;
        let surrogate = r#"{"name":"\ud800","list":[]}"#;
        for text in ["", "{", "[", "nothing", "{\"name\"", trailing, surrogate] {
            assert_eq!(refusal(text), BodyRefusal::Malformed, "{text}");
        }
    }

    proptest! {
        /// It may be a password in the wrong place.
        #[test]
        fn nothing_that_was_sent_as_a_value_comes_back(value in "[a-z]{12}") {
            for text in [
                format!(r#"{{"name":["{value}"],"list":[]}}"#),
                format!(r#"{{"name":"a","list":["{value}"]}}"#),
                format!(r#"{{"name":"a","list":{{"{value}":1}}}}"#),
                format!(r#"{{"name":{value}"#),
                format!(r#"["{value}"]"#),
            ] {
                let told = format!("{:?}", refusal(&text));
                prop_assert!(!told.contains(&value), "{}", told);
            }
        }
    }
}
