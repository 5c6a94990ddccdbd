//! The queries of lists: filters `FIELD_OPERATOR=VALUE`, `sort`, `offset` and `limit`.
//!
//! The parameters that are understood and those that are described come from one table, so
//! that neither can be forgotten. An unknown parameter is refused: a filter that is silently
//! left out would show more than was asked for. Short lists are answered in `rows`; what
//! becomes of a question for people is in `people`.

mod parameters;
mod people;
mod rows;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use super::error::{ApiError, Code};
use crate::comparison::comparable;
use crate::guard::Shared;

pub(super) use rows::Listed;

/// Rows of a page where nothing is said, and the most that can be asked for.
pub(super) const MAX_LIMIT: u64 = 100;
/// The most filters of one query. Far more than a person sets; the database joins no more than
/// a thousand conditions.
const MAX_FILTERS: usize = 64;

/// What can be asked for in lists.
pub(super) trait Fields {
    /// The fields by which this list can be filtered and sorted.
    const FIELDS: &'static [&'static str];
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    EqualCs,
    EqualCi,
    ContainCs,
    ContainCi,
    In,
    NotIn,
}

const OPERATORS: [(&str, Operator, &str); 6] = [
    ("_equal_cs", Operator::EqualCs, "is this"),
    ("_equal_ci", Operator::EqualCi, "is this in any case"),
    ("_contain_cs", Operator::ContainCs, "contains this"),
    (
        "_contain_ci",
        Operator::ContainCi,
        "contains this in any case",
    ),
    // Before `_in`, which it ends with as well.
    (
        "_not_in",
        Operator::NotIn,
        "is none of these, separated by commas",
    ),
    ("_in", Operator::In, "is one of these, separated by commas"),
];

#[derive(Debug)]
struct Filter {
    field: usize,
    operator: Operator,
    /// One value, or those of a list; folded where case does not count.
    values: Vec<String>,
}

impl Filter {
    fn new(field: usize, operator: Operator, value: &str) -> Self {
        let values = match operator {
            Operator::EqualCs | Operator::ContainCs => vec![value.to_owned()],
            Operator::EqualCi | Operator::ContainCi => vec![comparable(value)],
            Operator::In | Operator::NotIn => value.split(',').map(str::to_owned).collect(),
        };
        Self {
            field,
            operator,
            values,
        }
    }

    fn takes(&self, value: &str) -> bool {
        let mut wanted = self.values.iter();
        match self.operator {
            Operator::EqualCs | Operator::In => wanted.any(|wanted| wanted == value),
            Operator::NotIn => wanted.all(|wanted| wanted != value),
            Operator::ContainCs => wanted.all(|wanted| value.contains(wanted.as_str())),
            Operator::EqualCi => {
                let value = comparable(value);
                wanted.all(|wanted| *wanted == value)
            }
            Operator::ContainCi => {
                let value = comparable(value);
                wanted.all(|wanted| value.contains(wanted.as_str()))
            }
        }
    }
}

/// What part of a list is asked for, and in which order.
#[derive(Debug)]
pub(super) struct ListQuery {
    filters: Vec<Filter>,
    /// Fields, and whether they descend.
    sort: Vec<(usize, bool)>,
    offset: u64,
    limit: u64,
}

impl ListQuery {
    fn parse(fields: &[&str], pairs: &[(String, String)]) -> Result<Self, ApiError> {
        let mut filters = Vec::new();
        let (mut sort, mut offset, mut limit) = (None, None, None);
        for (name, value) in pairs {
            match name.as_str() {
                "sort" => once(&mut sort, name, sort_of(fields, value)?)?,
                "offset" => once(&mut offset, name, number(name, value, 0, u64::MAX)?)?,
                "limit" => once(&mut limit, name, number(name, value, 1, MAX_LIMIT)?)?,
                _ => filters.push(filter_of(fields, name, value)?),
            }
        }
        if filters.len() > MAX_FILTERS {
            let message = format!("A list takes at most {MAX_FILTERS} filters.");
            return Err(ApiError::new(Code::InvalidParameter, message));
        }
        Ok(Self {
            filters,
            sort: sort.unwrap_or_default(),
            offset: offset.unwrap_or(0),
            limit: limit.unwrap_or(MAX_LIMIT),
        })
    }
}

fn once<T>(place: &mut Option<T>, name: &str, value: T) -> Result<(), ApiError> {
    if place.replace(value).is_some() {
        return Err(
            ApiError::new(Code::InvalidParameter, "This is given more than once.").field(name),
        );
    }
    Ok(())
}

