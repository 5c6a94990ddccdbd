//! What the account can do with keys, as the server's capabilities have it.
//!
//! Not here: the rest of that document, and how its parts are read (`capabilities`).

use keydesk_core::capabilities::{
    ApiKeyCapabilities, ExpirationChoice, KeyForm, KeyWords, Reveal, Scope,
};
use serde_json::Value;
use url::Url;

use super::capabilities::{TEXT_LIMIT, both, count, is_true, list, part, text};
use super::operations::Name;
use super::wire::Persona;
use crate::key_forms::KeyForms;
use crate::operations::Operations;

/// The life of a key in days where a server fixes it and does not say how long.
const YEAR: u32 = 365;

/// Reads what the document has on keys, for an account of this persona.
pub(super) fn api_keys(
    keys: &Value,
    persona: Persona,
    operations: &Operations<Name>,
    trial: &Url,
) -> ApiKeyCapabilities {
    let described = |own, theirs| {
        operations.availability(match persona {
            Persona::Admin => own,
            Persona::Organization => theirs,
        })
    };
    let manage = part(keys, "manage");
    let days = count(keys, "maximumDays");
    let scopes = list(part(keys, "scopes")).filter_map(|scope| {
        Some(Scope {
            name: part(scope, "name").as_str()?.to_owned(),
            description: text(scope, "description"),
        })
    });
    ApiKeyCapabilities {
        manage: both(
            described(Name::ListKeys, Name::ListOrganizationKeys),
            manage,
        ),
        create: both(
            described(Name::CreateKey, Name::CreateOrganizationKey),
            part(keys, "create"),
        ),
        // The document has no permission for it: whoever manages keys deletes them.
        delete: both(
            described(Name::DeleteKey, Name::DeleteOrganizationKey),
            manage,
        ),
        words: if part(keys, "nameLabel").as_str() == Some("description") {
            KeyWords::Description
        } else {
            KeyWords::Name
        },
        description: is_true(keys, "description"),
        scopes: scopes.collect(),
        expiration: if part(keys, "expiration").as_str() == Some("fixed") {
            let default = count(keys, "defaultDays");
            ExpirationChoice::Fixed {
                days: default.or(days).unwrap_or(YEAR),
            }
        } else {
            ExpirationChoice::Chosen
        },
        never_allowed: is_true(keys, "neverAllowed"),
        maximum_days: days,
        expiration_editable: false,
        reveal: Reveal::Once,
        masked: true,
        last_used: true,
        revoke: is_true(keys, "revoke")
            && described(Name::RevokeKey, Name::RevokeOrganizationKey).is_available(),
        details: is_true(keys, "usage")
            && described(Name::ReadKey, Name::ReadOrganizationKey).is_available(),
        metrics: is_true(keys, "metrics")
            && described(Name::KeyMetrics, Name::OrganizationKeyMetrics).is_available(),
        title_maximum_length: count(keys, "nameMaxLength").unwrap_or(TEXT_LIMIT),
        title_unique: is_true(keys, "nameUnique"),
        forms: forms(trial),
    }
}

/// How a key is handed on; the last form tries it.
fn forms(trial: &Url) -> Vec<KeyForm> {
    KeyForms {
        header: "Authorization: Bearer {key}",
        more: "",
        environment: "export KEYDESK_API_KEY={key}",
        trial,
    }
    .all()
}
