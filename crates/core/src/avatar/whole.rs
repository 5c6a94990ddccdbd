//! Whether a picture's file is there to its end.
//!
//! Decoders are forgiving: a JPEG that was cut off comes out with a grey lower half. A person
//! wants to know instead. Only the frame of the file is followed here; its content is judged by
//! the decoder. What follows the end of the picture is ignored, and left behind.

/// Whether a PNG has its last chunk (PNG 3, section 11.2.5).
pub(super) fn png(bytes: &[u8]) -> bool {
    const SIGNATURE: usize = 8;
    const LENGTH_TYPE_AND_CHECK: usize = 12;
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let is_end = after.starts_with(b"IEND");
        let chunk = usize::try_from(u32::from_be_bytes(*length))
            .ok()
            .and_then(|length| length.checked_add(LENGTH_TYPE_AND_CHECK));
        match chunk.and_then(|chunk| rest.get(chunk..)) {
            Some(_) if is_end => return true,
            Some(next) => rest = next,
            None => return false,
        }
    }
    false
}

/// Whether a JPEG has its end marker (ITU-T T.81, annex B).
pub(super) fn jpeg(bytes: &[u8]) -> bool {
    const END_OF_IMAGE: u8 = 0xD9;
    let mut at = 2; // behind the start marker
    loop {
        // Compressed data holds 0xFF only followed by 0 or by a restart marker; in front of a
        // marker any number of 0xFF may stand.
        let Some(found) = bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(|&b| b == 0xFF))
        else {
            return false;
        };
        at += found + 1;
        match bytes.get(at) {
            None => return false,
            Some(&END_OF_IMAGE) => return true,
            Some(0xFF) => {}
            // Stuffing, restart markers, a start marker, and 0x01 have no segment of their own.
            Some(0x00 | 0x01 | 0xD0..=0xD8) => at += 1,
            Some(_) => {
                let Some(&[high, low]) = bytes.get(at + 1..at + 3) else {
                    return false;
                };
                // The length counts itself.
                at += 1 + usize::from(u16::from_be_bytes([high, low])).max(2);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn following_a_file_ends_and_never_panics(
            bytes in prop::collection::vec(prop_oneof![Just(0xFF_u8), any::<u8>()], 0..200),
        ) {
            let _ = png(&bytes);
            let _ = jpeg(&bytes);
        }
    }
}
