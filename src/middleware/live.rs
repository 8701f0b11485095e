//! What a request reads: one snapshot of all policies, replaced as a whole.
//!
//! For each request, a worker reads one shared number, which changes only when a policy is replaced. Everything else
//! that a request reads belongs to its worker.

use std::{
    cell::{Cell, RefCell},
    fmt, mem,
    ops::Deref,
    rc::Rc,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

#[cfg(feature = "lookup")]
use super::lookups::Lookups;
use super::{
    headers::LocalPolicy,
    prefixes::{Finder, Prefixes},
    said_once::SaidOnce,
};
use crate::{policy::CorsPolicy, quote::Line};

/// The current policies, shared by a `Cors`, its clones, its handles and its workers.
pub(super) struct SharedPolicies {
    prefixes: Prefixes,
    /// How often a policy was replaced. Not every target has a wider atomic number. With 32 bits it may wrap, which is
    /// harmless: a worker misses a change only if there were exactly 2^32 changes between two of its requests, and it
    /// sees the next one.
    epoch: AtomicUsize,
    policies: Mutex<Policies>,
    has_handle: AtomicBool,
    logged: AtomicBool,
    /// What was logged already.
    said: Arc<SaidOnce>,
}

/// The default policy, and then one for each prefix.
pub(super) type Policies = Arc<Snapshot>;

/// Policies that are in use at the same time, and what else is made anew if one of them is replaced.
#[derive(Clone)]
pub(super) struct Snapshot {
    policies: Vec<CorsPolicy>,
    /// One for each policy that has a look-up.
    #[cfg(feature = "lookup")]
    lookups: Vec<Option<Arc<Lookups>>>,
}

impl Snapshot {
    fn new(policies: Vec<CorsPolicy>) -> Self {
        Self {
            #[cfg(feature = "lookup")]
            lookups: policies.iter().map(lookups).collect(),
            policies,
        }
    }

    /// A worker's copy of a policy.
    fn local(&self, position: usize, said: Arc<SaidOnce>) -> Option<LocalPolicy> {
        let local = LocalPolicy::new(self.policies.get(position)?, said);
        #[cfg(feature = "lookup")]
        let local = local.with_lookups(self.lookups(position));
        Some(local)
    }

    /// Whether a worker's copy is of this position as it is now.
    fn has(&self, position: usize, local: &LocalPolicy) -> bool {
        let is_same = self
            .policies
            .get(position)
            .is_some_and(|policy| local.is_of(policy));
        #[cfg(feature = "lookup")]
        let is_same = is_same
            && match (self.lookups(position), &local.lookups) {
                (Some(now), Some(then)) => Arc::ptr_eq(&now, then),
                (now, then) => now.is_none() && then.is_none(),
            };
        is_same
    }

    #[cfg(feature = "lookup")]
    fn lookups(&self, position: usize) -> Option<Arc<Lookups>> {
        self.lookups.get(position).cloned().flatten()
    }

    /// Replaces the policy of a position, and gives back the one before.
    fn replace(&mut self, position: usize, policy: CorsPolicy) -> Option<CorsPolicy> {
        #[cfg(feature = "lookup")]
        if let Some(before) = self.lookups.get_mut(position) {
            *before = lookups(&policy);
        }
        Some(mem::replace(self.policies.get_mut(position)?, policy))
    }
}

impl Deref for Snapshot {
    type Target = [CorsPolicy];

    fn deref(&self) -> &[CorsPolicy] {
        &self.policies
    }
}

#[cfg(feature = "lookup")]
fn lookups(policy: &CorsPolicy) -> Option<Arc<Lookups>> {
    let lookup = policy.rules().lookup.as_ref();
    lookup.map(|lookup| Arc::new(Lookups::new(lookup)))
}

impl SharedPolicies {
    pub(super) fn new(prefixes: Prefixes, policies: Vec<CorsPolicy>) -> Self {
        Self {
            prefixes,
            epoch: AtomicUsize::new(0),
            policies: Mutex::new(Arc::new(Snapshot::new(policies))),
            has_handle: AtomicBool::new(false),
            logged: AtomicBool::new(false),
            said: Arc::default(),
        }
    }

    /// Whether a handle was made.
    pub(super) fn has_handle(&self) -> bool {
        self.has_handle.load(Ordering::Relaxed)
    }

    pub(super) fn set_has_handle(&self) {
        self.has_handle.store(true, Ordering::Relaxed);
    }

    /// Whether the policies were not logged yet; returns `true` only once, for the first worker.
    pub(super) fn is_new_to_the_log(&self) -> bool {
        !self.logged.swap(true, Ordering::Relaxed)
    }

    pub(super) fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    pub(super) fn policies(&self) -> Policies {
        Arc::clone(&self.lock())
    }

    /// The parts of a `Cors`, to make another one of them; nothing is copied if they are not shared.
    pub(super) fn into_parts(self: Arc<Self>) -> (Prefixes, Vec<CorsPolicy>) {
        match Arc::try_unwrap(self) {
            Ok(shared) => {
                let policies = shared.policies.into_inner();
                let policies = policies.unwrap_or_else(PoisonError::into_inner);
                (shared.prefixes, Arc::unwrap_or_clone(policies).policies)
            }
            Err(shared) => (shared.prefixes.clone(), shared.policies().to_vec()),
        }
    }

    /// Replaces the policy of a position, for each worker from its next request on, and gives back the one before.
    pub(super) fn replace(&self, position: usize, policy: CorsPolicy) -> Option<CorsPolicy> {
        self.replace_if(position, policy, |_| true)
    }

    /// The same, if it is still wanted: asked of the policy in force, while nobody else can replace it.
    pub(super) fn replace_if(
        &self,
        position: usize,
        policy: CorsPolicy,
        is_wanted: impl FnOnce(&CorsPolicy) -> bool,
    ) -> Option<CorsPolicy> {
        let mut policies = self.lock();
        if !is_wanted(policies.get(position)?) {
            return None;
        }
        let mut changed = Snapshot::clone(&policies);
        let before = changed.replace(position, policy)?;
        let list_before = mem::replace(&mut *policies, Arc::new(changed));
        self.epoch.fetch_add(1, Ordering::Release);
        drop(policies);
        self.said.begin_again();
        // Dropped last, without the lock, because the `Drop` of a predicate may call this again.
        drop(list_before);
        Some(before)
    }

    /// Returns once no swap is under way.
    pub(super) fn wait_for_swap(&self) {
        drop(self.lock());
    }

    fn locals(&self, policies: &Snapshot, before: &[Rc<LocalPolicy>]) -> Vec<Rc<LocalPolicy>> {
        let still = |position| {
            let local = before.get(position)?;
            policies.has(position, local).then(|| Rc::clone(local))
        };
        let new = |position| {
            let local = policies.local(position, Arc::clone(&self.said))?;
            Some(Rc::new(local))
        };
        let positions = 0..policies.len();
        positions
            .filter_map(|position| still(position).or_else(|| new(position)))
            .collect()
    }

    /// The value behind the lock is replaced in one step, so a panic cannot leave it half changed.
    fn lock(&self) -> MutexGuard<'_, Policies> {
        self.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SharedPolicies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policies = self.policies();
        let names = std::iter::once("default")
            .chain(self.prefixes.iter())
            .map(Line);
        f.debug_map().entries(names.zip(policies.iter())).finish()
    }
}

