//! AIMMS Cloud: the User Manager service, entered with an API key in the header `apikey`.
//!
//! What the vendor's documentation leaves open (one's own info, password and MFA) is offered
//! only where the service's own description lists it; for the rest there is the portal in the
//! browser. A password or code is sent once for each time that a person gives it: login
//! protection counts failures and does not say so.

mod call;
mod capabilities;
mod check;
mod directory;
mod errors;
mod keys;
mod operations;
mod provider;
mod security;
mod standing;
mod wire;

pub(crate) use provider::AimmsProvider;
