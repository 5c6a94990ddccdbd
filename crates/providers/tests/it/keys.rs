//! Lists of keys from servers that page in their own ways.

use std::fmt::Write as _;

use keydesk_core::ErrorCode;
use keydesk_core::api_key::ApiKeyId;

use crate::fault_server::{Asked, FaultServer, Say};
use crate::support::{PASSWORD, code, new_key, provider, secret, session};

/// Rows `from..to`, the newest last.
fn rows(from: usize, to: usize) -> String {
    let mut rows = String::new();
    for id in from..to {
        let comma = if id == from { "" } else { "," };
        let _ = write!(
            rows,
            r#"{comma}{{"id":{id},"title":"k{id}","create_time":{id}}}"#
        );
    }
    format!("[{rows}]")
}

/// The number in a query.
fn asked_for(asked: &Asked, name: &str) -> usize {
    let (_, query) = asked.line().split_once('?').unwrap();
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.unwrap().parse().unwrap()
}

/// A server with so many keys that hands out at most `cap` a page.
async fn paging(all: usize, cap: usize, with_total: bool, name: &'static str) -> FaultServer {
    FaultServer::start(move |asked, _| {
        let size = asked_for(asked, "size").min(cap);
        let from = ((asked_for(asked, "current") - 1) * size).min(all);
        let rows = rows(from, (from + size).min(all));
        let total = if with_total {
            format!(r#","total":{all}"#)
        } else {
            String::new()
        };
        Say::json(
            200,
            format!(r#"{{"code":0,"message":"","data":{{"{name}":{rows}{total}}}}}"#),
        )
    })
    .await
}

async fn count(server: &FaultServer) -> usize {
    let list = provider(&server.url)
        .api_keys(&session(), None)
        .await
        .unwrap();
    let newest_first = list
        .keys
        .is_sorted_by(|one, next| one.added_on >= next.added_on);
    assert!(newest_first);
    list.keys.len()
}

#[tokio::test]
async fn all_pages_are_read_whatever_the_rows_are_called() {
    for name in ["rows", "records", "items", "list", "data"] {
        let server = paging(1203, 500, true, name).await;
        assert_eq!(count(&server).await, 1203, "{name}");
        assert_eq!(server.asked().len(), 3, "{name}");
    }
}

#[tokio::test]
async fn a_server_that_caps_its_pages_or_tells_no_total_hides_nothing() {
    assert_eq!(count(&paging(730, 100, true, "rows").await).await, 730);
    assert_eq!(count(&paging(730, 100, false, "rows").await).await, 730);
    assert_eq!(count(&paging(0, 100, false, "rows").await).await, 0);
}

#[tokio::test]
async fn a_server_that_ignores_paging_ends() {
    let server = FaultServer::always(Say::json(200, rows(0, 40))).await;
    assert_eq!(count(&server).await, 40);
    assert_eq!(server.asked().len(), 2);
    let lying = format!(r#"{{"total":0,"rows":{}}}"#, rows(0, 5));
    assert_eq!(
        count(&FaultServer::always(Say::json(200, lying)).await).await,
        5
    );
    let empty = Say::json(200, r#"{"code":0,"message":"","data":null}"#);
    assert_eq!(count(&FaultServer::always(empty).await).await, 0);
}

#[tokio::test]
async fn a_list_without_end_is_cut() {
    let server =
        FaultServer::start(|_, number| Say::json(200, rows(number * 500, number * 500 + 500)))
            .await;
    let provider = provider(&server.url);
    assert_eq!(
        provider
            .api_keys(&session(), None)
            .await
            .unwrap()
            .keys
            .len(),
        20_000
    );
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_not_left_out_in_silence() {
    for row in [
        r#"{"title":"no id"}"#,
        r#"{"id":1,"expire_time":"soon"}"#,
        "7",
    ] {
        let server = FaultServer::always(Say::json(200, format!("[{row}]"))).await;
        let list = provider(&server.url).api_keys(&session(), None).await;
        assert_eq!(code(list), ErrorCode::UnexpectedAnswer, "{row}");
    }
}

#[tokio::test]
async fn a_new_key_is_understood_in_every_shape() {
    let new = new_key("t");
    for body in [
        r#"{"id":"7f","title":"t","api_key":"api_7f.abcdefgh","expire_time":null}"#,
        r#"{"code":200,"message":"success","data":{"id":"7f","apiKey":"api_7f.abcdefgh"}}"#,
        r#"{"code":0,"message":"","data":"api_7f.abcdefgh"}"#,
    ] {
        let server = FaultServer::always(Say::json(200, body)).await;
        let made = provider(&server.url)
            .create_api_key(&session(), None, &new)
            .await
            .unwrap();
        assert_eq!(made.value.expose(), "api_7f.abcdefgh", "{body}");
        assert_eq!(
            (made.key.id.0.as_str(), made.key.title.as_str()),
            ("7f", "t")
        );
        assert!(made.key.added_on.is_some());
    }
    let masked = FaultServer::start(|asked, _| {
        let body = if asked.line().ends_with("/value") {
            r#"{"value":"api_7f.abcdefgh"}"#
        } else {
            r#"{"id":"7f","api_key":"api_7f.****"}"#
        };
        Say::json(200, body)
    })
    .await;
    let made = provider(&masked.url)
        .create_api_key(&session(), None, &new)
        .await
        .unwrap();
    assert_eq!(
        made.value.expose(),
        "api_7f.abcdefgh",
        "fetched where it came masked"
    );
}

#[tokio::test]
async fn a_deletion_is_believed_only_when_the_list_agrees() {
    let delete = async |listed: &'static str| {
        let server = FaultServer::start(move |asked, _| {
            if asked.line().starts_with("DELETE") {
                Say::json(404, r#"{"code":404,"message":"not found"}"#)
            } else {
                Say::json(200, listed)
            }
        })
        .await;
        provider(&server.url)
            .delete_api_key(&session(), &ApiKeyId("7".to_owned()))
            .await
    };
    assert_eq!(delete("[]").await, Ok(()), "it was gone already");
    assert_eq!(code(delete(r#"[{"id":7}]"#).await), ErrorCode::NotSupported);
    let page = FaultServer::always(Say::html(404)).await;
    let unknown = provider(&page.url)
        .delete_api_key(&session(), &ApiKeyId("7".to_owned()))
        .await;
    assert_eq!(
        code(unknown),
        ErrorCode::NotSupported,
        "a page says nothing about the key"
    );
}

#[tokio::test]
async fn a_code_in_the_answer_is_no_yes_whatever_stands_beside_it() {
    for body in [
        r#"{"code":403,"error":"no right to it"}"#,
        r#"{"code":403,"detail":"no right to it","path":"/x"}"#,
    ] {
        let server = FaultServer::always(Say::json(200, body)).await;
        let (provider, one) = (provider(&server.url), session());
        let id = ApiKeyId("7".to_owned());
        let deleted = provider.delete_api_key(&one, &id).await;
        assert_eq!(code(deleted), ErrorCode::Forbidden, "{body}");
        let (old, new) = (secret(PASSWORD), secret("nine slow otters swim"));
        let changed = provider.change_password(&one, &old, &new).await;
        assert_eq!(code(changed), ErrorCode::Forbidden, "{body}");
    }
}
