//! Lists that are short enough to be filtered, sorted and cut where they are.

use std::cmp::Ordering;

use super::{Fields, ListQuery};
use crate::comparison::comparable;

/// A row of a list, as filters see it.
pub(in crate::aimms) trait Listed: Fields {
    /// The value of `FIELDS[index]`.
    fn field(&self, index: usize) -> &str;
}

impl ListQuery {
    /// The rows that were asked for.
    pub(in crate::aimms) fn apply<T: Listed>(&self, mut rows: Vec<T>) -> Vec<T> {
        let takes = |row: &T| {
            let mut filters = self.filters.iter();
            filters.all(|filter| filter.takes(row.field(filter.field)))
        };
        rows.retain(takes);
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
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        rows.into_iter()
            .skip(size(self.offset))
            .take(size(self.limit))
            .collect()
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

#[cfg(test)]
mod tests {
    use super::super::tests::{FIELDS, parse};
    use super::*;

    struct Row(&'static str, &'static str);

    impl Fields for Row {
        const FIELDS: &'static [&'static str] = FIELDS;
    }

    impl Listed for Row {
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
}
