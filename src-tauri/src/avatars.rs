//! Pictures between the moment they are chosen and the moment they are sent. What may be an
//! avatar is the core's rule; here is only where the work runs: off the threads that answer the
//! page.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keydesk_core::avatar::{self, AvatarDraft, CropSquare};
use keydesk_core::provider::AvatarImage;
use keydesk_core::{Error, ErrorCode, Field, Result};

use crate::handles::Handles;
use crate::ipc::views::{AvatarDraftView, CropView, PictureView};

/// Chosen pictures.
#[derive(Default)]
pub struct Avatars {
    drafts: Handles<AvatarDraft>,
}

impl Avatars {
    /// Reads and checks a picture from a file.
    ///
    /// # Errors
    /// The rules of [`keydesk_core::avatar`].
    pub async fn draft_from_file(&self, path: PathBuf) -> Result<AvatarDraftView> {
        self.keep(move || AvatarDraft::from_path(&path)).await
    }

    /// Checks a picture that the page took: dropped or pasted.
    ///
    /// # Errors
    /// The rules of [`keydesk_core::avatar`].
    pub async fn draft_from_base64(&self, text: &str) -> Result<AvatarDraftView> {
        // Refused before it is decoded: four characters carry three bytes.
        if text.len() / 4 * 3 > 2 * avatar::BYTE_LIMIT {
            return Err(
                Error::new(ErrorCode::AvatarTooLarge, "picture too large").in_field(Field::Avatar)
            );
        }
        let bytes = STANDARD.decode(text).map_err(|_| {
            Error::new(ErrorCode::FileUnreadable, "picture is not base64").in_field(Field::Avatar)
        })?;
        self.keep(move || AvatarDraft::from_bytes(&bytes)).await
    }

    /// Forgets a picture.
    pub fn discard(&self, handle: u32) {
        self.drafts.close(handle);
    }

    /// The square of a picture, ready to be sent.
    ///
    /// # Errors
    /// `Internal` where the picture was forgotten in the meantime.
    pub async fn crop(&self, handle: u32, crop: CropView) -> Result<AvatarImage> {
        let draft = self
            .drafts
            .get(handle)
            .ok_or_else(|| Error::new(ErrorCode::Internal, "the picture was forgotten"))?;
        let square = CropSquare {
            x: crop.x,
            y: crop.y,
            size: crop.size,
        };
        Self::work(move || draft.crop(square)).await
    }

    async fn work<T: Send + 'static>(
        job: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        tokio::task::spawn_blocking(job).await.unwrap_or_else(|_| {
            Err(Error::new(
                ErrorCode::Internal,
                "the picture's worker ended",
            ))
        })
    }

    async fn keep(
        &self,
        read: impl FnOnce() -> Result<AvatarDraft> + Send + 'static,
    ) -> Result<AvatarDraftView> {
        let job = move || {
            let draft = read()?;
            let preview = draft.preview()?;
            Ok((draft, preview))
        };
        let (draft, preview) = Self::work(job).await?;
        Ok(AvatarDraftView {
            data_url: picture(&preview.image).data_url,
            width: preview.width,
            height: preview.height,
            handle: self.drafts.keep(draft),
        })
    }
}

/// A picture that was checked, for the page.
pub fn picture(image: &AvatarImage) -> PictureView {
    PictureView {
        data_url: format!(
            "data:{};base64,{}",
            image.media_type,
            STANDARD.encode(&image.bytes)
        ),
    }
}
