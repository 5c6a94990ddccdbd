//! Requests as browsers copy them, and as people mangle them.

use keydesk_core::ErrorCode;
use keydesk_core::pasted_request::PastedRequest;
use proptest::prelude::*;

use crate::support::secret;

const HOST: &str = "https://abc123.idmp.taosdata.com";

type Parts = (Option<String>, Option<String>, Option<String>);

fn read(text: &str) -> Parts {
    let request = PastedRequest::read(&secret(text)).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    let shown = |token: Option<keydesk_vault::SecretString>| token.map(|t| t.expose().clone());
    (
        request.address,
        shown(request.authorization),
        shown(request.access_token),
    )
}

fn assert_all(text: &str) {
    let (address, authorization, access_token) = read(text);
    assert_eq!(address.as_deref(), Some(HOST), "{text}");
    assert_eq!(authorization.as_deref(), Some("eyJ.auth-_"), "{text}");
    assert_eq!(access_token.as_deref(), Some("acc/ess+=="), "{text}");
}

#[test]
fn curl_for_bash_is_understood() {
    assert_all(
        "curl 'https://abc123.idmp.taosdata.com/api/v1/permissions/menus' \\\n  \
         -H 'accept: application/json, text/plain, */*' \\\n  \
         -H 'access-token: acc/ess+==' \\\n  \
         -H 'authorization: Bearer eyJ.auth-_' \\\n  \
         -b 'session=\"quoted\"; x=1' \\\n  \
         -H 'referer: https://other.example/' \\\n  --compressed",
    );
    assert_all(
        "curl --request PUT -e https://evil.example --url \
         \"https://abc123.idmp.taosdata.com/api/v1/users\" --header \"Authorization: Bearer \
         eyJ.auth-_\" \"-HAccess-Token:acc/ess+==\" --data-raw '{\"a\":\"https://x.example\"}'",
    );
}

#[test]
fn curl_with_dollar_quotes_is_understood() {
    assert_all(
        "curl $'https://abc123.idmp.taosdata.com/api/v1/users' -H $'access-token: acc/ess+=\\u003d' \
         -H $'authorization: Bearer \\x65yJ.auth-_' --data-raw $'it\\'s \\u4f60 \\\\ \\n'",
    );
}

#[test]
fn curl_for_windows_is_understood() {
    assert_all(
        "curl ^\"https://abc123.idmp.taosdata.com/api/v1/users?a=1^&b=2^\" ^\r\n  \
         -H ^\"accept: */*^\" ^\r\n  \
         -H ^\"access-token: acc/ess^+==^\" ^\r\n  \
         -H ^\"authorization: Bearer eyJ.auth-_^\" ^\r\n  \
         -H ^\"sec-ch-ua: ^\\^\"Chromium^\\^\";v=^\\^\"130^\\^\"^\" ^\r\n  \
         --data-raw ^\"^{^\\^\"a^\\^\":1^}^\"",
    );
    assert_all(
        "curl.exe \"https://abc123.idmp.taosdata.com/api/v1/users\" ^\n  \
         -H \"access-token: acc/ess+==\" ^\n  -H \"authorization: Bearer eyJ.auth-_\"",
    );
}

#[test]
fn fetch_is_understood() {
    assert_all(
        "fetch(\"https://abc123.idmp.taosdata.com/api/v1/users\", {\n  \"headers\": {\n    \
         \"accept\": \"*/*\",\n    \"access-token\": \"acc\\/ess+\\u003d=\",\n    \
         \"authorization\": \"Bearer eyJ.auth-_\",\n    \"sec-ch-ua\": \"\\\"Chromium\\\"\"\n  },\n  \
         \"referrer\": \"https://other.example/\",\n  \
         \"body\": \"{\\\"authorization\\\":\\\"Bearer wrong\\\"}\",\n  \"method\": \"GET\"\n});",
    );
    assert_all(
        "const r = await fetch('https://abc123.idmp.taosdata.com/api/v1/users', { headers: {\n  \
         Authorization: `Bearer eyJ.auth-_`, 'Access-token': 'acc/ess+==' } })",
    );
}

#[test]
fn powershell_is_understood() {
    assert_all(
        "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n\
         $session.UserAgent = \"Mozilla/5.0\"\n\
         Invoke-WebRequest -UseBasicParsing -Uri \"https://abc123.idmp.taosdata.com/api/v1/users\" `\n\
         -WebSession $session `\n-Headers @{\n\"authority\"=\"x\"\n  \
         \"sec-ch-ua\"=\"`\"Chromium`\"\"\n  \"access-token\"=\"acc/ess+==\"\n  \
         \"authorization\"=\"Bearer eyJ.auth-_\"\n}",
    );
}

