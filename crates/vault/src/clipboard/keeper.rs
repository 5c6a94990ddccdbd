//! What is ours on the clipboard, and when it has to go. No thread and no clock of its own.
//!
//! The value is not kept, only a salted digest: enough to tell whether the clipboard still holds
//! it, useless to anyone who reads our memory later.

use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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
    pub(super) const fn new(clipboard: Box<dyn SystemClipboard>) -> Self {
        Self {
            clipboard,
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
        self.clipboard.write_secret(secret)?;
        self.copies += 1;
        let generation = self.copies;
        // From here on it may be there, whatever is found.
        self.held = Some(Held {
            generation,
            fingerprint,
            clear_at: Some(now),
            failures: 0,
        });
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
            self.held = None;
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

struct Fingerprint {
    salt: [u8; 16],
    digest: [u8; 32],
}

impl Fingerprint {
    fn of(text: &str) -> Result<Self, ClipboardError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| ClipboardError::Failed)?;
        Ok(Self {
            salt,
            digest: Self::digest(salt, text),
        })
    }

    fn matches(&self, text: &str) -> bool {
        Self::digest(self.salt, text).ct_eq(&self.digest).into()
    }

    fn digest(salt: [u8; 16], text: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(salt)
            .chain_update(text.as_bytes())
            .finalize()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;

    /// What lies on the clipboard, and whether it will obey.
    #[derive(Default)]
    struct Desk {
        text: Option<String>,
        /// Another program copies this right before the next step of ours.
        intruder: Option<String>,
        refuses_reads: bool,
        refuses_clears: bool,
    }

    #[derive(Clone, Default)]
    struct FakeClipboard(Rc<RefCell<Desk>>);

    impl FakeClipboard {
        fn intrude(&self) {
            let mut desk = self.0.borrow_mut();
            if let Some(text) = desk.intruder.take() {
                desk.text = Some(text);
            }
        }

        fn text(&self) -> Option<String> {
            self.0.borrow().text.clone()
        }
    }

    impl SystemClipboard for FakeClipboard {
        fn write_secret(&mut self, secret: &SecretString) -> Result<(), ClipboardError> {
            self.0.borrow_mut().text = Some(secret.expose().clone());
            Ok(())
        }

        fn read(&mut self) -> Result<Option<SecretString>, ClipboardError> {
            self.intrude();
            if self.0.borrow().refuses_reads {
                return Err(ClipboardError::TimedOut);
            }
            Ok(self.text().map(SecretString::from))
        }

        fn clear_if(&mut self, is_ours: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
            self.intrude();
            let mut desk = self.0.borrow_mut();
            if desk.refuses_clears {
                return Err(ClipboardError::Failed);
            }
            let ours = desk.text.as_deref().is_some_and(is_ours);
            if ours {
                desk.text = None;
            }
            Ok(ours)
        }
    }

    fn desk() -> (FakeClipboard, Keeper, Instant) {
        let clipboard = FakeClipboard::default();
        (
            clipboard.clone(),
            Keeper::new(Box::new(clipboard)),
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
