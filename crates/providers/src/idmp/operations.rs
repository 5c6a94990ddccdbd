//! Every request that is made to an IDMP server, in one table, with what it rests on.
//!
//! A row is overridden per instance by its name: `METHOD /path`, with `{id}` where the row has it.
//! Bodies are not overridden: they stand where they are built.

use std::collections::BTreeMap;

use keydesk_core::provider::{OperationRow, RestsOn};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Error, ErrorCode, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use url::Url;

use crate::http::Effect;

/// An operation of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Health,
    ApiDescription,
    Probe,
    SignIn,
    ResetMail,
    SignOut,
    CurrentUser,
    UpdateProfile,
    ReadAvatar,
    UploadAvatar,
    ChangePassword,
    ListKeys,
    CreateKey,
    CopyKey,
    EditExpiration,
    DeleteKey,
}

/// One row as it is built in.
struct Row(Name, &'static str, Method, &'static str, RestsOn, Effect);

/// The table, in the order of [`Name`].
const TABLE: [Row; 16] = {
    use Effect::{Changes, Reads, Repeatable};
    use RestsOn::{Assumed, Documented, Inferred};
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const DELETE: Method = Method::DELETE;
    [
        Row(Name::Health, "health", GET, "/q/health", Documented, Reads),
        Row(
            Name::ApiDescription,
            "api-description",
            GET,
            "/q/openapi",
            Inferred,
            Reads,
        ),
        Row(
            Name::Probe,
            "probe",
            GET,
            "/api/v1/permissions/menus",
            Documented,
            Reads,
        ),
        Row(
            Name::SignIn,
            "sign-in",
            POST,
            "/api/v1/users/login",
            Documented,
            Repeatable,
        ),
        Row(
            Name::ResetMail,
            "reset-mail",
            POST,
            "/api/v1/users/password-reset-email",
            Documented,
            Changes,
        ),
        Row(
            Name::SignOut,
            "sign-out",
            POST,
            "/api/v1/users/logout",
            Assumed,
            Repeatable,
        ),
        Row(
            Name::CurrentUser,
            "current-user",
            GET,
            "/api/v1/users",
            Inferred,
            Reads,
        ),
        Row(
            Name::UpdateProfile,
            "update-profile",
            PUT,
            "/api/v1/users",
            Assumed,
            Changes,
        ),
        Row(
            Name::ReadAvatar,
            "read-avatar",
            GET,
            "/api/v1/users/avatar",
            Assumed,
            Reads,
        ),
        Row(
            Name::UploadAvatar,
            "upload-avatar",
            POST,
            "/api/v1/users/avatar",
            Assumed,
            Changes,
        ),
        Row(
            Name::ChangePassword,
            "change-password",
            PUT,
            "/api/v1/users/password",
            Assumed,
            Changes,
        ),
        Row(
            Name::ListKeys,
            "list-keys",
            GET,
            "/api/v1/users/api-keys",
            Assumed,
            Reads,
        ),
        Row(
            Name::CreateKey,
            "create-key",
            POST,
            "/api/v1/users/api-keys",
            Assumed,
            Changes,
        ),
        Row(
            Name::CopyKey,
            "copy-key",
            GET,
            "/api/v1/users/api-keys/{id}/value",
            Assumed,
            Reads,
        ),
        Row(
            Name::EditExpiration,
            "edit-expiration",
            PUT,
            "/api/v1/users/api-keys/{id}",
            Assumed,
            Changes,
        ),
        Row(
            Name::DeleteKey,
            "delete-key",
            DELETE,
            "/api/v1/users/api-keys/{id}",
            Assumed,
            Changes,
        ),
    ]
};

/// Where an item's id goes.
const ID: &str = "{id}";
/// What stays as it is in an id; everything else is escaped, the slash above all.
const UNESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
/// Longer than any path in use.
const PATH_LIMIT: usize = 500;

/// An operation as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) name: Name,
    pub(super) label: &'static str,
    pub(super) method: Method,
    path: String,
    pub(super) rests_on: RestsOn,
    pub(super) effect: Effect,
}

/// The table in force for one instance.
#[derive(Debug)]
pub(super) struct Operations(Vec<Operation>);

