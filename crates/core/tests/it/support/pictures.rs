//! Pictures made for tests, well-formed and otherwise.

use std::io::Cursor;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};

pub(crate) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

/// The left half red, the right half blue, the lower half darker.
pub(crate) fn picture(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        let light = if y < height / 2 { 255 } else { 120 };
        if x < width / 2 {
            Rgb([light, 0, 0])
        } else {
            Rgb([0, 0, light])
        }
    }))
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&picture(width, height), ImageFormat::Png)
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(&picture(width, height), ImageFormat::Jpeg)
}

pub(crate) fn size(bytes: &[u8]) -> (u32, u32) {
    image::load_from_memory(bytes).unwrap().dimensions()
}

/// A PNG chunk with its checksum.
pub(crate) fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut checked = kind.to_vec();
    checked.extend(data);
    let mut crc = u32::MAX;
    for byte in &checked {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
    }
    let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend(checked);
    chunk.extend((!crc).to_be_bytes());
    chunk
}

/// EXIF with an orientation, and a text that stands for a place.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS-CANARY-52.5N-13.4E");
    exif
}

pub(crate) fn jpeg_with_exif(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let plain = jpeg(width, height);
    let mut data = b"Exif\0\0".to_vec();
    data.extend(exif(orientation));
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], b"\xFF\xE1", &length, &data, &plain[2..]].concat()
}

/// 16 × 16 pixels from red to blue, in four inks.
pub(crate) fn jpeg_in_four_inks() -> Vec<u8> {
    from_base64(
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2Rjcs \
    LUBXQUZMTlJTUjI+WmFaUGBKUVJP/9sAQwEODg4TERMmFRUmTzUtNU9PT09PT09PT09PT09PT09PT09PT09PT09P \
    T09PT09PT09PT09PT09PT09PT09PT09P/8AAFAgAEAAQBAEiAAIRAQMRAQQiAP/EABYAAQEBAAAAAAAAAAAAAAAA \
    AAAFBv/EABwQAAEEAwEAAAAAAAAAAAAAAAABFWKhAhNRUv/EABQBAQAAAAAAAAAAAAAAAAAAAAb/xAAXEQADAQAA \
    AAAAAAAAAAAAAAAAAxUW/9oADgQBAAIRAxEEAAA/ALO9OjenSk3YeUDdh5QPaJoWguNU/wA7D/OwwQoMEKP/2Q==",
    )
}

/// The same in three colours, progressive: several scans, coarse first.
pub(crate) fn progressive_jpeg() -> Vec<u8> {
    from_base64(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG \
    NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09P \
    T09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAQABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAA \
    AAMF/8QAFAEBAAAAAAAAAAAAAAAAAAAABP/aAAwDAQACEAMQAAABy0DH/wD/xAAVEAEBAAAAAAAAAAAAAAAAAAAA \
    Ef/aAAgBAQABBQKqqv/EABURAQEAAAAAAAAAAAAAAAAAAAAU/9oACAEDAQE/AbX/xAAVEQEBAAAAAAAAAAAAAAAA \
    AAAAFP/aAAgBAgEBPwGB/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwIf/8QAFBABAAAAAAAAAAAAAAAA \
    AAAAIP/aAAgBAQABPyEf/9oADAMBAAIAAwAAABDH/8QAFREBAQAAAAAAAAAAAAAAAAAAAHH/2gAIAQMBAT8Qp//E \
    ABURAQEAAAAAAAAAAAAAAAAAAABx/9oACAECAQE/EIf/xAAWEAEBAQAAAAAAAAAAAAAAAABxABD/2gAIAQEAAT8Q \
    UtP/2Q==",
    )
}

fn from_base64(text: &str) -> Vec<u8> {
    let text: String = text.split_whitespace().collect();
    BASE64_STANDARD.decode(text).unwrap()
}
