//! A picture between being chosen and being sent.

use std::fs::OpenOptions;
use std::io::Read;
use std::path::Path;

use image::DynamicImage;

use super::{AvatarPreview, BYTE_LIMIT, CropSquare, SENT_SIDE, decode, encode, error};
use crate::provider::AvatarImage;
use crate::{Error, ErrorCode, Result};

/// A picture that was chosen, checked and decoded, and not yet sent.
#[derive(Debug)]
pub struct AvatarDraft {
    /// Upright.
    picture: DynamicImage,
}

impl AvatarDraft {
    /// Checks and decodes the content of a file. Takes up to a second: call it on a thread that
    /// may block.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.len() >= BYTE_LIMIT {
            return Err(too_large());
        }
        Ok(Self {
            picture: decode::picture(bytes)?,
        })
    }

    /// Reads, checks and decodes a file. It is opened once and judged by what was opened, so that
    /// nothing can be put in its place between a check and the reading.
    pub fn from_path(path: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // Opening a named pipe would otherwise wait until somebody writes into it.
            options.custom_flags(libc::O_NONBLOCK);
        }
        let file = options.open(path).map_err(|cause| unreadable(&cause))?;
        let metadata = file.metadata().map_err(|cause| unreadable(&cause))?;
        if !metadata.is_file() {
            return Err(error(ErrorCode::FileUnreadable, "this is no file"));
        }
        if metadata.len() >= BYTE_LIMIT as u64 {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        // The file may grow while it is read.
        file.take(BYTE_LIMIT as u64)
            .read_to_end(&mut bytes)
            .map_err(|cause| unreadable(&cause))?;
        Self::from_bytes(&bytes)
    }

    /// Width of the upright picture in pixels.
    pub fn width(&self) -> u32 {
        self.picture.width()
    }

    /// Height of the upright picture in pixels.
    pub fn height(&self) -> u32 {
        self.picture.height()
    }

    /// The whole picture, to choose the square in.
    pub fn preview(&self) -> Result<AvatarPreview> {
        let small = if self.width().max(self.height()) > SENT_SIDE {
            self.picture.thumbnail(SENT_SIDE, SENT_SIDE)
        } else {
            self.picture.clone()
        };
        Ok(AvatarPreview {
            image: encode::compact(&small)?,
            width: self.width(),
            height: self.height(),
        })
    }

    /// Cuts the square out, at most 512 pixels a side and fewer than 1,000,000 bytes. A square
    /// that reaches out of the picture is moved, and where it is too large shrunk, into it.
    pub fn crop(&self, square: CropSquare) -> Result<AvatarImage> {
        let mut side = SENT_SIDE;
        loop {
            let image = encode::compact(&encode::cut(&self.picture, square, side))?;
            if image.bytes.len() < BYTE_LIMIT {
                return Ok(image);
            }
            // Only noise with transparency gets here, and not for long: at 256 pixels a side the
            // raw pixels themselves are fewer.
            side /= 2;
        }
    }
}

fn too_large() -> Error {
    error(
        ErrorCode::AvatarTooLarge,
        "the file has 1,000,000 bytes or more",
    )
}

fn unreadable(cause: &std::io::Error) -> Error {
    error(ErrorCode::FileUnreadable, "the file cannot be read")
        .with_detail(cause.kind().to_string())
}