impl Operations {
    /// The built-in table with an instance's overrides. A name that is not in the table is passed
    /// over: a newer Keydesk may have written it.
    ///
    /// # Errors
    /// `InputRefused` where an override is no request; `detail` names it.
    pub(super) fn new(overrides: &BTreeMap<String, String>) -> Result<Self> {
        let mut operations: Vec<_> = TABLE
            .iter()
            .map(
                |Row(name, label, method, path, rests_on, effect)| Operation {
                    name: *name,
                    label,
                    method: method.clone(),
                    path: (*path).to_owned(),
                    rests_on: *rests_on,
                    effect: *effect,
                },
            )
            .collect();
        for (label, request) in overrides {
            let known = operations.iter_mut().find(|known| known.label == label);
            let Some(operation) = known else {
                tracing::warn!(%label, "an override of no known operation");
                continue;
            };
            let (method, path) = parse(request, operation.path.contains(ID)).ok_or_else(|| {
                Error::new(ErrorCode::InputRefused, "an override that is no request")
                    .with_detail(operation.label)
            })?;
            operation.method = method;
            operation.path = path;
            operation.rests_on = RestsOn::Overridden;
        }
        Ok(Self(operations))
    }

    pub(super) fn get(&self, name: Name) -> &Operation {
        &self.0[name as usize]
    }

    /// The table as "Connection details" shows it.
    pub(super) fn rows(&self) -> Vec<OperationRow> {
        let rows = self.0.iter().map(|operation| OperationRow {
            name: operation.label.to_owned(),
            request: format!("{} {}", operation.method, operation.path),
            rests_on: operation.rests_on,
            finding: None,
            confirmed: false,
        });
        rows.collect()
    }
}

impl Operation {
    /// Whether it is about one item.
    pub(super) fn has_id(&self) -> bool {
        self.path.contains(ID)
    }

    /// The address of the operation.
    pub(super) fn url(&self, server: &ServerUrl) -> Url {
        server.join(&self.path)
    }

    /// The address of the operation on one item.
    ///
    /// # Errors
    /// `NotFound` for an id that would change the path.
    pub(super) fn url_of(&self, server: &ServerUrl, id: &str) -> Result<Url> {
        // Addresses are normalised after escaping too: `.` and `..` always mean a folder.
        if matches!(id, "" | "." | "..") || id.len() > PATH_LIMIT {
            return Err(Error::new(ErrorCode::NotFound, "no usable id"));
        }
        let escaped = utf8_percent_encode(id, UNESCAPED).to_string();
        Ok(server.join(&self.path.replace(ID, &escaped)))
    }
}

/// `METHOD /path`, with exactly one `{id}` where the operation is about an item.
fn parse(request: &str, needs_id: bool) -> Option<(Method, String)> {
    let (method, path) = request.trim().split_once(' ')?;
    let method = match method {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => return None,
    };
    let path = path.trim_start();
    let plain = path.replacen(ID, "id", usize::from(needs_id));
    let fits = path.len() <= PATH_LIMIT
        && (plain != path) == needs_id
        && path.starts_with('/')
        && plain.split('/').skip(1).all(|segment| {
            !matches!(segment, "" | "." | "..")
                && segment.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || b"-_.~:@!$&'()*+,;=".contains(&byte)
                })
        });
    fits.then(|| (method, path.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn overridden(label: &str, request: &str) -> Result<Operations> {
        Operations::new(&BTreeMap::from([(label.to_owned(), request.to_owned())]))
    }

    fn server() -> ServerUrl {
        ServerUrl::parse("https://idmp.example/base", false).unwrap()
    }

    #[test]
    fn the_table_is_in_the_order_of_its_names() {
        let operations = Operations::new(&BTreeMap::new()).unwrap();
        for (at, operation) in operations.0.iter().enumerate() {
            assert_eq!(operation.name as usize, at, "{}", operation.label);
        }
    }

    #[test]
    fn an_instance_overrides_a_row_by_its_name() {
        let operations = overridden("delete-key", "POST /api/v2/keys/{id}/remove").unwrap();
        let delete = operations.get(Name::DeleteKey);
        assert_eq!(delete.method, Method::POST);
        assert_eq!(delete.rests_on, RestsOn::Overridden);
        assert_eq!(
            delete.effect,
            Effect::Changes,
            "what it means does not change"
        );
        assert_eq!(
            delete.url_of(&server(), "k 1/2").unwrap().as_str(),
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

    proptest! {
        #[test]
        fn no_id_changes_the_path_or_the_host(id in ".*") {
            let operations = Operations::new(&BTreeMap::new()).unwrap();
            if let Ok(url) = operations.get(Name::CopyKey).url_of(&server(), &id) {
                prop_assert_eq!(url.origin().ascii_serialization(), "https://idmp.example");
                let segments: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(segments.len(), 7);
                prop_assert_eq!(&segments[..5], &["base", "api", "v1", "users", "api-keys"]);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }
    }
}
