//! API keys of both portals: those of an organization, and one's own in the admin portal.

use keydesk_core::api_key::{
    ApiKey, ApiKeyDetails, ApiKeyId, CreatedApiKey, Expiration, KeyMetrics, NewApiKey,
};
use keydesk_core::credential::Credential;
use keydesk_core::organization::OrganizationId;
use keydesk_core::time::Timestamp;
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::call::{Api, Call};
use super::operations::Name;
use super::repetition::{IDEMPOTENCY_KEY, Open, Wish};
use super::{lists, wire};
use crate::key_forms::is_bearer;

/// What stands between organization and key in an id of ours.
const SEPARATOR: char = '/';

/// Where keys belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyPlace<'a> {
    /// The admin portal: to the account itself.
    Own,
    /// An organization, by its id.
    Of(&'a str),
}

impl<'a> KeyPlace<'a> {
    pub(super) fn of(organization: Option<&'a OrganizationId>) -> Self {
        organization.map_or(Self::Own, |organization| Self::Of(&organization.0))
    }

    /// The id by which a key is known above: it holds its place, so that whatever is done to the
    /// key later is done there, whichever organization is in front by then.
    pub(super) fn id_of(self, key: &str) -> ApiKeyId {
        let organization = match self {
            Self::Own => "",
            Self::Of(organization) => organization,
        };
        ApiKeyId(format!("{organization}{SEPARATOR}{key}"))
    }

    /// Place and key out of such an id.
    fn in_id(id: &'a ApiKeyId) -> Result<(Self, &'a str)> {
        match id.0.split_once(SEPARATOR) {
            Some(("", key)) => Ok((Self::Own, key)),
            Some((organization, key)) => Ok((Self::Of(organization), key)),
            None => Err(Error::new(ErrorCode::NotFound, "no id of a key")),
        }
    }

    /// The call of the operation that this place has for it.
    fn call<'c>(self, own: Name, theirs: Name, credential: &'c Credential) -> Call<'c>
    where
        'a: 'c,
    {
        match self {
            Self::Own => Call::by(own, credential),
            Self::Of(organization) => {
                Call::by(theirs, credential).value("organization", organization)
            }
        }
    }
}

/// Every key of this place, newest first.
pub(super) async fn all(
    api: &Api,
    credential: &Credential,
    place: KeyPlace<'_>,
) -> Result<Vec<ApiKey>> {
    let call = || place.call(Name::ListKeys, Name::ListOrganizationKeys, credential);
    lists::all(api, call, |key| wire::api_key(key, &place)).await
}

/// Makes a key, or is told again of the one that was made when the answer was lost.
pub(super) async fn create(
    api: &Api,
    open: &Open,
    credential: &Credential,
    place: KeyPlace<'_>,
    new: &NewApiKey,
) -> Result<CreatedApiKey> {
    let expires_at = match place {
        // Every key of an organization lives equally long; the server counts.
        KeyPlace::Of(_) => None,
        KeyPlace::Own => Some(match new.expiration {
            Expiration::Never => Value::Null,
            Expiration::At(at) => rfc3339(at)?,
        }),
    };
    let ApiKeyId(there) = place.id_of("");
    let end = expires_at.as_ref().and_then(Value::as_str);
    let what = [
        &there,
        &new.title,
        &new.description,
        end.unwrap_or_default(),
    ];
    let scopes = new.scopes.iter().map(String::as_str);
    let wish = Wish::of(what.into_iter().chain(scopes));
    let mut call = place
        .call(Name::CreateKey, Name::CreateOrganizationKey, credential)
        .header(IDEMPOTENCY_KEY, open.begin(wish)?)
        .field("name", new.title.as_str());
    if !new.description.is_empty() {
        call = call.field("description", new.description.as_str());
    }
    if place == KeyPlace::Own {
        call = call.field("scopes", json!(new.scopes));
    }
    if let Some(at) = expires_at {
        call = call.field("expiresAt", at);
    }
    let created = api
        .read(&call, "no key", |body| {
            Some(CreatedApiKey {
                key: wire::api_key(body, &place)?,
                value: value(body)?,
            })
        })
        .await;
    open.end(wish, &created);
    created
}

