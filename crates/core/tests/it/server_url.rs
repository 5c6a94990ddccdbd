//! What holds for every address, whoever typed it.

use keydesk_core::server_url::ServerUrl;
use proptest::prelude::*;

fn addresses() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![
        Just(""),
        Just("http://"),
        Just("https://"),
        Just("HTTPS://")
    ];
    let host = prop_oneof![
        "[a-zA-Z0-9-]{1,8}(\\.[a-z]{2,5}){0,2}\\.?",
        "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}",
        "\\[[0-9a-f:]{2,12}\\]",
        "[a-zéü数据]{1,6}\\.example",
        Just("localhost".to_owned()),
    ];
    let port = prop_oneof![Just(String::new()), ":[0-9]{1,5}", Just(":443".to_owned())];
    let path = prop_oneof![Just(String::new()), "(/[a-zA-Z0-9%._~-]{0,6}){0,4}"];
    (scheme, host, port, path).prop_map(|(s, h, p, q)| format!("{s}{h}{p}{q}"))
}

/// Scheme, host and port by another way than the one under test.
fn place(server: &ServerUrl) -> (String, String, Option<u16>) {
    let url = url::Url::parse(server.as_str()).unwrap();
    let host = url.host_str().unwrap().to_owned();
    (url.scheme().to_owned(), host, url.port_or_known_default())
}

proptest! {
    #[test]
    fn reading_never_panics(typed in any::<String>(), chosen in any::<bool>()) {
        let _ = ServerUrl::parse(&typed, chosen);
    }

    #[test]
    fn an_accepted_address_is_read_again_as_itself(typed in addresses()) {
        if let Ok(url) = ServerUrl::parse(&typed, true) {
            let again = ServerUrl::parse(url.as_str(), true);
            prop_assert_eq!(again, Ok(url));
        }
    }

    #[test]
    fn no_two_places_share_a_realm(one in addresses(), other in addresses()) {
        let parse = |typed: &str| ServerUrl::parse(typed, true);
        if let (Ok(one), Ok(other)) = (parse(&one), parse(&other)) {
            prop_assert_eq!(one.realm() == other.realm(), place(&one) == place(&other));
        }
    }

    #[test]
    fn neither_path_nor_operation_changes_the_realm(typed in addresses(), path in "[a-z/.%]{0,8}") {
        if let Ok(url) = ServerUrl::parse(&typed, true) {
            let deeper = ServerUrl::parse(&format!("{}/{path}", url.as_str()), true).unwrap();
            prop_assert_eq!(deeper.realm(), url.realm());
            let joined = url.join(&format!("/{path}"));
            prop_assert_eq!(joined.origin().ascii_serialization(), url.realm().to_string());
        }
    }

    #[test]
    fn an_accepted_address_carries_nothing_but_a_place_and_a_path(typed in any::<String>()) {
        if let Ok(server) = ServerUrl::parse(&typed, true) {
            let url = url::Url::parse(server.as_str()).unwrap();
            prop_assert!(url.username().is_empty() && url.password().is_none());
            prop_assert!(url.query().is_none() && url.fragment().is_none());
            prop_assert!(server.as_str().is_ascii());
        }
    }
}
