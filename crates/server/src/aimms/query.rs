//! The queries of lists: filters `FIELD_OPERATOR=VALUE`, `sort`, `offset` and `limit`.
//!
//! The parameters that are understood and those that are described come from one table, so
//! that neither can be forgotten. An unknown parameter is refused: a filter that is silently
//! left out would show more than was asked for.

use std::cmp::Ordering;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::error::{ApiError, Code};
use crate::accounts::text::comparable;
use crate::guard::Shared;

/// Rows of a page where nothing is said, and the most that can be asked for.
pub(super) const MAX_LIMIT: u64 = 100;

/// A row of a list, as filters see it.
pub(super) trait Listed {
    /// The fields by which this list can be filtered and sorted.
    const FIELDS: &'static [&'static str];

    /// The value of `FIELDS[index]`.
    fn field(&self, index: usize) -> &str;
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

    fn takes<T: Listed>(&self, row: &T) -> bool {
        let field = row.field(self.field);
        let mut values = self.values.iter();
        match self.operator {
            Operator::EqualCs | Operator::In => values.any(|value| value == field),
            Operator::NotIn => values.all(|value| value != field),
            Operator::ContainCs => values.all(|value| field.contains(value.as_str())),
            Operator::EqualCi => {
                let field = comparable(field);
                values.all(|value| *value == field)
            }
            Operator::ContainCi => {
                let field = comparable(field);
                values.all(|value| field.contains(value.as_str()))
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
    offset: usize,
    limit: usize,
}

impl ListQuery {
    /// The rows that were asked for.
    pub(super) fn apply<T: Listed>(&self, mut rows: Vec<T>) -> Vec<T> {
        rows.retain(|row| self.filters.iter().all(|filter| filter.takes(row)));
        // Folded once for each row and not once for each comparison.
        rows.sort_by_cached_key(|row| SortKey {
            fields: self
                .sort
                .iter()
                .map(|(field, descends)| {
                    let value = row.field(*field);
                    ((comparable(value), value.to_owned()), *descends)
                })
                .collect(),
        });
        rows.into_iter()
            .skip(self.offset)
            .take(self.limit)
            .collect()
    }

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
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Self {
            filters,
            sort: sort.unwrap_or_default(),
            offset: size(offset.unwrap_or(0)),
            limit: size(limit.unwrap_or(MAX_LIMIT)),
        })
    }
}

#[derive(PartialEq, Eq)]
struct SortKey {
    /// The folded value, then the value itself, and whether they descend.
    fields: Vec<((String, String), bool)>,
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.fields
            .iter()
            .zip(&other.fields)
            .map(|((one, descends), (two, _))| {
                let order = one.cmp(two);
                if *descends { order.reverse() } else { order }
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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

impl<T: Listed> FromRequestParts<Shared> for Listing<T> {
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

impl<T: Listed> IntoParams for Listing<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: String, description: String, object: ObjectBuilder| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(description))
                .schema(Some(object.build()))
                .build()
        };
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let whole = || ObjectBuilder::new().schema_type(Type::Integer);
        let mut parameters = Vec::new();
        for field in T::FIELDS {
            for (suffix, _, meaning) in OPERATORS {
                let description = format!("Only where `{field}` {meaning}.");
                parameters.push(parameter(format!("{field}{suffix}"), description, text()));
            }
        }
        let choices = T::FIELDS.join("|");
        let pattern = format!("^(-?({choices})(,-?({choices}))*)?$");
        parameters.push(parameter(
            "sort".to_owned(),
            "Fields in the order in which they count, separated by commas; with - in front a \
             field descends."
                .to_owned(),
            text().pattern(Some(pattern)),
        ));
        parameters.push(parameter(
            "offset".to_owned(),
            "How many rows are left out in front.".to_owned(),
            whole().minimum(Some(0)),
        ));
        parameters.push(parameter(
            "limit".to_owned(),
            format!("The most rows; {MAX_LIMIT} where it is not said."),
            whole().minimum(Some(1)).maximum(Some(MAX_LIMIT)),
        ));
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(&'static str, &'static str);

    impl Listed for Row {
        const FIELDS: &'static [&'static str] = &["user_name", "environment_name"];

        fn field(&self, index: usize) -> &str {
            if index == 0 { self.0 } else { self.1 }
        }
    }

    fn names(query: &[(&str, &str)]) -> Vec<&'static str> {
        let rows = vec![
            Row("Zoë", "b"),
            Row("ada", "a"),
            Row("Bob", "b"),
            Row("Ada", "b"),
        ];
        let found = parse(query).unwrap().apply(rows);
        found.iter().map(|row| row.0).collect()
    }

    fn parse(query: &[(&str, &str)]) -> Result<ListQuery, ApiError> {
        let owned = |text: &&str| (*text).to_owned();
        let pairs: Vec<_> = query.iter().map(|(n, v)| (owned(n), owned(v))).collect();
        ListQuery::parse(Row::FIELDS, &pairs)
    }

    #[test]
    fn every_operator_filters() {
        for (name, value, expected) in [
            ("user_name_equal_cs", "ada", vec!["ada"]),
            ("user_name_equal_ci", "ADA", vec!["ada", "Ada"]),
            ("user_name_equal_ci", "ZOE\u{308}", vec!["Zoë"]),
            ("user_name_contain_cs", "A", vec!["Ada"]),
            ("user_name_contain_ci", "O", vec!["Zoë", "Bob"]),
            ("user_name_contain_ci", "", vec!["Zoë", "ada", "Bob", "Ada"]),
            ("user_name_in", "Bob,Ada,Eve", vec!["Bob", "Ada"]),
            ("user_name_in", "", vec![]),
            ("user_name_not_in", "Bob,Ada", vec!["Zoë", "ada"]),
            ("environment_name_equal_cs", "a", vec!["ada"]),
        ] {
            assert_eq!(names(&[(name, value)]), expected, "{name}={value}");
        }
    }

    #[test]
    fn several_filters_all_count() {
        let query = [("user_name_contain_ci", "a"), ("environment_name_in", "b")];
        assert_eq!(names(&query), ["Ada"]);
    }

    #[test]
    fn fields_sort_both_ways_and_one_after_the_other() {
        assert_eq!(
            names(&[("sort", "user_name")]),
            ["Ada", "ada", "Bob", "Zoë"]
        );
        assert_eq!(
            names(&[("sort", "-user_name")]),
            ["Zoë", "Bob", "ada", "Ada"]
        );
        let both = [("sort", "-environment_name,user_name")];
        assert_eq!(names(&both), ["Ada", "Bob", "Zoë", "ada"]);
    }

    #[test]
    fn parts_are_taken_after_filtering_and_sorting() {
        let query = [("sort", "user_name"), ("offset", "1"), ("limit", "2")];
        assert_eq!(names(&query), ["ada", "Bob"]);
        assert!(names(&[("offset", "18446744073709551616")]).is_empty());
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
    }
}