#[test]
fn headers_are_understood_in_every_layout() {
    assert_all(
        ":authority: abc123.idmp.taosdata.com\n:method: GET\n:path: /api/v1/users\n:scheme: https\n\
         accept: */*\naccess-token: acc/ess+==\nauthorization: Bearer eyJ.auth-_\n",
    );
    assert_all(
        ":authority\nabc123.idmp.taosdata.com\n:method\nGET\n:path\n/api/v1/users\n:scheme\nhttps\n\
         access-token\nacc/ess+==\nauthorization\nBearer eyJ.auth-_\n",
    );
    assert_all(
        "Request URL:\nhttps://abc123.idmp.taosdata.com/api/v1/users\nRequest Method:\nGET\n\
         Access-Token:\nacc/ess+==\nAuthorization:\nBearer eyJ.auth-_",
    );
    assert_all(
        "GET /api/v1/users HTTP/1.1\r\nHost: abc123.idmp.taosdata.com\r\n\
         ACCESS-TOKEN: acc/ess+==\r\nAUTHORIZATION:Bearer eyJ.auth-_\r\n\r\n",
    );
    assert_all(
        "GET https://abc123.idmp.taosdata.com/api/v1/users\n\
         Access-token: acc/ess+==\nAuthorization: Bearer eyJ.auth-_",
    );
}

#[test]
fn an_object_of_headers_is_understood() {
    let (address, authorization, access_token) =
        read("{ \"Authorization\": \"Bearer eyJ.auth-_\", \"Access-token\": \"acc/ess+==\" }");
    assert_eq!(address, None);
    assert!(authorization.is_some() && access_token.is_some());
}

#[test]
fn of_many_requests_the_one_with_the_tokens_is_taken() {
    assert_all(
        "curl 'https://cdn.example/app.js' -H 'accept: */*' ;\n\
         curl 'https://abc123.idmp.taosdata.com/api/v1/users' -H 'access-token: acc/ess+==' \
         -H 'authorization: Bearer eyJ.auth-_' &\n\
         curl 'https://stats.example/api/v1/x' -H 'authorization: Bearer other'",
    );
    assert_all(
        "fetch(\"https://cdn.example/app.js\", {});\n\
         fetch(\"https://abc123.idmp.taosdata.com/api/v1/users\", { \"headers\": { \
         \"access-token\": \"acc/ess+==\", \"authorization\": \"Bearer eyJ.auth-_\" } });",
    );
}

#[test]
fn what_is_there_is_taken_and_what_is_not_is_missing() {
    let (address, authorization, access_token) =
        read("curl https://abc123.idmp.taosdata.com/ -H 'Authorization: Basic amFuZTpwdw=='");
    assert_eq!(
        (address.as_deref(), authorization, access_token),
        (Some(HOST), None, None)
    );
    let (address, authorization, _) = read("Authorization: Bearer eyJ.auth-_");
    assert_eq!(
        (address, authorization.as_deref()),
        (None, Some("eyJ.auth-_"))
    );
    let (address, _, _) = read("Host: gw.example:8443\n:path: /idmp/api/v1/users");
    assert_eq!(address.as_deref(), Some("https://gw.example:8443/idmp"));
}

#[test]
fn text_without_a_request_is_not_understood() {
    let long = "a: b\n".repeat(300_000);
    for text in [
        "", " ", "hello", "curl", "curl -H", "fetch(", "{}", "12:34", "Bearer", &long,
    ] {
        let error = PastedRequest::read(&secret(text)).unwrap_err();
        assert_eq!(error.code, ErrorCode::PasteNotUnderstood, "{text:.20}");
    }
}

#[test]
fn a_request_cut_off_anywhere_is_read_as_far_as_it_goes() {
    let whole = "curl $'https://abc123.idmp.taosdata.com/api/v1/users' \\\n -H $'access-token: \
                 acc\\u003d' -H \"authorization: Bearer eyJ\\\"\"";
    for end in 0..whole.len() {
        let _ = PastedRequest::read(&secret(&whole[..end]));
    }
}

/// Text of the pieces that matter to a reader, in an order that no browser writes.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("curl "),
        Just("-H "),
        Just("'"),
        Just("\""),
        Just("$'"),
        Just("^"),
        Just("^\""),
        Just("\\"),
        Just("\\u"),
        Just("\\x4"),
        Just("\n"),
        Just("\r"),
        Just("`"),
        Just(":"),
        Just("="),
        Just("fetch("),
        Just("Invoke-WebRequest -Uri "),
        Just("authorization"),
        Just("Bearer "),
        Just("access-token"),
        Just(":authority"),
        Just("https://a.example"),
        Just("数"),
        Just("GET / HTTP/1.1"),
        Just("{"),
        Just(" "),
        Just("--header="),
    ];
    prop::collection::vec(scrap, 0..30).prop_map(|scraps| scraps.concat())
}

proptest! {
    #[test]
    fn reading_never_panics(text in prop_oneof![any::<String>(), scraps()]) {
        let _ = PastedRequest::read(&secret(&text));
    }

    #[test]
    fn no_token_holds_what_a_header_cannot(text in scraps()) {
        if let Ok(request) = PastedRequest::read(&secret(&text)) {
            for token in [request.authorization, request.access_token].into_iter().flatten() {
                prop_assert!(token.expose().bytes().all(|byte| byte.is_ascii_graphic()));
            }
        }
    }
}
