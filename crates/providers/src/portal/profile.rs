//! Saving an edit of the account, field by field, without undoing what someone else did meanwhile.

use keydesk_core::credential::Credential;
use keydesk_core::profile::{Profile, ProfileChange, ProfileEdit};
use keydesk_core::{Error, ErrorCode, Result};
use reqwest::header::{HeaderValue, IF_MATCH};

use super::call::{Api, Call};
use super::operations::Name;
use super::wire::{self, Persona};

/// How often an edit is made again because the account has changed in another field meanwhile.
const TRIES: usize = 4;

/// An account as it was read, and the server's name of that state.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) profile: Profile,
    pub(super) persona: Persona,
    entity_tag: Option<HeaderValue>,
}

/// The fields of an edit that this server may have, by its names.
fn fields(edit: &ProfileEdit) -> [(&'static str, &str); 4] {
    [
        ("firstName", &edit.first_name),
        ("lastName", &edit.last_name),
        ("displayName", &edit.full_name),
        ("email", &edit.email),
    ]
}

/// The account as it is.
pub(super) async fn read(api: &Api, credential: &Credential) -> Result<Seen> {
    ask(api, &Call::by(Name::Account, credential)).await
}

/// Makes a change on top of the account as it is, again where the account changes meanwhile.
///
/// # Errors
/// `Conflict` where someone else has given one of these fields another value.
pub(super) async fn update(
    api: &Api,
    credential: &Credential,
    change: &ProfileChange,
) -> Result<Profile> {
    for _ in 0..TRIES {
        let seen = read(api, credential).await?;
        let Some(edit) = change.onto(&seen.profile)? else {
            return Ok(seen.profile);
        };
        let mut call = Call::by(Name::UpdateAccount, credential);
        if let Some(tag) = &seen.entity_tag {
            call = call.header(IF_MATCH, tag.clone());
        }
        let now = ProfileEdit::of(&seen.profile);
        for (shall_be, is) in fields(&edit).into_iter().zip(fields(&now)) {
            if shall_be != is {
                let (name, value) = shall_be;
                call = call.field(name, value);
            }
        }
        match ask(api, &call).await {
            Err(error) if error.code == ErrorCode::Conflict => {}
            saved => return saved.map(|saved| saved.profile),
        }
    }
    Err(Error::new(
        ErrorCode::Conflict,
        "the account changes all the time",
    ))
}

async fn ask(api: &Api, call: &Call<'_>) -> Result<Seen> {
    let reply = api.ask(call).await?;
    let (Some(profile), Some(persona)) = (wire::profile(reply.body()), wire::persona(reply.body()))
    else {
        return Err(api.unexpected(call, &reply, "no account"));
    };
    let tag = reply.answer.entity_tag.as_deref();
    Ok(Seen {
        profile,
        persona,
        entity_tag: tag.and_then(|tag| HeaderValue::from_str(tag).ok()),
    })
}
