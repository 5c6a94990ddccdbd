//! Proxies of the environment. Each case runs in a process of its own, since the environment
//! belongs to the whole process.

use keydesk_core::ErrorCode;

use crate::fault_server::{FaultServer, Say};
use crate::support::{self, TOKEN, print_outcome, provider};

/// What the child process is to ask; unset in an ordinary run.
const ASK: &str = "KEYDESK_TEST_ASK";

/// The body of the child process.
#[tokio::test]
async fn child() {
    if let Ok(url) = std::env::var(ASK) {
        print_outcome(&*provider(&url)).await;
    }
}

async fn outcome(url: &str, variables: &[(&str, &str)]) -> String {
    let variables = [variables, &[(ASK, url)]].concat();
    support::outcome_of("proxies::child", &variables).await
}

#[tokio::test(flavor = "multi_thread")]
async fn loopback_never_meets_a_proxy() {
    let user = r#"{"id":1,"email":"real@b.example"}"#;
    let server = FaultServer::always(Say::json(200, user)).await;
    let poison = r#"{"id":1,"email":"poison@b.example"}"#;
    let proxy = FaultServer::always(Say::json(200, poison)).await;
    let by_name = server.url.replace("127.0.0.1", "localhost");
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "HTTPS_PROXY",
    ] {
        for url in [&server.url, &by_name] {
            let outcome = outcome(url, &[(name, &proxy.url)]).await;
            assert_eq!(outcome, "ok real@b.example", "{name} {url}");
        }
    }
    assert_eq!(proxy.asked().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn through_a_proxy_goes_a_tunnel_and_no_credential() {
    let proxy = FaultServer::always(Say::answer(407, "Proxy-Authenticate: Basic", "")).await;
    let variables = [("https_proxy", proxy.url.as_str())];
    let outcome = outcome("https://idmp.invalid:6034", &variables).await;
    assert!(
        outcome.starts_with(&format!("{:?}", ErrorCode::ProxyFailed)),
        "{outcome}"
    );
    assert!(outcome.contains("it wants a login"), "{outcome}");
    let asked = proxy.asked();
    assert!(!asked.is_empty(), "the proxy of the system is used");
    for asked in asked {
        assert_eq!(asked.line(), "CONNECT idmp.invalid:6034");
        assert!(!asked.head.contains(TOKEN));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_proxy_is_named() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap().to_string();
    drop(gone);
    let proxy = format!("http://user:planted-proxy-password@{address}");
    let outcome = outcome("https://idmp.invalid", &[("https_proxy", &proxy)]).await;
    assert!(
        outcome.starts_with(&format!("{:?}", ErrorCode::ProxyFailed)),
        "{outcome}"
    );
    assert!(outcome.contains(&address), "{outcome}");
    assert!(!outcome.contains("planted"), "{outcome}");
}
