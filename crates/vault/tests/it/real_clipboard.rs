//! The clipboard of a real X server, with a second program looking on and interfering.
//!
//! Runs if `KEYDESK_TEST_REAL_CLIPBOARD` is `1`; needs a display and `xclip`.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keydesk_vault::{ClearAfter, ClearOutcome, SecretClipboard};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ConnectionExt, CreateWindowAux, EventMask, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
    WindowClass,
};

use crate::fake_keyring::secret;

fn wanted() -> bool {
    std::env::var("KEYDESK_TEST_REAL_CLIPBOARD").is_ok_and(|value| value == "1")
}

/// What another program finds; `None` if it finds nothing.
fn seen(target: &str) -> Option<String> {
    let output = Command::new("xclip")
        .args(["-selection", "clipboard", "-o", "-t", target])
        .output()
        .unwrap();
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).unwrap())
}

fn copied_by_another_program(text: &str) {
    let mut xclip = Command::new("xclip")
        .args(["-selection", "clipboard", "-i"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    xclip
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    assert!(xclip.wait().unwrap().success());
    // It goes on in the background and may take the clipboard only there.
    let start = Instant::now();
    while seen("UTF8_STRING").as_deref() != Some(text) {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "xclip did not copy"
        );
    }
}

/// One display, one clipboard: one test walks through all of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_marked_pasted_cleared_and_never_at_the_cost_of_others() {
    if !wanted() {
        return;
    }
    let clipboard = SecretClipboard::new(None);

    marked_and_cleared_in_time(&clipboard).await;
    foreign_copy_survives_the_deadline(&clipboard).await;
    foreign_copy_survives_a_race(&clipboard).await;

    clipboard
        .copy(secret("api_1.last"), ClearAfter::Never)
        .await
        .unwrap();
    assert_eq!(
        clipboard.shutdown(Duration::from_secs(3)),
        ClearOutcome::Cleared
    );
    assert_eq!(
        seen("UTF8_STRING"),
        None,
        "quitting clears, also what was to stay"
    );

    clipboard
        .copy(secret("api_1.again"), ClearAfter::Never)
        .await
        .unwrap();
    copied_by_another_program("theirs");
    assert_eq!(
        clipboard.shutdown(Duration::from_secs(3)),
        ClearOutcome::LeftAlone
    );
    assert_eq!(seen("UTF8_STRING").as_deref(), Some("theirs"));

    left_by_a_crash_and_cleared_at_the_next_start().await;
}

async fn marked_and_cleared_in_time(clipboard: &SecretClipboard) {
    let mut states = clipboard.subscribe();
    let copied = clipboard
        .copy(secret("api_1.first"), ClearAfter::Seconds(10))
        .await
        .unwrap();
    assert_eq!(seen("UTF8_STRING").as_deref(), Some("api_1.first"));
    let targets = seen("TARGETS").unwrap();
    assert!(
        targets
            .lines()
            .any(|target| target == "x-kde-passwordManagerHint"),
        "{targets}"
    );
    assert_eq!(seen("x-kde-passwordManagerHint").as_deref(), Some("secret"));

    let clear_at = copied.clear_at.unwrap();
    assert_eq!(
        states.borrow_and_update().active.unwrap().clear_at,
        Some(clear_at)
    );
    tokio::time::timeout(Duration::from_secs(12), states.changed())
        .await
        .unwrap()
        .unwrap();
    assert!(Instant::now() >= clear_at);
    assert!(
        clear_at.elapsed() < Duration::from_secs(1),
        "cleared a second late"
    );
    assert_eq!(states.borrow().last, Some(ClearOutcome::Cleared));
    assert_eq!(seen("UTF8_STRING"), None);
}

async fn foreign_copy_survives_the_deadline(clipboard: &SecretClipboard) {
    let mut states = clipboard.subscribe();
    clipboard
        .copy(secret("api_1.second"), ClearAfter::Seconds(10))
        .await
        .unwrap();
    copied_by_another_program("theirs");
    states.borrow_and_update();
    tokio::time::timeout(Duration::from_secs(12), states.changed())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(states.borrow().last, Some(ClearOutcome::LeftAlone));
    assert_eq!(seen("UTF8_STRING").as_deref(), Some("theirs"));
    assert_eq!(clipboard.clear_now_if_ours().await, ClearOutcome::LeftAlone);
}

