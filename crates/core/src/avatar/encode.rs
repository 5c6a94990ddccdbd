//! From pixels to the bytes that are sent or shown. Pixels are all that goes in, so no metadata
//! can come out.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageEncoder, ImageFormat};

use super::{CropSquare, error};
use crate::provider::AvatarImage;
use crate::{Error, ErrorCode, Result};

const JPEG_QUALITY: u8 = 90;

/// The square, moved into the picture where it reaches out, at most `longest` pixels a side.
pub(super) fn cut(picture: &DynamicImage, square: CropSquare, longest: u32) -> DynamicImage {
    let size = square
        .size
        .clamp(1, picture.width().min(picture.height()).max(1));
    let x = square.x.min(picture.width().saturating_sub(size));
    let y = square.y.min(picture.height().saturating_sub(size));
    let cut = picture.crop_imm(x, y, size, size);
    if size > longest {
        cut.resize_exact(longest, longest, FilterType::CatmullRom)
    } else {
        cut
    }
}

/// PNG where something is transparent, JPEG otherwise.
pub(super) fn compact(picture: &DynamicImage) -> Result<AvatarImage> {
    if picture.color().has_alpha() {
        let pixels = picture.to_rgba8();
        if pixels.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
            return png(&DynamicImage::ImageRgba8(pixels));
        }
    }
    jpeg(picture)
}

/// PNG with 8 bits a channel.
pub(super) fn png(picture: &DynamicImage) -> Result<AvatarImage> {
    let mut bytes = Vec::new();
    let picture = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.to_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.to_rgb8())
    };
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(|_| not_encoded())?;
    Ok(AvatarImage {
        bytes,
        media_type: "image/png",
    })
}

fn jpeg(picture: &DynamicImage) -> Result<AvatarImage> {
    let mut bytes = Vec::new();
    let pixels = picture.to_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .write_image(
            &pixels,
            pixels.width(),
            pixels.height(),
            image::ExtendedColorType::Rgb8,
        )
        .map_err(|_| not_encoded())?;
    Ok(AvatarImage {
        bytes,
        media_type: "image/jpeg",
    })
}

fn not_encoded() -> Error {
    error(ErrorCode::Internal, "the picture cannot be encoded")
}
