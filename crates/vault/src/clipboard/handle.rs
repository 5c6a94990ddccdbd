//! The handle to the clipboard, and the thread behind it that holds what was copied.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use super::fingerprint::Note;
use super::keeper::Keeper;
use super::{
    ClearAfter, ClearOutcome, ClipboardError, ClipboardState, Copied, DesktopClipboard,
    SystemClipboard,
};
use crate::SecretString;

/// Above the four seconds that another program has to answer on X11.
const DEADLINE: Duration = Duration::from_secs(6);

type Connect = Arc<dyn Fn() -> Result<Box<dyn SystemClipboard>, ClipboardError> + Send + Sync>;

/// The clipboard as a place for secrets. Clones share it.
///
/// Its futures need a Tokio runtime with time.
#[derive(Clone)]
pub struct SecretClipboard {
    shared: Arc<Shared>,
}

struct Shared {
    connect: Connect,
    note: Note,
    owner: Mutex<Option<mpsc::Sender<Command>>>,
    state: watch::Sender<ClipboardState>,
}

enum Command {
    Copy {
        secret: SecretString,
        after: ClearAfter,
        answer: oneshot::Sender<CopyAnswer>,
    },
    Clear {
        answer: oneshot::Sender<ClearOutcome>,
    },
    ClearLeftBehind,
    Finish {
        answer: mpsc::Sender<ClearOutcome>,
    },
}

type CopyAnswer = Result<Copied, ClipboardError>;

impl SecretClipboard {
    /// Connects at the first copy, so that starting the app costs nothing.
    ///
    /// `note` is a file of this app's alone, in a folder that only this person may enter. While a
    /// secret is on the clipboard its fingerprint lies there, for
    /// [`clear_left_behind`](Self::clear_left_behind) after a crash.
    pub fn new(note: Option<PathBuf>) -> Self {
        Self::build(|| Ok(Box::new(DesktopClipboard::connect()?)), note)
    }

    /// On another clipboard, for tests.
    pub fn with_clipboard(
        connect: impl Fn() -> Result<Box<dyn SystemClipboard>, ClipboardError> + Send + Sync + 'static,
    ) -> Self {
        Self::build(connect, None)
    }

