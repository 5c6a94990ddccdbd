//! Pictures: what is taken, what is refused and why, and what is left of them.

use image::{DynamicImage, GenericImageView, ImageFormat, RgbImage, Rgba, RgbaImage};
use keydesk_core::avatar::{AvatarDraft, BYTE_LIMIT, CropSquare, sanitise_downloaded};
use keydesk_core::{ErrorCode, Field};
use proptest::prelude::*;

use crate::support::pictures::{
    chunk, encoded, exif, jpeg, jpeg_in_four_inks, jpeg_with_exif, picture, png, progressive_jpeg,
    size,
};

fn refused(bytes: &[u8]) -> ErrorCode {
    let error = AvatarDraft::from_bytes(bytes).unwrap_err();
    assert_eq!(error.field, Some(Field::Avatar));
    error.code
}

fn whole(draft: &AvatarDraft) -> CropSquare {
    CropSquare {
        x: 0,
        y: 0,
        size: draft.width().min(draft.height()),
    }
}

#[test]
fn png_and_jpeg_are_known_by_their_content() {
    for bytes in [png(40, 30), jpeg(40, 30)] {
        let draft = AvatarDraft::from_bytes(&bytes).unwrap();
        assert_eq!((draft.width(), draft.height()), (40, 30));
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("holiday.txt");
    std::fs::write(&path, jpeg(8, 8)).unwrap();
    assert!(AvatarDraft::from_path(&path).is_ok());
}

#[test]
fn whatever_lies_about_its_type_is_refused() {
    let others: [&[u8]; 8] = [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"%PDF-1.7",
        b"MZ\x90\0",
        b"BM\0\0\0\0",
        b"\x89PNX\r\n\x1a\n",
    ];
    for bytes in others {
        assert_eq!(refused(bytes), ErrorCode::AvatarNotAnImage);
    }
    // A magic number alone makes no picture.
    for bytes in [
        &b"\x89PNG\r\n\x1a\n"[..],
        b"\xFF\xD8\xFF",
        b"\xFF\xD8\xFF\xD9",
    ] {
        assert_eq!(refused(bytes), ErrorCode::AvatarDamaged);
    }
}

#[test]
fn a_picture_of_exactly_a_million_bytes_is_too_large() {
    let mut bytes = png(8, 8);
    bytes.resize(BYTE_LIMIT - 1, 0); // what follows the end of a picture is no part of it
    assert!(AvatarDraft::from_bytes(&bytes).is_ok());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.png");
    std::fs::write(&path, &bytes).unwrap();
    assert!(AvatarDraft::from_path(&path).is_ok());
    bytes.push(0);
    assert_eq!(refused(&bytes), ErrorCode::AvatarTooLarge);
    std::fs::write(&path, &bytes).unwrap();
    let error = AvatarDraft::from_path(&path).unwrap_err();
    assert_eq!(error.code, ErrorCode::AvatarTooLarge);
    bytes.resize(1 << 20, 0);
    assert_eq!(refused(&bytes), ErrorCode::AvatarTooLarge);
}

#[test]
fn a_picture_cut_off_anywhere_is_damaged() {
    let pictures = [
        png(60, 50),
        jpeg(60, 50),
        jpeg_with_exif(60, 50, 6),
        progressive_jpeg(),
        jpeg_in_four_inks(),
    ];
    for bytes in pictures {
        for end in 8..bytes.len() {
            assert_eq!(refused(&bytes[..end]), ErrorCode::AvatarDamaged, "{end}");
        }
    }
}

#[test]
fn a_bomb_is_refused_by_what_it_announces() {
    let announced = |width: u32, height: u32, depth: u8, color: u8| {
        let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
        header.extend([depth, color, 0, 0, 0]);
        let parts = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(*b"IHDR", &header),
            chunk(*b"IDAT", &[0x78, 0x9C, 0x03, 0, 0, 0, 0, 1]),
            chunk(*b"IEND", &[]),
        ];
        parts.concat()
    };
    for (width, height) in [(60_000, 60_000), (4_097, 1), (1, 4_097), (u32::MAX >> 1, 1)] {
        let code = refused(&announced(width, height, 8, 6));
        assert_eq!(code, ErrorCode::AvatarTooManyPixels, "{width}×{height}");
    }
    assert_eq!(refused(&announced(0, 5, 8, 6)), ErrorCode::AvatarDamaged);
    // Within limits, and without the pixels that it announces.
    assert_eq!(
        refused(&announced(4_096, 4_096, 16, 6)),
        ErrorCode::AvatarDamaged
    );

    let mut large = jpeg(16, 16);
    let frame = large
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    large[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]); // 65,500 a side
    assert_eq!(refused(&large), ErrorCode::AvatarTooManyPixels);
}

