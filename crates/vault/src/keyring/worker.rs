//! The one thread that talks to the keyring, and what happens when it does not come back.
//!
//! A keyring may wait for a person, for a daemon that is gone, or for ever, and no call to it can
//! be cancelled. So calls queue for one thread; a caller leaves at the deadline; and a thread that
//! is still inside a call by then is left to itself and replaced, so that one hung call costs one
//! thread and not every call after it. At most [`ABANDONED`] are left so: more would mean that
//! the keyring answers nobody.
//!
//! A call that was given up may still take effect late. Its remaining steps do not run.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;

use super::operation::{Answer, Request, perform};
use super::{BoxedStore, Deadlines, KeyringState, SecretStore, StoreFactory, VaultError, fault};

/// How many threads may be stuck in the keyring at once.
const ABANDONED: usize = 4;

/// Runs requests one after another. Dropping it ends the thread once it is idle.
pub(crate) struct Worker {
    shared: Arc<Shared>,
}

struct Shared {
    service: String,
    stores: StoreFactory,
    deadlines: Deadlines,
    state: Mutex<State>,
    wake: Condvar,
}

struct State {
    queue: VecDeque<Job>,
    running: Option<Running>,
    /// The thread in charge, by the flag that tells it when it no longer is.
    thread: Option<Arc<AtomicBool>>,
    abandoned: usize,
    next: u64,
    keyring: KeyringState,
    closed: bool,
}

struct Job {
    number: u64,
    request: Request,
    due: Instant,
    answer: oneshot::Sender<Result<Answer, VaultError>>,
}

#[derive(Clone, Copy)]
struct Running {
    due: Instant,
}

