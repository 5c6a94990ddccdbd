//! The clipboard of Windows, as a second program sees and changes it.
#![cfg(windows)]

use std::time::Duration;

use clipboard_win::formats::Unicode;
use clipboard_win::{get_clipboard, is_format_avail, register_format, set_clipboard};
use keydesk_vault::{ClearAfter, ClearOutcome, SecretClipboard};

use crate::fake_keyring::secret;

fn seen() -> Option<String> {
    get_clipboard(Unicode).ok()
}

/// One session, one clipboard: one test walks through all of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_marked_pasted_cleared_and_never_at_the_cost_of_others() {
    let clipboard = SecretClipboard::new(None);

    clipboard
        .copy(secret("api_1.first"), ClearAfter::Seconds(10))
        .await
        .unwrap();
    assert_eq!(seen().as_deref(), Some("api_1.first"));
    for mark in [
        "ExcludeClipboardContentFromMonitorProcessing",
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
    ] {
        assert!(
            is_format_avail(register_format(mark).unwrap().get()),
            "{mark}"
        );
    }
    assert_eq!(clipboard.clear_now_if_ours().await, ClearOutcome::Cleared);
    assert_eq!(seen(), None);

    clipboard
        .copy(secret("api_1.second"), ClearAfter::Seconds(10))
        .await
        .unwrap();
    set_clipboard(Unicode, "theirs").unwrap();
    assert_eq!(clipboard.clear_now_if_ours().await, ClearOutcome::LeftAlone);
    assert_eq!(seen().as_deref(), Some("theirs"));

    clipboard
        .copy(secret("api_1.last"), ClearAfter::Never)
        .await
        .unwrap();
    assert_eq!(
        clipboard.shutdown(Duration::from_secs(3)),
        ClearOutcome::Cleared
    );
    assert_eq!(seen(), None, "quitting clears, also what was to stay");
}