#[test]
fn the_largest_picture_and_the_smallest_are_taken() {
    let large = DynamicImage::ImageRgb8(RgbImage::new(4_096, 4_096));
    let draft = AvatarDraft::from_bytes(&encoded(&large, ImageFormat::Png)).unwrap();
    assert_eq!(size(&draft.crop(whole(&draft)).unwrap().bytes), (512, 512));
    let preview = draft.preview().unwrap();
    assert_eq!((preview.width, preview.height), (4_096, 4_096));
    assert_eq!(size(&preview.image.bytes), (512, 512));
    for bytes in [png(1, 1), jpeg(1, 1), png(4_096, 1)] {
        let draft = AvatarDraft::from_bytes(&bytes).unwrap();
        assert_eq!(size(&draft.crop(whole(&draft)).unwrap().bytes), (1, 1));
        assert!(draft.preview().is_ok());
    }
}

#[test]
fn rare_kinds_of_pixels_come_out_as_common_ones() {
    let (w, h) = (20, 10);
    let pictures = [
        DynamicImage::ImageRgba16(picture(w, h).to_rgba16()),
        DynamicImage::ImageRgb16(picture(w, h).to_rgb16()),
        DynamicImage::ImageLuma16(picture(w, h).to_luma16()),
        DynamicImage::ImageLumaA8(picture(w, h).to_luma_alpha8()),
        DynamicImage::ImageLuma8(picture(w, h).to_luma8()),
    ];
    for picture in &pictures {
        let draft = AvatarDraft::from_bytes(&encoded(picture, ImageFormat::Png)).unwrap();
        let avatar = draft
            .crop(CropSquare {
                x: 5,
                y: 0,
                size: 10,
            })
            .unwrap();
        let back = image::load_from_memory(&avatar.bytes).unwrap();
        assert!(back.color().bits_per_pixel() <= 32);
    }
}

#[test]
fn progressive_pictures_and_those_in_four_inks_are_taken() {
    for bytes in [progressive_jpeg(), jpeg_in_four_inks()] {
        let draft = AvatarDraft::from_bytes(&bytes).unwrap();
        let avatar = draft.crop(whole(&draft)).unwrap();
        let back = image::load_from_memory(&avatar.bytes).unwrap();
        let (top, bottom) = (back.get_pixel(8, 0), back.get_pixel(8, 15));
        assert!(top.0[0] > 120 && top.0[2] < 120, "red on top: {top:?}");
        assert!(
            bottom.0[2] > 120 && bottom.0[0] < 120,
            "blue below: {bottom:?}"
        );
    }
}

#[test]
fn orientation_is_applied_and_everything_else_in_the_file_is_left_behind() {
    let draft = AvatarDraft::from_bytes(&jpeg_with_exif(64, 32, 6)).unwrap();
    assert_eq!((draft.width(), draft.height()), (32, 64), "turned upright");
    let avatar = draft
        .crop(CropSquare {
            x: 0,
            y: 0,
            size: 32,
        })
        .unwrap();
    let pixel = image::load_from_memory(&avatar.bytes)
        .unwrap()
        .get_pixel(24, 8);
    assert!(
        pixel.0[0] > 150 && pixel.0[2] < 100,
        "the red left is on top now: {pixel:?}"
    );

    let plain = png(64, 32);
    let text = chunk(*b"tEXt", b"Comment\0GPS-CANARY");
    let exif = chunk(*b"eXIf", &exif(6));
    let png = [&plain[..33], &text, &exif, &plain[33..]].concat();
    let turned = AvatarDraft::from_bytes(&png).unwrap();
    assert_eq!((turned.width(), turned.height()), (32, 64));

    let pictures = [
        avatar.bytes,
        draft.preview().unwrap().image.bytes,
        turned.crop(whole(&turned)).unwrap().bytes,
        turned.preview().unwrap().image.bytes,
        sanitise_downloaded(&png).unwrap().bytes,
        sanitise_downloaded(&jpeg_with_exif(64, 32, 6))
            .unwrap()
            .bytes,
    ];
    for bytes in pictures {
        for trace in [&b"CANARY"[..], b"Exif", b"eXIf", b"tEXt"] {
            assert!(!bytes.windows(trace.len()).any(|window| window == trace));
        }
    }
}

#[test]
fn a_second_file_behind_the_picture_does_not_travel_along() {
    for mut bytes in [png(10, 10), jpeg(10, 10)] {
        bytes.extend(b"PK\x03\x04CANARY-ARCHIVE");
        let draft = AvatarDraft::from_bytes(&bytes).unwrap();
        let avatar = draft.crop(whole(&draft)).unwrap();
        assert!(!avatar.bytes.windows(6).any(|window| window == b"CANARY"));
    }
}

