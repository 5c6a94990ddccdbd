//! What an instance makes of a table, and which requests it never makes of it.

use std::collections::{BTreeMap, BTreeSet};

use keydesk_core::contract::DescriptionSource;
use keydesk_core::instance::{ServerKind, SignInMethod};
use keydesk_core::time::Timestamp;
use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Own {
    List,
    Delete,
    Member,
}

static TABLE: [Row<Own>; 3] = [
    Row::new(
        Own::List,
        "list-keys",
        Method::GET,
        "/keys",
        RestsOn::Documented,
        Effect::Reads,
    )
    .answers(&[&["title"]]),
    Row::new(
        Own::Delete,
        "delete-key",
        Method::DELETE,
        "/keys/{id}",
        RestsOn::Assumed,
        Effect::Changes,
    ),
    Row::new(
        Own::Member,
        "member",
        Method::GET,
        "/groups/{group}/members/{id}",
        RestsOn::Assumed,
        Effect::Reads,
    ),
];

impl Name for Own {
    fn table() -> &'static [Row<Self>] {
        &TABLE
    }

    fn place(self) -> usize {
        self as usize
    }
}

fn server() -> ServerUrl {
    ServerUrl::parse("https://idmp.example/base", false).unwrap()
}

fn instance() -> Instance {
    Instance::new(ServerKind::IdmpSelfHosted, server(), SignInMethod::Password)
}

fn overridden(label: &str, request: &str) -> Result<Operations<Own>> {
    Operations::new(&Instance {
        endpoints: BTreeMap::from([(label.to_owned(), request.to_owned())]),
        ..instance()
    })
}

fn elsewhere(request: &str) -> Finding {
    Finding::FoundElsewhere {
        request: request.to_owned(),
        fields: BTreeMap::from([("title".to_owned(), "label".to_owned())]),
    }
}

fn learnt(label: &str, finding: Finding, confirmed: bool) -> Instance {
    let label = label.to_owned();
    Instance {
        contract: Some(LearntContract {
            source: DescriptionSource::Server,
            version: "1".to_owned(),
            read_at: Timestamp(0),
            confirmed: BTreeSet::from_iter(confirmed.then(|| label.clone())),
            findings: BTreeMap::from([(label, finding)]),
        }),
        ..instance()
    }
}

#[test]
fn an_instance_overrides_a_row_by_its_name() {
    let operations = overridden("delete-key", "POST /api/v2/keys/{id}/remove").unwrap();
    let delete = operations.get(Own::Delete);
    assert_eq!(delete.method, Method::POST);
    assert_eq!(delete.rests_on, RestsOn::Overridden);
    assert_eq!(
        delete.effect(),
        Effect::Changes,
        "what it means does not change"
    );
    assert_eq!(
        delete.url(&server(), &[("id", "k 1/2")]).unwrap().as_str(),
        "https://idmp.example/base/api/v2/keys/k%201%2F2/remove"
    );
    assert!(
        overridden("fly", "GET /moon").is_ok(),
        "unknown names are passed over"
    );
}

#[test]
fn an_override_that_is_no_request_is_refused() {
    for request in [
        "",
        "DELETE",
        "DELETE/keys/{id}",
        "TRACE /keys/{id}",
        "delete /keys/{id}",
        "DELETE keys/{id}",
        "DELETE https://evil.example/{id}",
        "DELETE //evil.example/{id}",
        "DELETE /keys",
        "DELETE /keys/{id}/{id}",
        "DELETE /keys/{other}",
        "DELETE /keys/x{id}",
        "DELETE /keys/../{id}",
        "DELETE /keys/%2e%2e/{id}",
        "DELETE /keys/{id}?all=true",
        "DELETE /keys/{id}#x",
        "DELETE /keys\\{id}",
        "DELETE /keys/{id}\r\nX: y",
    ] {
        let error = overridden("delete-key", request).unwrap_err();
        assert_eq!(error.code, ErrorCode::InputRefused, "{request}");
    }
    assert!(
        overridden("list-keys", "GET /keys/{id}").is_err(),
        "a list has no id"
    );
}

