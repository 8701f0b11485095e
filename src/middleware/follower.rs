//! The value with which a user stops following or loads now, and what it shares with the loop.

use std::{
    fmt,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use super::live::SharedPolicies;

/// Follows a source of policies until it is dropped. [`CorsHandle::follow`](crate::CorsHandle::follow) and similar
/// methods return it.
///
/// After `drop` returns, this follower no longer replaces any policy.
#[must_use = "following stops when it is dropped: keep it for as long as the server runs"]
pub struct Follower {
    wish: Arc<Wish>,
    policies: Arc<SharedPolicies>,
}

impl Follower {
    pub(super) fn new(wish: Arc<Wish>, policies: Arc<SharedPolicies>) -> Self {
        Self { wish, policies }
    }

    /// Loads now, without waiting for the next interval. Any number of calls during a load cause exactly one more load.
    pub fn refresh(&self) {
        self.wish.ask();
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.wish.mark_stopped();
        // A swap that is under way looked before. The next one will see the mark.
        self.policies.wait_for_swap();
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").finish_non_exhaustive()
    }
}

/// What a user requests, for a loop that awaits and for one that has a thread.
#[derive(Debug, Default)]
pub(super) struct Wish {
    is_stopped: AtomicBool,
    /// Whether a load was asked for and has not begun.
    is_asked: Mutex<bool>,
    for_thread: Condvar,
    // One each: to notify wakes one who waits, and a task waits for both.
    load: Notify,
    stop: Notify,
}

/// Why a loop wakes up.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Stopped,
    Refresh,
    Time,
}

impl Wish {
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    fn ask(&self) {
        *self.lock() = true;
        self.for_thread.notify_all();
        self.load.notify_one();
    }

    fn mark_stopped(&self) {
        self.is_stopped.store(true, Ordering::Release);
        // A thread that is about to wait has not looked at the mark yet, or waits already.
        drop(self.lock());
        self.for_thread.notify_all();
        self.stop.notify_one();
    }

    /// Waits in a thread. Zero means forever.
    pub(super) fn wait(&self, time: Duration) -> Wake {
        let is_idle = |is_asked: &mut bool| !*is_asked && !self.is_stopped();
        let is_asked = self.lock();
        let mut is_asked = if time.is_zero() {
            let waited = self.for_thread.wait_while(is_asked, is_idle);
            waited.unwrap_or_else(PoisonError::into_inner)
        } else {
            let waited = self.for_thread.wait_timeout_while(is_asked, time, is_idle);
            waited.unwrap_or_else(PoisonError::into_inner).0
        };
        if self.is_stopped() {
            Wake::Stopped
        } else if std::mem::take(&mut *is_asked) {
            Wake::Refresh
        } else {
            Wake::Time
        }
    }

    /// Waits in a task until a load is asked for.
    pub(super) async fn asked(&self) {
        while !std::mem::take(&mut *self.lock()) {
            self.load.notified().await;
        }
    }

    /// Waits in a task until following is to stop.
    pub(super) async fn stopped(&self) {
        while !self.is_stopped() {
            self.stop.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
