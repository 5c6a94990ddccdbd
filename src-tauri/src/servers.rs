//! The kinds of server that Keydesk knows: how one signs in there, and who speaks to them.
//!
//! Not here: what a server can do (its provider's capabilities), the wire.

use std::sync::Arc;

use keydesk_core::instance::{Instance, ServerKind, SignInMethod};
use keydesk_core::{Provider, Result};
use keydesk_providers::ProviderOptions;

use crate::ipc::views::ServerKindInfo;
use crate::local_server;

/// The provider of an instance, with what only this computer knows about its server.
///
/// # Errors
/// `CertificateInvalid` and the like.
pub fn provider(instance: &Instance) -> Result<Arc<dyn Provider>> {
    let password_rules = match instance.kind {
        ServerKind::ThisComputer => local_server::password_rules(),
        _ => Vec::new(),
    };
    let options = ProviderOptions {
        password_rules,
        ..ProviderOptions::default()
    };
    keydesk_providers::build(instance, options)
}

/// The kinds of server that can be connected to, in the order in which they are offered, and how
/// one signs in there.
pub fn kinds() -> Vec<ServerKindInfo> {
    vec![
        ServerKindInfo {
            kind: ServerKind::ThisComputer,
            methods: vec![SignInMethod::Password],
            login_by_email: true,
            remembers_password: false,
            embedded: true,
            address_example: String::new(),
            second_token: false,
            sign_in_page: false,
            reset_mail: false,
        },
        ServerKindInfo {
            kind: ServerKind::IdmpSelfHosted,
            methods: vec![
                SignInMethod::Password,
                SignInMethod::ApiKey,
                SignInMethod::CloudTokens,
            ],
            login_by_email: false,
            remembers_password: true,
            embedded: false,
            address_example: "idmp.example.com:6034".to_owned(),
            second_token: false,
            sign_in_page: false,
            reset_mail: true,
        },
        ServerKindInfo {
            kind: ServerKind::IdmpCloud,
            methods: vec![SignInMethod::CloudTokens],
            login_by_email: false,
            remembers_password: false,
            embedded: false,
            address_example: "https://<instance-id>.idmp.taosdata.com".to_owned(),
            second_token: true,
            sign_in_page: true,
            reset_mail: false,
        },
        ServerKindInfo {
            kind: ServerKind::AimmsCloud,
            methods: vec![SignInMethod::ApiKey],
            login_by_email: false,
            remembers_password: false,
            embedded: false,
            address_example: "https://<account>.aimms.cloud".to_owned(),
            second_token: false,
            sign_in_page: false,
            reset_mail: false,
        },
        ServerKindInfo {
            kind: ServerKind::Keydesk,
            methods: vec![SignInMethod::Password],
            login_by_email: true,
            remembers_password: false,
            embedded: false,
            address_example: "https://keydesk.example.com".to_owned(),
            second_token: false,
            sign_in_page: false,
            reset_mail: false,
        },
    ]
}
