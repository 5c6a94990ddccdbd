//! Where a request comes from: the address of the connection and the program that it names.
//! Shown to the account's owner, and never trusted.
//!
//! Behind a gateway the address is the gateway's. What a forwarding header claims is not
//! read: anybody can write one.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

/// The most characters of a program's name that are kept.
const MAX_USER_AGENT_CHARS: usize = 256;

/// The other end of a connection, put beside each of its requests.
#[derive(Clone, Copy)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    /// The network address, without the port.
    pub(crate) address: String,
    /// How the program calls itself.
    pub(crate) user_agent: String,
}

impl Client {
    pub(crate) fn of(parts: &Parts) -> Self {
        let address = parts.extensions.get::<PeerAddress>();
        let user_agent = parts.headers.get(USER_AGENT);
        Self {
            address: address.map_or_else(String::new, |peer| peer.0.ip().to_string()),
            // Only visible ASCII comes through, and no more than a line of it.
            user_agent: user_agent
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .chars()
                .take(MAX_USER_AGENT_CHARS)
                .collect(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn client(user_agent: &[u8]) -> Client {
        let request = Request::builder().header(USER_AGENT, user_agent);
        let mut parts = request.body(()).unwrap().into_parts().0;
        let peer = "192.0.2.7:1234".parse().unwrap();
        parts.extensions.insert(PeerAddress(peer));
        Client::of(&parts)
    }

    #[test]
    fn the_port_says_nothing_to_a_person() {
        assert_eq!(client(b"curl/8").address, "192.0.2.7");
    }

    #[test]
    fn a_program_may_call_itself_anything_but_not_at_any_length() {
        assert_eq!(client(b"curl/8").user_agent, "curl/8");
        assert_eq!(client(&[b'x'; 5000]).user_agent.len(), 256);
        assert_eq!(client(b"caf\xe9").user_agent, "");
    }
}