    fn build(
        connect: impl Fn() -> Result<Box<dyn SystemClipboard>, ClipboardError> + Send + Sync + 'static,
        note: Option<PathBuf>,
    ) -> Self {
        let (state, _) = watch::channel(ClipboardState::default());
        let shared = Shared {
            connect: Arc::new(connect),
            note: Note::at(note),
            owner: Mutex::new(None),
            state,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Puts the secret on the clipboard, and answers once it was read back from there.
    ///
    /// An earlier copy is replaced. If the answer is an error, or the caller does not wait for it,
    /// the secret is not there, or is being removed.
    pub async fn copy(
        &self,
        secret: SecretString,
        after: ClearAfter,
    ) -> Result<Copied, ClipboardError> {
        let (answer, copied) = oneshot::channel();
        self.send(Command::Copy {
            secret,
            after,
            answer,
        })?;
        match tokio::time::timeout(DEADLINE, copied).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(ClipboardError::Failed),
            Err(_) => Err(ClipboardError::TimedOut),
        }
    }

    /// Clears at once if the clipboard still holds what was copied.
    pub async fn clear_now_if_ours(&self) -> ClearOutcome {
        let Some(owner) = self.running() else {
            return ClearOutcome::LeftAlone;
        };
        let (answer, outcome) = oneshot::channel();
        if owner.send(Command::Clear { answer }).is_err() {
            return ClearOutcome::LeftAlone; // it finished, and cleared before it did
        }
        match tokio::time::timeout(DEADLINE, outcome).await {
            Ok(Ok(outcome)) => outcome,
            _ => ClearOutcome::Failed,
        }
    }

    /// Clears what an earlier run left on the clipboard because it came to a sudden end, if it is
    /// still there. Call it once, at the start; it waits for nothing.
    pub fn clear_left_behind(&self) {
        if self.shared.note.exists() && self.send(Command::ClearLeftBehind).is_err() {
            tracing::warn!("what a crash left on the clipboard was not cleared");
        }
    }

    /// The state, and every change of it.
    pub fn subscribe(&self) -> watch::Receiver<ClipboardState> {
        self.shared.state.subscribe()
    }

    /// Clears if unchanged and ends the owner; blocks no longer than `patience`. Call it on quit,
    /// from any thread. A later copy would start anew.
    pub fn shutdown(&self, patience: Duration) -> ClearOutcome {
        let owner = self
            .shared
            .owner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(owner) = owner else {
            return ClearOutcome::LeftAlone;
        };
        let (answer, outcome) = mpsc::channel();
        if owner.send(Command::Finish { answer }).is_err() {
            return ClearOutcome::LeftAlone;
        }
        outcome
            .recv_timeout(patience)
            .unwrap_or(ClearOutcome::Failed)
    }

    fn running(&self) -> Option<mpsc::Sender<Command>> {
        self.shared
            .owner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Starts the owner if none is there.
    fn send(&self, command: Command) -> Result<(), ClipboardError> {
        let mut owner = self
            .shared
            .owner
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut command = command;
        if let Some(sender) = &*owner {
            match sender.send(command) {
                Ok(()) => return Ok(()),
                Err(mpsc::SendError(refused)) => command = refused,
            }
        }
        let (sender, commands) = mpsc::channel();
        let connect = self.shared.connect.clone();
        let note = self.shared.note.clone();
        let state = self.shared.state.clone();
        std::thread::Builder::new()
            .name("clipboard".into())
            .spawn(move || {
                Owner {
                    connect,
                    note,
                    state,
                    keeper: None,
                }
                .serve(&commands);
            })
            .map_err(|_| ClipboardError::Failed)?;
        sender.send(command).map_err(|_| ClipboardError::Failed)?;
        *owner = Some(sender);
        Ok(())
    }
}

/// The thread that holds the clipboard. It ends when the last handle is gone, and then clears.
struct Owner {
    connect: Connect,
    note: Note,
    state: watch::Sender<ClipboardState>,
    keeper: Option<Keeper>,
}

impl Owner {
    fn serve(mut self, commands: &mpsc::Receiver<Command>) {
        loop {
            let due = self.keeper.as_ref().and_then(Keeper::due);
            let command = match due {
                None => commands.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => commands.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match command {
                Ok(Command::Copy {
                    secret,
                    after,
                    answer,
                }) => {
                    // A caller that left would never learn that its secret lies there.
                    if !answer.is_closed() {
                        let copied = self.copy(&secret, after);
                        self.publish();
                        if answer.send(copied).is_err() {
                            self.clear(); // it left, or was told that this took too long
                            self.publish();
                        }
                    }
                }
                Ok(Command::Clear { answer }) => {
                    let outcome = self.clear();
                    self.publish();
                    let _ = answer.send(outcome);
                }
                Ok(Command::ClearLeftBehind) => {
                    if self.connect().is_ok() {
                        self.guarded((), |keeper| keeper.clear_left_behind(Instant::now()));
                    }
                    self.publish();
                }
                Ok(Command::Finish { answer }) => {
                    let outcome = self.clear();
                    self.publish();
                    let _ = answer.send(outcome);
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.guarded(ClearOutcome::Failed, |keeper| {
                        keeper.tick(Instant::now());
                        ClearOutcome::Cleared
                    });
                    self.publish();
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.clear();
                    self.publish();
                    return;
                }
            }
        }
    }

    fn copy(&mut self, secret: &SecretString, after: ClearAfter) -> CopyAnswer {
        self.connect()?;
        self.guarded(Err(ClipboardError::Failed), |keeper| {
            keeper.copy(Instant::now(), secret, after)
        })
    }

    fn connect(&mut self) -> Result<(), ClipboardError> {
        if self.keeper.is_none() {
            let connect = self.connect.clone();
            let clipboard = catch_unwind(AssertUnwindSafe(|| connect()))
                .unwrap_or(Err(ClipboardError::Failed))?;
            self.keeper = Some(Keeper::new(clipboard, self.note.clone()));
        }
        Ok(())
    }

    fn clear(&mut self) -> ClearOutcome {
        if self.keeper.is_none() {
            return ClearOutcome::LeftAlone;
        }
        self.guarded(ClearOutcome::Failed, |keeper| keeper.clear(Instant::now()))
    }

    /// The libraries below may panic when the display goes away.
    fn guarded<T>(&mut self, otherwise: T, step: impl FnOnce(&mut Keeper) -> T) -> T {
        let Some(keeper) = &mut self.keeper else {
            return otherwise;
        };
        if let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| step(keeper))) {
            return outcome;
        }
        let broken = self.keeper.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(broken)));
        otherwise
    }

    fn publish(&self) {
        let state = self.keeper.as_ref().map(Keeper::state).unwrap_or_default();
        self.state.send_if_modified(|before| {
            let changed = *before != state;
            *before = state;
            changed
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Condvar;

    use super::*;

    /// A clipboard that takes a text only once it may.
    #[derive(Clone, Default)]
    struct Slow(Arc<(Mutex<Desk>, Condvar)>);

    #[derive(Default)]
    struct Desk {
        text: Option<String>,
        writing: bool,
        may_go_on: bool,
    }

    impl Slow {
        fn desk(&self) -> std::sync::MutexGuard<'_, Desk> {
            self.0.0.lock().unwrap()
        }

        fn go_on(&self) {
            self.desk().may_go_on = true;
            self.0.1.notify_all();
        }
    }

    impl SystemClipboard for Slow {
        fn write_secret(&mut self, secret: &SecretString) -> Result<(), ClipboardError> {
            self.desk().writing = true;
            let mut desk = self.0.1.wait_while(self.desk(), |d| !d.may_go_on).unwrap();
            desk.text = Some(secret.expose().clone());
            Ok(())
        }

        fn read(&mut self) -> Result<Option<SecretString>, ClipboardError> {
            Ok(self.desk().text.clone().map(SecretString::from))
        }

        fn clear_if(&mut self, is_ours: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
            Ok(self.desk().text.take_if(|text| is_ours(text)).is_some())
        }
    }

    #[tokio::test]
    async fn a_copy_that_nobody_waits_for_any_more_does_not_stay() {
        let slow = Slow::default();
        let clipboard = SecretClipboard::with_clipboard({
            let slow = slow.clone();
            move || Ok(Box::new(slow.clone()))
        });
        let mut state = clipboard.subscribe();
        let secret = SecretString::from("api_17.secret".to_owned());
        let copying = tokio::spawn({
            let clipboard = clipboard.clone();
            async move { clipboard.copy(secret, ClearAfter::Never).await }
        });
        while !slow.desk().writing {
            tokio::task::yield_now().await;
        }
        copying.abort();
        assert!(copying.await.unwrap_err().is_cancelled());
        slow.go_on();
        let cleared = |state: &ClipboardState| state.last == Some(ClearOutcome::Cleared);
        let told = tokio::time::timeout(DEADLINE, state.wait_for(cleared)).await;
        assert!(told.is_ok_and(|told| told.is_ok()));
        assert_eq!(slow.desk().text, None);
    }
}
