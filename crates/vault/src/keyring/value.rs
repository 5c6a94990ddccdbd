//! How a value lies in the keyring: as text, and cut into pieces when it is long.
//!
//! Windows keeps 2,560 bytes in one entry, `KWallet` keeps only UTF-8. So every value is text of at
//! most [`PIECE`] bytes. A longer one becomes numbered pieces of a new generation, and a header
//! that names them is written last: until then the old value is the value, and from then on the
//! new one is. A header whose pieces are not all there, or do not add up, is no value at all;
//! nothing is ever returned in part.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::SecretString;

/// Bytes in one entry: under the limit of Windows with some to spare.
pub(crate) const PIECE: usize = 2_400;

/// Bytes in one value: far above any token, far below what would fill a keyring.
pub(crate) const MAXIMUM: usize = 64 * 1024;

/// Marks the version of this layout. Another first word is not ours to read.
const WHOLE: &str = "keydesk1:";
const HEADER: &str = "keydesk1#";

/// What the entry under a secret's own name says.
pub(crate) enum Entry {
    /// The value itself.
    Whole(SecretString),
    /// Where to find it.
    Pieces(Header),
}

/// Names the pieces of a long value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    generation: String,
    count: usize,
    bytes: usize,
    digest: String,
}

impl Header {
    /// Describes `value` as the pieces of a new generation.
    pub(crate) fn describe(value: &SecretString, generation: u64) -> Self {
        let text = value.expose();
        Self {
            generation: format!("{generation:016x}"),
            count: pieces(text).count(),
            bytes: text.len(),
            digest: digest(text),
        }
    }

    /// The entry names of the pieces, in order.
    pub(crate) fn users<'a>(&'a self, user: &'a str) -> impl Iterator<Item = String> + 'a {
        (0..self.count).map(move |index| format!("{user}/{}-{index}", self.generation))
    }

    /// Whether `text` is the whole value that was described.
    pub(crate) fn fits(&self, text: &str) -> bool {
        text.len() == self.bytes && digest(text) == self.digest
    }

    /// Room for the value.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split('#');
        let generation = fields.next()?;
        let count = fields.next()?.parse().ok()?;
        let bytes: usize = fields.next()?.parse().ok()?;
        let digest = fields.next()?;
        // A forged header must not make us ask for a million entries or reserve a terabyte.
        let sound = fields.next().is_none()
            && generation.len() == 16
            && generation.bytes().all(|byte| byte.is_ascii_hexdigit())
            && bytes <= MAXIMUM
            && count <= bytes.div_ceil(PIECE - 3);
        sound.then(|| Self {
            generation: generation.into(),
            count,
            bytes,
            digest: digest.into(),
        })
    }
}

/// Whether the value fits one entry.
pub(crate) fn is_short(value: &SecretString) -> bool {
    WHOLE.len() + value.expose().len() <= PIECE
}

/// The text of the entry under the secret's own name.
pub(crate) fn write_entry(entry: &Entry) -> Zeroizing<String> {
    Zeroizing::new(match entry {
        Entry::Whole(value) => {
            let text = value.expose();
            let mut whole = String::with_capacity(WHOLE.len() + text.len()); // grows no copies
            whole.push_str(WHOLE);
            whole.push_str(text);
            whole
        }
        Entry::Pieces(Header {
            generation,
            count,
            bytes,
            digest,
        }) => {
            format!("{HEADER}{generation}#{count}#{bytes}#{digest}")
        }
    })
}

/// Reads it back; `None` for what is not ours or not whole.
pub(crate) fn read_entry(bytes: &[u8]) -> Option<Entry> {
    let text = std::str::from_utf8(bytes).ok()?;
    if let Some(value) = text.strip_prefix(WHOLE) {
        return Some(Entry::Whole(SecretString::from(value.to_owned())));
    }
    text.strip_prefix(HEADER)
        .and_then(Header::parse)
        .map(Entry::Pieces)
}

/// Cuts text into pieces that each are text.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
            hex
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn pieces_are_short_and_add_up(text in "(\\PC|[a-z]{0,40}){0,300}") {
            prop_assert!(pieces(&text).all(|piece| !piece.is_empty() && piece.len() <= PIECE));
            prop_assert_eq!(pieces(&text).collect::<String>(), text);
        }

        #[test]
        fn a_header_reads_back_as_it_was_written(text in "\\PC{0,9000}", generation: u64) {
            let value = SecretString::from(text.clone());
            let header = Header::describe(&value, generation);
            let written = write_entry(&Entry::Pieces(header.clone()));
            let Some(Entry::Pieces(read)) = read_entry(written.as_bytes()) else {
                panic!("not a header: {}", written.as_str());
            };
            prop_assert_eq!(&read, &header);
            prop_assert!(read.fits(&text));
            prop_assert!(!read.fits(&(text + "x")));
        }

        #[test]
        fn nothing_in_an_entry_makes_the_reader_fail(bytes: Vec<u8>) {
            let _ = read_entry(&bytes);
        }
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        let sound = format!("keydesk1#0123456789abcdef#2#4000#{}", "a".repeat(64));
        assert!(read_entry(sound.as_bytes()).is_some());
        for text in [
            "",
            "eyJhbGciOi",
            "keydesk2:token",
            "keydesk1#0123456789abcdef#2#4000",
            "keydesk1#0123456789abcdef#999999#4000#aa",
            "keydesk1#0123456789abcdef#2#99999999999#aa",
            "keydesk1#../../../../etc##2#4000#aa",
            "keydesk1#0123456789abcdef#-1#4000#aa",
        ] {
            assert!(read_entry(text.as_bytes()).is_none(), "{text}");
        }
        assert!(read_entry(&[0xff, 0xfe]).is_none());
    }
}
