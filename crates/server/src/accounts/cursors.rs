//! Lists that are read part by part, without losing or repeating an item when others are
//! added or removed meanwhile: a cursor tells where the last part ended.
//!
//! Cursors are encrypted: they say nothing to their holder, and nobody can make one up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Accounts;
use super::error::{AccountsError, Field, Problem};

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub(crate) struct CursorRequest {
    cursor: Option<String>,
    limit: u16,
}

impl CursorRequest {
    pub(crate) const DEFAULT_LIMIT: u16 = 50;
    const MAX_LIMIT: u16 = 200;

    /// At most `limit` items after `cursor`; nothing where the limit is out of range.
    pub(crate) fn new(cursor: Option<String>, limit: u16) -> Option<Self> {
        (1..=Self::MAX_LIMIT)
            .contains(&limit)
            .then_some(Self { cursor, limit })
    }

    /// One more than is asked for: it tells whether there is more.
    pub(super) fn rows_to_read(&self) -> u64 {
        u64::from(self.limit) + 1
    }
}

/// A part of a list.
#[derive(Debug)]
pub(crate) struct Slice<T> {
    pub(crate) items: Vec<T>,
    /// Where the next part begins, where there is one.
    pub(crate) next: Option<String>,
}

impl Accounts {
    /// The position that a cursor of this list stands for.
    pub(super) fn position<P: DeserializeOwned>(
        &self,
        list: &str,
        request: &CursorRequest,
    ) -> Result<Option<P>, AccountsError> {
        let read = |cursor: &str| {
            let sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let text = self.cursors.open(list, &sealed).ok()?;
            serde_json::from_str(&text).ok()
        };
        request
            .cursor
            .as_deref()
            .map(|cursor| {
                read(cursor).ok_or(AccountsError::invalid(Field::Cursor, Problem::Malformed))
            })
            .transpose()
    }

    /// Makes a part of a list out of [`CursorRequest::rows_to_read`] rows.
    pub(super) fn slice<T, P: Serialize>(
        &self,
        list: &str,
        request: &CursorRequest,
        mut rows: Vec<T>,
        position: impl Fn(&T) -> P,
    ) -> Result<Slice<T>, AccountsError> {
        let limit = usize::from(request.limit);
        let there_is_more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last().filter(|_| there_is_more) {
            None => None,
            Some(end) => {
                let text = serde_json::to_string(&position(end))
                    .map_err(|_| AccountsError::Cryptography)?;
                Some(URL_SAFE_NO_PAD.encode(self.cursors.seal(list, &text)?))
            }
        };
        Ok(Slice { items: rows, next })
    }
}
