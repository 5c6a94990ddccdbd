//! Closing the window while something typed is not yet saved: the page asks the person first.
//!
//! The page says in advance whether anything would be lost. Where nothing would, the window closes
//! at once; where the page does not answer the question in time, it closes all the same. Not here:
//! what is unsaved, and the question itself (the page's).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the page may take to say that it is asking. A page that hangs keeps nobody here.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Whether the window may close.
#[derive(Default)]
pub struct Closing(Mutex<State>);

#[derive(Default)]
struct State {
    unsaved: bool,
    /// How often the page was asked, so that an old deadline does not end a new question.
    asked: u64,
    answered: u64,
}

impl Closing {
    /// Notes what the page says: whether closing would lose anything.
    pub fn note_unsaved(&self, unsaved: bool) {
        self.state().unsaved = unsaved;
    }

    /// The window is about to close. Answers with the number of the question where the page must be
    /// asked first, and with nothing where the window may close.
    pub fn ask(&self) -> Option<u64> {
        let mut state = self.state();
        state.unsaved.then(|| {
            state.asked += 1;
            state.asked
        })
    }

    /// The page is asking the person: it takes as long as it takes.
    pub fn hold(&self) {
        let mut state = self.state();
        state.answered = state.asked;
    }

    /// Whether the page has left a question unanswered.
    pub fn is_unanswered(&self, question: u64) -> bool {
        self.state().answered < question
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_unsaved_edits_nobody_is_asked() {
        let closing = Closing::default();
        assert_eq!(closing.ask(), None);
        closing.note_unsaved(true);
        assert!(closing.ask().is_some());
        closing.note_unsaved(false);
        assert_eq!(closing.ask(), None);
    }

    #[test]
    fn a_page_that_does_not_answer_keeps_no_window_open() {
        let closing = Closing::default();
        closing.note_unsaved(true);
        let question = closing.ask().unwrap();
        assert!(closing.is_unanswered(question));
    }

    #[test]
    fn an_answer_holds_for_its_question_and_not_for_the_next() {
        let closing = Closing::default();
        closing.note_unsaved(true);
        let first = closing.ask().unwrap();
        closing.hold();
        assert!(!closing.is_unanswered(first));
        let second = closing.ask().unwrap();
        assert!(closing.is_unanswered(second));
        closing.hold();
        assert!(!closing.is_unanswered(second));
    }
}