/// A program that holds what was copied for others stands for the systems that do.
async fn left_by_a_crash_and_cleared_at_the_next_start() {
    for (found, left) in [("api_1.crash", None), ("theirs", Some("theirs"))] {
        let folder = tempfile::tempdir().unwrap();
        let note = Some(folder.path().join("note"));
        let crashed = SecretClipboard::new(note.clone());
        crashed
            .copy(secret("api_1.crash"), ClearAfter::Never)
            .await
            .unwrap();
        // The one who crashed still answers here. Once there is something else, it does not.
        copied_by_another_program("something else");
        copied_by_another_program(found);

        let next = SecretClipboard::new(note);
        let mut states = next.subscribe();
        next.clear_left_behind();
        let done = states.wait_for(|state| state.last.is_some());
        tokio::time::timeout(Duration::from_secs(6), done)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seen("UTF8_STRING").as_deref(), left);
        assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
        // At its end it would clear what the next round copies.
        crashed.shutdown(Duration::from_secs(3));
    }
}

/// Another client takes the clipboard in the very moment in which ours is cleared, a thousand
/// times, each time a little earlier or later.
async fn foreign_copy_survives_a_race(clipboard: &SecretClipboard) {
    let (connection, screen) = x11rb::connect(None).unwrap();
    let connection = std::sync::Arc::new(connection);
    std::thread::spawn({
        let connection = connection.clone();
        move || refuse_to_be_read(&*connection)
    });
    let root = connection.setup().roots[screen].root;
    let atom = connection
        .intern_atom(false, b"CLIPBOARD")
        .unwrap()
        .reply()
        .unwrap()
        .atom;
    let mut cleared_first = 0;
    for round in 0..1_000_u64 {
        clipboard
            .copy(secret(format!("api_1.{round}")), ClearAfter::Never)
            .await
            .unwrap();
        let theirs = connection.generate_id().unwrap();
        let look = CreateWindowAux::new();
        connection
            .create_window(
                0,
                theirs,
                root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_ONLY,
                0,
                &look,
            )
            .unwrap()
            .check()
            .unwrap();
        let clearing = tokio::spawn({
            let clipboard = clipboard.clone();
            async move { clipboard.clear_now_if_ours().await }
        });
        let until = Instant::now() + Duration::from_micros(round % 500);
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        connection
            .set_selection_owner(theirs, atom, x11rb::CURRENT_TIME)
            .unwrap()
            .check()
            .unwrap();
        let outcome = clearing.await.unwrap();
        cleared_first += u64::from(outcome == ClearOutcome::Cleared);

        let owner = connection
            .get_selection_owner(atom)
            .unwrap()
            .reply()
            .unwrap()
            .owner;
        assert_eq!(
            owner, theirs,
            "round {round}: the other's copy was destroyed ({outcome:?})"
        );
        connection.destroy_window(theirs).unwrap().check().unwrap();
    }
    assert!(
        (1..1_000).contains(&cleared_first),
        "no race took place: {cleared_first} of 1000"
    );
}

/// Whoever asks is told at once that there is no text, as of an image.
fn refuse_to_be_read(connection: &impl Connection) {
    while let Ok(event) = connection.wait_for_event() {
        if let Event::SelectionRequest(request) = event {
            let refusal = SelectionNotifyEvent {
                response_type: SELECTION_NOTIFY_EVENT,
                sequence: 0,
                time: request.time,
                requestor: request.requestor,
                selection: request.selection,
                target: request.target,
                property: x11rb::NONE,
            };
            let to = request.requestor;
            let sent = connection.send_event(false, to, EventMask::NO_EVENT, refusal);
            if sent.is_err() || connection.flush().is_err() {
                return;
            }
        }
    }
}
