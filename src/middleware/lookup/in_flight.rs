//! How many calls of a look-up are under way at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many calls may be under way: at most half of them for what was not allowed before.
pub(super) struct InFlight {
    pub(super) all: Arc<Semaphore>,
    new: Arc<Semaphore>,
    pub(super) most_new: usize,
}

/// A call may be under way while this exists.
pub(super) type Permit = (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

impl InFlight {
    pub(super) fn new(most: usize) -> Self {
        let most = most.min(Semaphore::MAX_PERMITS);
        let most_new = most - most / 2;
        Self {
            all: Arc::new(Semaphore::new(most)),
            new: Arc::new(Semaphore::new(most_new)),
            most_new,
        }
    }

    /// For what was not allowed before: now or not at all, because there may be any number of them.
    pub(super) fn of_new(&self) -> Option<Permit> {
        let new = Arc::clone(&self.new).try_acquire_owned().ok()?;
        let any = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some((any, Some(new)))
    }

    /// For what was allowed before: there are only as many of them as are kept, and each has its turn.
    pub(super) async fn of_known(&self) -> Permit {
        let any = Arc::clone(&self.all).acquire_owned().await;
        (any.expect("the semaphore is never closed"), None)
    }
}
