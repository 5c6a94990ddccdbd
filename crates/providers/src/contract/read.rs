//! A description's bytes as one JSON value, within limits of size, depth and repetition.
//!
//! Not here: what the value means (`describe`).

use keydesk_core::{Error, ErrorCode, Result};
use serde_json::Value;

use super::not_understood;
use crate::http::DESCRIPTION_LIMIT;

/// The most nodes and scalars of a document; a long description has a tenth of that.
const NODES: usize = 2_000_000;
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
        serde_json::from_str(text).ok()
    } else {
        yaml(text)
    };
    document
        .filter(Value::is_object)
        .ok_or_else(|| not_understood("neither JSON nor YAML"))
}

fn yaml(text: &str) -> Option<Value> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 2 * NODES,
            max_nodes: NODES,
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
