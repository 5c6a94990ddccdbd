//! Lists by cursor: one part of them, or all parts to the end.

use std::collections::HashSet;

use keydesk_core::Result;
use serde_json::Value;

use super::call::{Api, Call};

/// How many items are asked for at a time: the most that a portal hands out.
const PAGE_SIZE: &str = "200";
/// More items than any list has; what goes on beyond is cut here.
const ITEMS_LIMIT: usize = 20_000;
/// A server may hand out fewer at a time than it was asked for; with so many requests it has had
/// its chance.
const PARTS_LIMIT: usize = 400;

/// A part of a list.
pub(super) struct Part<T> {
    pub(super) items: Vec<T>,
    /// The cursor of the next part; `None` at the end.
    pub(super) next: Option<String>,
    /// How many items there are in all, where the server counts.
    pub(super) total: Option<u32>,
}

impl<T> Part<T> {
    /// Every item must be readable: none is left out in silence.
    pub(super) fn read(body: &Value, item: impl Fn(&Value) -> Option<T>) -> Option<Self> {
        let items = body.get("items")?.as_array()?;
        let next = match body.get("next") {
            None | Some(Value::Null) => None,
            Some(cursor) => Some(cursor.as_str()?.to_owned()),
        };
        let total = body.get("total").and_then(Value::as_u64);
        Some(Self {
            items: items.iter().map(item).collect::<Option<_>>()?,
            next: next.filter(|cursor| !cursor.is_empty()),
            total: total.map(|total| u32::try_from(total).unwrap_or(u32::MAX)),
        })
    }
}

/// The query of one part: the first, or what follows `after`.
pub(super) fn query(after: Option<&str>) -> Vec<(&'static str, String)> {
    let mut query = vec![("limit", PAGE_SIZE.to_owned())];
    query.extend(after.map(|after| ("cursor", after.to_owned())));
    query
}

/// The whole list, its parts asked for one after the other with the same call.
pub(super) async fn all<'c, T>(
    api: &Api,
    call: impl Fn() -> Call<'c>,
    item: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>> {
    let mut items = Vec::new();
    let mut asked = HashSet::new();
    let mut next: Option<String> = None;
    for _ in 0..PARTS_LIMIT {
        let query = query(next.as_deref());
        let call = call().query(&query);
        let part = api
            .read(&call, "no list", |body| Part::read(body, &item))
            .await?;
        items.extend(part.items);
        next = part.next;
        // A cursor that comes again would lead in a circle.
        let goes_on = next.as_ref().is_some_and(|next| asked.insert(next.clone()));
        if !goes_on || items.len() >= ITEMS_LIMIT {
            break;
        }
    }
    items.truncate(ITEMS_LIMIT);
    Ok(items)
}