impl Worker {
    pub(crate) fn new(service: String, stores: StoreFactory, deadlines: Deadlines) -> Self {
        let state = State {
            queue: VecDeque::new(),
            running: None,
            thread: None,
            abandoned: 0,
            next: 0,
            keyring: KeyringState::Untried,
            closed: false,
        };
        let shared = Shared {
            service,
            stores,
            deadlines,
            state: Mutex::new(state),
            wake: Condvar::new(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// How the keyring fared last.
    pub(crate) fn keyring(&self) -> KeyringState {
        self.shared.lock().keyring
    }

    /// Whether a call is under way or waits for its turn.
    pub(crate) fn is_waiting(&self) -> bool {
        let state = self.shared.lock();
        state.running.is_some() || !state.queue.is_empty()
    }

    /// Runs the request and waits for its end, but not beyond the deadline.
    ///
    /// After the person declined, nothing but a probe reaches the keyring: each call could put
    /// the same question to them again.
    pub(crate) async fn run(&self, request: Request) -> Result<Answer, VaultError> {
        let (ticket, answer, due) = self.submit(request)?;
        let mut answer = std::pin::pin!(answer);
        loop {
            // Wakes early when the call in front is overdue, so that this one gets its turn.
            let running = self.shared.lock().running;
            let wake = running.map_or(due, |running| running.due).min(due);
            match tokio::time::timeout_at(wake.into(), &mut answer).await {
                Ok(Ok(outcome)) => return outcome,
                Ok(Err(_)) => return Err(VaultError::Failed), // the thread could not start
                Err(_) => {
                    let mut state = self.shared.lock();
                    self.shared.abandon_overdue(&mut state);
                    if Instant::now() >= due {
                        state.queue.retain(|job| job.number != ticket.number);
                        state.keyring = KeyringState::Failed(VaultError::TimedOut);
                        return Err(VaultError::TimedOut);
                    }
                }
            }
        }
    }

    #[expect(clippy::type_complexity, reason = "used once, next door")]
    fn submit(
        &self,
        request: Request,
    ) -> Result<
        (
            Ticket,
            oneshot::Receiver<Result<Answer, VaultError>>,
            Instant,
        ),
        VaultError,
    > {
        let mut state = self.shared.lock();
        let probe = matches!(request, Request::Probe);
        if !probe && state.keyring == KeyringState::Failed(VaultError::Denied) {
            return Err(VaultError::Denied);
        }
        self.shared.abandon_overdue(&mut state);
        let deadlines = self.shared.deadlines;
        let patience = match (&request, state.keyring) {
            // Goes through every entry of the account.
            (Request::DeleteAll { .. }, _) => deadlines.prompt,
            (_, KeyringState::Ready) if !probe => deadlines.answer,
            _ => deadlines.prompt,
        };
        let due = Instant::now() + patience;
        let number = state.next;
        state.next += 1;
        let (sender, receiver) = oneshot::channel();
        state.queue.push_back(Job {
            number,
            request,
            due,
            answer: sender,
        });
        if let Err(error) = self.shared.ensure_thread(&mut state) {
            state.queue.retain(|job| job.number != number);
            return Err(error);
        }
        self.shared.wake.notify_all();
        Ok((
            Ticket {
                shared: self.shared.clone(),
                number,
            },
            receiver,
            due,
        ))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.wake.notify_all();
    }
}

/// Takes a request out of the queue when its caller goes away.
struct Ticket {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.shared
            .lock()
            .queue
            .retain(|job| job.number != self.number);
    }
}

impl Shared {
    /// The state stays sound at every step, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a thread to itself whose call should have ended, and puts another in charge of
    /// what waits behind it.
    fn abandon_overdue(self: &Arc<Self>, state: &mut State) {
        if state
            .running
            .is_none_or(|running| Instant::now() < running.due)
        {
            return;
        }
        if let Some(relieved) = state.thread.take() {
            relieved.store(true, Ordering::Relaxed);
            state.abandoned += 1;
            tracing::warn!(
                abandoned = state.abandoned,
                "the keyring did not answer in time"
            );
        }
        state.running = None;
        state.keyring = KeyringState::Failed(VaultError::TimedOut);
        if !state.queue.is_empty() && self.ensure_thread(state).is_err() {
            for job in state.queue.drain(..) {
                let _ = job.answer.send(Err(VaultError::TimedOut));
            }
        }
    }

    fn ensure_thread(self: &Arc<Self>, state: &mut State) -> Result<(), VaultError> {
        if state.thread.is_some() {
            return Ok(());
        }
        if state.abandoned >= ABANDONED {
            return Err(VaultError::TimedOut);
        }
        let relieved = Arc::new(AtomicBool::new(false));
        let shared = self.clone();
        let flag = relieved.clone();
        std::thread::Builder::new()
            .name("keyring".into())
            .spawn(move || shared.serve(&flag))
            .map_err(|_| VaultError::Failed)?;
        state.thread = Some(relieved);
        Ok(())
    }

    /// The life of the thread.
    fn serve(&self, relieved: &Arc<AtomicBool>) {
        let mut store = None;
        while let Some(job) = self.next(relieved) {
            let outcome = self.attempt(&mut store, &job.request, relieved);
            let mut state = self.lock();
            if relieved.load(Ordering::Relaxed) {
                state.abandoned -= 1;
                return; // the answer has no reader, and the state has another owner
            }
            state.running = None;
            state.keyring = match outcome {
                Ok(_) | Err(VaultError::TooLong) => KeyringState::Ready,
                Err(error) => KeyringState::Failed(error),
            };
            drop(state);
            let _ = job.answer.send(outcome);
        }
    }

    fn next(&self, relieved: &Arc<AtomicBool>) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.queue.pop_front() {
                if job.answer.is_closed() {
                    continue; // the caller left: its wish is withdrawn
                }
                state.running = Some(Running { due: job.due });
                return Some(job);
            }
            if state.closed || relieved.load(Ordering::Relaxed) {
                return None;
            }
            state = self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Runs the request; once more with a new store if the failure may be the old one's, as after
    /// a restart of the daemon.
    fn attempt(
        &self,
        store: &mut Option<BoxedStore>,
        request: &Request,
        relieved: &Arc<AtomicBool>,
    ) -> Result<Answer, VaultError> {
        if matches!(request, Request::Probe) {
            discard(store.take());
        }
        loop {
            let used_before = store.is_some();
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                if store.is_none() {
                    *store = Some((self.stores)().map_err(|error| fault::sort_building(&error))?);
                }
                let Some(inner) = store.as_deref() else {
                    return Err(VaultError::Unavailable);
                };
                let guarded = Guarded { inner, relieved };
                perform(&guarded, &self.service, request).map_err(|error| fault::sort(&error))
            }));
            let outcome = outcome.unwrap_or(Err(VaultError::Failed));
            match outcome {
                Err(VaultError::Failed | VaultError::Unavailable | VaultError::Corrupt) => {
                    discard(store.take());
                    if used_before && !relieved.load(Ordering::Relaxed) {
                        continue;
                    }
                    return outcome;
                }
                _ => return outcome,
            }
        }
    }
}

/// A store that panicked once may do so again when it is dropped.
fn discard(store: Option<BoxedStore>) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(store)));
}

/// Takes no further step once the thread was relieved: the caller was told that it failed, and
/// may have asked for something else since.
struct Guarded<'a> {
    inner: &'a dyn SecretStore,
    relieved: &'a Arc<AtomicBool>,
}

impl Guarded<'_> {
    fn proceed(&self) -> ::keyring::Result<()> {
        if self.relieved.load(Ordering::Relaxed) {
            return Err(::keyring::Error::NotSupportedByStore("too late".into()));
        }
        Ok(())
    }
}

impl SecretStore for Guarded<'_> {
    fn read(&self, service: &str, user: &str) -> ::keyring::Result<Vec<u8>> {
        self.proceed()?;
        self.inner.read(service, user)
    }

    fn write(&self, service: &str, user: &str, value: &[u8]) -> ::keyring::Result<()> {
        self.proceed()?;
        self.inner.write(service, user, value)
    }

    fn delete(&self, service: &str, user: &str) -> ::keyring::Result<()> {
        self.proceed()?;
        self.inner.delete(service, user)
    }

    fn users(&self, service: &str) -> ::keyring::Result<Vec<String>> {
        self.proceed()?;
        self.inner.users(service)
    }
}
