//! An avatar out of an answer: bytes of a picture, or the ways to say that there is none.
//!
//! Not here: whether the bytes are a decent picture. The domain decides that before it shows it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::envelope::Payload;
use crate::http::Answer;
use crate::json::field;

/// The answer holds something else.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoPicture;

/// Reads the answer to a request for the avatar; `None` where it says that there is none. An
/// address in the answer is never followed: a server does not decide where requests go.
pub(super) fn read(
    answer: &Answer,
    payload: Option<&Payload>,
) -> Result<Option<Vec<u8>>, NoPicture> {
    if answer.body.is_empty() {
        return Ok(None);
    }
    let Some(payload) = payload else {
        let page = answer.is_html();
        return if page {
            Err(NoPicture)
        } else {
            Ok(Some(answer.body.to_vec()))
        };
    };
    let text = match payload.inside() {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        object => match field(object, &["avatar", "file", "image"]) {
            Some(Value::String(text)) => text,
            None if object.is_object() => return Ok(None),
            _ => return Err(NoPicture),
        },
    };
    if text.is_empty() {
        return Ok(None);
    }
    let encoded = match text.split_once(',') {
        Some((head, encoded)) if head.starts_with("data:image/") => encoded,
        _ => text,
    };
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| NoPicture)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn read_body(body: &[u8]) -> Result<Option<Vec<u8>>, NoPicture> {
        let answer = Answer {
            status: 200,
            media_type: String::new(),
            challenges: String::new(),
            entity_tag: None,
            retry_after: None,
            body: Zeroizing::new(body.to_vec()),
        };
        read(&answer, Payload::read(body).as_ref())
    }

    #[test]
    fn a_picture_comes_as_it_is_or_in_base64() {
        let picture = b"\x89PNG\r\n\x1a\n".to_vec();
        assert_eq!(read_body(&picture), Ok(Some(picture.clone())));
        let text = STANDARD.encode(&picture);
        for body in [
            format!(r#"{{"code":0,"data":"{text}"}}"#),
            format!(r#"{{"avatar":"data:image/png;base64,{text}"}}"#),
        ] {
            assert_eq!(
                read_body(body.as_bytes()),
                Ok(Some(picture.clone())),
                "{body}"
            );
        }
    }

    #[test]
    fn no_picture_is_no_error_and_a_page_or_an_address_is_no_picture() {
        for none in ["", "null", r#"{"code":0,"data":null}"#, r#"{"avatar":""}"#] {
            assert_eq!(read_body(none.as_bytes()), Ok(None), "{none}");
        }
        for other in [
            "<html>",
            r#"{"avatar":"https://evil.example/a.png"}"#,
            "[1]",
        ] {
            assert_eq!(read_body(other.as_bytes()), Err(NoPicture), "{other}");
        }
    }
}
