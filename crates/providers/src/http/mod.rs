//! The one way to a server: deadlines, limits, trust, retries, and errors without secrets.
//!
//! What is promised here holds for every kind of server: a credential goes to its own realm and
//! nowhere else, redirects are not followed, loopback never meets a proxy, a body is read only up
//! to its limit, and what an error tells was scrubbed of every secret of its request.
//!
//! Not here: what an answer means. That is the business of the folder of a kind of server.

mod answer;
mod client;
mod failure;
mod headers;
mod limits;
mod request;
mod retry;
mod scrub;

pub(crate) use answer::Answer;
pub(crate) use client::{Http, handshake};
pub(crate) use headers::KeyHeader;
pub(crate) use limits::{AVATAR_LIMIT, DESCRIPTION_LIMIT, JSON_LIMIT};
pub(crate) use request::{Body, Effect, FilePart, Request};
pub(crate) use scrub::{Scrubber, plain_text};

pub use limits::Limits;
