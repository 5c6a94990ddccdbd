//! Pictures that become an avatar, and avatars that come from a server.
//!
//! Nothing of a foreign file is passed on: it is measured, decoded within limits, turned upright,
//! cut and encoded anew, so that neither metadata nor a hidden second file survives.
//! Not here: choosing a file (the shell), sending it (`session`).

use std::path::Path;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::provider::AvatarImage;
use crate::{Error, ErrorCode, Field, Result};

/// A file has fewer bytes than this: "smaller than 1 MB", read as 1,000,000 bytes.
pub const BYTE_LIMIT: usize = 1_000_000;

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

/// A picture that was chosen, checked and decoded, and not yet sent.
#[derive(Debug)]
pub struct AvatarDraft {}

impl AvatarDraft {
    /// Checks and decodes the content of a file. Takes up to a second: call it on a thread that
    /// may block.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let _ = bytes;
        not_yet()
    }

    /// Reads, checks and decodes a file.
    pub fn from_path(path: &Path) -> Result<Self> {
        let _ = path;
        not_yet()
    }

    /// The whole picture, to choose the square in.
    pub fn preview(&self) -> Result<AvatarPreview> {
        not_yet()
    }

    /// Cuts the square out; what lies outside of the picture is left off.
    pub fn crop(&self, square: CropSquare) -> Result<AvatarImage> {
        let _ = square;
        not_yet()
    }
}

/// Makes an avatar from a server safe to show: decoded within limits, cut to a square of at most
/// 256 pixels, encoded anew as PNG.
pub fn sanitise_downloaded(bytes: &[u8]) -> Result<AvatarImage> {
    let _ = bytes;
    not_yet()
}

fn not_yet<T>() -> Result<T> {
    Err(Error::new(ErrorCode::Internal, "not yet").in_field(Field::Avatar))
}