fn number(name: &str, value: &str, least: u64, most: u64) -> Result<u64, ApiError> {
    let digits_only = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // What is too large for the type is too large for any list.
    let number = value.parse().unwrap_or(u64::MAX);
    if digits_only && (least..=most).contains(&number) {
        return Ok(number);
    }
    let message = if most == u64::MAX {
        format!("This is a whole number from {least} on.")
    } else {
        format!("This is a whole number from {least} to {most}.")
    };
    Err(ApiError::new(Code::InvalidParameter, message).field(name))
}

fn sort_of(fields: &[&str], value: &str) -> Result<Vec<(usize, bool)>, ApiError> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    value
        .split(',')
        .map(|name| {
            let (name, descends) = match name.strip_prefix('-') {
                Some(name) => (name, true),
                None => (name, false),
            };
            let field = fields.iter().position(|field| *field == name);
            field.map(|field| (field, descends)).ok_or_else(|| {
                let message = format!(
                    "Sort by {}, each with - in front to descend.",
                    fields.join(", ")
                );
                ApiError::new(Code::InvalidParameter, message).field("sort")
            })
        })
        .collect()
}

fn filter_of(fields: &[&str], name: &str, value: &str) -> Result<Filter, ApiError> {
    OPERATORS
        .iter()
        .find_map(|(suffix, operator, _)| {
            let field = name.strip_suffix(suffix)?;
            let field = fields.iter().position(|known| *known == field)?;
            Some(Filter::new(field, *operator, value))
        })
        .ok_or_else(|| {
            // The name is the client's own text; it is not repeated.
            let message = format!(
                "A parameter is unknown. Filters are by {}.",
                fields.join(", ")
            );
            ApiError::new(Code::InvalidParameter, message)
        })
}

/// The query of a list of `T`, checked.
pub(super) struct Listing<T> {
    pub(super) query: ListQuery,
    _of: std::marker::PhantomData<T>,
}

impl<T: Fields> FromRequestParts<Shared> for Listing<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, ApiError> {
        let pairs: Result<Query<Vec<(String, String)>>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        let Query(pairs) = pairs
            .map_err(|_| ApiError::new(Code::InvalidParameter, "The query is not well-formed."))?;
        Ok(Self {
            query: ListQuery::parse(T::FIELDS, &pairs)?,
            _of: std::marker::PhantomData,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of the rows with which the modules below try these queries.
    pub(super) const FIELDS: &[&str] = &["user_name", "environment_name"];

    pub(super) fn parse(query: &[(&str, &str)]) -> Result<ListQuery, ApiError> {
        let owned = |text: &&str| (*text).to_owned();
        let pairs: Vec<_> = query.iter().map(|(n, v)| (owned(n), owned(v))).collect();
        ListQuery::parse(FIELDS, &pairs)
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for query in [
            [("user_name", "ada")],
            [("password_contain_ci", "a")],
            [("sort", "password")],
            [("sort", "--user_name")],
            [("sort", "user_name,")],
            [("limit", "0")],
            [("limit", "101")],
            [("limit", "+1")],
            [("limit", "")],
            [("offset", "-1")],
        ] {
            assert!(parse(&query).is_err(), "{query:?}");
        }
        assert!(parse(&[("limit", "1"), ("limit", "2")]).is_err());
        assert!(parse(&[("user_name_equal_cs", "ada"); 64]).is_ok());
        assert!(parse(&[("user_name_equal_cs", "ada"); 65]).is_err());
    }

    proptest! {
        #[test]
        fn an_operator_and_its_opposite_divide_the_values(
            value in "[a-c,]{0,3}",
            list in "[a-c,]{0,6}",
        ) {
            let is_in = Filter::new(0, Operator::In, &list).takes(&value);
            let is_out = Filter::new(0, Operator::NotIn, &list).takes(&value);
            prop_assert!(is_in != is_out);
        }

        #[test]
        fn what_takes_case_into_account_takes_no_more_than_what_does_not(
            value in any::<String>(),
            wanted in any::<String>(),
        ) {
            let takes = |operator| Filter::new(0, operator, &wanted).takes(&value);
            prop_assert!(!takes(Operator::EqualCs) || takes(Operator::EqualCi));
            prop_assert!(!takes(Operator::EqualCi) || takes(Operator::ContainCi));
        }
    }
}
