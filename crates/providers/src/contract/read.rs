//! A description's bytes as one JSON value, within limits of size, depth and repetition.
//!
//! Not here: what the value means (`describe`).

use keydesk_core::{Error, ErrorCode, Result};
use serde_json::Value;

use super::not_understood;
use crate::http::DESCRIPTION_LIMIT;

/// The most values of a document; real ones have some 36,000 in a megabyte of JSON. What they take
/// in memory depends on their number: ten megabytes of `{"":0}` would take a gigabyte.
const VALUES: usize = 500_000;
/// The deepest nesting, far beyond that of any description.
const DEPTH: usize = 64;
/// How many events the aliases of a document may repeat in all: enough for shared parameters, and
/// nothing for a bomb.
const REPEATED: usize = 50_000;

/// Reads JSON or YAML.
///
/// # Errors
/// `AnswerTooLarge` beyond 10 MB, `DescriptionNotUnderstood` for what is neither.
pub(super) fn document(bytes: &[u8]) -> Result<Value> {
    if bytes.len() > DESCRIPTION_LIMIT {
        return Err(
            Error::new(ErrorCode::AnswerTooLarge, "the description is too large")
                .with_detail(format!("more than {DESCRIPTION_LIMIT} bytes")),
        );
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| not_understood("it is no UTF-8"))?;
    let document = if text.trim_start().starts_with('{') {
        // YAML that begins with a brace is JSON but for tricks that no description needs.
        let fits = values(text) <= VALUES;
        fits.then(|| serde_json::from_str(text).ok()).flatten()
    } else {
        yaml(text)
    };
    document
        .filter(Value::is_object)
        .ok_or_else(|| not_understood("neither JSON nor YAML"))
}

/// How many values a JSON text holds at most: but for the first, each stands behind one of these.
fn values(text: &str) -> usize {
    let mut values = 1;
    let mut in_text = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_text = !in_text,
            b'\\' if in_text => {
                bytes.next();
            }
            b'[' | b'{' | b',' if !in_text => values += 1,
            _ => {}
        }
    }
    values
}

fn yaml(text: &str) -> Option<Value> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            // Here the names of fields count as well.
            max_events: 4 * VALUES,
            max_nodes: 2 * VALUES,
            max_depth: DEPTH,
            max_total_scalar_bytes: 2 * DESCRIPTION_LIMIT,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: REPEATED,
            max_replay_stack_depth: 16,
        },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::Error,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).ok()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_yaml_are_one() {
        let expected = json!({"openapi": "3.0.3", "paths": {"/a": {"get": {"tags": ["x"]}}},
            "n": 1, "yes": true, "no": null});
        let yaml = "---\n# a remark\nopenapi: 3.0.3\npaths:\n  /a:\n    get: {tags: [x]}\n\
                    n: 1\nyes: true\n'no': null\n";
        assert_eq!(document(yaml.as_bytes()).unwrap(), expected);
        let json = format!("\u{feff}{expected}");
        assert_eq!(document(json.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn anchors_are_followed_and_bombs_are_not() {
        let shared = "a: &x {type: string}\nb: *x\nc: *x\n";
        let read = document(shared.as_bytes()).unwrap();
        assert_eq!(read["c"], json!({"type": "string"}));

        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let one = format!("*a{}", level - 1);
            let ten = vec![one; 10].join(", ");
            let _ = writeln!(bomb, "a{level}: &a{level} [{ten}]");
        }
        let started = std::time::Instant::now();
        assert!(document(bomb.as_bytes()).is_err());
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }

    #[test]
    fn codes_need_no_quotes_in_yaml() {
        let read = document(b"responses:\n  200: {a: 1}\n  4XX: {}\n").unwrap();
        assert_eq!(read["responses"]["200"]["a"], json!(1));
    }

    #[test]
    fn what_would_fill_the_memory_is_refused_before_it_is_read() {
        let many = |one: &str, length: usize| {
            format!("{{\"a\":[{one}{}]}}", format!(",{one}").repeat(length))
        };
        for (one, in_text) in [
            ("{\"\":0}", false),
            ("[0]", false),
            ("\"[{,\\\"[{,\"", true),
        ] {
            let length = DESCRIPTION_LIMIT / (one.len() + 1) - 10;
            let started = std::time::Instant::now();
            let read = document(many(one, length).as_bytes());
            assert_eq!(read.is_err(), length > VALUES, "{one}");
            assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
            assert!(document(many(one, 1_000).as_bytes()).is_ok(), "{one}");
            assert!(in_text || read.is_err());
        }
    }

    #[test]
    fn what_goes_too_deep_or_is_too_much_is_refused() {
        for text in [
            (0..200).fold(String::new(), |mut text, level| {
                let _ = writeln!(text, "{}a:", " ".repeat(level));
                text
            }),
            format!("{{\"a\":{}", "[".repeat(100_000)),
            format!("a: {}", "[".repeat(100_000)),
            format!("a: {}", "{a: ".repeat(50_000)),
            (0..3_000).fold(String::new(), |mut text, level| {
                let _ = writeln!(text, "{}a:", " ".repeat(level));
                text
            }),
            "a: b\n---\nc: d\n".to_owned(),
            "a: *nobody\n".to_owned(),
            "a: 1\na: 2\n".to_owned(),
        ] {
            let error = document(text.as_bytes()).unwrap_err();
            assert_eq!(error.code, ErrorCode::DescriptionNotUnderstood);
        }
        let large = vec![b' '; DESCRIPTION_LIMIT + 1];
        assert_eq!(
            document(&large).unwrap_err().code,
            ErrorCode::AnswerTooLarge
        );
    }

    #[test]
    fn what_is_no_description_is_no_document() {
        for other in [
            &b""[..],
            b"[]",
            b"<html><body>x</body></html>",
            b"just words",
            b"\xff\xfe\x00",
            b"{\"a\":",
            b"%PDF-1.7",
        ] {
            assert!(document(other).is_err(), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-a-z:&*!|>\\[\\]{}#%@,'\" \n\t0-9]{0,200}") {
            let _ = document(text.as_bytes());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = document(&bytes);
        }
    }
}
