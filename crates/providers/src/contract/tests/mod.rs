//! Descriptions in the manner of other products, and what a person who reads them next to our
//! table would say of each operation.

mod dangerous;
mod hostile;

use std::collections::BTreeMap;

use keydesk_core::contract::{DescriptionSource, Finding, LearntContract};
use keydesk_core::instance::{Instance, ServerKind, SignInMethod};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{ErrorCode, Provider, Result};

use crate::ProviderOptions;
use crate::idmp::IdmpProvider;

fn instance(address: &str) -> Instance {
    let url = ServerUrl::parse(address, false).unwrap();
    Instance::new(ServerKind::IdmpSelfHosted, url, SignInMethod::Password)
}

fn compared(instance: &Instance, description: &str) -> Result<LearntContract> {
    let provider = IdmpProvider::new(instance, ProviderOptions::default()).unwrap();
    let source = DescriptionSource::File {
        name: "openapi".to_owned(),
    };
    provider.compare_contract(description.as_bytes(), source)
}

/// Each finding as one line.
fn findings(address: &str, description: &str) -> Vec<String> {
    lines(&compared(&instance(address), description).unwrap().findings)
}

fn lines(findings: &BTreeMap<String, Finding>) -> Vec<String> {
    let line = |(label, finding): (&String, &Finding)| match finding {
        Finding::Confirmed => format!("{label}: confirmed"),
        Finding::Missing => format!("{label}: missing"),
        Finding::FoundElsewhere { request, fields } => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(ours, theirs)| format!(" {ours}={theirs}"))
                .collect();
            format!("{label}: {request}{}", fields.concat())
        }
    };
    findings.iter().map(line).collect()
}

#[test]
fn a_quarkus_server_with_its_own_names() {
    assert_eq!(
        findings("https://idmp.example:6034", include_str!("smallrye.yaml")),
        [
            "change-password: POST /api/v1/user/change-password \
             new_password=newPassword old_password=oldPassword",
            "copy-key: missing",
            "create-key: POST /api/v1/apikeys expire_time=expireTime title=keyName",
            "current-user: confirmed",
            "delete-key: DELETE /api/v1/apikeys/{id}",
            "edit-expiration: PUT /api/v1/apikeys/{id} expire_time=expireTime title=keyName",
            "list-keys: GET /api/v1/apikeys size=pageSize title=keyName",
            "probe: confirmed",
            "read-avatar: confirmed",
            "reset-mail: confirmed",
            "sign-in: POST /api/v1/users/login login_name=loginName",
            "sign-out: missing",
            "update-profile: PUT /api/v1/users first_name=firstName last_name=lastName",
            "upload-avatar: POST /api/v1/users/avatar file=image",
        ]
    );
}

#[test]
fn a_spring_server_with_an_envelope_and_pages_from_zero() {
    assert_eq!(
        findings("https://acme.example", include_str!("spring.json")),
        [
            "change-password: POST /api/account/change-password \
             new_password=newPassword old_password=currentPassword",
            "copy-key: missing",
            "create-key: POST /api/account/access-tokens api_key=secret expire_time=validUntil \
             id=tokenId title=label",
            "current-user: GET /api/account",
            "delete-key: DELETE /api/account/access-tokens/{id}",
            // Only a new secret can be had there, and the account of somebody else.
            "edit-expiration: missing",
            "list-keys: GET /api/account/access-tokens create_time=createdOn data=result \
             expire_time=validUntil id=tokenId title=label",
            "read-avatar: missing",
            "reset-mail: missing",
            "sign-in: POST /api/authenticate login_name=username token=id_token",
            "sign-out: missing",
            "update-profile: missing",
            "upload-avatar: missing",
        ]
    );
}

#[test]
fn a_fastapi_server_that_counts_slashes_and_writes_times_as_text() {
    assert_eq!(
        findings("https://acme.example", include_str!("fastapi.json")),
        [
            "change-password: PATCH /api/v1/users/me/password old_password=current_password",
            "copy-key: missing",
            // Its expiration is text, ours a number: a key would live longer than was asked for.
            "create-key: missing",
            "current-user: GET /api/v1/users/me first_name=given_name last_name=family_name",
            "delete-key: DELETE /api/v1/users/me/api-keys/{id}",
            "edit-expiration: missing",
            "list-keys: GET /api/v1/users/me/api-keys/ size=limit",
            "read-avatar: missing",
            "reset-mail: missing",
            // A form, which we do not send.
            "sign-in: missing",
            "sign-out: missing",
            "update-profile: PATCH /api/v1/users/me first_name=given_name last_name=family_name",
            "upload-avatar: missing",
        ]
    );
}

#[test]
fn a_gitlab_server_with_tokens_of_many_owners() {
    assert_eq!(
        findings("https://gitlab.example", include_str!("gitlab.yaml")),
        [
            "change-password: missing",
            "copy-key: missing",
            // It demands scopes, of which we have none to offer.
            "create-key: missing",
            "current-user: missing",
            "delete-key: missing",
            "edit-expiration: missing",
            // To an administrator it lists everybody's; so there is no id to delete by either.
            "list-keys: missing",
            "read-avatar: missing",
            "reset-mail: missing",
            "sign-in: missing",
            "sign-out: missing",
            "update-profile: missing",
            "upload-avatar: PUT /api/v4/user/avatar file=avatar",
        ]
    );
}