/// The whole value of a key. What is masked is none, nor is what would mean something to a shell.
fn value(body: &Value) -> Option<SecretString> {
    wire::secret(body, "value").filter(|value| value.expose().bytes().all(is_bearer))
}

/// A date as the server reads it.
fn rfc3339(at: Timestamp) -> Result<Value> {
    let too_far = || {
        Error::new(ErrorCode::ExpirationTooFar, "beyond every calendar")
            .in_field(keydesk_core::Field::Expiration)
    };
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000)
        .map_err(|_| too_far())?;
    Ok(at.format(&Rfc3339).map_err(|_| too_far())?.into())
}

/// A key with its usage.
pub(super) async fn details(
    api: &Api,
    credential: &Credential,
    id: &ApiKeyId,
) -> Result<ApiKeyDetails> {
    let (place, key) = KeyPlace::in_id(id)?;
    let call = place
        .call(Name::ReadKey, Name::ReadOrganizationKey, credential)
        .on(key);
    api.read(&call, "no key", |body| wire::details(body, &place))
        .await
}

/// Switches a key off for good.
pub(super) async fn revoke(
    api: &Api,
    open: &Open,
    credential: &Credential,
    id: &ApiKeyId,
) -> Result<ApiKey> {
    let (place, key) = KeyPlace::in_id(id)?;
    open.end_all();
    let call = place
        .call(Name::RevokeKey, Name::RevokeOrganizationKey, credential)
        .on(key);
    api.read(&call, "no key", |body| wire::api_key(body, &place))
        .await
}

/// Deletes a key; one that is gone counts as deleted. A portal says with a type that a thing is
/// not there, so a path that is not known is never taken for it.
pub(super) async fn delete(
    api: &Api,
    open: &Open,
    credential: &Credential,
    id: &ApiKeyId,
) -> Result<()> {
    let (place, key) = KeyPlace::in_id(id)?;
    open.end_all();
    let call = place
        .call(Name::DeleteKey, Name::DeleteOrganizationKey, credential)
        .on(key);
    match api.ask(&call).await {
        Err(gone) if gone.code == ErrorCode::NotFound => Ok(()),
        outcome => outcome.map(drop),
    }
}

/// The figures over the list of this place.
pub(super) async fn metrics(
    api: &Api,
    credential: &Credential,
    place: KeyPlace<'_>,
) -> Result<KeyMetrics> {
    let call = place.call(Name::KeyMetrics, Name::OrganizationKeyMetrics, credential);
    api.read(&call, "no figures", wire::metrics).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_place() {
        for (place, key) in [
            (KeyPlace::Own, "k1"),
            (KeyPlace::Of("acme"), "k1"),
            (KeyPlace::Own, "a/b"),
            (KeyPlace::Of("acme"), "a/b"),
        ] {
            let id = place.id_of(key);
            assert_eq!(KeyPlace::in_id(&id), Ok((place, key)));
        }
        let foreign = ApiKeyId("k1".to_owned());
        assert_eq!(
            KeyPlace::in_id(&foreign).unwrap_err().code,
            ErrorCode::NotFound
        );
    }

    #[test]
    fn a_date_beyond_every_calendar_is_refused_in_its_field() {
        assert_eq!(
            rfc3339(Timestamp(1_767_225_600_500)).unwrap(),
            "2026-01-01T00:00:00.5Z"
        );
        for beyond in [i64::MAX, i64::MIN, 253_402_300_800_000] {
            assert_eq!(
                rfc3339(Timestamp(beyond)).unwrap_err().code,
                ErrorCode::ExpirationTooFar
            );
        }
    }

    #[test]
    fn a_masked_value_is_no_value() {
        assert!(value(&json!({"value": "kd_ab****"})).is_none());
        assert!(value(&json!({"value": "kd_a b"})).is_none());
        assert!(value(&json!({"value": "kd_a;reboot"})).is_none());
        assert!(value(&json!({"value": "kd_$(reboot)"})).is_none());
        assert!(value(&json!({"value": "kd_abcdef"})).is_some());
    }
}
