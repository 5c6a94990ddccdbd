//! The keys of the person to whom the key in use belongs.

use keydesk_core::Result;
use keydesk_core::api_key::ApiKey;
use keydesk_core::credential::Credential;

use super::call::{Api, Call};
use super::operations::Name;
use super::wire;
use crate::json::rows;

/// Every key, in the service's order: it does not tell when a key was made.
pub(super) async fn all(api: &Api, credential: &Credential) -> Result<Vec<ApiKey>> {
    let call = Call::by(Name::ListKeys, credential);
    let reply = api.ask(&call).await?;
    let unexpected = |missing| api.unexpected(&call, &reply, missing);
    let rows = rows(reply.value()).ok_or_else(|| unexpected("no list of keys"))?;
    let key = |row| wire::api_key(row).ok_or_else(|| unexpected("a key that cannot be read"));
    rows.iter().map(key).collect()
}