#[test]
fn transparency_is_kept_as_png_and_the_rest_is_jpeg() {
    let opaque = DynamicImage::ImageRgba8(picture(20, 20).to_rgba8());
    let draft = AvatarDraft::from_bytes(&encoded(&opaque, ImageFormat::Png)).unwrap();
    assert_eq!(draft.crop(whole(&draft)).unwrap().media_type, "image/jpeg");
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(20, 20, Rgba([1, 2, 3, 4])));
    let draft = AvatarDraft::from_bytes(&encoded(&clear, ImageFormat::Png)).unwrap();
    let avatar = draft.crop(whole(&draft)).unwrap();
    assert_eq!(avatar.media_type, "image/png");
    assert_eq!(
        image::load_from_memory(&avatar.bytes)
            .unwrap()
            .get_pixel(9, 9)
            .0,
        [1, 2, 3, 4]
    );
}

#[test]
fn even_noise_fits_below_the_limit() {
    let mut seed = 1_u32;
    let mut next = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24).to_le_bytes()[0]
    };
    // Within the limit as it comes in: 490 × 490 × 4 bytes of noise do not shrink.
    let noise = RgbaImage::from_fn(490, 490, |_, _| Rgba([next(), next(), next(), next()]));
    let bytes = encoded(&DynamicImage::ImageRgba8(noise), ImageFormat::Png);
    assert!(bytes.len() < BYTE_LIMIT);
    let draft = AvatarDraft::from_bytes(&bytes).unwrap();
    assert!(draft.crop(whole(&draft)).unwrap().bytes.len() < BYTE_LIMIT);
}

#[test]
fn a_square_is_moved_into_the_picture() {
    let draft = AvatarDraft::from_bytes(&png(40, 20)).unwrap();
    for square in [
        CropSquare {
            x: 0,
            y: 0,
            size: u32::MAX,
        },
        CropSquare {
            x: u32::MAX,
            y: u32::MAX,
            size: 20,
        },
        CropSquare {
            x: 39,
            y: 19,
            size: 20,
        },
    ] {
        assert_eq!(size(&draft.crop(square).unwrap().bytes), (20, 20));
    }
    assert_eq!(
        size(
            &draft
                .crop(CropSquare {
                    x: 1,
                    y: 1,
                    size: 0
                })
                .unwrap()
                .bytes
        ),
        (1, 1)
    );
    let right = draft
        .crop(CropSquare {
            x: 20,
            y: 0,
            size: 10,
        })
        .unwrap();
    let pixel = image::load_from_memory(&right.bytes)
        .unwrap()
        .get_pixel(5, 5);
    assert!(pixel.0[2] > 200 && pixel.0[0] < 60, "blue: {pixel:?}");
}

#[test]
fn a_downloaded_avatar_becomes_a_small_square_png() {
    let shown = sanitise_downloaded(&jpeg(900, 300)).unwrap();
    assert_eq!(
        (size(&shown.bytes), shown.media_type),
        ((256, 256), "image/png")
    );
    let code = |bytes: &[u8]| sanitise_downloaded(bytes).unwrap_err().code;
    assert_eq!(code(b"<html>"), ErrorCode::AvatarNotAnImage);
    assert_eq!(code(&png(9, 9)[..40]), ErrorCode::AvatarDamaged);
    assert_eq!(code(&vec![0; 5 << 20]), ErrorCode::AvatarTooLarge);
}

#[test]
fn what_is_no_file_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let code = |path: &std::path::Path| AvatarDraft::from_path(path).unwrap_err().code;
    assert_eq!(code(dir.path()), ErrorCode::FileUnreadable);
    assert_eq!(
        code(&dir.path().join("gone.png")),
        ErrorCode::FileUnreadable
    );
    #[cfg(unix)]
    {
        let pipe = dir.path().join("pipe.png");
        let made = std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap();
        assert!(made.success());
        assert_eq!(
            code(&pipe),
            ErrorCode::FileUnreadable,
            "and without waiting for a writer"
        );
        assert_eq!(
            code(std::path::Path::new("/dev/zero")),
            ErrorCode::FileUnreadable
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn flipped_bytes_never_bring_it_down(
        is_png in any::<bool>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = if is_png { png(24, 24) } else { jpeg_with_exif(24, 24, 8) };
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        match AvatarDraft::from_bytes(&bytes) {
            Ok(draft) => prop_assert!(draft.crop(whole(&draft)).is_ok()),
            Err(error) => prop_assert_ne!(error.code, ErrorCode::Internal),
        }
    }
}
