//! Lists by cursor: what is asked for, and the frame of the answer.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{Refusal, Slug};
use crate::accounts::{CursorRequest, Slice};
use crate::guard::Shared;

/// The query of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// The most items of one answer.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// `next` of the answer before; absent for the beginning.
    #[param(min_length = 1, pattern = "^[0-9A-Za-z_-]+$")]
    cursor: Option<String>,
}

/// Which part of a list is asked for, checked.
pub(super) struct Paging(pub(super) CursorRequest);

impl FromRequestParts<Shared> for Paging {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Refusal> {
        let query: Result<Query<PageQuery>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        let refuse = || Refusal::new(Slug::Malformed, "limit is a whole number from 1 to 200.");
        let Query(query) = query.map_err(|_| refuse())?;
        let limit = query.limit.unwrap_or(CursorRequest::DEFAULT_LIMIT);
        CursorRequest::new(query.cursor, limit)
            .map(Self)
            .ok_or_else(refuse)
    }
}

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct PageBody<T> {
    /// The items of this part.
    items: Vec<T>,
    /// The cursor of the next part; null at the end of the list.
    next: Option<String>,
}

impl<T> PageBody<T> {
    pub(super) fn of<R>(slice: Slice<R>, item: impl Fn(R) -> T) -> Self {
        Self {
            items: slice.items.into_iter().map(item).collect(),
            next: slice.next,
        }
    }
}
