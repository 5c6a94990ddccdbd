//! A question for people, who may be many: the database answers it.

use super::{Filter, ListQuery, Operator};
use crate::accounts::{NameCondition, PeopleQuery};

impl ListQuery {
    /// The same question to the rules. `shared` are the values of the first fields, which are
    /// the same for everybody; the one after them is the name. Nothing, where the answer is
    /// that there is nobody.
    pub(in crate::aimms) fn of_people(self, shared: &[&str]) -> Option<PeopleQuery> {
        let mut conditions = Vec::new();
        for filter in self.filters {
            match shared.get(filter.field) {
                Some(value) if filter.takes(value) => {}
                Some(_) => return None,
                None => conditions.push(condition(filter)),
            }
        }
        // Whoever shares a value cannot be ordered by it.
        let mut by_name = self.sort.iter().filter(|(field, _)| *field >= shared.len());
        Some(PeopleQuery {
            conditions,
            descends: by_name.next().is_some_and(|(_, descends)| *descends),
            offset: self.offset,
            limit: self.limit,
        })
    }
}

fn condition(filter: Filter) -> NameCondition {
    let operator = filter.operator;
    let mut values = filter.values;
    match operator {
        Operator::In => NameCondition::OneOf(values),
        Operator::NotIn => NameCondition::NoneOf(values),
        // The others have one value.
        Operator::EqualCs => NameCondition::Is(values.pop().unwrap_or_default()),
        Operator::EqualCi => NameCondition::ComparesAs(values.pop().unwrap_or_default()),
        Operator::ContainCs => NameCondition::Holds(values.pop().unwrap_or_default()),
        Operator::ContainCi => NameCondition::HoldsCompared(values.pop().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aimms::query::{Fields, Listed};
    use crate::comparison::comparable;
    use crate::store::people::{self, Viewer};
    use crate::store::{Store, StoreError};
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    const SHARED: &[&str] = &["keydesk", "ROOT"];
    const FIELDS: &[&str] = &["account_name", "environment_name", "user_name"];

    fn of_people(query: &[(String, String)]) -> Option<PeopleQuery> {
        ListQuery::parse(FIELDS, query).unwrap().of_people(SHARED)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn what_everybody_shares_is_answered_at_once() {
        assert!(of_people(&[pair("account_name_equal_cs", "other")]).is_none());
        let query = [
            pair("environment_name_contain_ci", "oo"),
            pair("sort", "-account_name"),
        ];
        let query = of_people(&query).unwrap();
        assert!(query.conditions.is_empty());
        assert!(!query.descends);
    }

    /// A name as a row of a short list.
    struct Name(&'static str);

    impl Fields for Name {
        const FIELDS: &'static [&'static str] = FIELDS;
    }

    impl Listed for Name {
        fn field(&self, index: usize) -> &str {
            SHARED.get(index).copied().unwrap_or(self.0)
        }
    }

    const NAMES: [&str; 8] = [
        "ada@example.org",
        "Bob@example.org",
        "%_@example.org",
        "a,b@example.org",
        "stra\u{df}e",
        "ZO\u{cb}",
        "\"'",
        "\u{1f980}",
    ];

    /// Every name once, in the order of their compared forms.
    fn database(dir: &std::path::Path) -> Store {
        let store = Store::open(&dir.join("keydesk.db"), None).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime
            .block_on(store.write(|transaction| {
                for name in NAMES {
                    transaction.execute(
                        "INSERT INTO users (id, email, email_key, login_name_mac, first_name, \
                             last_name, role, create_time) VALUES (?1, ?1, ?2, x'', '', '', '', 0)",
                        [name, &comparable(name)],
                    )?;
                }
                Ok::<_, StoreError>(())
            }))
            .unwrap();
        store
    }

    #[test]
    fn the_database_answers_as_a_short_list_does() {
        let dir = tempfile::tempdir().unwrap();
        let store = database(dir.path());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let part = prop::sample::select(NAMES.to_vec())
            .prop_flat_map(|name| (Just(name), 0..=name.chars().count()))
            .prop_map(|(name, from)| name.chars().skip(from).take(3).collect::<String>());
        let value = prop_oneof![
            part,
            prop::sample::select(NAMES.to_vec()).prop_map(str::to_uppercase),
            prop::sample::subsequence(NAMES.to_vec(), 0..4).prop_map(|names| names.join(",")),
            any::<String>(),
        ];
        let filter = ("(equal|contain)_c[si]|(not_)?in", value)
            .prop_map(|(operator, value)| (format!("user_name_{operator}"), value));
        let query = (
            prop::collection::vec(filter, 0..3),
            "-?user_name(,-?environment_name)?",
            // Mostly the whole of what is found: a part hides what is missing from it.
            prop_oneof![4 => Just(0), 1 => 0..10_u8],
            prop_oneof![4 => Just(100), 1 => 1..10_u8],
        );
        TestRunner::new(ProptestConfig::with_cases(1000))
            .run(&query, |(mut query, sort, offset, limit)| {
                query.push(pair("sort", &sort));
                query.push(pair("offset", &offset.to_string()));
                query.push(pair("limit", &limit.to_string()));
                let here = ListQuery::parse(FIELDS, &query)
                    .unwrap()
                    .apply(NAMES.map(Name).into());
                let here: Vec<String> = here.iter().map(|name| name.0.to_owned()).collect();
                let asked = of_people(&query).unwrap();
                let viewer = Viewer {
                    user_id: "somebody".to_owned(),
                    sees_everyone: true,
                };
                let there = runtime
                    .block_on(
                        store.read(move |connection| people::find(connection, &viewer, asked)),
                    )
                    .unwrap();
                let there: Vec<String> = there.into_iter().map(|user| user.email).collect();
                prop_assert_eq!(here, there, "{:?}", query);
                Ok(())
            })
            .unwrap();
    }
}
