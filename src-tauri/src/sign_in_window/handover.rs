//! The way by which the script in a sign-in page hands tokens over: an address of a scheme of our
//! own, with a random part that only this window's script knows.

use keydesk_core::pasted_request::PastedRequest;
use keydesk_core::server_url::ServerUrl;
use keydesk_vault::SecretString;
use tauri::Url;

/// Registered nowhere: it leads out of no window but into our own handler.
const SCHEME: &str = "keydesk-handover";
/// A token has some kilobytes at most; what is longer is none.
const LONGEST_TOKEN: usize = 16 * 1024;
/// Two such tokens with every byte percent-encoded, and the rest of the address.
const LONGEST_ADDRESS: usize = 2 * 3 * LONGEST_TOKEN + 256;

/// One window's handover.
pub struct Handover {
    /// The origin whose page is watched.
    origin: String,
    /// What a page of another origin cannot know.
    nonce: String,
    address: String,
}

impl Handover {
    /// A handover for one window on one server.
    pub fn new(server: &ServerUrl) -> Self {
        Self {
            origin: server.realm().to_string(),
            nonce: uuid::Uuid::new_v4().simple().to_string(),
            address: server.as_str().to_owned(),
        }
    }

    /// The script for the page, as it runs there.
    pub fn script(&self) -> String {
        let origin = serde_json::Value::from(self.origin.as_str());
        let handover = serde_json::Value::from(format!("{SCHEME}://{}/", self.nonce));
        format!(
            "{}({origin}, {handover});",
            include_str!("watch.js").trim_end()
        )
    }

    /// Whether an address claims to be a handover, rightly or not.
    pub fn is_meant_by(url: &Url) -> bool {
        url.scheme() == SCHEME
    }

    /// The tokens of a handover; `None` where it is not from our script.
    pub fn read(&self, url: &Url) -> Option<PastedRequest> {
        if url.host_str() != Some(self.nonce.as_str()) || url.as_str().len() > LONGEST_ADDRESS {
            return None;
        }
        let token = |wanted: &str| {
            url.query_pairs()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| bare(&value))
                .filter(|value| !value.is_empty() && value.len() <= LONGEST_TOKEN)
                .map(SecretString::from)
        };
        Some(PastedRequest {
            address: Some(self.address.clone()),
            authorization: Some(token("authorization")?),
            access_token: Some(token("access-token")?),
        })
    }
}

/// A token without the word `Bearer`.
fn bare(value: &str) -> String {
    let value = value.trim();
    match value.get(..7) {
        Some(word) if word.eq_ignore_ascii_case("bearer ") => value[7..].trim().to_owned(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handover() -> Handover {
        let server = ServerUrl::parse("https://id.idmp.taosdata.com/base", false).unwrap();
        Handover::new(&server)
    }

    fn address(nonce: &str, query: &str) -> Url {
        format!("{SCHEME}://{nonce}/?{query}").parse().unwrap()
    }

    #[test]
    fn both_tokens_are_taken_and_the_word_bearer_is_left() {
        let handover = handover();
        let url = address(
            &handover.nonce,
            "authorization=Bearer+a.b&access-token=c%2Bd",
        );
        let tokens = handover.read(&url).unwrap();
        assert_eq!(tokens.authorization.unwrap().expose(), "a.b");
        assert_eq!(tokens.access_token.unwrap().expose(), "c+d");
    }

    #[test]
    fn a_page_that_does_not_know_the_random_part_hands_over_nothing() {
        let url = address("0123456789abcdef", "authorization=a&access-token=b");
        assert!(Handover::is_meant_by(&url));
        assert!(handover().read(&url).is_none());
    }

    #[test]
    fn one_token_alone_is_nothing() {
        let handover = handover();
        for query in [
            "authorization=a",
            "access-token=b",
            "",
            "authorization=&access-token=b",
        ] {
            assert!(
                handover.read(&address(&handover.nonce, query)).is_none(),
                "{query}"
            );
        }
    }

    #[test]
    fn what_is_too_long_for_a_token_is_none() {
        let handover = handover();
        let read = |first: usize, second: usize| {
            let (first, second) = ("a".repeat(first), "%2B".repeat(second));
            let query = format!("authorization={first}&access-token={second}");
            handover.read(&address(&handover.nonce, &query))
        };
        assert!(read(LONGEST_TOKEN, LONGEST_TOKEN).is_some());
        assert!(read(LONGEST_TOKEN + 1, 1).is_none());
        assert!(read(1, 40 * LONGEST_TOKEN).is_none());
    }

    #[test]
    fn the_script_is_bound_to_one_origin() {
        let handover = handover();
        let script = handover.script();
        let end = format!(
            "(\"https://id.idmp.taosdata.com\", \"{SCHEME}://{}/\");",
            handover.nonce
        );
        assert!(script.ends_with(&end), "{}", &script[script.len() - 200..]);
    }
}