#[test]
fn a_grafana_server_whose_tags_say_which_keys() {
    assert_eq!(
        findings("https://acme.example", include_str!("grafana.json")),
        [
            "change-password: PUT /api/user/password \
             new_password=newPassword old_password=oldPassword",
            "copy-key: missing",
            // It takes a span of seconds in place of a point in time.
            "create-key: missing",
            "current-user: missing",
            "delete-key: DELETE /api/auth/keys/{id}",
            "edit-expiration: missing",
            "list-keys: GET /api/auth/keys",
            "read-avatar: missing",
            "reset-mail: missing",
            "sign-in: missing",
            "sign-out: missing",
            "update-profile: missing",
            "upload-avatar: missing",
        ]
    );
}

#[test]
fn the_address_of_the_instance_and_that_of_the_description_are_joined() {
    let of = |address: &str, servers: &str| {
        let description = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\n{servers}\npaths:\n  \
             /users/logout: {{post: {{responses: {{}}}}}}\n"
        );
        compared(&instance(address), &description)
            .map(|learnt| lines(&learnt.findings))
            .unwrap_or_default()
            .into_iter()
            .find(|line| line.starts_with("sign-out"))
            .unwrap_or_default()
    };
    let confirmed = "sign-out: confirmed";
    for (address, servers) in [
        ("https://a.example", "servers: [{url: /api/v1}]"),
        ("https://a.example", "servers: [{url: api/v1/}]"),
        (
            "https://a.example",
            "servers: [{url: 'https://a.example/api/v1'}]",
        ),
        // Its own name within the house, behind a gateway.
        (
            "https://a.example",
            "servers: [{url: 'http://10.0.0.7:6042/api/v1'}]",
        ),
        ("https://a.example/gw", "servers: [{url: /api/v1}]"),
        ("https://a.example/gw", "servers: [{url: /gw/api/v1}]"),
        (
            "https://a.example",
            "servers: [{url: '{scheme}://a.example/{base}', variables: \
             {scheme: {default: https}, base: {default: api/v1}}}]",
        ),
        (
            "https://a.example",
            "servers: [{url: 'https://other.example/x'}, {url: 'https://a.example/api/v1'}]",
        ),
    ] {
        assert_eq!(of(address, servers), confirmed, "{address} {servers}");
    }
    assert_eq!(
        of("https://a.example", "servers: [{url: /api/v2}]"),
        "sign-out: POST /api/v2/users/logout"
    );
}

#[test]
fn two_that_fit_are_none() {
    let keys = r#"{"get": {"operationId": "listApiKeys", "responses": {"200": {"content":
        {"application/json": {"schema": {"type": "array", "items": {"properties": {"id": {},
        "title": {}, "expireTime": {}}}}}}}}}}"#;
    let of = |paths: &[&str]| {
        let paths: Vec<_> = paths
            .iter()
            .map(|path| format!("\"{path}\": {keys}"))
            .collect();
        let description = format!(
            r#"{{"openapi": "3.1.0", "info": {{}}, "paths":
            {{"/api/v1/users/logout": {{"post": {{}}}}, {}}}}}"#,
            paths.join(",")
        );
        compared(&instance("https://a.example"), &description)
            .unwrap()
            .findings["list-keys"]
            .clone()
    };
    assert!(matches!(
        of(&["/api/v2/api-keys"]),
        Finding::FoundElsewhere { .. }
    ));
    assert_eq!(
        of(&["/api/v2/api-keys", "/api/v3/api-keys"]),
        Finding::Missing
    );
    assert_eq!(of(&["/api/v2/admin/api-keys"]), Finding::Missing);
    assert_eq!(of(&["/api/v2/projects/{id}/api-keys"]), Finding::Missing);
}

#[test]
fn a_description_of_something_else_teaches_nothing() {
    let shop = r#"{"openapi": "3.0.0", "info": {"title": "Petstore", "version": "1"},
        "paths": {"/pet": {"post": {"operationId": "addPet"}}}}"#;
    let error = compared(&instance("https://a.example"), shop).unwrap_err();
    assert_eq!(error.code, ErrorCode::DescriptionNotUnderstood);
    for no_description in [
        "{}",
        "paths: {}",
        "openapi: 4.0.0\npaths: {}",
        "swagger: '1.2'\n",
    ] {
        let error = compared(&instance("https://a.example"), no_description).unwrap_err();
        assert_eq!(
            error.code,
            ErrorCode::DescriptionNotUnderstood,
            "{no_description}"
        );
    }
}

#[test]
fn what_the_configuration_settled_is_not_asked_of_a_description() {
    let fixed = Instance {
        endpoints: BTreeMap::from([("list-keys".to_owned(), "GET /keys".to_owned())]),
        ..instance("https://idmp.example")
    };
    let learnt = compared(&fixed, include_str!("smallrye.yaml")).unwrap();
    assert!(!learnt.findings.contains_key("list-keys"));
    assert!(learnt.findings.contains_key("create-key"));
    assert_eq!(learnt.version, "tdengine-idmp API 1.0.12.0");
}
