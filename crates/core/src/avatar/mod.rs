//! Pictures that become an avatar, and avatars that come from a server.
//!
//! Nothing of a foreign file is passed on: it is measured, decoded within limits, turned upright,
//! cut and encoded anew, so that neither metadata nor a hidden second file survives.
//! Not here: choosing a file (the shell), sending it (`session`).

mod decode;
mod draft;
mod encode;
mod whole;

use serde::{Deserialize, Serialize};
use specta::Type;

pub use draft::AvatarDraft;

use crate::provider::AvatarImage;
use crate::{Error, ErrorCode, Field, Result};

/// A file has fewer bytes than this: "smaller than 1 MB", read as 1,000,000 bytes.
pub const BYTE_LIMIT: usize = 1_000_000;

/// The longest side of a picture in pixels.
pub const SIDE_LIMIT: u32 = 4_096;

/// The longest side of an avatar that is sent, and of a preview.
const SENT_SIDE: u32 = 512;

/// The longest side of an avatar that is shown.
const SHOWN_SIDE: u32 = 256;

/// Servers make their own sizes of what they were given; beyond this it is no avatar.
const DOWNLOAD_LIMIT: usize = 4 * 1024 * 1024;

/// The square of a draft that becomes the avatar, in pixels of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CropSquare {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Length of a side.
    pub size: u32,
}

/// A picture to show while the person chooses the square.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AvatarPreview {
    /// The whole picture, upright, at most 512 pixels a side, without metadata.
    pub image: AvatarImage,
    /// Width of the draft itself in pixels, in which a [`CropSquare`] is measured.
    pub width: u32,
    /// Height of the draft itself in pixels.
    pub height: u32,
}

/// Makes an avatar from a server safe to show: decoded within limits, the square in its middle
/// cut out, at most 256 pixels a side, encoded anew as PNG. Call it on a thread that may block.
pub fn sanitise_downloaded(bytes: &[u8]) -> Result<AvatarImage> {
    if bytes.len() > DOWNLOAD_LIMIT {
        return Err(error(
            ErrorCode::AvatarTooLarge,
            "the server's avatar is too large",
        ));
    }
    let picture = decode::picture(bytes)?;
    let size = picture.width().min(picture.height());
    let square = CropSquare {
        x: (picture.width() - size) / 2,
        y: (picture.height() - size) / 2,
        size,
    };
    encode::png(&encode::cut(&picture, square, SHOWN_SIDE))
}

fn error(code: ErrorCode, label: &'static str) -> Error {
    Error::new(code, label).in_field(Field::Avatar)
}