#[test]
fn names_in_a_path_may_change_their_order() {
    let operations = overridden("member", "GET /members/{id}/of/{group}").unwrap();
    let url = operations
        .get(Own::Member)
        .url(&server(), &[("group", "g/1"), ("id", "7")])
        .unwrap();
    assert_eq!(url.as_str(), "https://idmp.example/base/members/7/of/g%2F1");
    let lacking = operations.get(Own::Member).url(&server(), &[("id", "7")]);
    assert_eq!(lacking.unwrap_err().code, ErrorCode::Internal);
}

#[test]
fn what_was_found_elsewhere_is_used_once_it_is_confirmed() {
    let finding = elsewhere("GET /tokens");
    let before = Operations::<Own>::new(&learnt("list-keys", finding.clone(), false)).unwrap();
    let list = before.get(Own::List);
    assert_eq!(list.request(), "GET /keys", "the default stays in force");
    assert_eq!(list.field("title"), "title");
    assert_eq!(
        before.availability(Own::List),
        Availability::unavailable(Reason::Unconfirmed)
    );
    let row = &before.rows()[0];
    assert_eq!(
        (row.finding.as_ref(), row.confirmed),
        (Some(&finding), false)
    );

    let after = Operations::<Own>::new(&learnt("list-keys", finding, true)).unwrap();
    let list = after.get(Own::List);
    assert_eq!(list.request(), "GET /tokens");
    assert_eq!(list.field("title"), "label");
    assert_eq!(list.field("id"), "id");
    assert!(after.availability(Own::List).is_available());
    assert!(after.rows()[0].confirmed);
}

#[test]
fn a_confirmed_finding_never_changes_the_sort_of_a_request() {
    for request in [
        "DELETE /tokens",
        "POST /tokens",
        "GET //evil.example/tokens",
        "GET /tokens/{id}",
        "GET /tokens?all=1",
    ] {
        let instance = learnt("list-keys", elsewhere(request), true);
        let operations = Operations::<Own>::new(&instance).unwrap();
        assert_eq!(
            operations.get(Own::List).request(),
            "GET /keys",
            "{request}"
        );
        assert!(!operations.rows()[0].confirmed);
    }
    let instance = learnt("delete-key", elsewhere("POST /keys/{id}"), true);
    let operations = Operations::<Own>::new(&instance).unwrap();
    assert_eq!(operations.get(Own::Delete).method, Method::DELETE);
}

#[test]
fn what_is_missing_cannot_be_done_and_what_the_configuration_says_counts_most() {
    let missing = learnt("list-keys", Finding::Missing, false);
    let operations = Operations::<Own>::new(&missing).unwrap();
    assert_eq!(
        operations.availability(Own::List),
        Availability::unavailable(Reason::NotDescribed)
    );
    let fixed = Instance {
        endpoints: BTreeMap::from([("list-keys".to_owned(), "GET /v2/keys".to_owned())]),
        ..missing
    };
    let operations = Operations::<Own>::new(&fixed).unwrap();
    assert!(operations.availability(Own::List).is_available());
    assert_eq!(operations.get(Own::List).request(), "GET /v2/keys");
}

proptest! {
    #[test]
    fn no_id_changes_the_path_or_the_host(id in ".*") {
        let operations = Operations::<Own>::new(&instance()).unwrap();
        let url = operations.get(Own::Member).url(&server(), &[("group", &id), ("id", &id)]);
        if let Ok(url) = url {
            prop_assert_eq!(url.origin().ascii_serialization(), "https://idmp.example");
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 5);
            prop_assert_eq!(&segments[..2], &["base", "groups"]);
            prop_assert_eq!(segments[3], "members");
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }

    #[test]
    fn no_request_out_of_a_file_leaves_the_server(request in "(GET|POST) ?/{0,2}.*") {
        if let Ok(operations) = overridden("list-keys", &request) {
            let url = operations.get(Own::List).url(&server(), &[]).unwrap();
            prop_assert_eq!(url.origin().ascii_serialization(), "https://idmp.example");
            prop_assert!(url.path().starts_with("/base/"));
        }
    }
}
