//! From bytes that anyone may have made to pixels.
//!
//! The decoders are given a picture only after its type, its size in pixels and its end have been
//! looked at, one picture at a time, and their panics end here.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use image::error::{LimitErrorKind, UnsupportedErrorKind};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::{SIDE_LIMIT, error, whole};
use crate::{Error, ErrorCode, Result};

/// What a decoder may take: 4096 × 4096 pixels of four channels and 16 bits fit exactly.
const MAXIMUM_MEMORY: u64 = 128 * 1024 * 1024;

/// One picture at a time, so that many small files do not add up to a lot of memory.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The picture, upright.
pub(super) fn picture(bytes: &[u8]) -> Result<DynamicImage> {
    let format = format_of(bytes)?;
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let decoded = catch_unwind(AssertUnwindSafe(|| decode(bytes, format)));
    decoded.unwrap_or_else(|_| Err(damaged()))
}

/// The type by content; names and media types lie.
fn format_of(bytes: &[u8]) -> Result<ImageFormat> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(ImageFormat::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Ok(ImageFormat::Jpeg)
    } else {
        Err(error(
            ErrorCode::AvatarNotAnImage,
            "the content is neither PNG nor JPEG",
        ))
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(MAXIMUM_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|cause| sorted(&cause))?;
    if decoder.total_bytes() > MAXIMUM_MEMORY {
        return Err(too_many_pixels());
    }
    // The JPEG decoder fills what is missing with grey. Looked at after the size, so that a person
    // with an oversized picture is told of the size.
    let is_whole = match format {
        ImageFormat::Png => whole::png(bytes),
        _ => whole::jpeg(bytes),
    };
    if !is_whole {
        return Err(damaged());
    }
    // A damaged orientation is none.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|cause| sorted(&cause))?;
    if picture.width() == 0 || picture.height() == 0 {
        return Err(damaged());
    }
    // Half the memory, and all that an avatar shows.
    picture = match picture {
        DynamicImage::ImageRgb16(_) | DynamicImage::ImageLuma16(_) => picture.to_rgb8().into(),
        DynamicImage::ImageRgba16(_) | DynamicImage::ImageLumaA16(_) => picture.to_rgba8().into(),
        common => common,
    };
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

fn sorted(cause: &ImageError) -> Error {
    match cause {
        ImageError::Limits(limit)
            if matches!(
                limit.kind(),
                LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory
            ) =>
        {
            too_many_pixels()
        }
        ImageError::Unsupported(unsupported)
            if matches!(unsupported.kind(), UnsupportedErrorKind::Format(_)) =>
        {
            error(
                ErrorCode::AvatarNotAnImage,
                "the content is neither PNG nor JPEG",
            )
        }
        _ => damaged(),
    }
}

fn too_many_pixels() -> Error {
    error(
        ErrorCode::AvatarTooManyPixels,
        "the picture has too many pixels",
    )
    .with_detail(format!("at most {SIDE_LIMIT} × {SIDE_LIMIT} pixels"))
}

fn damaged() -> Error {
    error(
        ErrorCode::AvatarDamaged,
        "the picture is damaged or cut off",
    )
}
