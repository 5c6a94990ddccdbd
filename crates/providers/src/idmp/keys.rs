//! All keys of an account, page by page.
//!
//! Servers differ in whether they page, what they call it and whether they tell a total. So the
//! pages go on until the told total is reached or a page brings nothing new.

use std::cmp::Reverse;
use std::collections::HashSet;

use keydesk_core::Result;
use keydesk_core::api_key::ApiKey;
use keydesk_core::credential::Credential;
use serde_json::Value;

use super::call::{Api, Call};
use super::operations::Name;
use super::wire::{self, Page};

/// How many keys are asked for at a time.
const PAGE_SIZE: usize = 500;
/// More keys than any account has; a list that does not end is cut here.
const KEYS_LIMIT: usize = 20_000;
/// A server may hand out fewer at a time than it was asked for; with so many requests it has had
/// its chance.
const PAGES_LIMIT: usize = 400;

/// Every key of the account, newest first.
pub(super) async fn all(api: &Api, credential: &Credential) -> Result<Vec<ApiKey>> {
    let mut keys: Vec<ApiKey> = Vec::new();
    let mut known = HashSet::new();
    for current in 1..=PAGES_LIMIT {
        let query = [
            ("current", current.to_string()),
            ("size", PAGE_SIZE.to_string()),
        ];
        let call = Call::by(Name::ListKeys, credential).query(&query);
        let reply = api.ask(&call).await?;
        let unexpected = |missing| api.unexpected(&call, &reply, missing);
        let page = match (reply.inside(), reply.payload.as_ref()) {
            (Some(Value::Null), Some(payload)) if !payload.whole().is_null() => Page::EMPTY,
            (Some(inside), _) => Page::read(inside).ok_or_else(|| unexpected("no list of keys"))?,
            (None, _) => return Err(unexpected("no list of keys")),
        };
        let before = keys.len();
        for row in page.rows {
            let key = wire::api_key(row).ok_or_else(|| unexpected("a key that cannot be read"))?;
            if known.insert(key.id.clone()) {
                keys.push(key);
            }
        }
        // A total below what was just handed out is no total.
        let complete = page
            .total
            .is_some_and(|total| total >= page.rows.len() && keys.len() >= total);
        if keys.len() == before || complete || keys.len() >= KEYS_LIMIT {
            break;
        }
    }
    keys.truncate(KEYS_LIMIT);
    keys.sort_by_key(|key| Reverse(key.added_on));
    Ok(keys)
}
