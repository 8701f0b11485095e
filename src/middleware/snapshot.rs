//! What a request reads: one snapshot of all policies, swapped as a whole.
//!
//! Workers look at one number per request, and it changes only when a policy is replaced. Whatever else a request reads
//! is its worker's own.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use super::{paths::Paths, response::Worker};
use crate::policy::CorsPolicy;

/// The policies in force, shared by a layer, its clones, its handles and its workers.
pub(super) struct Shared {
    /// How often a policy was replaced.
    epoch: AtomicU64,
    policies: Mutex<Arc<Paths<CorsPolicy>>>,
    has_handle: AtomicBool,
    logged: AtomicBool,
}

impl Shared {
    pub(super) fn new(policies: Paths<CorsPolicy>) -> Self {
        Self {
            epoch: AtomicU64::new(0),
            policies: Mutex::new(Arc::new(policies)),
            has_handle: AtomicBool::new(false),
            logged: AtomicBool::new(false),
        }
    }

    /// Whether there ever was a handle.
    pub(super) fn has_handle(&self) -> bool {
        self.has_handle.load(Ordering::Relaxed)
    }

    pub(super) fn set_has_handle(&self) {
        self.has_handle.store(true, Ordering::Relaxed);
    }

    /// Whether the policies were not logged yet; says yes once, to whichever worker comes first.
    pub(super) fn is_new_to_the_log(&self) -> bool {
        !self.logged.swap(true, Ordering::Relaxed)
    }

    pub(super) fn policies(&self) -> Arc<Paths<CorsPolicy>> {
        Arc::clone(&self.lock())
    }

    /// Changes the policies: for each worker, all at once and from its next request on.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Paths<CorsPolicy>) -> R) -> R {
        let mut policies = self.lock();
        let mut changed = Paths::clone(&policies);
        let result = change(&mut changed);
        let before = std::mem::replace(&mut *policies, Arc::new(changed));
        self.epoch.fetch_add(1, Ordering::Release);
        drop(policies);
        // Only now, because it may take its time, and a predicate in it may have a `Drop` that comes back here.
        drop(before);
        result
    }

    /// What is behind the lock is replaced in one step, so nothing half done can be left by a panic.
    fn lock(&self) -> MutexGuard<'_, Arc<Paths<CorsPolicy>>> {
        self.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policies = self.policies();
        f.debug_map()
            .entry(&"default", policies.default())
            .entries(policies.below())
            .finish()
    }
}

/// A worker's own copy of what is shared, and of the header values that follow from it.
#[derive(Debug)]
pub(super) struct Snapshot {
    shared: Arc<Shared>,
    epoch: Cell<u64>,
    workers: RefCell<Paths<Rc<Worker>>>,
}

impl Snapshot {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        // Before the policies are read: if they change in between, the first request takes them anew.
        let epoch = shared.epoch.load(Ordering::Acquire);
        let workers = shared
            .policies()
            .map(|_, policy| Rc::new(Worker::new(policy)));
        Self {
            shared,
            epoch: Cell::new(epoch),
            workers: RefCell::new(workers),
        }
    }

    /// The policy in force for a path, as this worker reads it. No lock is taken and nothing shared is written, but for the
    /// first request after a change.
    pub(super) fn worker(&self, path: &str) -> Rc<Worker> {
        if self.shared.epoch.load(Ordering::Acquire) != self.epoch.get() {
            self.renew();
        }
        Rc::clone(self.workers.borrow().find(path))
    }

    #[cold]
    fn renew(&self) {
        self.epoch.set(self.shared.epoch.load(Ordering::Acquire));
        let policies = self.shared.policies();
        let workers = {
            let before = self.workers.borrow();
            policies.map(|prefix, policy| {
                let before = match prefix {
                    None => Some(before.default()),
                    Some(prefix) => before.at(prefix),
                };
                match before {
                    Some(worker) if worker.is_of(policy) => Rc::clone(worker),
                    _ => Rc::new(Worker::new(policy)),
                }
            })
        };
        // Dropped when nothing is borrowed any more.
        let _before = self.workers.replace(workers);
    }
}