/// A worker's own copy of the shared policies, and of the header values made from them.
#[derive(Debug)]
pub(super) struct WorkerPolicies {
    shared: Arc<SharedPolicies>,
    finder: Finder,
    epoch: Cell<usize>,
    /// In the order of the policies.
    workers: RefCell<Vec<Rc<LocalPolicy>>>,
}

impl WorkerPolicies {
    pub(super) fn new(shared: Arc<SharedPolicies>) -> Self {
        // Read before the policies: if they change in between, the first request reads them again.
        let epoch = shared.epoch.load(Ordering::Acquire);
        let policies = shared.policies();
        let workers = shared.locals(&policies, &[]);
        Self {
            finder: Finder::new(shared.prefixes.clone()),
            epoch: Cell::new(epoch),
            workers: RefCell::new(workers),
            shared,
        }
    }

    /// The current policy for a path, from this worker's copy. Only the first request after a change takes a lock or
    /// writes shared memory.
    #[inline]
    pub(super) fn local<'p>(&self, path: impl FnOnce() -> &'p str) -> Rc<LocalPolicy> {
        if self.shared.epoch.load(Ordering::Acquire) != self.epoch.get() {
            self.renew();
        }
        match self.workers.borrow().as_slice() {
            [only] => Rc::clone(only),
            workers => self.find(workers, path()),
        }
    }

    fn find(&self, workers: &[Rc<LocalPolicy>], path: &str) -> Rc<LocalPolicy> {
        let local = workers.get(self.finder.find(path));
        let local = local.or_else(|| workers.first());
        Rc::clone(local.expect("`Cors::new` was given a default policy"))
    }

    #[cold]
    fn renew(&self) {
        let epoch = self.shared.epoch.load(Ordering::Acquire);
        let policies = self.shared.policies();
        let before = self.workers.borrow().clone();
        let workers = self.shared.locals(&policies, &before);
        self.workers.replace(workers);
        // Set last: after a panic, the old number is still there and the next request tries again.
        self.epoch.set(epoch);
    }
}
