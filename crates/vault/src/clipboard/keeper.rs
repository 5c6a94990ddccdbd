//! What is ours on the clipboard, and when it has to go. No thread and no clock of its own.
//!
//! The value is not kept, only its fingerprint: enough to tell whether the clipboard still holds
//! it, useless to anyone who reads our memory later.

use std::time::{Duration, Instant};

use super::fingerprint::{Fingerprint, Note};
use super::{
    ActiveCopy, ClearAfter, ClearOutcome, ClipboardError, ClipboardState, Copied, SystemClipboard,
};
use crate::SecretString;

/// The wait after a first failure to clear; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Copies, remembers, clears.
pub(super) struct Keeper {
    clipboard: Box<dyn SystemClipboard>,
    /// Says the same as `held`, beyond the end of this run.
    note: Note,
    held: Option<Held>,
    copies: u64,
    last: Option<ClearOutcome>,
}

struct Held {
    generation: u64,
    fingerprint: Fingerprint,
    clear_at: Option<Instant>,
    /// Failed attempts to clear.
    failures: u32,
}

impl Keeper {
    pub(super) const fn new(clipboard: Box<dyn SystemClipboard>, note: Note) -> Self {
        Self {
            clipboard,
            note,
            held: None,
            copies: 0,
            last: None,
        }
    }

    /// Answers only after the secret was read back from the clipboard.
    pub(super) fn copy(
        &mut self,
        now: Instant,
        secret: &SecretString,
        after: ClearAfter,
    ) -> Result<Copied, ClipboardError> {
        let fingerprint = Fingerprint::of(secret.expose())?;
        self.copies += 1;
        let generation = self.copies;
        let last = self.last;
        // From here on it may be there, whatever is found, and however this run ends.
        let before = self.hold(Some(Held {
            generation,
            fingerprint,
            clear_at: Some(now),
            failures: 0,
        }));
        if let Err(error) = self.clipboard.write_secret(secret) {
            if self.clear(now) == ClearOutcome::LeftAlone {
                self.hold(before); // nothing was written: the copy before may still be there
                self.last = last;
            }
            return Err(error);
        }
        if let Err(error) = self.check(secret) {
            self.clear(now);
            return Err(error);
        }
        let clear_at = after.delay().map(|delay| now + delay);
        if let Some(held) = &mut self.held {
            held.clear_at = clear_at;
        }
        self.last = None;
        Ok(Copied {
            generation,
            clear_at,
        })
    }

    /// Clears what an earlier run left behind because it came to a sudden end.
    pub(super) fn clear_left_behind(&mut self, now: Instant) {
        let Some(fingerprint) = self.note.get() else {
            return self.note.set(None); // not of our making
        };
        self.held = Some(Held {
            generation: self.copies,
            fingerprint,
            clear_at: Some(now),
            failures: 0,
        });
        self.clear(now);
    }

    /// Notes what is ours on the clipboard from now on. Answers with what was before.
    fn hold(&mut self, held: Option<Held>) -> Option<Held> {
        self.note.set(held.as_ref().map(|held| &held.fingerprint));
        std::mem::replace(&mut self.held, held)
    }

    /// Looks whether the secret is there. If it is not, it is not put there again: whoever took
    /// the clipboard in this moment keeps it.
    fn check(&mut self, secret: &SecretString) -> Result<(), ClipboardError> {
        match self.clipboard.read()? {
            Some(text) if text == *secret => Ok(()),
            _ => Err(ClipboardError::Busy),
        }
    }

    /// When [`Self::tick`] has something to do.
    pub(super) fn due(&self) -> Option<Instant> {
        self.held.as_ref().and_then(|held| held.clear_at)
    }

    /// Clears what is due.
    pub(super) fn tick(&mut self, now: Instant) {
        if self.due().is_some_and(|due| due <= now) {
            self.clear(now);
        }
    }

