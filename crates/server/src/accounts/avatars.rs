//! Avatars: what is taken is a whole PNG or JPEG by its content, within limits.
//!
//! The bytes are kept as they came; taking out metadata is the client's work, which knows
//! what its person chose. Names and declared types are not looked at.

use std::io::Cursor;
use std::sync::Arc;

use image::{ImageFormat, ImageReader, Limits};

use super::error::{AccountsError, AvatarProblem};
use super::{Accounts, Caller};
use crate::auth::{hex, sha256};
use crate::store::avatars::{self, Avatar};
use crate::store::security_log;
use crate::vocabulary::SecurityEvent;

/// The most bytes: smaller than one megabyte of 1,000,000 bytes.
pub(crate) const MAX_AVATAR_BYTES: usize = 999_999;
/// The most pixels a side.
pub(crate) const MAX_AVATAR_SIDE: u32 = 4096;
/// The most memory that decoding may take.
const MAX_ALLOCATION: u64 = 128 * 1024 * 1024;

impl Accounts {
    /// Takes a picture as the caller's avatar.
    pub(crate) async fn put_avatar(
        &self,
        caller: &Caller,
        bytes: Vec<u8>,
    ) -> Result<(), AccountsError> {
        if bytes.len() > MAX_AVATAR_BYTES {
            return Err(AccountsError::Avatar(AvatarProblem::TooManyBytes));
        }
        let turn = Arc::clone(&self.decoding)
            .acquire_owned()
            .await
            .map_err(|_| AccountsError::Busy)?;
        let avatar = tokio::task::spawn_blocking(move || {
            let avatar = check(bytes);
            drop(turn);
            avatar
        })
        .await
        // A decoder that panics has met a picture that is none.
        .unwrap_or(Err(AvatarProblem::Damaged))
        .map_err(AccountsError::Avatar)?;
        let (user_id, client, now) = (caller.user.id.clone(), caller.client.clone(), self.now());
        self.store
            .write(move |transaction| {
                avatars::put(transaction, &user_id, &avatar)?;
                let event = SecurityEvent::AvatarChanged;
                Ok(security_log::record(
                    transaction,
                    &user_id,
                    now,
                    event,
                    &client,
                    "",
                )?)
            })
            .await
    }

    /// Removes the caller's avatar; where there is none, nothing is to be done.
    pub(crate) async fn delete_avatar(&self, caller: &Caller) -> Result<(), AccountsError> {
        let (user_id, client, now) = (caller.user.id.clone(), caller.client.clone(), self.now());
        self.store
            .write(move |transaction| {
                if avatars::delete(transaction, &user_id)? {
                    let event = SecurityEvent::AvatarChanged;
                    security_log::record(transaction, &user_id, now, event, &client, "")?;
                }
                Ok(())
            })
            .await
    }

    /// The caller's avatar.
    pub(crate) async fn avatar(&self, caller: &Caller) -> Result<Avatar, AccountsError> {
        let user_id = caller.user.id.clone();
        self.store
            .read(move |connection| avatars::get(connection, &user_id))
            .await?
            .ok_or(AccountsError::NotFound)
    }
}

/// Decodes the whole picture, so that a part of one is not taken for one.
fn check(bytes: Vec<u8>) -> Result<Avatar, AvatarProblem> {
    let reader = ImageReader::new(Cursor::new(&bytes))
        .with_guessed_format()
        .map_err(|_| AvatarProblem::NotAPicture)?;
    let media_type = match reader.format() {
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::Jpeg) => "image/jpeg",
        _ => return Err(AvatarProblem::NotAPicture),
    };
    // The size is looked at first: it costs nothing, and a bomb ends here.
    let (width, height) = limited(&bytes)?
        .into_dimensions()
        .map_err(|error| problem_of(&error))?;
    if width > MAX_AVATAR_SIDE || height > MAX_AVATAR_SIDE {
        return Err(AvatarProblem::TooManyPixels);
    }
    limited(&bytes)?
        .decode()
        .map_err(|error| problem_of(&error))?;
    if media_type == "image/jpeg" && !has_end(&bytes) {
        return Err(AvatarProblem::Damaged);
    }
    Ok(Avatar {
        media_type: media_type.to_owned(),
        tag: hex(&sha256(&bytes)),
        bytes,
    })
}

/// Whether a JPEG's last scan is followed by the marker that ends the picture. The decoder
/// fills up what is missing in grey and says nothing.
fn has_end(jpeg: &[u8]) -> bool {
    let last = |marker: [u8; 2]| jpeg.windows(2).rposition(|pair| pair == marker);
    let (start_of_scan, end_of_image) = (last([0xFF, 0xDA]), last([0xFF, 0xD9]));
    end_of_image > start_of_scan
}

fn limited(bytes: &[u8]) -> Result<ImageReader<Cursor<&[u8]>>, AvatarProblem> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| AvatarProblem::NotAPicture)?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_AVATAR_SIDE);
    limits.max_image_height = Some(MAX_AVATAR_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATION);
    reader.limits(limits);
    Ok(reader)
}

fn problem_of(error: &image::ImageError) -> AvatarProblem {
    match error {
        image::ImageError::Limits(_) => AvatarProblem::TooManyPixels,
        _ => AvatarProblem::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbImage};

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(RgbImage::new(width, height))
            .write_to(&mut bytes, format)
            .unwrap();
        bytes.into_inner()
    }

    #[test]
    fn pictures_are_known_by_their_content() {
        let png = check(picture(3, 2, ImageFormat::Png)).unwrap();
        assert_eq!(png.media_type, "image/png");
        let jpeg = check(picture(3, 2, ImageFormat::Jpeg)).unwrap();
        assert_eq!(jpeg.media_type, "image/jpeg");
        assert_ne!(png.tag, jpeg.tag);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [
            &b""[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"GIF89a",
        ] {
            assert_eq!(
                check(bytes.to_vec()).err(),
                Some(AvatarProblem::NotAPicture)
            );
        }
    }

    #[test]
    fn a_part_of_a_picture_is_refused() {
        let png = picture(64, 64, ImageFormat::Png);
        assert!(check(png[..png.len() / 2].to_vec()).is_err());
        let jpeg = picture(64, 64, ImageFormat::Jpeg);
        assert!(check(jpeg[..jpeg.len() / 2].to_vec()).is_err());
        assert!(check(b"\x89PNG\r\n\x1a\n".to_vec()).is_err());
        assert!(check(b"\xff\xd8\xff\xe0".to_vec()).is_err());
    }

    #[test]
    fn a_picture_may_have_so_many_pixels_a_side_and_no_more() {
        assert!(check(picture(4096, 1, ImageFormat::Png)).is_ok());
        assert_eq!(
            check(picture(4097, 1, ImageFormat::Png)).err(),
            Some(AvatarProblem::TooManyPixels)
        );
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        let mut bomb = picture(1, 1, ImageFormat::Png);
        bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(check(bomb).is_err());
    }
}