    /// Clears now, if the clipboard still holds what was copied.
    pub(super) fn clear(&mut self, now: Instant) -> ClearOutcome {
        let Some(held) = &mut self.held else {
            return ClearOutcome::LeftAlone;
        };
        let fingerprint = &held.fingerprint;
        let outcome = match self.clipboard.clear_if(&|text| fingerprint.matches(text)) {
            Ok(true) => ClearOutcome::Cleared,
            Ok(false) => ClearOutcome::LeftAlone,
            Err(_) => {
                let wait = FIRST_WAIT
                    .saturating_mul(1 << held.failures.min(5))
                    .min(LONGEST_WAIT);
                held.failures += 1;
                held.clear_at = Some(now + wait);
                ClearOutcome::Failed
            }
        };
        if outcome != ClearOutcome::Failed {
            self.hold(None);
        }
        self.last = Some(outcome);
        outcome
    }

    pub(super) fn state(&self) -> ClipboardState {
        // A copy whose clearing failed is no countdown any more.
        let active = self.held.as_ref().filter(|held| held.failures == 0);
        ClipboardState {
            active: active.map(|held| ActiveCopy {
                generation: held.generation,
                clear_at: held.clear_at,
            }),
            last: self.last,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fake::FakeClipboard;
    use super::*;

    fn desk() -> (FakeClipboard, Keeper, Instant) {
        let clipboard = FakeClipboard::default();
        (
            clipboard.clone(),
            Keeper::new(Box::new(clipboard), Note::default()),
            Instant::now(),
        )
    }

    fn secret() -> SecretString {
        SecretString::from("api_17.secret".to_owned())
    }

    #[test]
    fn a_copy_is_counted_down_and_cleared() {
        let (clipboard, mut keeper, start) = desk();
        let copied = keeper
            .copy(start, &secret(), ClearAfter::Seconds(30))
            .unwrap();
        assert_eq!(copied.clear_at, Some(start + Duration::from_secs(30)));
        assert_eq!(keeper.state().active.unwrap().clear_at, copied.clear_at);
        keeper.tick(start + Duration::from_millis(29_999));
        assert_eq!(clipboard.text().as_deref(), Some("api_17.secret"));
        keeper.tick(start + Duration::from_secs(30));
        assert_eq!(clipboard.text(), None);
        let state = ClipboardState {
            active: None,
            last: Some(ClearOutcome::Cleared),
        };
        assert_eq!(keeper.state(), state);
    }

    #[test]
    fn a_copy_that_another_program_replaced_at_once_is_no_success() {
        let (clipboard, mut keeper, start) = desk();
        clipboard.0.borrow_mut().intruder = Some("theirs".into());
        let refused = keeper.copy(start, &secret(), ClearAfter::default());
        assert_eq!(refused, Err(ClipboardError::Busy));
        assert_eq!(clipboard.text().as_deref(), Some("theirs"));
        assert_eq!(keeper.state().active, None);
    }

    #[test]
    fn a_copy_that_cannot_be_checked_is_taken_back() {
        let (clipboard, mut keeper, start) = desk();
        clipboard.0.borrow_mut().refuses_reads = true;
        let refused = keeper.copy(start, &secret(), ClearAfter::default());
        assert_eq!(refused, Err(ClipboardError::TimedOut));
        assert_eq!(clipboard.text(), None);
    }

    #[test]
    fn a_copy_that_was_refused_leaves_the_one_before_to_be_cleared_in_time() {
        let (clipboard, mut keeper, start) = desk();
        let copied = keeper.copy(start, &secret(), ClearAfter::Seconds(30));
        let before = keeper.state();
        clipboard.0.borrow_mut().refuses_writes = true;
        let other = SecretString::from("api_18.other".to_owned());
        assert!(keeper.copy(start, &other, ClearAfter::Never).is_err());
        assert_eq!(keeper.state(), before);
        assert_eq!(keeper.due(), copied.unwrap().clear_at);
        keeper.tick(start + Duration::from_secs(30));
        assert_eq!(clipboard.text(), None);
    }

    #[test]
    fn what_a_sudden_end_left_behind_is_cleared_by_the_next_run_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let note = Note::at(Some(folder.path().join("note")));
        for (found, left) in [("api_17.secret", None), ("theirs", Some("theirs"))] {
            let clipboard = FakeClipboard::default();
            let run = || Keeper::new(Box::new(clipboard.clone()), note.clone());
            let start = Instant::now();
            let mut first = run();
            first.copy(start, &secret(), ClearAfter::Never).unwrap();
            drop(first);
            clipboard.0.borrow_mut().text = Some(found.to_owned());
            assert!(note.exists());
            run().clear_left_behind(start);
            assert_eq!(clipboard.text().as_deref(), left);
            assert!(!note.exists());
        }
    }

    #[test]
    fn a_run_that_cleared_leaves_no_note() {
        let folder = tempfile::tempdir().unwrap();
        let note = Note::at(Some(folder.path().join("note")));
        let clipboard = FakeClipboard::default();
        let mut keeper = Keeper::new(Box::new(clipboard.clone()), note.clone());
        let now = Instant::now();
        keeper.copy(now, &secret(), ClearAfter::Never).unwrap();
        clipboard.0.borrow_mut().refuses_clears = true;
        keeper.clear(now);
        assert!(note.exists(), "it may still be there");
        clipboard.0.borrow_mut().refuses_clears = false;
        keeper.clear(now);
        assert!(!note.exists());
    }

    #[test]
    fn a_clear_that_failed_is_said_and_tried_again() {
        let (clipboard, mut keeper, start) = desk();
        keeper
            .copy(start, &secret(), ClearAfter::Seconds(10))
            .unwrap();
        clipboard.0.borrow_mut().refuses_clears = true;
        let mut now = start + Duration::from_secs(10);
        for _ in 0..40 {
            keeper.tick(now);
            let state = ClipboardState {
                active: None,
                last: Some(ClearOutcome::Failed),
            };
            assert_eq!(keeper.state(), state);
            let next = keeper.due().unwrap();
            assert!(next > now && next - now <= LONGEST_WAIT);
            now = next;
        }
        clipboard.0.borrow_mut().refuses_clears = false;
        keeper.tick(now);
        assert_eq!((clipboard.text(), keeper.due()), (None, None));
        assert_eq!(keeper.state().last, Some(ClearOutcome::Cleared));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Copy(u8, Option<u8>),
        Foreign(u8),
        ForeignDuringNext(u8),
        Wait(u64),
        Clear,
        Trouble(bool),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (any::<u8>(), proptest::option::of(any::<u8>())).prop_map(|(n, s)| Step::Copy(n, s)),
            any::<u8>().prop_map(Step::Foreign),
            any::<u8>().prop_map(Step::ForeignDuringNext),
            (0..130_000_u64).prop_map(Step::Wait),
            Just(Step::Clear),
            any::<bool>().prop_map(Step::Trouble),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn what_others_copied_is_never_destroyed(
            steps in proptest::collection::vec(step(), 0..40),
        ) {
            let (clipboard, mut keeper, mut now) = desk();
            for step in steps {
                let before = clipboard.text();
                let intruder = clipboard.0.borrow().intruder.clone();
                let mut replaced_by_person = false;
                match step {
                    Step::Copy(number, seconds) => {
                        replaced_by_person = true;
                        let after = seconds.map_or(ClearAfter::Never, ClearAfter::Seconds);
                        let text = SecretString::from(format!("ours {number}"));
                        if keeper.copy(now, &text, after).is_ok() {
                            let there = clipboard.text();
                            prop_assert_eq!(there.as_ref(), Some(text.expose()));
                        }
                    }
                    Step::Foreign(number) => {
                        replaced_by_person = true;
                        clipboard.0.borrow_mut().text = Some(format!("theirs {number}"));
                    }
                    Step::ForeignDuringNext(number) => {
                        clipboard.0.borrow_mut().intruder = Some(format!("theirs {number}"));
                    }
                    Step::Wait(milliseconds) => {
                        now += Duration::from_millis(milliseconds);
                        keeper.tick(now);
                    }
                    Step::Clear => {
                        let outcome = keeper.clear(now);
                        let ours = clipboard.text().is_some_and(|text| text.starts_with("ours"));
                        prop_assert!(!ours || outcome == ClearOutcome::Failed);
                    }
                    Step::Trouble(on) => clipboard.0.borrow_mut().refuses_clears = on,
                }
                let latest = match (&intruder, &clipboard.0.borrow().intruder) {
                    (Some(arrived), None) => Some(arrived.clone()),
                    _ if replaced_by_person => None,
                    _ => before,
                };
                if let Some(theirs) = latest.filter(|text| text.starts_with("theirs")) {
                    prop_assert_eq!(clipboard.text(), Some(theirs));
                }
            }
        }
    }
}
